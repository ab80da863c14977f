// One chunk of a pack as bytes: header, keys, scales, values. Reading makes views and never copies the values. All numbers are little
// endian, as on every platform that typed arrays run on today.
import { KEY_BYTES, toHex } from '../base/bytes.ts';
import { RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { QuantizedRows } from '../compute/backend.ts';
import { INT8_LIMIT } from '../compute/quantize.ts';
import type { FileEntry } from './manifest.ts';

/** Magic, version, count, dimensions: four uint32. */
const HEADER_BYTES = 16;
/** "KNPK" read as little endian. */
const MAGIC = 0x4b504e4b;
const VERSION = 1;

/** Rows of a chunk, as views on its bytes. */
export interface PackChunk {
  /** [count × 32], SHA-256 of the cleaned texts, ascending. */
  keys: Uint8Array<ArrayBuffer>;
  /** Raw (uncorrected) unit vectors of the encoder, quantised. */
  rows: QuantizedRows;
}

/** Size of a chunk of `count` rows. */
export function bytesOfChunk(count: number, dimensions: number): number {
  return HEADER_BYTES + count * (KEY_BYTES + 4 + dimensions);
}

/** Row `row`'s key as 64 hex digits. */
export function keyHex(keys: Uint8Array, row: number): string {
  return toHex(keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES));
}

/** Order of two keys of two lists: negative, 0 or positive. */
function compareKeys(a: Uint8Array, rowA: number, b: Uint8Array, rowB: number): number {
  for (let i = 0, atA = rowA * KEY_BYTES, atB = rowB * KEY_BYTES; i < KEY_BYTES; i++) {
    const difference = (a[atA + i] as number) - (b[atB + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @returns the first row whose key is not above the one before it, or −1 when all ascend */
export function firstOutOfOrder(keys: Uint8Array): number {
  for (let row = 1; row < keys.length / KEY_BYTES; row++) if (compareKeys(keys, row - 1, keys, row) >= 0) return row;
  return -1;
}

/** New bytes with their header written, and the views to fill. */
export function createChunk(count: number, dimensions: number): { bytes: Uint8Array<ArrayBuffer>; chunk: PackChunk } {
  const buffer = new ArrayBuffer(bytesOfChunk(count, dimensions));
  new Uint32Array(buffer, 0, 4).set([MAGIC, VERSION, count, dimensions]);
  const bytes = new Uint8Array(buffer);
  return { bytes, chunk: viewOf(bytes, count, dimensions) };
}

/**
 * Checks size, SHA-256, header and rows.
 * @param bytes the file; the views of the result keep it alive
 * @throws bad-pack
 */
export async function readChunk(bytes: Uint8Array<ArrayBuffer>, entry: FileEntry & { count: number }, dimensions: number): Promise<PackChunk> {
  await requireIntact(bytes, entry);
  if (bytes.length < HEADER_BYTES) throw badFile(entry, 'it is too short for a chunk');
  const [magic, version, count, d] = new Uint32Array(bytes.slice(0, HEADER_BYTES).buffer);
  if (magic !== MAGIC) throw badFile(entry, 'it is not a chunk of a pack');
  if (version !== VERSION) throw badFile(entry, `it is of version ${version}, this program reads version ${VERSION}`);
  if (count !== entry.count || d !== dimensions || bytes.length !== bytesOfChunk(count, dimensions)) {
    throw badFile(entry, `it holds ${count} rows of ${d} dimensions instead of ${entry.count} of ${dimensions}`);
  }
  const chunk = viewOf(bytes, count, dimensions);
  const fault = faultIn(chunk);
  if (fault !== '') throw badFile(entry, fault);
  return chunk;
}

/** @throws bad-pack when size or SHA-256 differ */
export async function requireIntact(bytes: Uint8Array<ArrayBuffer>, entry: FileEntry): Promise<void> {
  if (bytes.length !== entry.bytes) throw badFile(entry, `it has ${bytes.length} bytes instead of ${entry.bytes}`);
  const hash = await sha256Hex(bytes);
  if (hash !== entry.sha256) throw badFile(entry, `its SHA-256 is ${hash.slice(0, 12)}… instead of ${entry.sha256.slice(0, 12)}…`);
}

/** Only the scales are ever copied (4 bytes per row), where `bytes` does not start at a multiple of 4. */
function viewOf(bytes: Uint8Array<ArrayBuffer>, count: number, dimensions: number): PackChunk {
  const { buffer, byteOffset } = bytes;
  const scalesAt = HEADER_BYTES + count * KEY_BYTES;
  const valuesAt = scalesAt + count * 4;
  const scales =
    byteOffset % 4 === 0 ? new Float32Array(buffer, byteOffset + scalesAt, count) : new Float32Array(bytes.slice(scalesAt, valuesAt).buffer);
  const values = new Int8Array(buffer, byteOffset + valuesAt, count * dimensions);
  return { keys: bytes.subarray(HEADER_BYTES, scalesAt), rows: { dimensions, count, values, scales } };
}

/** The first fault in what scans rely on, which a correct hash does not prove; '' when there is none. */
function faultIn({ keys, rows }: PackChunk): string {
  const row = firstOutOfOrder(keys);
  if (row !== -1) return `the key of row ${row} is not above the one before it`;
  for (const [i, scale] of rows.scales.entries()) {
    if (!(scale >= 0 && scale < Number.POSITIVE_INFINITY)) return `the scale of row ${i} is ${scale}`;
  }
  const { values } = rows;
  for (let i = 0; i < values.length; i++) {
    if ((values[i] as number) < -INT8_LIMIT) return `a value of row ${Math.floor(i / rows.dimensions)} is ${values[i]}`;
  }
  return '';
}

export function badFile({ file }: FileEntry, why: string): RecommenderError {
  return new RecommenderError('bad-pack', `${file} cannot be used: ${why}. Upload the file again, or write the pack again with "kindred pack".`, {
    file,
  });
}
