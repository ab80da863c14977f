// Which chunks are merged, and that merging keeps the order on which "the later vector wins" stands.
import { expect, test } from 'vitest';
import type { ManifestEntry } from './schema.ts';
import { replaceEntries, runToMerge } from './vector-manifest.ts';

const entry = (id: number, bytes: number): ManifestEntry => ({ id, bytes, format: 'float32', count: 1, checksum: '' });
const ids = (entries: readonly ManifestEntry[] | undefined) => entries?.map(({ id }) => id);
const run = (chunks: ManifestEntry[]) => ids(runToMerge({ fingerprint: 'e', dimensions: 1, chunks }, 100, 3));

test('only enough small neighbours are merged', () => {
  expect(run([])).toBeUndefined();
  expect(run([entry(1, 10), entry(2, 10)])).toBeUndefined();
  expect(run([entry(1, 10), entry(2, 10), entry(3, 10)])).toEqual([1, 2, 3]);
  expect(run([entry(1, 99), entry(2, 10), entry(3, 10), entry(4, 49)])).toEqual([2, 3, 4]);
  // A large chunk between them: merging across it could make an older row the later one.
  expect(run([entry(1, 10), entry(2, 10), entry(3, 50), entry(4, 10)])).toBeUndefined();
  expect(run([entry(1, 50), entry(2, 10), entry(3, 10), entry(4, 10), entry(5, 90)])).toEqual([2, 3, 4]);
});

test('new chunks stand where the first old one stood', () => {
  const chunks = [1, 2, 3, 4].map((id) => entry(id, 1));
  expect(ids(replaceEntries(chunks, [2, 3], [entry(9, 1), entry(10, 1)]))).toEqual([1, 9, 10, 4]);
  expect(ids(replaceEntries(chunks, [4], []))).toEqual([1, 2, 3]);
});
