// Why an item is recommended: the reader's own ratings without which it would score less. Every reason is checked by scoring again
// without the ratings that it names; if the check fails, no reason is given.

export interface ExplainOptions {
  /** A rating is named if the score falls by at least this without it, in units of the score. Default LEAST_DROP. */
  leastDrop?: number;
  /** Ratings named for an item, at most. Default MOST_REASONS. */
  most?: number;
}

/**
 * In units of a cosine. Two vectors of one text differ by 1e-6 after float32 sums, int8 and float32 scores by 3e-3: a smaller fall may
 * be noise of the arithmetic.
 */
export const LEAST_DROP = 0.003;
export const MOST_REASONS = 3;

export interface RatingReason {
  /** Place of the rating in the events. */
  event: number;
  /** Its fall divided by the sum of the falls of all named ratings, 0 to 1. */
  share: number;
}

/** The ranker; `User` is what it ranks by: vectors, a fused query, a head's input. */
export interface Scorer<User> {
  /** The reader without these ratings; undefined: nothing is known, and every score counts as 0. */
  without: (events: readonly number[]) => User | undefined;
  score: (user: User, row: number) => number;
}

/**
 * Leave one out: fall_i(row) = score(all, row) − score(all but i, row), with the reader computed anew, so that normalisation, shrinkage
 * and heads take part. The `most` largest falls of at least `leastDrop` are candidates. They are named only if, without all of
 * them, the item loses `leastDrop` of its score and does not rise among `rows`; this catches ratings that work against each other.
 * One of several similar likes is no reason, because the score hardly falls without it.
 *
 * Computes at most 1 + events + rows readers, and as many scores of each row: 63 and 756 for 12 rows and 50 ratings.
 *
 * @param rows the list as shown
 * @param events places of the ratings that may be named
 * @returns [rows] strongest first, empty where nothing can be claimed
 */
export function explain<User>(
  rows: readonly number[],
  events: readonly number[],
  { without, score }: Scorer<User>,
  { leastDrop = LEAST_DROP, most = MOST_REASONS }: ExplainOptions = {},
): RatingReason[][] {
  const scoresWithout = (left: readonly number[]): number[] => {
    const user = without(left);
    return rows.map((row) => (user === undefined ? 0 : score(user, row)));
  };
  const full = scoresWithout([]);
  const leftOut = events.map((event) => ({ event, scores: scoresWithout([event]) }));
  return rows.map((_, place) => {
    const now = full[place] ?? 0;
    const named = leftOut
      .map(({ event, scores }) => ({ event, fall: now - (scores[place] ?? 0) }))
      .filter(({ fall }) => fall >= leastDrop)
      .sort((a, b) => b.fall - a.fall || a.event - b.event)
      .slice(0, most);
    if (named.length === 0) return [];
    const together = scoresWithout(named.map(({ event }) => event));
    const holds = now - (together[place] ?? 0) >= leastDrop && rankOf(place, together) >= rankOf(place, full);
    const total = named.reduce((sum, { fall }) => sum + fall, 0);
    return holds ? named.map(({ event, fall }) => ({ event, share: fall / total })) : [];
  });
}

/** Places with a higher score. */
function rankOf(place: number, scores: readonly number[]): number {
  const own = scores[place] ?? 0;
  return scores.filter((other) => other > own).length;
}
