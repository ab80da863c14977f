import { expect, test } from 'vitest';
import { bitsetOf, bitsetWhere, difference, hasRow, intersection, union } from './bitset.ts';

test('sets of rows behave like sets, at word borders too', () => {
  for (const size of [0, 1, 31, 32, 33, 64, 100]) {
    const [all, none] = [bitsetWhere(size, () => true), bitsetOf(size, [])];
    const third = bitsetWhere(size, (row) => row % 3 === 0);
    const rows = Array.from({ length: size }, (_, row) => row).filter((row) => row % 3 === 0);
    expect(bitsetOf(size, [...rows, -1, size, size + 40])).toEqual(third);
    const rest = difference(all, third);
    expect(union(rest, third)).toEqual(all);
    expect(intersection(rest, third)).toEqual(none);
    for (let row = 0; row < size + 40; row++) {
      expect(hasRow(third, row)).toBe(row < size && row % 3 === 0);
      expect(hasRow(rest, row)).toBe(row < size && row % 3 !== 0);
      expect(hasRow(none, row)).toBe(false);
    }
  }
});
