// Lists by interests and a prior together, without scoring every row: for a prior that needs no owner's log.
import { bestInOrder, type HeadScale, standardScore } from './owner-blend.ts';
import { type Search, thresholdSearch } from './search.ts';

export interface PriorSearchInput {
  /** [rows] mean 0, deviation 1 */
  prior: Float32Array;
  /** [rows] row numbers, highest prior first, of `orderByPrior` */
  byPrior: Int32Array;
  /** Of the prior, against a deviation of the searched score; below 0 it favours rows with a low prior. */
  weight: number;
  /** Best rows by the reader's interests alone. */
  search: Search;
  /** Of the scores of `search` over the catalogue, or over a sample of it. */
  scale: HeadScale;
}

/**
 * A search by z(score of `search`) + weight · prior. Its scores are in deviations, so a cosine of 1 is 1 / `scale.deviation` of them. Where
 * `search` scores all rows alike (deviation 0) the prior alone ranks.
 */
export function priorSearch({ prior, byPrior, weight, search, scale }: PriorSearchInput): Search {
  const order = weight < 0 ? byPrior.toReversed() : byPrior;
  const score = (row: number, searched: number): number => standardScore(scale, searched) + weight * (prior[row] ?? 0);
  return thresholdSearch({
    rowCount: prior.length,
    search,
    bestRows: (count, allowed) => bestInOrder(order, count, allowed),
    score,
    bound: score,
  });
}
