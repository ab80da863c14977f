// Scores of all items for many readers of a log by the same head, as lists have them: by several interests where the head takes them.
// Keeps what a liked item gives to every row, because the same items are liked again and again.
import { dot } from '../compute/cpu/linear.ts';
import { MAX_INTERESTS } from '../compute/interests.ts';
import type { Head } from '../head/evaluate.ts';
import { headQuery } from '../ranking/head-rank.ts';
import { TEMPERATURE } from '../ranking/interest-scores.ts';
import { takesInterests } from '../ranking/taste.ts';
import { allScores } from './held-out.ts';
import { meanVector } from './user-vectors.ts';

/** Most kept values: 128 MB. */
const MOST_KEPT = 32 * 1024 * 1024;

/** @param history rows that are liked @returns [items] 0 where no like has a vector */
export type TasteScorer = (history: ArrayLike<number>) => Float32Array;

/**
 * The score of `Interests` with likes of equal weight and without the hubness bias; each like is the head's query for it. A head that takes
 * no interests scores the mean of the likes. Of more than `MAX_INTERESTS` likes, so many spread over the history count.
 * @param vectors [items × dimensions], at most unit length @param textShare the text's part of a product (1 without features), see `TEMPERATURE`
 * @throws bad-head, bad-vector
 */
export function tasteScorer(head: Head, vectors: Float32Array, textShare: number): TasteScorer {
  const d = head.shape.dimensions;
  if (!takesInterests(head)) return (history) => allScores(head.shape, head.parameters, vectors, meanVector(vectors, d, history));
  const rows = vectors.length / d;
  const temperature = TEMPERATURE * textShare;
  const kept = new Map<number, Float32Array | undefined>();
  /** [rows] exp((product − 1) / T): products of unit vectors are at most 1. */
  const powersOf = (liked: number): Float32Array | undefined => {
    if (kept.has(liked)) return kept.get(liked);
    if ((kept.size + 1) * rows > MOST_KEPT) kept.clear();
    const vector = meanVector(vectors, d, [liked]);
    const powers = vector.some((value) => value !== 0) ? powersOfQuery(headQuery(head, vector).vector, vectors, temperature) : undefined;
    kept.set(liked, powers);
    return powers;
  };
  return (history) => {
    const scores = new Float32Array(rows);
    let count = 0;
    for (const liked of spread(history, MAX_INTERESTS)) {
      const powers = powersOf(liked);
      if (!powers) continue;
      count++;
      for (let row = 0; row < rows; row++) scores[row] = (scores[row] as number) + (powers[row] as number);
    }
    if (count === 0) return scores;
    for (let row = 0; row < rows; row++) scores[row] = 1 + temperature * Math.log((scores[row] as number) / count);
    return scores;
  };
}

function powersOfQuery(query: Float32Array, vectors: Float32Array, temperature: number): Float32Array {
  const d = query.length;
  return Float32Array.from({ length: vectors.length / d }, (_, row) => Math.exp((dot(vectors, row * d, query, 0, d) - 1) / temperature));
}

/** At most so many values, spread evenly over the list. */
function spread(values: ArrayLike<number>, most: number): number[] {
  const count = Math.min(most, values.length);
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)] as number);
}
