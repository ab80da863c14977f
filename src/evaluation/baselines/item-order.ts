// An order of items that does not depend on the file: ties and random draws follow ids, so a shuffled catalogue changes nothing.
import type { Item } from '../../base/types.ts';

/** Rank of each row when items are sorted by id (UTF-16 units; equal ids by row). @returns [items] */
export function ranksById(items: readonly Item[]): Int32Array {
  const ids = items.map((item): string => item.id);
  const rows = ids.map((_, row) => row);
  rows.sort((a, b) => {
    const x = ids[a] as string;
    const y = ids[b] as string;
    return x < y ? -1 : x > y ? 1 : a - b;
  });
  const ranks = new Int32Array(rows.length);
  rows.forEach((row, rank) => {
    ranks[row] = rank;
  });
  return ranks;
}
