// The likes of an owner's log, in the form that heads, priors and item–item tables are made from. Weights of 0 and below are no likes.
import { RecommenderError } from '../base/errors.ts';

/** Users × items, compressed rows: items of user u are `items[offsets[u]] … items[offsets[u + 1] − 1]`. */
export interface Likes {
  userCount: number;
  itemCount: number;
  /** [userCount + 1] */
  offsets: Int32Array;
  items: Int32Array;
  /** Same length as `items`; above 0 is a like. */
  weights: Float32Array;
}

/**
 * @returns [users] rows of the items that each user likes, in the order of the log, users without one included
 * @throws bad-argument when a row is not one of the items
 */
export function likedRows({ userCount, itemCount, offsets, items, weights }: Likes): Int32Array[] {
  const bad = items.find((row) => !(row >= 0 && row < itemCount));
  if (bad !== undefined) {
    throw new RecommenderError('bad-argument', `The log names row ${bad}; the catalogue has ${itemCount} items. Give the catalogue of the log.`, {
      row: bad,
      itemCount,
    });
  }
  return Array.from({ length: userCount }, (_, user) => {
    const [from, to] = [offsets[user] as number, offsets[user + 1] as number];
    return items.subarray(from, to).filter((_, at) => (weights[from + at] as number) > 0);
  });
}

/** @returns [itemCount] how many users like each item */
export function countLikers(users: readonly Int32Array[], itemCount: number): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const rows of users) for (const row of rows) counts[row] = (counts[row] as number) + 1;
  return counts;
}
