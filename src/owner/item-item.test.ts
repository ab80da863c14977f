// The item–item table against hand-counted logs, and what it must never tell.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { itemItemScores } from '../head/log-knowledge.ts';
import { itemItemTable } from './item-item.ts';
import { likesOf } from './testing/planted-log.ts';

const repeat = (times: number, row: number[]): number[][] => Array.from({ length: times }, () => row);
const pairsOf = ({ offsets, items }: { offsets: Int32Array; items: Int32Array }): string[] =>
  Array.from({ length: offsets.length - 1 }, (_, i) => [...items.subarray(offsets[i], offsets[i + 1])].map((j) => `${i}-${j}`)).flat();

test('ItemKNN by hand: n_ij / (√(n_i n_j) + shrink), int8 of the largest', async () => {
  const likes = likesOf([...repeat(6, [0, 1]), ...repeat(5, [1, 2]), ...repeat(4, [0, 3]), [3]], 5);
  const table = await itemItemTable(likes, { method: 'item-knn', shrink: 0 });
  // n: 10, 11, 5, 5, 0. Pairs: 0–1 six, 1–2 five, 0–3 four (too few).
  expect(pairsOf(table)).toEqual(['0-1', '1-2', '1-0', '2-1']);
  const out = new Float32Array(5);
  itemItemScores(table, [1], out);
  expect(out[2]).toBeCloseTo(5 / Math.sqrt(55), 6);
  expect(Math.abs((out[0] as number) - 6 / Math.sqrt(110))).toBeLessThan(table.scale / 2);
  expect([out[1], out[3], out[4]]).toEqual([0, 0, 0]);
});

test('EASE by hand for two items: B = n₀₁ / (n₁ + λ)', async () => {
  // G + λI = [[n₀+λ, n₀₁], [n₀₁, n₁+λ]]; −P₀₁ / P₁₁ = n₀₁ / (n₀ + λ).
  const table = await itemItemTable(likesOf([...repeat(6, [0, 1]), ...repeat(3, [0])], 2), { method: 'ease', lambda: 1 });
  const out = new Float32Array(2);
  itemItemScores(table, [0], out);
  expect(Math.abs((out[1] as number) - 6 / 10)).toBeLessThan(table.scale / 2);
  itemItemScores(table, [1], out);
  expect(Math.abs((out[0] as number) - 6 / 7)).toBeLessThan(table.scale / 2);
});

test.each(['ease', 'item-knn'] as const)(
  '%s: no pair that fewer than five users share, at most 64 neighbours, all from −127 to 127',
  async (method) => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 150 }, () => [...Array.from({ length: 100 }).keys()].filter((row) => random() < (row < 80 ? 0.6 : 0.03)));
    const likes = likesOf(rows, 100);
    const both = (i: number, j: number): number => rows.filter((row) => row.includes(i) && row.includes(j)).length;
    const table = await itemItemTable(likes, { method, neighbours: 64 });
    const pairs = pairsOf(table);
    expect(pairs.length).toBeGreaterThan(500);
    for (const pair of pairs) {
      const [i = 0, j = 0] = pair.split('-').map(Number);
      expect(both(i, j), pair).toBeGreaterThanOrEqual(5);
    }
    const lengths = Array.from({ length: 100 }, (_, i) => (table.offsets[i + 1] as number) - (table.offsets[i] as number));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64);
    expect(table.values.every((value) => value > 0)).toBe(true);
  },
);

test('weights of 0 and below are no likes; an abort stops it', async () => {
  const likes = likesOf(repeat(6, [0, 1]), 2);
  likes.weights[0] = 0;
  likes.weights[2] = -1;
  expect((await itemItemTable(likes)).items).toHaveLength(0);
  await expect(itemItemTable(likesOf(repeat(6, [0, 1]), 2), { neighbours: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
});
