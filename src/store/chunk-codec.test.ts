// Packing must lose nothing in float32, at most half a step in int8, and notice any damage.
import { expect, test } from 'vitest';
import { bytesPerRow, decodeKeys, decodeRows, encodeRows, gatherRows, isIntact, sealChunk, splitPicks } from './chunk-codec.ts';
import { batchOf, keyOf, vectorOf } from './testing/data.ts';

const DIMENSIONS = 24;

function flipBit(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
}

test.each(['float32', 'int8'] as const)('%s: keys survive, and a row takes the bytes that are stated', (format) => {
  const rows = encodeRows(batchOf(3, 5, DIMENSIONS), DIMENSIONS, format);
  expect(decodeKeys(rows)).toEqual([3, 4, 5, 6, 7].map(keyOf));
  const bytes = rows.keys.byteLength + rows.data.byteLength + (rows.scales?.byteLength ?? 0);
  expect(bytes).toBe(5 * bytesPerRow(DIMENSIONS, format));
});

test('float32 keeps every bit', () => {
  const batch = batchOf(0, 5, DIMENSIONS);
  expect(decodeRows(encodeRows(batch, DIMENSIONS, 'float32'))).toEqual(batch.vectors);
});

test('int8 is off by at most half a step, max|x| / 254, and exact for zeros', () => {
  const batch = batchOf(0, 50, DIMENSIONS);
  batch.vectors.fill(0, 0, DIMENSIONS);
  const decoded = decodeRows(encodeRows(batch, DIMENSIONS, 'int8'));
  for (let row = 0; row < 50; row++) {
    const original = batch.vectors.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);
    const largest = Math.max(...original.map(Math.abs));
    original.forEach((value, i) => {
      expect(Math.abs(value - (decoded[row * DIMENSIONS + i] ?? Number.NaN))).toBeLessThanOrEqual((largest / 254) * (1 + 1e-5));
    });
  }
});

test('int8 does not wrap around for the smallest floats and keeps the largest', () => {
  const vectors = Float32Array.of(1e-44, -1e-44, 3e38, -3e38, 3e-43, 1e-43);
  const decoded = decodeRows(encodeRows({ keys: [0, 1, 2].map(keyOf), vectors }, 2, 'int8'));
  vectors.forEach((value, i) => {
    const got = decoded[i] ?? Number.NaN;
    expect(Number.isFinite(got)).toBe(true);
    expect(got * value).toBeGreaterThanOrEqual(0);
  });
  expect(decoded[2]).toBeCloseTo(3e38, -33);
});

test.each(['float32', 'int8'] as const)('%s: gathered rows are copied as they are', (format) => {
  const first = encodeRows(batchOf(0, 3, DIMENSIONS), DIMENSIONS, format);
  const second = encodeRows(batchOf(3, 3, DIMENSIONS), DIMENSIONS, format);
  const gathered = gatherRows(
    [
      { from: second, row: 2 },
      { from: first, row: 1 },
    ],
    DIMENSIONS,
    format,
  );
  const direct = encodeRows(
    { keys: [keyOf(5), keyOf(1)], vectors: Float32Array.of(...vectorOf(5, DIMENSIONS), ...vectorOf(1, DIMENSIONS)) },
    DIMENSIONS,
    format,
  );
  expect(gathered).toEqual(direct);
});

test('pieces hold at most chunkBytes, and at least one row', () => {
  const from = encodeRows(batchOf(0, 7, 1), 1, 'float32');
  const picks = Array.from({ length: 7 }, (_, row) => ({ from, row }));
  expect(splitPicks(picks, 36, 108).map((piece) => piece.length)).toEqual([3, 3, 1]);
  expect(splitPicks(picks, 36, 1)).toHaveLength(7);
});

test.each(['float32', 'int8'] as const)('%s: any flipped bit, missing byte or missing part is found', async (format) => {
  const chunk = await sealChunk('e', encodeRows(batchOf(0, 3, DIMENSIONS), DIMENSIONS, format));
  expect(await isIntact(chunk)).toBe(true);

  const flipped = structuredClone(chunk);
  flipBit(new Uint8Array(flipped.data), 5);
  expect(await isIntact(flipped)).toBe(false);
  const otherKey = structuredClone(chunk);
  flipBit(otherKey.keys, 40);
  expect(await isIntact(otherKey)).toBe(false);
  expect(await isIntact({ ...chunk, data: chunk.data.slice(1) })).toBe(false);
  expect(await isIntact({ ...chunk, count: 2 })).toBe(false);
  const { scales, ...withoutScales } = chunk;
  if (scales) expect(await isIntact(withoutScales)).toBe(false);
  else expect(await isIntact({ ...chunk, scales: new Float32Array(3) })).toBe(false);
});
