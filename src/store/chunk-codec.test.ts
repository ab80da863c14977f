// Packing must lose nothing and notice any damage.
import { expect, test } from 'vitest';
import { keysToHex } from '../base/bytes.ts';
import { bytesPerRow, encodeRows, gatherRows, isIntact, pickWanted, sealChunk, splitPicks } from './chunk-codec.ts';
import { parseChunk, parseManifest } from './schema.ts';
import { batchOf, keyOf, keysOfRows, vectorOf } from './testing/data.ts';

const DIMENSIONS = 24;

function flipBit(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

test('keys survive, and a row takes the bytes that are stated', () => {
  const rows = encodeRows(batchOf(3, 5, DIMENSIONS), DIMENSIONS);
  expect(keysToHex(rows.keys)).toEqual([3, 4, 5, 6, 7].map(keyOf));
  expect(rows.keys.byteLength + rows.data.byteLength).toBe(5 * bytesPerRow(DIMENSIONS));
});

test('values keep every bit', async () => {
  const batch = batchOf(0, 5, DIMENSIONS);
  const chunk = await sealChunk('e', encodeRows(batch, DIMENSIONS));
  expect(pickWanted([chunk], DIMENSIONS, keysOfRows(0, 5)).vectors).toEqual(batch.vectors);
});

test('gathered rows are copied as they are', () => {
  const first = encodeRows(batchOf(0, 3, DIMENSIONS), DIMENSIONS);
  const second = encodeRows(batchOf(3, 3, DIMENSIONS), DIMENSIONS);
  const gathered = gatherRows(
    [
      { from: second, row: 2 },
      { from: first, row: 1 },
    ],
    DIMENSIONS,
  );
  const vectors = Float32Array.of(...vectorOf(5, DIMENSIONS), ...vectorOf(1, DIMENSIONS));
  expect(gathered).toEqual(encodeRows({ keys: [keyOf(5), keyOf(1)], vectors }, DIMENSIONS));
});

test('pieces hold at most chunkBytes, and at least one row', () => {
  const from = encodeRows(batchOf(0, 7, 1), 1);
  const picks = Array.from({ length: 7 }, (_, row) => ({ from, row }));
  expect(splitPicks(picks, 36, 108).map((piece) => piece.length)).toEqual([3, 3, 1]);
  expect(splitPicks(picks, 36, 1)).toHaveLength(7);
});

test('any flipped bit, missing byte or missing row is found', async () => {
  const chunk = await sealChunk('e', encodeRows(batchOf(0, 3, DIMENSIONS), DIMENSIONS));
  expect(await isIntact(chunk)).toBe(true);

  const flipped = structuredClone(chunk);
  flipBit(new Uint8Array(flipped.data), 5);
  expect(await isIntact(flipped)).toBe(false);
  const otherKey = structuredClone(chunk);
  flipBit(otherKey.keys, 40);
  expect(await isIntact(otherKey)).toBe(false);
  expect(await isIntact({ ...chunk, data: chunk.data.slice(1) })).toBe(false);
  expect(await isIntact({ ...chunk, count: 2 })).toBe(false);
});

test('a chunk as version 0.1 wrote it is read, with its list entry', async () => {
  const checksum = 'acdbb71b9e178d7d1d4dfc1d69eed2079b330350e6c5e8563f5d5cc70aac63b0';
  const stored = {
    fingerprint: 'e',
    dimensions: 1,
    format: 'float32',
    count: 1,
    keys: new Uint8Array(32),
    data: Float32Array.of(1).buffer,
    checksum,
  };
  const chunk = parseChunk(stored);
  expect(chunk && (await isIntact(chunk))).toBe(true);
  expect(parseManifest({ fingerprint: 'e', dimensions: 1, chunks: [{ id: 1, format: 'float32', count: 1, bytes: 36, checksum }] })).toBeDefined();
});
