// Groups or counts values, in the order in which they come.

/** @returns each key with its values; keys in the order of their first value */
export function groupBy<T, K>(values: Iterable<T>, keyOf: (value: T, position: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let position = 0;
  for (const value of values) {
    const key = keyOf(value, position++);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

/** @returns how often each value comes, in the order of the first of each */
export function countBy<T>(values: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
