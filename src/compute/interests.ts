// Several interests in one scan: a row is scored by all of a reader's likes and dislikes at once, not by their mean.
// The score is defined here once; every backend computes it with these constants. Pure, no state.
import { RecommenderError } from '../base/errors.ts';
import type { QuantizedRows } from './backend.ts';
import { quantizeRows } from './quantize.ts';

/** Most likes, and most dislikes, that one scan takes. */
export const MAX_INTERESTS = 64;

/**
 * What a reader likes and dislikes. With x_i = vector_i · row + offset_i and temperature T, in units of x:
 *
 *   L = Σ over likes of w_i exp(x_i / T),  D = Σ over dislikes of w_i exp(x_i / T)
 *   score = T ln L − T ln(1 + D / L)
 *
 * The first term is a soft maximum: with one like of weight 1 it is x; as T grows it goes to the weighted mean of x, as T shrinks to the
 * largest x. The second term is near 0 where D is small against L: a dislike pushes rows away that are nearer to it than to the likes.
 */
export interface Interests {
  /** [likes + dislikes × dimensions], likes first, finite */
  vectors: Float32Array;
  /** How many of them are likes, 1 to MAX_INTERESTS. */
  likes: number;
  /** [likes + dislikes] above 0 */
  weights: ArrayLike<number>;
  /** [likes + dislikes] added to each product; default 0 */
  offsets?: ArrayLike<number>;
  /** T, above 0 */
  temperature: number;
}

/** Interests in the form that kernels take: w_i exp(x_i / T) = 2^(slope_i · sum · row scale + shift_i), sum = Σ values · row values. */
export interface PreparedInterests {
  queries: QuantizedRows;
  likes: number;
  /** [queries] in float32 */
  slopes: Float32Array;
  /** [queries] in float32 */
  shifts: Float32Array;
  temperature: number;
}

/** @throws bad-argument, bad-vector */
export function prepareInterests({ vectors, likes, weights, offsets, temperature }: Interests, dimensions: number): PreparedInterests {
  const queries = quantizeRows(vectors, dimensions);
  const { count } = queries;
  if (!(Number.isInteger(likes) && likes >= 1 && likes <= MAX_INTERESTS && count >= likes && count - likes <= MAX_INTERESTS)) {
    const message = `A scan takes 1 to ${MAX_INTERESTS} likes and at most ${MAX_INTERESTS} dislikes; got ${likes} and ${count - likes}.`;
    throw new RecommenderError('bad-argument', message, { likes, dislikes: count - likes });
  }
  if (!(temperature > 0 && Number.isFinite(temperature))) {
    throw new RecommenderError('bad-argument', `The temperature is ${temperature}; give a number above 0.`, { temperature });
  }
  const perUnit = Math.LOG2E / temperature;
  const slopes = new Float32Array(count);
  const shifts = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const weight = weights[i] as number;
    if (!(weight > 0 && Number.isFinite(weight))) {
      throw new RecommenderError('bad-argument', `Interest ${i} has the weight ${weight}; give a number above 0.`, { interest: i, weight });
    }
    slopes[i] = (queries.scales[i] as number) * perUnit;
    // Less 1: a cosine is at most 1, so that the powers stay near 1 and float32 holds them.
    shifts[i] = ((offsets?.[i] ?? 0) - 1) * perUnit + Math.log2(weight);
  }
  return { queries, likes, slopes, shifts, temperature };
}

/** Coefficients of 2^f for f from 0 to 1, in float32: relative error below 2e-7, exact at both ends. Kernels have the same. */
const POWER = [1, 0.69315173, 0.24015969, 0.05581672, 0.00899392, 0.00187794].map(Math.fround);
const [C0, C1, C2, C3, C4, C5] = POWER as [number, number, number, number, number, number];
/** Exponents beyond are cut: 2^−126 is the least normal float32. */
const MOST_EXPONENT = 126;

/** 2^y in float32 steps, as the kernels compute it. */
export function powerOfTwo(y: number): number {
  const cut = Math.fround(Math.min(Math.max(y, -MOST_EXPONENT), MOST_EXPONENT));
  const whole = Math.floor(cut);
  const f = Math.fround(cut - whole);
  let p = Math.fround(Math.fround(C5 * f) + C4);
  p = Math.fround(Math.fround(p * f) + C3);
  p = Math.fround(Math.fround(p * f) + C2);
  p = Math.fround(Math.fround(p * f) + C1);
  p = Math.fround(Math.fround(p * f) + C0);
  return Math.fround(p * 2 ** whole);
}

/** L² / (L + D), which orders rows as the score does; L where there are no dislikes. @param liked L @param disliked D */
export function mergedPower(liked: number, disliked: number, hasDislikes: boolean): number {
  return hasDislikes ? Math.fround(Math.fround(liked * liked) / Math.fround(liked + disliked)) : liked;
}

/** Scores of rows from what kernels order them by: T ln(power), plus the 1 that `prepareInterests` took off. @param powers overwritten */
export function scoresOfPowers(powers: Float32Array, temperature: number): Float32Array {
  for (let i = 0; i < powers.length; i++) powers[i] = temperature * Math.log(powers[i] as number) + 1;
  return powers;
}

/**
 * The score in float64, for rows that are scored again and for reasons.
 * @param products [likes + dislikes] x_i of one row, offsets included
 */
export function interestScore(
  products: ArrayLike<number>,
  { likes, weights, temperature }: Pick<Interests, 'likes' | 'weights' | 'temperature'>,
): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < likes; i++) largest = Math.max(largest, products[i] as number);
  let [liked, disliked] = [0, 0];
  for (let i = 0; i < products.length; i++) {
    const power = (weights[i] as number) * Math.exp(((products[i] as number) - largest) / temperature);
    if (i < likes) liked += power;
    else disliked += power;
  }
  return largest + temperature * (Math.log(liked) - Math.log1p(disliked / liked));
}
