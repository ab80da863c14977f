// Rows as the three readers yield them, whatever the format: names and values side by side, and the problems that the reader found.
import type { Finding } from './problems.ts';

export interface RawRow {
  /** As in `RowProblem.row`. */
  row: number;
  /** The same array for all rows of a CSV file. */
  keys: readonly string[];
  values: readonly unknown[];
  /** True when the row holds U+FFFD. */
  broken: boolean;
  /** A row with an `error` among them is not used. */
  findings: readonly Finding[];
}

export type RowBatches = AsyncGenerator<RawRow[], void, undefined>;

const NO_FINDINGS: readonly Finding[] = [];

/** A row without values that carries one error. */
export function unusableRow(row: number, value: unknown, message: string, remedy: string, broken = false): RawRow {
  return { row, keys: [], values: [], broken, findings: [{ field: 'row', value, message, remedy, severity: 'error' }] };
}

/** The row of a parsed JSON value. Values with `undefined` or `null` count as absent later. */
export function jsonRow(row: number, value: unknown, broken: boolean): RawRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unusableRow(row, value, 'The row is not a JSON object.', 'Write each item as {"id": …, "title": …}.', broken);
  }
  return { row, keys: Object.keys(value), values: Object.values(value), broken, findings: NO_FINDINGS };
}
