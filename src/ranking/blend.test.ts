// The blend by hand, and on planted logs: not worse than the better of its parts wherever the signal lies.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { itemItemScores } from '../owner/item-item.ts';
import { trainOwnerModel } from '../owner/owner-model.ts';
import { likedRows } from '../owner/likes.ts';
import { allScores, heldOutCases, ndcgOf } from '../owner/held-out.ts';
import { meanVector } from '../owner/user-vectors.ts';
import { likesOf, plantedLog } from '../owner/testing/planted-log.ts';
import { blendScores, HEAD_ONLY, weightsFor } from './blend.ts';

test('scores by hand: standardised head and prior, table over its largest, weights by length of history', () => {
  const weights = [
    { upTo: 1, head: 1, prior: 0, itemItem: 0 },
    { upTo: null, head: 1, prior: 2, itemItem: 3 },
  ];
  const headScores = Float32Array.of(1, 3);
  const prior = Float32Array.of(-2, -6);
  const itemItem = Float32Array.of(0, 0.25);
  expect([...blendScores({ headScores, prior, itemItem, history: [5], weights })]).toEqual([-1, 1]);
  expect([...blendScores({ headScores, prior, itemItem, history: [5, 6], weights })]).toEqual([-1 + 2, 1 - 2 + 3]);
  expect([...blendScores({ headScores, history: [5, 6], weights })]).toEqual([-1, 1]);
  expect(weightsFor(HEAD_ONLY, 1000)).toMatchObject({ head: 1, prior: 0 });
});

test('an item without a vector counts as the lowest, equal parts count nothing, arguments are left as they are', () => {
  const headScores = Float32Array.of(Number.NEGATIVE_INFINITY, 1, 3);
  const prior = Float32Array.of(0.1, 0.1, 0.1);
  const weights = [{ upTo: null, head: 1, prior: 1, itemItem: 1 }];
  expect([...blendScores({ headScores, prior, history: [], weights })]).toEqual([-1, -1, 1]);
  expect(headScores[0]).toBe(Number.NEGATIVE_INFINITY);
  expect(() => blendScores({ headScores, prior: Float32Array.of(1), history: [], weights })).toThrow(/one catalogue/);
  expect(() => weightsFor([{ upTo: 2, head: 1, prior: 0, itemItem: 0 }], 3)).toThrow(/history of 3/);
});

/** Mean nDCG@10 of head, prior, table and blend on users that the log does not have. */
async function measure(known: ReturnType<typeof plantedLog>, unseen: ReturnType<typeof plantedLog>): Promise<{ parts: number[]; blend: number }> {
  const { vectors, dimensions, likes } = known;
  const model = await trainOwnerModel(likes, vectors, dimensions, { kind: 'bilinear', epochs: 0, seed: 2, prior: { asOfMs: 0 } });
  const { head, prior, itemItem, weights } = model;
  const sums = [0, 0, 0, 0];
  const cases = heldOutCases(likedRows(unseen.likes), seededRandom(9));
  for (const one of cases) {
    const table = new Float32Array(likes.itemCount);
    itemItemScores(itemItem, one.history, table);
    const headScores = allScores(head.shape, head.parameters, vectors, meanVector(vectors, dimensions, one.history));
    const blended = blendScores({ headScores, prior: prior.values, itemItem: table, history: one.history, weights });
    [headScores, prior.values, table, blended].forEach((scores, at) => {
      sums[at] = (sums[at] as number) + ndcgOf(scores, one) / cases.length;
    });
  }
  return { parts: sums.slice(0, 3), blend: sums[3] as number };
}

/** 300 users of one planted world: 240 known, 60 unseen. */
function worlds(options: Parameters<typeof plantedLog>[0]) {
  const all = plantedLog({ ...options, users: 300 });
  const rows = likedRows(all.likes).map((row) => [...row]);
  const part = (from: number, to: number) => ({ ...all, likes: likesOf(rows.slice(from, to), all.likes.itemCount) });
  return [part(0, 240), part(240, 300)] as const;
}

test.each([
  ['text says all', { noise: 0.3, items: 400 }, 0],
  ['text says nothing, fashion most', { noise: 60, fashion: 0.8, items: 1200 }, 1],
  ['text says nothing, company much', { noise: 60, items: 60 }, 2],
] as const)('%s: the blend is as good as the best part', async (_, options, best) => {
  const { parts, blend } = await measure(...worlds(options));
  expect(parts[best]).toBe(Math.max(...parts));
  expect(blend).toBeGreaterThanOrEqual(Math.max(...parts) - 0.01);
});

test('text, fashion and company each say something: the blend is better than every part', async () => {
  const { parts, blend } = await measure(...worlds({ noise: 2, fashion: 0.3, items: 120 }));
  expect(blend).toBeGreaterThan(Math.max(...parts));
});
