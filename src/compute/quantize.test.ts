import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { dequantizeRow, quantizeRows } from './quantize.ts';
import { randomVectors } from './testing/vectors.ts';

test('every value is within half a step, and the largest keeps its size', () => {
  const vectors = randomVectors('random', 50, 384, seededRandom(1));
  const rows = quantizeRows(vectors, 384);
  for (let row = 0; row < 50; row++) {
    const scale = rows.scales[row] as number;
    const back = dequantizeRow(rows, row);
    for (const [j, value] of back.entries()) {
      expect(Math.abs(value - (vectors[row * 384 + j] as number))).toBeLessThanOrEqual(scale * 0.500001);
    }
    expect(Math.max(...rows.values.subarray(row * 384, (row + 1) * 384).map(Math.abs))).toBe(127);
  }
});

test('halves go to the even neighbour', () => {
  const { values, scales } = quantizeRows(Float32Array.of(127, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5), 7);
  expect(scales[0]).toBe(1);
  expect(Array.from(values)).toEqual([127, 0, 2, 2, 0, -2, -2]);
});

test('zeros have scale 0, denormals stay within ±127, the largest floats do not overflow', () => {
  expect(quantizeRows(new Float32Array(4), 2)).toEqual({
    dimensions: 2,
    count: 2,
    values: new Int8Array(4),
    scales: new Float32Array(2),
  });
  const least = 2 ** -149;
  for (const size of [least, 100 * least, 190 * least, 191 * least, 1e-40, 2 ** -126, 3.4e38]) {
    const rows = quantizeRows(Float32Array.of(size, -size, 0), 3);
    const [up, down, zero] = rows.values;
    expect(up).toBe(0 - (down as number));
    expect(zero).toBe(0);
    expect(Number.isFinite(rows.scales[0])).toBe(true);
    expect(Math.abs((dequantizeRow(rows, 0)[0] as number) - Math.fround(size))).toBeLessThanOrEqual(127 * least + size * 1e-6);
  }
});

test('refuses what is not finite and names the row', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const vectors = new Float32Array(12);
    vectors[7] = value;
    expect(() => quantizeRows(vectors, 4)).toThrow(expect.objectContaining({ code: 'bad-vector', details: { row: 1, place: 3 } }));
  }
  expect(() => quantizeRows(new Float32Array(5), 4)).toThrow(expect.objectContaining({ code: 'bad-vector' }));
  expect(() => dequantizeRow(quantizeRows(new Float32Array(4), 4), 1)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});
