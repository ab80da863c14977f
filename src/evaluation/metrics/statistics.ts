// Rank statistics: average ranks, Spearman's correlation, the Kruskal–Wallis test. Checked against scipy.
import { countBy } from '../../base/group-by.ts';

/** Ranks from 1 in ascending order; equal values share the mean of their ranks. @param values no NaN */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort((a, b) => compare(values[a] as number, values[b] as number));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end += 1;
    for (let at = start; at < end; at++) ranks[order[at] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

/** Also orders infinities, whose difference is NaN. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/**
 * Spearman's ρ: Pearson's correlation of average ranks (so ties are handled). NaN for fewer than two values or when one side
 * is constant. Source: Spearman 1904; Kendall 1948, chapter 3 for ties.
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const a = averageRanks(x);
  const b = averageRanks(y);
  const mean = (a.length + 1) / 2;
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let at = 0; at < a.length; at++) {
    const da = (a[at] as number) - mean;
    const db = (b[at] as number) - mean;
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return product / Math.sqrt(squareA * squareB);
}

interface KruskalWallis {
  /** Corrected for ties. */
  h: number;
  degrees: number;
  /** Probability of an H at least this large when all groups have one distribution; by chi-square, so inexact for small groups. */
  p: number;
}

/**
 * H = 12 / (N (N + 1)) · Σ R_g² / n_g − 3 (N + 1), divided by 1 − Σ (t³ − t) / (N³ − N) for ties of t. All values equal: H = 0, p = 1.
 * Source: Kruskal and Wallis 1952.
 *
 * @param groups at least two, none empty, no NaN
 */
export function kruskalWallis(groups: readonly ArrayLike<number>[]): KruskalWallis {
  const values = groups.flatMap((group) => Array.from(group));
  const ranks = averageRanks(values);
  const n = values.length;
  const degrees = groups.length - 1;
  let start = 0;
  let sum = 0;
  for (const group of groups) {
    const rankSum = ranks.subarray(start, start + group.length).reduce((total, rank) => total + rank, 0);
    sum += rankSum ** 2 / group.length;
    start += group.length;
  }
  const tied = [...countBy(values).values()].reduce((total, count) => total + count ** 3 - count, 0);
  const correction = 1 - tied / (n ** 3 - n);
  if (!(correction > 0)) return { h: 0, degrees, p: 1 };
  const h = Math.max(0, ((12 / (n * (n + 1))) * sum - 3 * (n + 1)) / correction);
  return { h, degrees, p: chiSquareTail(h, degrees) };
}

/** P(X ≥ x) for chi-square with `degrees` degrees of freedom = Q(degrees / 2, x / 2). */
export function chiSquareTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2);
}

const MAX_TERMS = 1000;
const PRECISION = 1e-15;

/** Regularised upper incomplete gamma Q(a, x): series below a + 1, else Lentz's continued fraction. Source: Numerical Recipes, 6.2. */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MAX_TERMS && term > sum * PRECISION; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - sum * scale;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return scale * fraction;
}

/** ln Γ(a) for a multiple of ½, which degrees of freedom always give: by the recurrence from Γ(1) = 1 and Γ(½) = √π. */
function logGamma(a: number): number {
  let value = Number.isInteger(a) ? 0 : Math.log(Math.PI) / 2;
  for (let at = Number.isInteger(a) ? 1 : 0.5; at < a; at++) value += Math.log(at);
  return value;
}
