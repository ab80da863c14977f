// Vectors to bytes and back: keys packed to 32 bytes, values as float32 or int8, a checksum over all.
// Pure but for the checksum, which is asynchronous: seal a chunk before its transaction opens, never inside.
import { sha256Hex } from '../base/hash.ts';
import type { VectorChunk } from './schema.ts';
import type { VectorBatch, VectorFormat } from './store.ts';

export const KEY_BYTES = 32;
const INT8_LIMIT = 127;

/** A chunk without its owner and checksum. */
export type Rows = Omit<VectorChunk, 'fingerprint' | 'checksum'>;
/** Row `row` of `from`. */
export interface RowPick {
  from: Rows;
  row: number;
}

const valueBytes = (format: VectorFormat) => (format === 'int8' ? 1 : 4);

/** Bytes that one row takes: key, values, and in int8 its scale. */
export function bytesPerRow(dimensions: number, format: VectorFormat): number {
  return KEY_BYTES + dimensions * valueBytes(format) + (format === 'int8' ? 4 : 0);
}

/**
 * Packs a checked batch. float32 keeps every bit; int8 keeps each value within scale / 2, where scale = max|x| / 127
 * of its row (symmetric quantisation per vector).
 */
export function encodeRows(batch: VectorBatch, dimensions: number, format: VectorFormat): Rows {
  const count = batch.keys.length;
  const keys = new Uint8Array(count * KEY_BYTES);
  batch.keys.forEach((key, row) => {
    writeKey(key, keys, row * KEY_BYTES);
  });
  const packed = { dimensions, format, count, keys };
  if (format === 'float32') return { ...packed, data: new Float32Array(batch.vectors).buffer };

  const quantised = new Int8Array(count * dimensions);
  const scales = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const start = row * dimensions;
    scales[row] = quantise(batch.vectors.subarray(start, start + dimensions), quantised.subarray(start, start + dimensions));
  }
  return { ...packed, data: quantised.buffer, scales };
}

/** Fills `out` and returns the scale; a row of zeros has scale 0. */
function quantise(vector: Float32Array, out: Int8Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = Math.fround(largest / INT8_LIMIT);
  if (scale === 0) return 0;
  for (const [i, value] of vector.entries()) {
    // The clamp matters only for denormal scales; without it the assignment would wrap around.
    out[i] = Math.max(-INT8_LIMIT, Math.min(INT8_LIMIT, Math.round(value / scale)));
  }
  return scale;
}

/** The values of all rows. @returns [count × dimensions], for float32 without a copy */
export function decodeRows(rows: Rows): Float32Array {
  if (rows.format === 'float32') return new Float32Array(rows.data);
  const quantised = new Int8Array(rows.data);
  const vectors = new Float32Array(quantised.length);
  for (let row = 0; row < rows.count; row++) {
    const scale = rows.scales?.[row] ?? 0;
    const end = (row + 1) * rows.dimensions;
    for (let i = row * rows.dimensions; i < end; i++) vectors[i] = (quantised[i] ?? 0) * scale;
  }
  return vectors;
}

/** The keys of all rows, hex. One string cut into keys: for 100,000 keys twice as fast as building each by itself. */
export function decodeKeys(rows: Rows): string[] {
  const digits = new Uint8Array(2 * rows.keys.length);
  rows.keys.forEach((byte, i) => {
    digits[2 * i] = HEX_CODES[byte >> 4] ?? 0;
    digits[2 * i + 1] = HEX_CODES[byte & 15] ?? 0;
  });
  const text = new TextDecoder().decode(digits);
  return Array.from({ length: rows.count }, (_, row) => text.slice(row * 2 * KEY_BYTES, (row + 1) * 2 * KEY_BYTES));
}

/** A new chunk of the picked rows, copied as they are: int8 is not quantised twice. All of one format and size. */
export function gatherRows(picks: readonly RowPick[], dimensions: number, format: VectorFormat): Rows {
  const rowBytes = dimensions * valueBytes(format);
  const keys = new Uint8Array(picks.length * KEY_BYTES);
  const data = new Uint8Array(picks.length * rowBytes);
  const scales = new Float32Array(format === 'int8' ? picks.length : 0);
  picks.forEach(({ from, row }, to) => {
    keys.set(from.keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), to * KEY_BYTES);
    data.set(new Uint8Array(from.data, row * rowBytes, rowBytes), to * rowBytes);
    if (format === 'int8') scales[to] = from.scales?.[row] ?? 0;
  });
  const packed = { dimensions, format, count: picks.length, keys, data: data.buffer };
  return format === 'int8' ? { ...packed, scales } : packed;
}

/** Rows cut into pieces of at most `chunkBytes` (but at least one row each). */
export function splitPicks(picks: readonly RowPick[], rowBytes: number, chunkBytes: number): RowPick[][] {
  const rowsPerChunk = Math.max(1, Math.floor(chunkBytes / rowBytes));
  const pieces: RowPick[][] = [];
  for (let start = 0; start < picks.length; start += rowsPerChunk) pieces.push(picks.slice(start, start + rowsPerChunk));
  return pieces;
}

/** Adds owner and checksum. */
export async function sealChunk(fingerprint: string, rows: Rows): Promise<VectorChunk> {
  return { fingerprint, ...rows, checksum: await checksumOf(rows) };
}

/** Whether lengths and checksum of a stored chunk hold. */
export async function isIntact(chunk: VectorChunk): Promise<boolean> {
  const { count, dimensions, format } = chunk;
  return (
    chunk.keys.length === count * KEY_BYTES &&
    chunk.data.byteLength === count * dimensions * valueBytes(format) &&
    (chunk.scales?.length ?? 0) === (format === 'int8' ? count : 0) &&
    (await checksumOf(chunk)) === chunk.checksum
  );
}

function checksumOf({ keys, data, scales }: Rows): Promise<string> {
  const parts = [keys, new Uint8Array(data)];
  if (scales) parts.push(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return sha256Hex(all);
}

const HEX_CODES = new TextEncoder().encode('0123456789abcdef');

function writeKey(hex: string, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < KEY_BYTES; i++) bytes[at + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
}
