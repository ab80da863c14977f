// Vectors to bytes and back: keys packed to 32 bytes, values as float32, a checksum over both.
// Pure but for the checksum, which is asynchronous: seal a chunk before its transaction opens, never inside.
import { KEY_BYTES, keysToHex } from '../base/bytes.ts';
import { sha256Hex } from '../base/hash.ts';
import type { VectorChunk } from './schema.ts';
import type { VectorBatch, VectorLoad } from './store.ts';

const VALUE_BYTES = 4;

/** A chunk without its owner and checksum. */
export type Rows = Omit<VectorChunk, 'fingerprint' | 'checksum'>;
/** Row `row` of `from`. */
export interface RowPick {
  from: Rows;
  row: number;
}

/** Bytes that one row takes: key and values. */
export function bytesPerRow(dimensions: number): number {
  return KEY_BYTES + dimensions * VALUE_BYTES;
}

/** Packs a checked batch; copies, and keeps every bit of the values. */
export function encodeRows(batch: VectorBatch, dimensions: number): Rows {
  const count = batch.keys.length;
  const keys = new Uint8Array(count * KEY_BYTES);
  batch.keys.forEach((key, row) => {
    for (let i = 0; i < KEY_BYTES; i++) keys[row * KEY_BYTES + i] = Number.parseInt(key.slice(2 * i, 2 * i + 2), 16);
  });
  return { dimensions, format: 'float32', count, keys, data: new Float32Array(batch.vectors).buffer };
}

/** A new chunk of the picked rows. All have the same dimensions. */
export function gatherRows(picks: readonly RowPick[], dimensions: number): Rows {
  const rowBytes = dimensions * VALUE_BYTES;
  const keys = new Uint8Array(picks.length * KEY_BYTES);
  const data = new Uint8Array(picks.length * rowBytes);
  picks.forEach(({ from, row }, to) => {
    keys.set(from.keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), to * KEY_BYTES);
    data.set(new Uint8Array(from.data, row * rowBytes, rowBytes), to * rowBytes);
  });
  return { dimensions, format: 'float32', count: picks.length, keys, data: data.buffer };
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
  const { count, dimensions, keys, data } = chunk;
  return keys.length === count * KEY_BYTES && data.byteLength === count * dimensions * VALUE_BYTES && (await checksumOf(chunk)) === chunk.checksum;
}

function checksumOf({ keys, data }: Rows): Promise<string> {
  const all = new Uint8Array(keys.length + data.byteLength);
  all.set(keys);
  all.set(new Uint8Array(data), keys.length);
  return sha256Hex(all);
}

/**
 * Picks the wanted rows out of verified chunks into one dense matrix.
 * @param chunks oldest first: the last row with a key counts
 * @returns wanted rows that exist, in the order in which their keys first appear
 */
export function pickWanted(chunks: readonly VectorChunk[], dimensions: number, wanted: ReadonlySet<string>): Omit<VectorLoad, 'damagedChunks'> {
  const rows = new Map<string, number>();
  // Which row of the result each row of each chunk becomes, or -1.
  const targets = chunks.map((chunk) =>
    keysToHex(chunk.keys).map((key) => {
      if (!wanted.has(key)) return -1;
      const row = rows.get(key) ?? rows.size;
      rows.set(key, row);
      return row;
    }),
  );
  const vectors = new Float32Array(rows.size * dimensions);
  for (const [i, chunk] of chunks.entries()) {
    const values = new Float32Array(chunk.data);
    for (const [from, to] of (targets[i] ?? []).entries()) {
      if (to !== -1) vectors.set(values.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
    }
  }
  return { rows, vectors };
}
