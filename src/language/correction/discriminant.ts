// The basis in which translations agree: linear discriminant analysis of items against languages, with Wiener weights.
import { RecommenderError } from '../../base/errors.ts';
import type { Covariances } from './covariances.ts';
import { cholesky, solveLower, solveLowerTransposed, symmetricEigen, trace, transpose } from './matrix.ts';

/**
 * Exponent of the Wiener gain g / (g + 1): 0 is plain discriminant analysis, 1 the posterior mean of an item's place. Low ones
 * find the same item best, high ones show the own language least and make rankings agree. Measured on apps (docs/benchmarks/languages.md),
 * fitted on translations: 0.1 → self MRR 0.879, agreement 0.777; 0.3 → 0.875, 0.782; 0.5 → 0.867, 0.790.
 */
export const WIENER_EXPONENT = 0.3;
/** λ of S_w + λ · tr(S_w) / d · I. */
const RIDGE = 2;

export interface Basis {
  dimensions: number;
  /** Number of columns, at most `dimensions`. */
  width: number;
  /** [dimensions × width], columns by falling ratio g; the first k of them are the projection to k dimensions. */
  columns: Float32Array;
}

/**
 * With A = S_w + λ tr(S_w)/d I = L Lᵀ and L⁻¹ S_b L⁻ᵀ = V diag(g) Vᵀ: columns are L⁻ᵀ v · (g / (g + 1))^`WIENER_EXPONENT`.
 * (Fukunaga, Introduction to Statistical Pattern Recognition, 1990, section 10.2.) Directions without item variance become 0.
 * @throws bad-vector when S_w is not positive definite after the ridge: all rows are equal or hold NaN
 */
export function discriminantBasis({ dimensions: d, withinItem, betweenItem }: Covariances): Basis {
  const a = withinItem.slice();
  const ridge = (RIDGE * trace(withinItem, d)) / d;
  for (let i = 0; i < d; i++) a[i * d + i] = (a[i * d + i] as number) + ridge;
  const lower = cholesky(a, d);
  if (!lower) {
    throw new RecommenderError(
      'bad-vector',
      'Translations do not differ in any way or hold NaN, so that language cannot be told from content. Check that the vectors are those of the texts.',
    );
  }
  const half = solveLower(lower, betweenItem.slice(), d, d);
  const whitened = solveLower(lower, transpose(half, d, d), d, d);
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      const mean = ((whitened[i * d + j] as number) + (whitened[j * d + i] as number)) / 2;
      whitened[i * d + j] = mean;
      whitened[j * d + i] = mean;
    }
  }
  const { values, vectors } = symmetricEigen(whitened, d);
  const basis = solveLowerTransposed(lower, vectors, d, d);
  const columns = new Float32Array(d * d);
  for (let k = 0; k < d; k++) {
    const g = Math.max(0, values[k] as number);
    const weight = (g / (g + 1)) ** WIENER_EXPONENT;
    for (let i = 0; i < d; i++) columns[i * d + k] = (basis[i * d + k] as number) * weight;
  }
  return { dimensions: d, width: d, columns };
}

/** First k columns. @returns [dimensions × k] */
export function firstColumns({ dimensions: d, width, columns }: Basis, k: number): Float32Array {
  const out = new Float32Array(d * k);
  for (let i = 0; i < d; i++) out.set(columns.subarray(i * width, i * width + k), i * k);
  return out;
}
