// Sets of rows as bits: the form in which a scan takes its filter. Pure functions.
import type { RowBitset } from '../compute/backend.ts';

/** The given rows; those outside 0 to `size` − 1 are ignored. @returns [ceil(size / 32)] */
export function bitsetOf(size: number, rows: Iterable<number>): RowBitset {
  const bits = new Uint32Array(Math.ceil(size / 32));
  for (const row of rows) if (row >= 0 && row < size) bits[row >> 5] = (bits[row >> 5] as number) | (1 << (row & 31));
  return bits;
}

/** Rows for which `choose` is true. @returns [ceil(size / 32)] */
export function bitsetWhere(size: number, choose: (row: number) => boolean): RowBitset {
  const bits = new Uint32Array(Math.ceil(size / 32));
  for (let row = 0; row < size; row++) if (choose(row)) bits[row >> 5] = (bits[row >> 5] as number) | (1 << (row & 31));
  return bits;
}

/** False past the end. */
export function hasRow(bits: RowBitset, row: number): boolean {
  return (((bits[row >> 5] ?? 0) >>> (row & 31)) & 1) === 1;
}

/** Rows in both. @returns as long as the shorter */
export function intersection(a: RowBitset, b: RowBitset): RowBitset {
  return Uint32Array.from({ length: Math.min(a.length, b.length) }, (_, i) => (a[i] as number) & (b[i] as number));
}

/** Rows in either. @returns as long as the longer */
export function union(a: RowBitset, b: RowBitset): RowBitset {
  return Uint32Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) | (b[i] ?? 0));
}

/** Rows of `a` that `b` does not hold. @returns as long as `a` */
export function difference(a: RowBitset, b: RowBitset): RowBitset {
  return a.map((word, i) => word & ~(b[i] ?? 0));
}
