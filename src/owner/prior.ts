// How much everyone likes an item, for visitors of whom little is known. Shrunk, so that three likes of a small log count little.
import { RecommenderError } from '../base/errors.ts';
import { countLikers, type Likes, likedRows } from './likes.ts';

export interface PriorOptions {
  /**
   * What an item counts as that nobody liked: the formula's value, which is the lowest, or the mean of the items that someone liked, so that
   * new items are not below all others. Default `lowest`.
   */
  unknown?: 'lowest' | 'mean';
  /** This many imagined users like every item as often as the average item is liked. Default 10. */
  shrink?: number;
  /** Date of the prior, the end of the log: milliseconds since 1970. */
  asOfMs: number;
  /** [likes.items] times of the likes, milliseconds since 1970; NaN where unknown. Needed for a half-life. */
  timesMs?: Float64Array;
  /** A like of this age counts half. Default: likes do not age. */
  halfLifeMs?: number;
}

export interface ItemPrior {
  /** [items] log((n + shrink · m) / (U + shrink)): n likes of the item, m mean likes an item and user, U users */
  values: Float32Array;
  /** The value of an item that nobody liked. */
  absent: number;
  asOfMs: number;
  users: number;
}

/**
 * Item prior: the logarithm of the shrunken share of users who like an item (Bayesian average with a beta prior).
 * @throws bad-argument for options out of range, or an empty log
 */
export function itemPrior(likes: Likes, { shrink = 10, unknown = 'lowest', asOfMs, timesMs, halfLifeMs }: PriorOptions): ItemPrior {
  const users = likedRows(likes).filter((rows) => rows.length > 0);
  if (users.length === 0) throw new RecommenderError('bad-argument', 'The log has no like. Give interactions with a weight above 0.');
  if (!(shrink > 0 && Number.isFinite(asOfMs) && (halfLifeMs === undefined || (halfLifeMs > 0 && timesMs?.length === likes.items.length)))) {
    throw new RecommenderError(
      'bad-argument',
      `A prior takes a shrinkage above 0, a date, and a half-life above 0 with a time for each like; got ${shrink}, ${asOfMs}, ${halfLifeMs}.`,
    );
  }
  const counts =
    halfLifeMs === undefined
      ? Float64Array.from(countLikers(users, likes.itemCount))
      : agedCounts(likes, asOfMs, timesMs ?? new Float64Array(0), halfLifeMs);
  const mean = counts.reduce((sum, count) => sum + count, 0) / (counts.length * users.length);
  const values = Float32Array.from(counts, (count) => Math.log((count + shrink * mean) / (users.length + shrink)));
  const liked = values.filter((_, row) => (counts[row] as number) > 0);
  const fewest = Math.log((shrink * mean) / (users.length + shrink));
  const absent = unknown === 'mean' ? liked.reduce((sum, value) => sum + value, 0) / liked.length : fewest;
  return { values: values.map((value, row) => ((counts[row] as number) > 0 ? value : absent)), absent, asOfMs, users: users.length };
}

/** Σ 2^(−age / half-life); likes without a time count as new. */
function agedCounts({ items, weights, itemCount }: Likes, asOfMs: number, timesMs: Float64Array, halfLifeMs: number): Float64Array {
  const counts = new Float64Array(itemCount);
  items.forEach((row, at) => {
    if (!((weights[at] as number) > 0)) return;
    const ageMs = Math.max(0, asOfMs - (timesMs[at] as number)) || 0;
    counts[row] = (counts[row] as number) + 2 ** (-ageMs / halfLifeMs);
  });
  return counts;
}
