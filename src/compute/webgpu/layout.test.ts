import { expect, test } from 'vitest';
import { scoresOfKeys } from './entries.ts';
import { mostShardRows, paddedRows } from './layout.ts';

test('a million rows of 384 are three shards on default limits', () => {
  const most = mostShardRows(384, { maxStorageBufferBindingSize: 134_217_728, maxBufferSize: 268_435_456 });
  expect(most % 64).toBe(0);
  expect(Math.ceil(1_000_000 / most)).toBe(3);
});

test('rows are padded with zeros to 16 values, and not copied when there is nothing to pad', () => {
  const rows = { dimensions: 3, count: 2, values: Int8Array.of(1, 2, 3, 4, 5, 6), scales: new Float32Array(2) };
  expect(Array.from(paddedRows(rows, 1, 1))).toEqual([4, 5, 6, ...Array(13).fill(0)]);
  const whole = { dimensions: 16, count: 2, values: new Int8Array(32), scales: new Float32Array(2) };
  expect(paddedRows(whole, 1, 1).buffer).toBe(whole.values.buffer);
});

test('keys become the scores they were made of', () => {
  const scores = Float32Array.of(0, 1, -1, 1e-40, -1e-40, 3.4e38, Number.NEGATIVE_INFINITY);
  const keys = new Uint32Array(scores.buffer).map((bits) => (bits >>> 31 === 1 ? ~bits : bits ^ 0x80000000));
  expect(scoresOfKeys(keys)).toEqual(scores);
});
