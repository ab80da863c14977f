// Why an item is recommended: the reader's own ratings without which it would score less. Every claim is checked by scoring again
// without what it names, and nothing is said where the check does not hold.

/** Places of a list that are explained, and what a rating has to be worth. */
export interface ExplainOptions {
  /** A rating is named when the score falls by at least this without it, in units of the score. Default LEAST_DROP. */
  leastDrop?: number;
  /** Ratings named for an item, at most. Default MOST_REASONS. */
  most?: number;
}

/**
 * Of a cosine. Two vectors of one text in float32 sums differ by 1e-6, int8 and float32 scores by 3e-3: below that a fall may be
 * noise of the arithmetic.
 */
export const LEAST_DROP = 0.003;
export const MOST_REASONS = 3;

export interface RatingReason {
  /** Place of the rating in the events. */
  event: number;
  /** Its fall over the falls of all reasons named, 0 to 1; they sum to 1. */
  share: number;
}

/** Asks the ranker; `User` is whatever it ranks by: vectors, a fused query, a head's input. */
export interface Scorer<User> {
  /** The reader without these ratings; undefined: nothing is known then, and every score counts as 0. */
  without: (events: readonly number[]) => User | undefined;
  score: (user: User, row: number) => number;
}

/**
 * Leave one out: fall_i(row) = score(all, row) − score(all but i, row), with the reader computed anew, so normalisation, shrinkage and
 * heads are all accounted for. The `most` largest falls of at least `leastDrop` are candidates. They are named only when, all of
 * them left out together, the item loses `leastDrop` of its score and no place among `rows`: one like out of several of a kind can
 * be missed by nobody, and then it is no reason (its fall is too small); two that work against each other are caught by the check.
 *
 * Takes at most 1 + events + rows readers, and as many scores of each row: 63 and 756 for 12 rows and 50 ratings.
 *
 * @param rows the list as shown
 * @param events places that may be named
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
