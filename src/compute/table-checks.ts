// Checks of arguments that all scan tables share, so that all backends refuse the same with the same message.
import { RecommenderError } from '../base/errors.ts';
import type { QuantizedRows, RowBitset } from './backend.ts';
import { quantizeRows } from './quantize.ts';

/** Largest k of a search. */
export const MAX_K = 1024;
/** int32 sums of products of int8 values stay exact up to here: 127² · 131,072 < 2^31. */
const MAX_DIMENSIONS = 131_072;
/** Row numbers are int32. */
const MAX_ROWS = 2 ** 31 - 1;

/** @throws bad-argument */
export function checkTableShape(dimensions: number, capacity: number): void {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw new RecommenderError('bad-argument', `A table cannot have ${dimensions} dimensions; use 1 to ${MAX_DIMENSIONS}.`, {
      dimensions,
    });
  }
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_ROWS) {
    throw new RecommenderError('bad-argument', `A table cannot have a capacity of ${capacity} rows; use 0 to ${MAX_ROWS}.`, {
      capacity,
    });
  }
}

/** @throws bad-argument when the shape is wrong, bad-vector when a scale is not finite or negative */
export function checkRows(start: number, rows: QuantizedRows, dimensions: number): void {
  const { count, values, scales } = rows;
  if (!Number.isInteger(start) || start < 0 || start + count > MAX_ROWS) {
    throw new RecommenderError('bad-argument', `Rows cannot start at ${start}; use a whole number from 0.`, { start });
  }
  if (rows.dimensions !== dimensions || values.length !== count * dimensions || scales.length !== count) {
    const found = `${count} rows of ${rows.dimensions} dimensions in ${values.length} values and ${scales.length} scales`;
    throw new RecommenderError('bad-argument', `The table takes rows of ${dimensions} dimensions; got ${found}.`, { dimensions });
  }
  const bad = scales.findIndex((scale) => !(scale >= 0 && scale < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new RecommenderError('bad-vector', `Row ${start + bad} has scale ${scales[bad]}. Encode that item again.`, {
      row: start + bad,
    });
  }
}

/**
 * @param size rows of the table, holes included
 * @returns the queries in int8 [queryCount × dimensions]
 * @throws bad-vector, bad-argument
 */
export function checkSearch(queries: Float32Array, dimensions: number, k: number, size: number, allowed?: RowBitset): QuantizedRows {
  checkRequest(k, size, allowed);
  return quantizeRows(queries, dimensions);
}

/** @param size rows of the table, holes included @throws bad-argument */
export function checkRequest(k: number, size: number, allowed?: RowBitset): void {
  if (!Number.isInteger(k) || k < 1 || k > MAX_K) {
    throw new RecommenderError('bad-argument', `A search cannot return ${k} rows; use 1 to ${MAX_K}.`, { k });
  }
  if (allowed && allowed.length < Math.ceil(size / 32)) {
    const message = `The filter has ${allowed.length} words; ${size} rows need ${Math.ceil(size / 32)}.`;
    throw new RecommenderError('bad-argument', message, { words: allowed.length, size });
  }
}
