// Dense algebra that the fit needs: symmetric sums, Cholesky, triangular solves, eigenvectors (by ml-matrix), leading components of rows.
// Square matrices are row-major Float64Array [n × n].
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';

/** Rows, or inner values, that a loop takes at once: sums are read and written once for all of them. */
const AT_ONCE = 4;
/** Of the search for one component: iterations at most, and the cosine of two successive steps at which it ends. */
const MOST_ITERATIONS = 30;
const CONVERGED_COSINE = 1 - 1e-7;

/**
 * sum += Σ x yᵀ over rows.
 * @param x, y [rows × d] @param upperOnly for y = x: only where column ≥ row; `mirror` fills the rest @param sum [d × d]
 */
export function addOuterProducts(sum: Float64Array, x: Float32Array, y: Float32Array, d: number, upperOnly: boolean): void {
  const rows = x.length / d;
  const whole = rows - (rows % AT_ONCE);
  for (let r = 0; r < whole; r += AT_ONCE) {
    const p = r * d;
    const q = p + d;
    const s = q + d;
    const t = s + d;
    for (let i = 0; i < d; i++) {
      const a = x[p + i] as number;
      const b = x[q + i] as number;
      const c = x[s + i] as number;
      const e = x[t + i] as number;
      const out = i * d;
      for (let j = upperOnly ? i : 0; j < d; j++) {
        const more = a * (y[p + j] as number) + b * (y[q + j] as number) + c * (y[s + j] as number) + e * (y[t + j] as number);
        sum[out + j] = (sum[out + j] as number) + more;
      }
    }
  }
  for (let p = whole * d; p < x.length; p += d) {
    for (let i = 0; i < d; i++) {
      const a = x[p + i] as number;
      for (let j = upperOnly ? i : 0; j < d; j++) sum[i * d + j] = (sum[i * d + j] as number) + a * (y[p + j] as number);
    }
  }
}

/** x · p: `project` of compute/cpu/linear.ts, faster and with other rounding. @param x [rows × inner] @param p [inner × outer] */
export function multiplyRows(x: Float32Array, p: Float32Array, inner: number, outer: number): Float32Array {
  const rows = x.length / inner;
  const out = new Float32Array(rows * outer);
  const whole = inner - (inner % AT_ONCE);
  for (let r = 0; r < rows; r++) {
    const at = r * inner;
    const to = r * outer;
    for (let i = 0; i < whole; i += AT_ONCE) {
      const a = x[at + i] as number;
      const b = x[at + i + 1] as number;
      const c = x[at + i + 2] as number;
      const e = x[at + i + 3] as number;
      const k = i * outer;
      for (let j = 0; j < outer; j++) {
        const q = k + j;
        const more = a * (p[q] as number) + b * (p[q + outer] as number) + c * (p[q + 2 * outer] as number) + e * (p[q + 3 * outer] as number);
        out[to + j] = (out[to + j] as number) + more;
      }
    }
    for (let i = whole; i < inner; i++) {
      const a = x[at + i] as number;
      for (let j = 0; j < outer; j++) out[to + j] = (out[to + j] as number) + a * (p[i * outer + j] as number);
    }
  }
  return out;
}

/** Copies the upper triangle to the lower one, in place. */
export function mirror(matrix: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) matrix[j * n + i] = matrix[i * n + j] as number;
  return matrix;
}

export function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i] as number;
  return sum;
}

/** L with L Lᵀ = a, lower triangular. @param a [n × n], symmetric @returns undefined when a is not positive definite */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] as number) * (l[j * n + k] as number);
      if (j < i) l[i * n + j] = sum / (l[j * n + j] as number);
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return l;
}

/** L⁻¹ B in place. @param l [n × n] lower triangular @param b [n × m] */
export function solveLower(l: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  for (let i = 0; i < n; i++) {
    const row = b.subarray(i * m, (i + 1) * m);
    for (let k = 0; k < i; k++) subtract(row, b, k * m, l[i * n + k] as number);
    divide(row, l[i * n + i] as number);
  }
  return b;
}

/** L⁻ᵀ B in place. @param l [n × n] lower triangular @param b [n × m] */
export function solveLowerTransposed(l: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  for (let i = n - 1; i >= 0; i--) {
    const row = b.subarray(i * m, (i + 1) * m);
    for (let k = i + 1; k < n; k++) subtract(row, b, k * m, l[k * n + i] as number);
    divide(row, l[i * n + i] as number);
  }
  return b;
}

/** row −= factor · b[at …] */
function subtract(row: Float64Array, b: Float64Array, at: number, factor: number): void {
  if (factor === 0) return;
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) - factor * (b[at + j] as number);
}

function divide(row: Float64Array, by: number): void {
  for (let j = 0; j < row.length; j++) row[j] = (row[j] as number) / by;
}

export function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j] as number;
  return out;
}

/**
 * Eigenvectors of a symmetric matrix, largest eigenvalue first; each vector's largest coordinate is positive, so that the same
 * matrix gives the same vectors.
 * @returns values [n] and vectors [n × n], one a column
 */
export function symmetricEigen(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const found = new EigenvalueDecomposition(Matrix.from1DArray(n, n, a), { assumeSymmetric: true });
  const ascending = found.realEigenvalues;
  const columns = found.eigenvectorMatrix;
  const values = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const from = n - 1 - k;
    values[k] = ascending[from] as number;
    const column = columns.getColumn(from);
    let largest = 0;
    for (const value of column) if (Math.abs(value) > Math.abs(largest)) largest = value;
    const sign = largest < 0 ? -1 : 1;
    column.forEach((value, i) => {
      vectors[i * n + k] = sign * value;
    });
  }
  return { values, vectors };
}

/** @returns [rows × d], copies */
export function gatherRows(x: Float32Array, rows: readonly number[], d: number): Float32Array {
  const out = new Float32Array(rows.length * d);
  rows.forEach((row, i) => {
    out.set(x.subarray(row * d, (row + 1) * d), i * d);
  });
  return out;
}

/**
 * Leading right singular vectors of the uncentred rows and some copies of a prior row, by orthogonal iteration (Golub & Van Loan,
 * Matrix Computations, section 8.2.4); deterministic. Yang et al. 2021 (arXiv:2109.04727) project these out.
 * @param rows [n × d] @param prior [d] @param strength copies of the prior row
 * @returns [count × d], orthonormal; fewer than `count` where the rows span less
 */
export function leadingComponents(rows: Float32Array, d: number, prior: Float32Array, strength: number, count: number): Float32Array {
  const found: Float32Array[] = [];
  const n = rows.length / d;
  for (let c = 0; c < count; c++) {
    let v = firstGuess(rows, n, d, prior, found);
    if (!v) break;
    for (let step = 0; step < MOST_ITERATIONS; step++) {
      const next = new Float64Array(d);
      for (let r = 0; r < n; r++) addScaled(next, rows, r * d, dot(rows, r * d, v, 0, d));
      addScaled(next, prior, 0, strength * dot(prior, 0, v, 0, d));
      const candidate = orthonormal(Float32Array.from(next), found, d);
      if (!candidate) break;
      const cosine = dot(candidate, 0, v, 0, d);
      v = candidate;
      if (cosine > CONVERGED_COSINE) break;
    }
    found.push(v);
  }
  const out = new Float32Array(found.length * d);
  found.forEach((v, i) => {
    out.set(v, i * d);
  });
  return out;
}

/** From the prior, or from the first row that is not in the span of the components found. */
function firstGuess(rows: Float32Array, n: number, d: number, prior: Float32Array, found: readonly Float32Array[]): Float32Array | undefined {
  const first = orthonormal(prior.slice(), found, d);
  if (first) return first;
  for (let r = 0; r < n; r++) {
    const v = orthonormal(rows.slice(r * d, (r + 1) * d), found, d);
    if (v) return v;
  }
  return undefined;
}

/** v less its part along the found vectors, unit length, in place; undefined when only rounding errors are left. */
function orthonormal(v: Float32Array, found: readonly Float32Array[], d: number): Float32Array | undefined {
  const before = Math.sqrt(dot(v, 0, v, 0, d));
  for (const u of found) {
    const along = dot(v, 0, u, 0, d);
    for (let j = 0; j < d; j++) v[j] = (v[j] as number) - along * (u[j] as number);
  }
  const after = Math.sqrt(dot(v, 0, v, 0, d));
  return after > before * 1e-4 && after > 0 ? normalizeRows(v, d) : undefined;
}

function addScaled(out: Float64Array, x: Float32Array, at: number, factor: number): void {
  for (let j = 0; j < out.length; j++) out[j] = (out[j] as number) + factor * (x[at + j] as number);
}
