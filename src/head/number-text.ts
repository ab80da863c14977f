// Numbers as text for the files of heads: base64 of little-endian float32, float16 or int32. The same bytes on every machine.
import { fromBase64, toBase64 } from '../base/bytes.ts';
import { RecommenderError } from '../base/errors.ts';

/** @throws bad-head when the text is not base64 */
export function bytesFromText(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new RecommenderError('bad-head', 'A part of the head file is no base64. Train the head again, or copy the file again.', {}, { cause });
  }
}

export type FloatType = 'float16' | 'float32';

export function floatsToText(values: Float32Array, type: FloatType): string {
  const size = type === 'float16' ? 2 : 4;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (type === 'float16') view.setUint16(2 * i, toHalf(value), true);
    else view.setFloat32(4 * i, value, true);
  });
  return toBase64(new Uint8Array(view.buffer));
}

/** @param length expected number of values @throws bad-head when there are more or fewer, or one is not finite */
export function floatsFromText(text: string, type: FloatType, length?: number): Float32Array {
  const bytes = bytesFromText(text);
  const size = type === 'float16' ? 2 : 4;
  if (length !== undefined) checkLength(bytes, length * size);
  const view = new DataView(bytes.buffer);
  const values = Float32Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
    type === 'float16' ? fromHalf(view.getUint16(2 * i, true)) : view.getFloat32(4 * i, true),
  );
  if (values.every(Number.isFinite)) return values;
  throw new RecommenderError('bad-head', 'The head file holds NaN or infinity. Train the head again.');
}

export function integersToText(values: Int32Array): string {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [i, value] of values.entries()) view.setInt32(4 * i, value, true);
  return toBase64(new Uint8Array(view.buffer));
}

/** @throws bad-head when there are more or fewer than `length` values */
export function integersFromText(text: string, length: number): Int32Array {
  const bytes = bytesFromText(text);
  checkLength(bytes, length * 4);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length }, (_, i) => view.getInt32(4 * i, true));
}

function checkLength(bytes: Uint8Array, wanted: number): void {
  if (bytes.length === wanted) return;
  throw new RecommenderError('bad-head', `A part of the head file has ${bytes.length} bytes instead of ${wanted}. Copy the file again.`, {
    found: bytes.length,
    wanted,
  });
}

const scratch = new DataView(new ArrayBuffer(4));

/** IEEE 754 binary16 bits, rounded to nearest, ties to even; beyond 65,504 infinity. */
export function toHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  const exponent = (magnitude >>> 23) - 112;
  if (exponent >= 31) return sign | 0x7c00;
  // Subnormal halves are whole multiples of 2⁻²⁴.
  if (exponent <= 0) return sign | roundEven(Math.abs(Math.fround(value)) * 2 ** 24);
  const kept = (exponent << 10) | ((magnitude >>> 13) & 0x3ff);
  const rest = magnitude & 0x1fff;
  return sign | (kept + (rest > 0x1000 || (rest === 0x1000 && (kept & 1) === 1) ? 1 : 0));
}

function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
