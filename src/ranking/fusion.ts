// One list out of the reader's vectors of several languages. Which way is the default, and why:
// docs/decisions/2026-11-24-fusion-of-languages.md.
import { RecommenderError } from '../base/errors.ts';
import type { Ranked } from '../index/index.ts';
import { byScore } from './search.ts';

/** k of reciprocal-rank fusion; the value of Cormack et al. 2009. */
export const RRF_K = 60;

/**
 * Reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009): score(row) = Σ over lists of weight / (k + rank), rank from 1; a list
 * that does not hold a row adds nothing. Scores of the lists are not compared, only their order.
 * @param lists best first
 * @param weights [lists] default 1 each
 * @returns every row of the lists, best first, ties by row
 * @throws bad-argument when k is below 0
 */
export function reciprocalRankFusion(lists: readonly (readonly Ranked[])[], weights?: readonly number[], k = RRF_K): Ranked[] {
  if (!(k >= 0)) throw new RecommenderError('bad-argument', `k is ${k}; reciprocal-rank fusion needs 0 or more (${RRF_K} is usual).`, { k });
  const scores = new Map<number, number>();
  lists.forEach((list, at) => {
    const weight = weights?.[at] ?? 1;
    for (const [place, { row }] of list.entries()) scores.set(row, (scores.get(row) ?? 0) + weight / (k + place + 1));
  });
  return [...scores].map(([row, score]) => ({ row, score })).sort(byScore);
}

/**
 * Weighted score fusion as one query. Scores are dot products, so Σ w_L · (U_L · x) = (Σ w_L · U_L) · x: the sum of the vectors finds
 * what fusing the scores of all languages over the whole catalogue would find, at the cost of one search, and unit length keeps
 * the score a cosine.
 * @param vectors [dimensions] each, of one length
 * @param weights 0 or more; a language without one has 1
 * @returns [dimensions], unit length; undefined when nothing is left or all cancels out
 */
export function fusedQuery(vectors: ReadonlyMap<string, Float32Array>, weights: ReadonlyMap<string, number>): Float32Array | undefined {
  let sum: Float64Array | undefined;
  for (const [language, vector] of vectors) {
    const weight = weights.get(language) ?? 1;
    sum ??= new Float64Array(vector.length);
    for (let j = 0; j < vector.length; j++) sum[j] = (sum[j] as number) + weight * (vector[j] as number);
  }
  const length = sum ? Math.hypot(...sum) : 0;
  return sum && length > 1e-6 ? Float32Array.from(sum, (value) => value / length) : undefined;
}
