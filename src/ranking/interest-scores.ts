// Scores of all rows of a matrix by a reader's interests: what the index does for the best rows, for evaluation and for training.
import { dot } from '../compute/cpu/linear.ts';
import { type Interests, interestScore } from '../compute/interests.ts';

/**
 * Temperature of the soft maximum over likes, in units of a cosine of texts. Measured as nDCG@10 with 3, 10 and 30 likes (text and
 * categories, hubs marked down): anime 0.12: 0.229, 0.314, 0.355; 0.3: 0.231, 0.314, 0.368; 0.4: 0.227, 0.306, 0.352; one mean vector:
 * 0.158, 0.138, 0.155. Debian's baskets (3, 10 likes) 0.12: 0.461, 0.510; 0.3: 0.484, 0.556; 0.4: 0.488, 0.573; one mean vector: 0.432, 0.494.
 * Sharper ones also favour the language of the likes. One chosen for each reader by their left-out likes was no better.
 * @see docs/decisions/2026-11-25-several-interests.md
 */
export const TEMPERATURE = 0.3;

/**
 * @param vectors [rows × dimensions]
 * @param interests at least one like
 * @param bias [rows] added to each product, such as the hubness bias; default 0
 * @returns [rows] the score of `Interests`
 */
export function scoreByInterests(
  vectors: Float32Array,
  dimensions: number,
  interests: Omit<Interests, 'offsets'>,
  bias?: ArrayLike<number>,
): Float32Array {
  const count = interests.vectors.length / dimensions;
  const products = new Float64Array(count);
  const out = new Float32Array(vectors.length / dimensions);
  for (let row = 0; row < out.length; row++) {
    for (let i = 0; i < count; i++) products[i] = dot(vectors, row * dimensions, interests.vectors, i * dimensions, dimensions);
    out[row] = interestScore(products, interests) + (bias?.[row] ?? 0);
  }
  return out;
}

/** Likes of equal weight, as one group of interests. @param rows of the matrix [rows × dimensions]; at least one, the last MAX_INTERESTS count */
export function likesAsInterests(
  vectors: Float32Array,
  dimensions: number,
  rows: ArrayLike<number>,
  temperature: number,
): Omit<Interests, 'offsets'> {
  const count = rows.length;
  const liked = new Float32Array(count * dimensions);
  for (let i = 0; i < count; i++) {
    const row = rows[i] as number;
    liked.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  }
  return { vectors: liked, likes: count, weights: new Float64Array(count).fill(1 / count), temperature };
}
