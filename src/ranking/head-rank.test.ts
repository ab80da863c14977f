// The order through the index equals the order of the head's own scores over all items.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import type { Head } from '../head/evaluate.ts';
import { plainHead } from '../head/fine-tune.ts';
import { score } from '../head/heads.ts';
import { initialParameters } from '../head/layout.ts';
import type { HeadShape } from '../head/types.ts';
import { selectBackend } from '../index/select-backend.ts';
import { createIndex } from '../index/vector-index.ts';
import { headQuery } from './head-rank.ts';
import { rankByHead, rankByProfile } from './testing/rank-by.ts';

const D = 6;
const COUNT = 120;
const random = seededRandom(3);
const rows = Float32Array.from({ length: COUNT * D }, () => random() - 0.5);
for (let at = 0; at < rows.length; at += D) {
  const length = Math.hypot(...rows.subarray(at, at + D));
  for (let j = at; j < at + D; j++) rows[j] = (rows[j] as number) / length;
}
const items = Array.from(
  { length: COUNT },
  (_, row): Item => ({ id: `i${row}` as ItemId, language: row % 3 === 0 ? 'de' : 'en', title: '', description: '', categories: [] }),
);
const vectorOf = (row: number): Float32Array => rows.subarray(row * D, (row + 1) * D);
const user = vectorOf(7).slice();
const { backend } = await selectBackend();
const index = createIndex(backend, { dimensions: D, rescore: true });
index.add(rows);
const all = { items, encoded: () => true, seen: new Set([7]), wanted: undefined };

const shapes: HeadShape[] = [
  { kind: 'dot', dimensions: D },
  { kind: 'bilinear', dimensions: D, rank: 2 },
  { kind: 'linear-probe', dimensions: D },
  { kind: 'concat-linear', dimensions: D },
  { kind: 'mlp', dimensions: D, hidden: 4 },
];

test.each(shapes)('$kind: the list is that of the head over all items', async (shape) => {
  const start = initialParameters(shape, random);
  const parameters = start.map((value) => value + 0.4 * (random() - 0.5));
  const head: Head = { shape, parameters };
  const logits = score(shape, user, rows, parameters);
  const expected = items.map((_, row) => row).filter((row) => row !== 7 && items[row]?.language === 'en');
  expected.sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
  const found = await rankByHead(index, { head, user, vectorOf }, 10, { ...all, wanted: ['en'] });
  expect(found.map(({ row }) => row)).toEqual(expected.slice(0, 10));
  expect(headQuery(head, user).exact).toBe(shape.kind !== 'mlp');
});

test('the plain head ranks and scores as the profile does', async () => {
  const byHead = await rankByHead(index, { head: plainHead(D), user, vectorOf }, 10, all);
  const byProfile = await rankByProfile(index, user, 10, all);
  expect(byHead.map(({ row }) => row)).toEqual(byProfile.map(({ row }) => row));
  byHead.forEach(({ score: value }, i) => {
    expect(value).toBeCloseTo(byProfile[i]?.score ?? Number.NaN, 5);
  });
});

test('a head that says nothing leaves the ranking to the profile', async () => {
  const head: Head = { shape: { kind: 'linear-probe', dimensions: D }, parameters: new Float32Array(D + 1) };
  expect(await rankByHead(index, { head, user, vectorOf }, 5, all)).toEqual(await rankByProfile(index, user, 5, all));
});
