import { expect, test } from 'vitest';
import { bitsetOf, bitsetWhere, countRows, difference, emptyBitset, fullBitset, hasRow, intersection, union } from './bitset.ts';

test('sets of rows behave like sets, at word borders too', () => {
  for (const size of [0, 1, 31, 32, 33, 64, 100]) {
    const third = bitsetWhere(size, (row) => row % 3 === 0);
    const rows = Array.from({ length: size }, (_, row) => row).filter((row) => row % 3 === 0);
    expect(bitsetOf(size, [...rows, -1, size, size + 40])).toEqual(third);
    expect(countRows(third)).toBe(rows.length);
    expect(countRows(fullBitset(size))).toBe(size);
    expect(countRows(emptyBitset(size))).toBe(0);
    const rest = difference(fullBitset(size), third);
    expect(union(rest, third)).toEqual(fullBitset(size));
    expect(countRows(intersection(rest, third))).toBe(0);
    for (let row = 0; row < size + 40; row++) expect(hasRow(third, row)).toBe(row < size && row % 3 === 0);
  }
});
