// Joined rows equal those of training, which joins all rows at once; both ways of searching equal scoring every row.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { appendFeatures, featureSets, fitFeatures, textScaleOf } from '../head/features.ts';
import { bitsetWhere } from '../index/bitset.ts';
import { ItemTable } from '../index/item-table.ts';
import { selectBackend } from '../index/select-backend.ts';
import { identityAdapter } from '../language/adapter.ts';
import { FeatureRows, joinedSearch } from './feature-rows.ts';

const COUNT = 3000;
const D = 8;
const random = seededRandom(5);
const below = (limit: number): number => Math.floor(random() * limit);
const items = Array.from(
  { length: COUNT },
  (_, row): Item => ({
    id: `i${row}` as ItemId,
    language: 'en',
    title: '',
    description: '',
    categories: row % 7 === 0 ? [] : [`c${below(5)}`, `c${below(5)}`],
    ...(row % 3 === 0 ? { attributes: { pages: below(4), price: Number.NaN } } : {}),
  }),
);
const { backend } = await selectBackend();
const table = new ItemTable(
  items,
  items.map(({ id }) => id),
  identityAdapter(D),
  backend,
);
table.setRefined(
  [...items.keys()].slice(1),
  Float32Array.from({ length: (COUNT - 1) * D }, () => random() - 0.5),
);
const projection = fitFeatures(items, { dimensions: 6, share: 0.4 });
const rows = new FeatureRows(table, projection);
const text = table.rankedVectors();
const joined = appendFeatures(projection, text, D, items);
const allowed = bitsetWhere(COUNT, (row) => row !== 5 && table.isEncoded(row));
const queries = Array.from({ length: 4 }, () => Float32Array.from({ length: D + 6 }, () => random() - 0.5));

function best(query: Float32Array, k: number): number[] {
  const scores = [...items.keys()].map((row) => dot(query, 0, joined, row * (D + 6), D + 6));
  return [...items.keys()]
    .filter((row) => row !== 5 && row !== 0)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, k);
}

test('a row is what training made of it; items that say the same share their features', () => {
  expect(rows.dimensions).toBe(D + 6);
  expect(rows.vectorOf('i0' as ItemId)).toBeUndefined();
  for (const row of [1, 5, 7, 2999]) expect(rows.vectorOf(`i${row}` as ItemId)).toEqual(joined.slice(row * (D + 6), (row + 1) * (D + 6)));
  expect(rows.vectorOf('i7' as ItemId)?.subarray(D)).toEqual(new Float32Array(6));
  expect(featureSets(projection, items).sets.length / 6).toBeLessThan(200);
});

test('a search finds what scoring every row finds', async () => {
  for (const query of queries) {
    const found = await rows.search(query, 25, allowed);
    expect(found.map(({ row }) => row)).toEqual(best(query, 25));
    const [first] = found;
    expect(first?.score).toBeCloseTo(dot(query, 0, joined, (first?.row ?? 0) * (D + 6), D + 6), 5);
  }
});

test('without float32 rows the threshold search finds the same, also where only text or only features count', async () => {
  const asked: number[] = [];
  const searchText = (query: Float32Array, k: number, among: typeof allowed) => {
    asked.push(k);
    return table.search(query, k, among);
  };
  const parts = { ...featureSets(projection, items), searchText, textDimensions: D, textScale: textScaleOf(projection) };
  const one = (from: number, to: number) => (queries[0] ?? new Float32Array(0)).map((value, j) => (j >= from && j < to ? value : 0));
  for (const query of [...queries, one(0, D), one(D, D + 6)]) {
    const found = await joinedSearch(parts, query)(10, allowed);
    expect(found.map(({ row }) => row)).toEqual(best(query, 10));
  }
  expect(Math.max(...asked)).toBeLessThanOrEqual(1000);
  const few = bitsetWhere(COUNT, (row) => row > 0 && row < 4);
  expect((await joinedSearch(parts, queries[1] ?? new Float32Array(0))(10, few)).map(({ row }) => row).sort()).toEqual([1, 2, 3]);
});
