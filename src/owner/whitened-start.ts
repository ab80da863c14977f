// The closed-form start of a bilinear head: directions in which the items of one user differ say little about taste, so they count less.
// Within-class covariance normalisation (Hatch, Kajarekar & Stolcke 2006), with a user's items as the class.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { segmentsOf } from '../head/layout.ts';
import type { HeadShape } from '../head/types.ts';

/** Eigenvalues of the covariance within users, divided by their mean, and its eigenvectors. */
export interface WithinUserSpectrum {
  /** [d] ascending, mean 1 */
  values: Float64Array;
  /** [d × d] column j belongs to value j */
  basis: Float64Array;
}

/**
 * S = Σ over users, Σ over their items of (v − mean)(v − mean)ᵀ, as its spectrum.
 * @param users rows liked by each user; those with one item are not used @param vectors [items × d]
 * @returns undefined when no user has two different items
 * @throws aborted
 */
export async function withinUserSpectrum(
  users: readonly Int32Array[],
  vectors: Float32Array,
  d: number,
  signal?: AbortSignal,
): Promise<WithinUserSpectrum | undefined> {
  const scatter = new Float64Array(d * d);
  const pace = createPacer({ signal, what: 'Pre-training' });
  for (const rows of users) {
    if (rows.length < 2) continue;
    addScatter(scatter, rows, vectors, d);
    await pace();
  }
  throwIfAborted(signal, 'Pre-training');
  let trace = 0;
  for (let j = 0; j < d; j++) trace += scatter[j * d + j] as number;
  if (!(trace > 0)) return undefined;
  const matrix = new Matrix(d, d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) setBoth(matrix, i, j, ((scatter[i * d + j] as number) * d) / trace);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return { values: Float64Array.from(realEigenvalues, (value) => Math.max(0, value)), basis: Float64Array.from(eigenvectorMatrix.to1DArray()) };
}

function setBoth(matrix: Matrix, i: number, j: number, value: number): void {
  matrix.set(i, j, value);
  matrix.set(j, i, value);
}

/** Adds one user's scatter to the lower triangle. */
function addScatter(scatter: Float64Array, rows: Int32Array, vectors: Float32Array, d: number): void {
  const mean = new Float64Array(d);
  for (const row of rows) for (let j = 0; j < d; j++) mean[j] = (mean[j] as number) + (vectors[row * d + j] as number) / rows.length;
  const off = new Float64Array(d);
  for (const row of rows) {
    for (let j = 0; j < d; j++) off[j] = (vectors[row * d + j] as number) - (mean[j] as number);
    for (let i = 0; i < d; i++) {
      const value = off[i] as number;
      for (let j = 0; j <= i; j++) scatter[i * d + j] = (scatter[i * d + j] as number) + value * (off[j] as number);
    }
  }
}

/**
 * Parameters of a bilinear head with I + ABᵀ ∝ (S + ridge I)⁻¹, exact where the rank is d. With a lower rank the d − r neighbouring
 * eigenvalues that differ least (in squares) are replaced by their mean; the head's scale keeps mean eigenvalue · s = `scale`.
 * @param ridge above 0, in units of S's mean eigenvalue; a higher one gives a head nearer to the plain cosine
 * @throws bad-argument when the head is not bilinear or has other dimensions than the spectrum
 */
export function whitenedParameters(shape: HeadShape, { values, basis }: WithinUserSpectrum, ridge: number, scale: number): Float32Array {
  const d = values.length;
  const { kind, dimensions, rank = 0 } = shape;
  if (kind !== 'bilinear' || dimensions !== d || rank > d || !(ridge > 0)) {
    throw new RecommenderError(
      'bad-argument',
      `A whitened start is for bilinear heads of ${d} dimensions, rank 1 to ${d}, ridge above 0; got ${kind}, ${dimensions}, ${rank}, ${ridge}.`,
    );
  }
  const wanted = values.map((value) => 1 / (value + ridge));
  const [from, to, common] = flattestRun(wanted, d - rank);
  const parameters = new Float32Array(segmentsOf(shape).reduce((sum, { length }) => sum + length, 0));
  let c = 0;
  for (let j = 0; j < d; j++) {
    if (j >= from && j < to) continue;
    for (let i = 0; i < d; i++) {
      const value = basis[i * d + j] as number;
      parameters[i * rank + c] = value * ((wanted[j] as number) / common - 1);
      parameters[(d + i) * rank + c] = value;
    }
    c++;
  }
  const mean = wanted.reduce((sum, value) => sum + value, 0) / d;
  parameters[parameters.length - 2] = Math.log((scale * common) / mean);
  return parameters;
}

/** The `length` neighbours of a monotone row with the least squared deviation from their mean, and that mean; for length 0 the mean of all. */
function flattestRun(values: Float64Array, length: number): [from: number, to: number, mean: number] {
  const meanOf = (part: Float64Array): number => part.reduce((sum, value) => sum + value, 0) / part.length;
  if (length === 0) return [0, 0, meanOf(values)];
  let best: [number, number, number] = [0, length, 0];
  let least = Number.POSITIVE_INFINITY;
  for (let from = 0; from + length <= values.length; from++) {
    const run = values.subarray(from, from + length);
    const mean = meanOf(run);
    const deviation = run.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    if (deviation < least) [least, best] = [deviation, [from, from + length, mean]];
  }
  return best;
}
