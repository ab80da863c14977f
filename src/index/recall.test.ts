// How much of the float32 top 10 the int8 index finds, on vectors that look like a catalogue's and on catalogues' own.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusteredVectors, randomSource } from '../compute/suite-data.ts';
import { FlatIndex } from './flat-index.ts';
import { selectBackend } from './select-backend.ts';
import { createIndex } from './vector-index.ts';

const K = 10;
const QUERIES = 200;
const DIMENSIONS = 384;

/** Mean share of the float32 top 10 that comes back, queries being rows of the index. */
async function recallAt10(vectors: Float32Array, rescore: boolean): Promise<number> {
  const { backend } = await selectBackend();
  const rows = vectors.length / DIMENSIONS;
  const index = createIndex(backend, { dimensions: DIMENSIONS, rescore, capacity: rows });
  index.add(vectors);
  const flat = new FlatIndex(vectors, DIMENSIONS);
  let found = 0;
  for (let i = 0; i < QUERIES; i++) {
    const row = Math.floor((i * rows) / QUERIES);
    const query = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const wanted = flat.search(query, K);
    const got = new Set((await index.search(query, K)).map((hit) => hit.row));
    // A row that ties with the last wanted one is as good.
    const last = wanted.at(-1)?.score ?? 0;
    const ties = wanted.filter((hit) => hit.score > last || got.has(hit.row));
    found += Math.min(K, ties.filter((hit) => got.has(hit.row)).length + (K - ties.length));
  }
  index.dispose();
  return found / (K * QUERIES);
}

test('clustered unit vectors: recall@10 at least 0.98 in int8, 0.999 re-scored', async () => {
  const vectors = clusteredVectors(8000, DIMENSIONS, 200, 0.7, randomSource(1));
  expect(await recallAt10(vectors, false)).toBeGreaterThanOrEqual(0.98);
  expect(await recallAt10(vectors, true)).toBeGreaterThanOrEqual(0.999);
});

for (const catalogue of ['stories', 'apps', 'debian']) {
  const file = new URL(`../../.cache/embeddings/${catalogue}.f32`, import.meta.url);
  if (!existsSync(file)) {
    console.log(`Recall on ${catalogue} was left out: .cache/embeddings/${catalogue}.f32 is not there.`);
    continue;
  }
  test(`${catalogue}: recall@10 at least 0.98 in int8, 0.999 re-scored`, async () => {
    const bytes = readFileSync(file);
    const vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const int8 = await recallAt10(vectors, false);
    const rescored = await recallAt10(vectors, true);
    console.log(`Recall@10 on ${catalogue}, ${vectors.length / DIMENSIONS} rows: int8 ${int8}, re-scored ${rescored}`);
    expect(int8).toBeGreaterThanOrEqual(0.98);
    expect(rescored).toBeGreaterThanOrEqual(0.999);
  });
}
