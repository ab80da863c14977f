// Rows filled up to whole quads and back, for the layout of every head.
import { expect, test } from 'vitest';
import { padParameters, padVectors, parameterQuads, unpadParameters } from './train-layout.ts';

const counting = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1);

test.each([
  { kind: 'concat-linear', dimensions: 5, width: 1, count: 3 * 11, quads: 3 * 5 },
  { kind: 'linear-probe', dimensions: 4, width: 1, count: 2 * 5, quads: 2 * 2 },
  { kind: 'dot', dimensions: 5, width: 1, count: 2, quads: 1 },
  { kind: 'bilinear', dimensions: 5, width: 3, count: 32, quads: 8 + 8 + 1 },
  { kind: 'mlp', dimensions: 2, width: 6, count: 3 * 12 + 14, quads: 3 * 8 + 2 + 2 + 1 },
] as const)('$kind: every parameter comes back, and between them lie zeros', ({ quads, ...head }) => {
  const padded = padParameters(head, counting(head.count));
  expect([padded.length, parameterQuads(head)]).toEqual([4 * quads, quads]);
  expect(Array.from(padded.filter((value) => value !== 0))).toEqual(Array.from(counting(head.count)));
  expect(unpadParameters(head, padded)).toEqual(counting(head.count));
});

test('a row of a matrix starts a quad, and so does the matrix behind the last whole four rows', () => {
  const padded = padParameters({ kind: 'bilinear', dimensions: 1, width: 5, count: 12 }, counting(12));
  expect(Array.from(padded.subarray(0, 8))).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
  expect(Array.from(padded.subarray(32, 40))).toEqual([6, 7, 8, 9, 10, 0, 0, 0]);
  expect(Array.from(padded.subarray(64))).toEqual([11, 12, 0, 0]);
});

test('vectors are filled up row by row; those of whole quads are not copied', () => {
  expect(Array.from(padVectors(counting(6), 3))).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
  const whole = counting(8);
  expect(padVectors(whole, 4)).toBe(whole);
});
