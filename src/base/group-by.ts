// Groups values by a key, in the order in which they come.

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
