// Counts keys. Pure.
import { groupBy } from '../base/group-by.ts';

export interface Count {
  key: string;
  count: number;
}

/** How often each key occurs, most first; equal counts in the order of the keys. */
export function countKeys(keys: Iterable<string>): Count[] {
  const groups = groupBy(keys, (key) => key);
  return [...groups].map(([key, { length }]) => ({ key, count: length })).sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
}
