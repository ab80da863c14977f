import { expect, test } from 'vitest';
import { gaussian, seededRandom } from '../../base/random.ts';
import { project } from '../../compute/cpu/linear.ts';
import {
  addOuterProducts,
  cholesky,
  leadingComponents,
  mirror,
  multiplyRows,
  solveLower,
  solveLowerTransposed,
  symmetricEigen,
  transpose,
} from './matrix.ts';

const random = seededRandom(3);
const normals = (count: number) => Float32Array.from({ length: count }, () => gaussian(random));

test.each([1, 3, 4, 9])('sums of outer products are those of the definition, %i rows', (rows) => {
  const d = 5;
  const x = normals(rows * d);
  const y = normals(rows * d);
  const plain = (a: Float32Array, b: Float32Array) =>
    Float64Array.from({ length: d * d }, (_, at) => {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += (a[r * d + Math.floor(at / d)] as number) * (b[r * d + (at % d)] as number);
      return sum;
    });
  const both = new Float64Array(d * d);
  addOuterProducts(both, x, y, d, false);
  plain(x, y).forEach((value, at) => {
    expect(both[at]).toBeCloseTo(value, 10);
  });
  const upper = new Float64Array(d * d);
  addOuterProducts(upper, x, x, d, true);
  expect(upper[d]).toBe(0); // below the diagonal, until mirrored
  plain(x, x).forEach((value, at) => {
    expect(mirror(upper, d)[at]).toBeCloseTo(value, 10);
  });
});

test.each([4, 7])('multiplyRows is project of compute/cpu, inner %i', (inner) => {
  const x = normals(3 * inner);
  const p = normals(inner * 6);
  project(x, p, 3, inner, 6).forEach((value, at) => {
    expect(multiplyRows(x, p, inner, 6)[at]).toBeCloseTo(value, 5);
  });
});

test('Cholesky solves, and refuses what is not positive definite', () => {
  const a = Float64Array.of(4, 2, 2, 3);
  const lower = cholesky(a, 2);
  if (!lower) throw new Error('positive definite');
  expect([...lower]).toEqual([2, 0, 1, Math.SQRT2]);
  // a · (1, 2) = (8, 8)
  const solution = solveLowerTransposed(lower, solveLower(lower, Float64Array.of(8, 8), 2, 1), 2, 1);
  expect(solution[0]).toBeCloseTo(1, 12);
  expect(solution[1]).toBeCloseTo(2, 12);
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
  expect(cholesky(Float64Array.of(Number.NaN), 1)).toBeUndefined();
});

test('eigenvectors: A v = λ v, largest first, signs fixed', () => {
  const n = 6;
  const x = normals(20 * n);
  const a = new Float64Array(n * n);
  addOuterProducts(a, x, x, n, true);
  mirror(a, n);
  const { values, vectors } = symmetricEigen(a, n);
  const columns = transpose(vectors, n, n);
  for (let k = 0; k < n; k++) {
    const v = columns.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = 0; j < n; j++) product += (a[i * n + j] as number) * (v[j] as number);
      expect(product).toBeCloseTo((values[k] as number) * (v[i] as number), 8);
    }
    if (k > 0) expect(values[k - 1]).toBeGreaterThan(values[k] as number);
    const largest = [...v].reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    expect(largest).toBeGreaterThan(0);
  }
});

test('leading components are orthonormal and the eigenvectors of XᵀX', () => {
  const d = 5;
  const x = normals(40 * d);
  for (let r = 0; r < 40; r++) x[r * d + 2] = (x[r * d + 2] as number) + 10; // direction 2 leads by far
  const found = leadingComponents(x, d, Float32Array.of(0, 0, 1, 0, 0), 5, 2);
  expect(found.length).toBe(2 * d);
  expect(Math.abs(found[2] as number)).toBeGreaterThan(0.99);
  let across = 0;
  for (let j = 0; j < d; j++) across += (found[j] as number) * (found[d + j] as number);
  expect(across).toBeCloseTo(0, 5);
});

test('no rows: the prior is the only component; more cannot be had', () => {
  expect([...leadingComponents(new Float32Array(0), 3, Float32Array.of(0, 1, 0), 5, 3)]).toEqual([0, 1, 0]);
});
