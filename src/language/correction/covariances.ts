// What translations teach: how texts of one item differ and how items do (shrunk towards the shipped covariances), and from these the
// basis in which translations agree (linear discriminant analysis of items against languages, with Wiener weights).
import { RecommenderError } from '../../base/errors.ts';
import { addOuterProducts, cholesky, mirror, solveLower, solveLowerTransposed, symmetricEigen, trace, transpose } from './matrix.ts';
import type { LanguagePrior } from './types.ts';

/** The shipped S_b weighs as much as so many items; the shipped S_w as so many rows beyond the first of each item. */
export const COVARIANCE_STRENGTH = { items: 1000, rows: 3000 } as const;
/**
 * Exponent of the Wiener gain g / (g + 1): 0 is plain discriminant analysis, 1 the posterior mean of an item's position. Low exponents
 * find the same item best; high ones show the query's own language least and make rankings agree. Measured on apps (docs/benchmarks/languages.md),
 * fitted on translations: 0.1 → self MRR 0.879, agreement 0.777; 0.3 → 0.875, 0.782; 0.5 → 0.867, 0.790.
 */
export const WIENER_EXPONENT = 0.3;
/** λ of S_w + λ · tr(S_w) / d · I. */
const RIDGE = 2;

/** Positions (in a list of rows) of each item's rows; at least two an item. */
export type Translations = readonly (readonly number[])[];

/** Sums over items, such that the sums of disjoint sets can be added. Upper triangles only. */
export interface CovarianceSums {
  dimensions: number;
  items: number;
  rows: number;
  /** Σ over items of 1 / rows of the item */
  inverseRows: number;
  /** Σ y yᵀ over rows */
  total: Float64Array;
  /** Σ n ȳ ȳᵀ over items of n rows with the mean ȳ */
  grouped: Float64Array;
  /** Σ ȳ ȳᵀ and Σ ȳ over items */
  means: Float64Array;
  meanSum: Float64Array;
}

export interface Covariances {
  dimensions: number;
  /** S_w, S_b [d × d], symmetric. */
  withinItem: Float64Array;
  betweenItem: Float64Array;
}

/** @param centred [rows × d], unit rows less their language */
export function sumCovariances(centred: Float32Array, d: number, items: Translations): CovarianceSums {
  const square = (): Float64Array => new Float64Array(d * d);
  const sums: CovarianceSums = {
    dimensions: d,
    items: items.length,
    rows: 0,
    inverseRows: 0,
    total: square(),
    grouped: square(),
    means: square(),
    meanSum: new Float64Array(d),
  };
  const means = new Float32Array(items.length * d);
  const scaled = new Float32Array(items.length * d);
  const members = new Float32Array(items.flat().length * d);
  let filled = 0;
  items.forEach((rows, item) => {
    const first = filled;
    for (const row of rows) {
      members.set(centred.subarray(row * d, (row + 1) * d), filled);
      filled += d;
    }
    sums.rows += rows.length;
    sums.inverseRows += 1 / rows.length;
    for (let j = 0; j < d; j++) {
      let mean = 0;
      for (let i = 0; i < rows.length; i++) mean += (members[first + i * d + j] as number) / rows.length;
      means[item * d + j] = mean;
      scaled[item * d + j] = mean * Math.sqrt(rows.length);
      sums.meanSum[j] = (sums.meanSum[j] as number) + mean;
    }
  });
  addOuterProducts(sums.total, members, members, d, true);
  addOuterProducts(sums.means, means, means, d, true);
  addOuterProducts(sums.grouped, scaled, scaled, d, true);
  return sums;
}

export function addSums(a: CovarianceSums, b: CovarianceSums): CovarianceSums {
  const plus = (x: Float64Array, y: Float64Array) => x.map((value, i) => value + (y[i] as number));
  return {
    dimensions: a.dimensions,
    items: a.items + b.items,
    rows: a.rows + b.rows,
    inverseRows: a.inverseRows + b.inverseRows,
    total: plus(a.total, b.total),
    grouped: plus(a.grouped, b.grouped),
    means: plus(a.means, b.means),
    meanSum: plus(a.meanSum, b.meanSum),
  };
}

/**
 * S_w = Σ (y − ȳ)(y − ȳ)ᵀ / (rows − items); S_b = cov(ȳ) − S_w · mean(1 / n): the noise left in item means is subtracted
 * (one-way random effects, Searle et al., Variance Components, 1992, section 3.6). Each is mixed with the shipped one;
 * the catalogue's own has the weight n / (n + k), k of `COVARIANCE_STRENGTH`.
 * @returns undefined when there are neither translations nor shipped covariances
 */
export function covariancesOf(sums: CovarianceSums, prior: LanguagePrior | undefined): Covariances | undefined {
  const { dimensions: d, items, rows } = sums;
  const shipped = prior?.covariances;
  if (!shipped && items < 2) return undefined;
  const freedom = rows - items;
  const strength = shipped ? COVARIANCE_STRENGTH : { items: 0, rows: 0 };
  const ownWithin = items < 2 ? 0 : freedom / (freedom + strength.rows);
  const ownBetween = items < 2 ? 0 : items / (items + strength.items);
  const withinItem = new Float64Array(d * d);
  const betweenItem = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const at = i * d + j;
      let within = 0;
      let between = 0;
      if (items >= 2) {
        within = ((sums.total[at] as number) - (sums.grouped[at] as number)) / freedom;
        const product = ((sums.meanSum[i] as number) * (sums.meanSum[j] as number)) / items;
        between = ((sums.means[at] as number) - product) / (items - 1) - (within * sums.inverseRows) / items;
      }
      withinItem[at] = ownWithin * within + (shipped ? (1 - ownWithin) * (shipped.withinItem[at] as number) : 0);
      betweenItem[at] = ownBetween * between + (shipped ? (1 - ownBetween) * (shipped.betweenItem[at] as number) : 0);
    }
  }
  return { dimensions: d, withinItem: mirror(withinItem, d), betweenItem: mirror(betweenItem, d) };
}

export interface Basis {
  dimensions: number;
  /** Number of columns, at most `dimensions`. */
  width: number;
  /** [dimensions × width], columns by falling ratio g; the first k columns project to k dimensions. */
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
      'Translations are all equal or hold NaN, so language cannot be told from content. Check that the vectors are those of the texts.',
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
