// The inverse of a symmetric positive definite matrix, by Cholesky. Works in place on one row-major float64 array, so that
// 6,000 × 6,000 takes 288 MB and no second copy.
import { RecommenderError } from '../../base/errors.ts';
import type { Pace } from '../../base/pacer.ts';

/**
 * A⁻¹ of a symmetric positive definite matrix, in place: A = LLᵀ (Cholesky), L⁻¹, then A⁻¹ = L⁻ᵀL⁻¹ (Golub & Van Loan, 4.2).
 * @param a [n × n]; only the lower triangle is read; on return the whole inverse
 * @param pace called after every row; it may reject to stop the work
 * @throws training-failed when A is not positive definite; aborted
 */
export async function invertSymmetric(a: Float64Array, n: number, pace: Pace): Promise<void> {
  await factor(a, n, pace);
  await invertTriangle(a, n, pace);
  await squareTriangle(a, n, pace);
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) a[i * n + j] = a[j * n + i] as number;
}

/** Lower triangle of A becomes L, row by row. */
async function factor(a: Float64Array, n: number, pace: Pace): Promise<void> {
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * n, i * n + i + 1);
    for (let j = 0; j <= i; j++) {
      let sum = row[j] as number;
      const at = j * n;
      for (let k = 0; k < j; k++) sum -= (row[k] as number) * (a[at + k] as number);
      if (j < i) row[j] = sum / (a[at + j] as number);
      else if (sum > 0) row[i] = Math.sqrt(sum);
      else {
        throw new RecommenderError(
          'training-failed',
          `The matrix to invert is not positive definite (pivot ${sum} in row ${i}). Raise the regularisation.`,
          { row: i, pivot: sum },
        );
      }
    }
    await pace();
  }
}

/** L becomes L⁻¹: row i = (e_i − Σ over k < i of L_ik · row k) / L_ii. */
async function invertTriangle(a: Float64Array, n: number, pace: Pace): Promise<void> {
  const sum = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = a.subarray(i * n, i * n + i + 1);
    const scale = 1 / (row[i] as number);
    sum.fill(0, 0, i);
    for (let k = 0; k < i; k++) {
      const value = row[k] as number;
      if (value === 0) continue;
      const at = k * n;
      for (let j = 0; j <= k; j++) sum[j] = (sum[j] as number) + value * (a[at + j] as number);
    }
    for (let j = 0; j < i; j++) row[j] = -scale * (sum[j] as number);
    row[i] = scale;
    await pace();
  }
}

/** L⁻¹ becomes the lower triangle of L⁻ᵀL⁻¹: row k of L⁻¹ adds to rows i ≤ k, which are finished but for that. */
async function squareTriangle(a: Float64Array, n: number, pace: Pace): Promise<void> {
  const source = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    source.set(a.subarray(k * n, k * n + k + 1));
    a.fill(0, k * n, k * n + k + 1);
    for (let i = 0; i <= k; i++) {
      const value = source[i] as number;
      if (value === 0) continue;
      const at = i * n;
      for (let j = 0; j <= i; j++) a[at + j] = (a[at + j] as number) + value * (source[j] as number);
    }
    await pace();
  }
}
