// Held-out users: head and blend are chosen by how well they rank for people who were not trained on.
import { sampleWithout, shuffle } from '../base/random.ts';
import { dot } from '../compute/cpu/linear.ts';
import { topK } from '../compute/cpu/top-k.ts';
import { queryOf, score } from '../head/heads.ts';
import type { HeadShape } from '../head/types.ts';

/** One question: after this history, the relevant rows should come first among all others. */
export interface HeldOutCase {
  /** Place in the list of users. */
  user: number;
  history: Int32Array;
  relevant: Int32Array;
}

/** Lengths of the histories that are asked with; most visitors have few likes. */
const HISTORY_SIZES = [1, 2, 3, 5, 10, 20, Number.POSITIVE_INFINITY] as const;

/** [users] 1 where held out: `share` of those with 2 likes or more, at least one. */
export function drawHeldOut(users: readonly Int32Array[], share: number, random: () => number): Uint8Array {
  const able = [...users.keys()].filter((user) => (users[user]?.length ?? 0) > 1);
  const held = new Uint8Array(users.length);
  for (const at of sampleWithout(able.length, Math.min(able.length, Math.ceil(share * able.length)), random)) held[able[at] as number] = 1;
  return held;
}

/**
 * Cases of each user: histories of 1, 2, 3, 5, 10 and 20 items and of 4/5 of the user's items, which is the longest. Relevant are the items
 * after the history, at most the second half of all.
 * @param users rows liked by each user
 */
export function heldOutCases(users: readonly Int32Array[], random: () => number): HeldOutCase[] {
  return users.flatMap((rows, user) => {
    if (rows.length < 2) return [];
    const order = shuffle(Int32Array.from(rows), random);
    const most = Math.max(1, Math.floor(0.8 * rows.length));
    const sizes = new Set(HISTORY_SIZES.map((size) => Math.min(size, most)));
    return [...sizes].map((size) => ({
      user,
      history: order.slice(0, size),
      relevant: order.slice(size === most ? most : Math.max(size, Math.floor(rows.length / 2))),
    }));
  });
}

/** An `mlp` scores this many items in full; the others follow in the order of its linear part. */
const SHORTLIST = 500;

/**
 * Scores of all items for one user vector, as a page with an index computes them: logits where the head is linear in the item. An `mlp`
 * is not: it gives logits to the 500 items that are best by its linear part, and lower scores to all others.
 * @param vectors [N × dimensions] @param user [dimensions] @returns [N]
 */
export function allScores(shape: HeadShape, parameters: Float32Array, vectors: Float32Array, user: Float32Array): Float32Array {
  const d = shape.dimensions;
  const query = queryOf(shape, user, parameters);
  const out = new Float32Array(vectors.length / d);
  for (let row = 0; row < out.length; row++) out[row] = dot(vectors, row * d, query.vector, 0, d) + query.offset;
  return query.exact ? out : scoreShortlist(out, shape, parameters, vectors, user);
}

function scoreShortlist(linear: Float32Array, shape: HeadShape, parameters: Float32Array, vectors: Float32Array, user: Float32Array): Float32Array {
  const d = shape.dimensions;
  const rows = topK(linear, SHORTLIST, () => true).map(({ row }) => row);
  const shortlist = new Float32Array(rows.length * d);
  rows.forEach((row, at) => {
    shortlist.set(vectors.subarray(row * d, (row + 1) * d), at * d);
  });
  const logits = score(shape, user, shortlist, parameters);
  const lowest = logits.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const highest = linear.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const out = linear.map((value) => value - highest + lowest - 1);
  rows.forEach((row, at) => {
    out[row] = logits[at] as number;
  });
  return out;
}

/** nDCG@k of one ranking without the history; equal scores are ordered by row. @param scores [items] */
export function ndcgOf(scores: Float32Array, { history, relevant }: Pick<HeldOutCase, 'history' | 'relevant'>, k = 10): number {
  const seen = new Set(history);
  let gain = 0;
  for (const row of relevant) {
    const own = scores[row] as number;
    let above = 0;
    for (let other = 0; other < scores.length && above < k + history.length; other++) {
      const value = scores[other] as number;
      if ((value > own || (value === own && other < row)) && !seen.has(other)) above++;
    }
    if (above < k) gain += 1 / Math.log2(above + 2);
  }
  let ideal = 0;
  for (let rank = 0; rank < Math.min(k, relevant.length); rank++) ideal += 1 / Math.log2(rank + 2);
  return gain / ideal;
}
