// How much of the float32 top 10 the int8 index finds, on vectors that look like a catalogue's, on the demo's own, and on
// those of larger catalogues where `node bench/embeddings.mjs` has written them.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { leaveOut } from '../base/testing/left-out.ts';
import { dot, normalizeRows } from '../compute/cpu/linear.ts';
import { dequantizeRow } from '../compute/quantize.ts';
import { clusteredVectors } from '../compute/testing/vectors.ts';
import { openPack } from '../pack/reader.ts';
import { selectBackend } from './select-backend.ts';
import { FlatIndex } from './testing/flat-index.ts';
import { createIndex } from './vector-index.ts';

const K = 10;
const QUERIES = 200;
const DIMENSIONS = 384;

interface Recalls {
  int8: number;
  rescored: number;
}

/** Mean share of the float32 top 10 that comes back, queries being rows of the index. */
async function recallsAt10(vectors: Float32Array): Promise<Recalls> {
  const { backend } = await selectBackend();
  const rows = vectors.length / DIMENSIONS;
  const flat = new FlatIndex(vectors, DIMENSIONS);
  const open = (rescore: boolean) => {
    const index = createIndex(backend, { dimensions: DIMENSIONS, rescore, capacity: rows });
    index.add(vectors);
    return index;
  };
  const indexes = { int8: open(false), rescored: open(true) };
  const recalls: Recalls = { int8: 0, rescored: 0 };
  for (let i = 0; i < QUERIES; i++) {
    const row = Math.floor((i * rows) / QUERIES);
    const query = vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const wanted = flat.search(query, K);
    // Rows past the tenth that score as much as it does are as good.
    const least = wanted.at(-1)?.score ?? 0;
    for (const kind of ['int8', 'rescored'] as const) {
      const found = await indexes[kind].search(query, K);
      const good = found.filter((hit) => Math.fround(dot(vectors, hit.row * DIMENSIONS, query, 0, DIMENSIONS)) >= least);
      recalls[kind] += good.length / (K * QUERIES);
    }
  }
  for (const index of Object.values(indexes)) index.dispose();
  return recalls;
}

function expectGood({ int8, rescored }: Recalls): void {
  expect(int8).toBeGreaterThanOrEqual(0.98);
  expect(rescored).toBeGreaterThanOrEqual(0.999);
}

test.each([0, 2])('clustered unit vectors that share a part of length %d: recall@10 at least 0.98, 0.999 re-scored', async (common) => {
  const vectors = clusteredVectors({ rows: 5000, dimensions: DIMENSIONS, clusters: 200, spread: 0.7, common }, seededRandom(1));
  expectGood(await recallsAt10(vectors));
});

/** The vectors of the demo's pack, less their mean and of unit length again: near the form in which the page scans them, and off the
 * int8 steps in which the pack holds them, so that quantising loses something. */
async function demoVectors(): Promise<Float32Array> {
  const folder = new URL('../../public/catalogues/world-library/pack/', import.meta.url);
  const pack = await openPack(async (file) => new Uint8Array(readFileSync(new URL(file, folder))));
  const { count, dimensions } = pack.manifest;
  expect(dimensions).toBe(DIMENSIONS);
  const vectors = new Float32Array(count * DIMENSIONS);
  let row = 0;
  for await (const result of pack.chunks()) {
    if ('error' in result) throw result.error;
    for (let at = 0; at < result.entry.count; at++) vectors.set(dequantizeRow(result.chunk.rows, at), row++ * DIMENSIONS);
  }
  expect(row).toBe(count);
  const mean = new Float64Array(DIMENSIONS);
  vectors.forEach((value, at) => {
    mean[at % DIMENSIONS] = (mean[at % DIMENSIONS] as number) + value / count;
  });
  return normalizeRows(
    vectors.map((value, at) => value - (mean[at % DIMENSIONS] as number)),
    DIMENSIONS,
  );
}

async function expectGoodOn(catalogue: string, vectors: Float32Array): Promise<void> {
  const recalls = await recallsAt10(vectors);
  console.log(`Recall@10 on ${catalogue}, ${vectors.length / DIMENSIONS} rows: int8 ${recalls.int8}, re-scored ${recalls.rescored}`);
  expectGood(recalls);
}

test('the demo: recall@10 at least 0.98 in int8, 0.999 re-scored', async () => {
  await expectGoodOn('the demo', await demoVectors());
});

test.for(['stories', 'apps', 'debian'])('%s: recall@10 at least 0.98 in int8, 0.999 re-scored', async (catalogue, context) => {
  const file = new URL(`../../.cache/embeddings/${catalogue}.f32`, import.meta.url);
  leaveOut(context, existsSync(file) ? undefined : 'node bench/embeddings.mjs has not written the vectors of the larger catalogues');
  const bytes = readFileSync(file);
  await expectGoodOn(catalogue, new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)));
});
