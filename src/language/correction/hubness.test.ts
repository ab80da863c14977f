import { expect, test } from 'vitest';
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';
import { dequantizeRow, quantizeRows } from '../../compute/quantize.ts';
import { drawReferences, HUBNESS_WEIGHT, indexQuery, indexRows, itemBias, neighboursFor } from './hubness.ts';
import { plantCatalogue } from './testing/planted.ts';

test('bias is minus the weighted mean cosine with the nearest references; itself and copies do not count', () => {
  const rows = Float32Array.of(1, 0, 0, 1, 0, 0);
  const references = Float32Array.of(1, 0, 0.8, 0.6, 0.6, 0.8);
  const bias = itemBias(rows, 2, { references, neighbours: 2, weight: 0.5 });
  expect(bias[0]).toBeCloseTo(-0.5 * (0.8 + 0.6) * 0.5, 6);
  expect(bias[1]).toBeCloseTo(-0.5 * (0.8 + 0.6) * 0.5, 6);
  expect(bias[2]).toBe(0); // no vector yet
  expect([...itemBias(rows, 2, { references, neighbours: 2, weight: 0 })]).toEqual([0, 0, 0]);
  expect(itemBias(rows, 2, { references: rows.subarray(0, 2), neighbours: 9, weight: 1 })[1]).toBeCloseTo(0, 6);
});

test('references are drawn the same every time, without repetition; fewer of large catalogues', () => {
  const rowsOf = (length: number) => Array.from({ length }, (_, row) => row * 2);
  const drawn = drawReferences(rowsOf(2000));
  expect(drawn).toEqual(drawReferences(rowsOf(2000)));
  expect(new Set(drawn).size).toBe(1024);
  expect(drawn.every((row) => row % 2 === 0)).toBe(true);
  expect(drawReferences(rowsOf(300))).toHaveLength(300);
  expect(drawReferences(rowsOf(32_768))).toHaveLength(512);
  expect(drawReferences(rowsOf(100_000))).toHaveLength(256);
  expect(neighboursFor(256)).toBe(15);
  expect(neighboursFor(10)).toBe(1);
});

test('as one more dimension of an int8 index the bias loses less than one in two hundred of the scores that it separates', () => {
  const { raw, dimensions: d, languages } = plantCatalogue({ items: 100, tags: ['a', 'b', 'c'], bias: 0.5 });
  const bias = itemBias(raw, d, { references: raw.slice(0, 100 * d), neighbours: 2, weight: HUBNESS_WEIGHT });
  const rows = indexRows(raw, d, bias);
  // The index takes a shared centre off before it quantises; so does this.
  const centre = new Float32Array(d + 1);
  for (let row = 0; row < languages.length; row++)
    for (let j = 0; j <= d; j++) centre[j] = (centre[j] as number) + (rows[row * (d + 1) + j] as number) / languages.length;
  const quantised = quantizeRows(
    rows.map((value, i) => value - (centre[i % (d + 1)] as number)),
    d + 1,
  );
  const query = indexQuery(raw.subarray(0, d));
  const constant = dot(centre, 0, query, 0, d + 1);
  for (let row = 0; row < languages.length; row++) {
    const exact = dot(raw, row * d, raw, 0, d) + (bias[row] as number);
    expect(Math.abs(constant + dot(dequantizeRow(quantised, row), 0, query, 0, d + 1) - exact)).toBeLessThan(0.005);
  }
});

test('a query of any length weighs the bias by its length, so that order does not depend on it', () => {
  const vector = normalizeRows(Float32Array.of(3, 4), 2).map((value) => value * 7);
  const query = indexQuery(vector);
  expect([...query.subarray(0, 2)]).toEqual([...vector]);
  const row = indexRows(Float32Array.of(1, 0), 2, Float32Array.of(-0.25));
  expect(dot(row, 0, query, 0, 3)).toBeCloseTo(7 * (0.6 - 0.25), 5);
});
