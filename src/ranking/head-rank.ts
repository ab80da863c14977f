// Ranks by a head through the same index as the plain profile. A head that is linear in the item becomes one query, so that the search
// is exact; for other heads the index finds a shortlist and the head orders it.
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';
import type { Head } from '../head/evaluate.ts';
import { queryOf, score } from '../head/heads.ts';
import type { QuerySearch, Search } from './search.ts';

/** Items that a non-linear head orders: this many times k, within these bounds. */
const SHORTLIST = { perResult: 10, least: 200, most: 500 };

/** Rows that can be searched: an index, or one with features joined. */
export interface SearchableRows {
  search: QuerySearch;
}

export interface HeadRanking {
  head: Head;
  /** [dimensions] the present profile, unit length */
  user: Float32Array;
  /** [dimensions]; called for rows of a shortlist only */
  vectorOf: (row: number) => Float32Array | undefined;
}

/**
 * The unit query that orders items as the head does for this user; the profile itself where the head gives a zero query.
 * @param user [dimensions]
 * @returns `exact` false (`mlp`): only the part that is linear in the item, for a shortlist
 * @throws bad-head, bad-vector
 */
export function headQuery({ shape, parameters }: Head, user: Float32Array): { vector: Float32Array; exact: boolean } {
  const { vector, exact } = queryOf(shape, user, parameters);
  const length = Math.hypot(...vector);
  return { vector: length > 0 ? vector.map((value) => value / length) : user.slice(), exact };
}

/**
 * Best k of the allowed rows by the head. Scores of a linear head: cosine of its query and the item. Of others: (logit − offset) / scale,
 * which is the cosine with the profile plus what the head adds.
 * @throws bad-head, bad-vector
 */
export function headSearch(index: SearchableRows, { head, user, vectorOf }: HeadRanking): Search {
  const { vector, exact } = headQuery(head, user);
  if (exact) return (k, allowed) => index.search(vector, k, allowed);
  const { perResult, least, most } = SHORTLIST;
  return async (k, allowed) => {
    const shortlist = await index.search(vector, Math.max(k, Math.min(most, Math.max(least, perResult * k))), allowed);
    return rescore(head, user, shortlist, vectorOf).slice(0, k);
  };
}

/** A function that scores one item after the other for one user, on the scale of `headSearch`. @throws bad-head, bad-vector */
export function headScorer(head: Head, user: Float32Array): (vector: Float32Array) => number {
  const { vector: query, exact } = headQuery(head, user);
  if (exact) return (vector) => query.reduce((sum, value, j) => sum + value * (vector[j] as number), 0);
  return (vector) => rescore(head, user, [{ row: 0, score: 0 }], () => vector)[0]?.score ?? 0;
}

function rescore({ shape, parameters }: Head, user: Float32Array, shortlist: readonly Ranked[], vectorOf: HeadRanking['vectorOf']): Ranked[] {
  const found = shortlist.flatMap(({ row }) => {
    const vector = vectorOf(row);
    return vector ? [{ row, vector }] : [];
  });
  const rows = new Float32Array(found.length * user.length);
  found.forEach(({ vector }, i) => {
    rows.set(vector, i * user.length);
  });
  const logits = score(shape, user, rows, parameters);
  // Heads that are no single query end in [logScale][b], see `HeadShape`.
  const [logScale = 0, offset = 0] = parameters.subarray(parameters.length - 2);
  const ranked = found.map(({ row }, i) => ({ row, score: ((logits[i] as number) - offset) / Math.exp(logScale) }));
  return ranked.sort(byScore);
}
