// Float32 rows to int8 with one scale per row, the form that every scan works on, rows and queries alike.
// The score of row r for query q is defined here once: Σ values_r · values_q (exact) · scale_r · scale_q.
import { RecommenderError } from '../base/errors.ts';
import type { QuantizedRows } from './backend.ts';

/** Largest magnitude of a quantised value; −128 is never used, so that every value has its negative. */
export const INT8_LIMIT = 127;

const FLOAT32_MAX = 3.4028234663852886e38;
/** Adding and subtracting 1.5 · 2^52 rounds a float64 of small magnitude to an integer, halves to even. */
const ROUND_HALF_EVEN = 6755399441055744;

/**
 * Symmetric quantisation per row: scale = max|x| / 127 in float32, value = x / scale rounded half to even, within ±127.
 * A zero row has scale 0, and so has a row of denormals whose scale is below the least float32: both score 0.
 * Where the scale itself is denormal its few bits make values coarse; the error stays below 127 · 2^−149 a value.
 * @param vectors [rows × dimensions]
 * @returns rows in the same order
 * @throws bad-vector when a value is NaN or infinite (names the row) or the length is no multiple of `dimensions`
 */
export function quantizeRows(vectors: Float32Array, dimensions: number): QuantizedRows {
  if (!Number.isInteger(dimensions) || dimensions < 1 || vectors.length % dimensions !== 0) {
    throw new RecommenderError('bad-vector', `${vectors.length} values do not make rows of ${dimensions} dimensions.`, {
      dimensions,
    });
  }
  const count = vectors.length / dimensions;
  const values = new Int8Array(vectors.length);
  const scales = new Float32Array(count);
  for (let row = 0, start = 0; row < count; row++, start += dimensions) {
    const end = start + dimensions;
    const scale = Math.fround(largest(vectors, start, end, row) / INT8_LIMIT);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let i = start; i < end; i++) {
      const rounded = (vectors[i] as number) / scale + ROUND_HALF_EVEN - ROUND_HALF_EVEN;
      values[i] = rounded > INT8_LIMIT ? INT8_LIMIT : rounded < -INT8_LIMIT ? -INT8_LIMIT : rounded;
    }
  }
  return { dimensions, count, values, scales };
}

/** max|x| over one row. */
function largest(vectors: Float32Array, start: number, end: number, row: number): number {
  let max = 0;
  for (let i = start; i < end; i++) {
    const magnitude = Math.abs(vectors[i] as number);
    // Written so that NaN fails it too.
    if (!(magnitude <= FLOAT32_MAX)) {
      const message = `Row ${row} holds ${vectors[i]} at place ${i - start}; every value must be finite. Encode that item again.`;
      throw new RecommenderError('bad-vector', message, { row, place: i - start });
    }
    if (magnitude > max) max = magnitude;
  }
  return max;
}

/** The float32 row that a quantised one stands for. @returns [dimensions] */
export function dequantizeRow(rows: QuantizedRows, row: number): Float32Array {
  const { dimensions } = rows;
  if (!Number.isInteger(row) || row < 0 || row >= rows.count) {
    throw new RecommenderError('bad-argument', `Row ${row} is not one of ${rows.count} rows.`, { row, count: rows.count });
  }
  const scale = rows.scales[row] as number;
  return Float32Array.from(rows.values.subarray(row * dimensions, (row + 1) * dimensions), (value) => value * scale);
}
