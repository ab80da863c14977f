// Float32 rows to int8 with one scale per row, the form that every scan works on, rows and queries alike.
// The score of row r for query q is defined here once: Σ values_r · values_q (exact) · scale_r · scale_q.
import { RecommenderError } from '../base/errors.ts';
import type { QuantizedRows } from './backend.ts';

/** Largest magnitude of a quantised value; −128 is never used, so that every value has its negative. */
export const INT8_LIMIT = 127;

/** Adding and subtracting 1.5 · 2^52 rounds a float64 of small magnitude to an integer, halves to even. */
const ROUND_HALF_EVEN = 6755399441055744;
/** The bits of +infinity in float32. Without their sign, the bits of NaN and of infinities are this or more. */
const INFINITY_BITS = 0x7f800000;
const LEAST_NORMAL = 2 ** -126;

/**
 * Symmetric quantisation per row: scale = max|x| / 127 in float32, value = x · (1 / scale) in float64, rounded half to even.
 * A zero row has scale 0, and so has a row of denormals whose scale is below the least float32: both score 0.
 * A scale that is denormal has few bits, so values are coarse; the error stays below 127 · 2^−149 a value.
 * @param vectors [rows × dimensions]
 * @returns rows in the same order
 * @throws bad-vector when a value is NaN or infinite (names the row) or the length is no multiple of `dimensions`
 */
export function quantizeRows(vectors: Float32Array, dimensions: number): QuantizedRows {
  requireWhole(vectors, dimensions);
  const count = vectors.length / dimensions;
  const bits = bitsOfFloats(vectors);
  const values = new Int8Array(vectors.length);
  const scales = new Float32Array(count);
  for (let row = 0, start = 0; row < count; row++, start += dimensions) {
    const end = start + dimensions;
    const scale = Math.fround(largest(bits, start, end, row) / INT8_LIMIT);
    scales[row] = scale;
    if (scale === 0) continue;
    const perStep = 1 / scale;
    if (scale < LEAST_NORMAL) quantizeCoarse(vectors, values, start, end, perStep);
    else for (let i = start; i < end; i++) values[i] = (vectors[i] as number) * perStep + ROUND_HALF_EVEN - ROUND_HALF_EVEN;
  }
  return { dimensions, count, values, scales };
}

/** @throws bad-vector as `quantizeRows` does, without the work */
export function requireFinite(vectors: Float32Array, dimensions: number): void {
  requireWhole(vectors, dimensions);
  const bits = bitsOfFloats(vectors);
  for (let start = 0; start < vectors.length; start += dimensions) largest(bits, start, start + dimensions, start / dimensions);
}

function requireWhole(vectors: Float32Array, dimensions: number): void {
  if (Number.isInteger(dimensions) && dimensions >= 1 && vectors.length % dimensions === 0) return;
  throw new RecommenderError('bad-vector', `${vectors.length} values do not make rows of ${dimensions} dimensions.`, {
    dimensions,
  });
}

/** A denormal scale may have been rounded down far enough for values to pass the limit. */
function quantizeCoarse(vectors: Float32Array, values: Int8Array, start: number, end: number, perStep: number): void {
  for (let i = start; i < end; i++) {
    const rounded = (vectors[i] as number) * perStep + ROUND_HALF_EVEN - ROUND_HALF_EVEN;
    values[i] = Math.max(-INT8_LIMIT, Math.min(INT8_LIMIT, rounded));
  }
}

const word = new Int32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

function bitsOfFloats(vectors: Float32Array): Int32Array {
  return new Int32Array(vectors.buffer, vectors.byteOffset, vectors.length);
}

/** max|x| over one row: without their signs, floats sort as their bits do, and one comparison finds NaN and infinity too. */
function largest(bits: Int32Array, start: number, end: number, row: number): number {
  let max = 0;
  for (let i = start; i < end; i++) {
    const magnitude = (bits[i] as number) & 0x7fffffff;
    if (magnitude > max) max = magnitude;
  }
  if (max >= INFINITY_BITS) {
    const place = bits.subarray(start, end).findIndex((value) => (value & 0x7fffffff) >= INFINITY_BITS);
    const found = new Float32Array(bits.buffer, bits.byteOffset, bits.length)[start + place];
    const message = `Row ${row} holds ${found} at place ${place}; every value must be finite. Encode that item again.`;
    throw new RecommenderError('bad-vector', message, { row, place });
  }
  word[0] = max;
  return wordAsFloat[0] as number;
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
