// Writes a pack, one chunk in memory at a time. The same rows give the same bytes, in whatever order they were encoded.
//
// Rows are sorted by key and cut where the key says (see `chunkIndexOf`), into a power of two of chunks. So a changed item
// changes the chunks that its old and its new key fall in and no other, and the files of shards follow one another. Files
// are named after their content: a host may cache them for ever, and an update never puts half a new pack in an old one.
import { KEY_BYTES } from '../base/bytes.ts';
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { ProgressCallback } from '../base/types.ts';
import type { QuantizedRows } from '../compute/backend.ts';
import { bytesOfChunk, createChunk, firstOutOfOrder, keyHex, type PackChunk } from './chunk.ts';
import type { LanguageSums } from './languages.ts';
import { type ChunkEntry, chunkIndexOf, type FileEntry, formatPackManifest, MANIFEST_FILE, PACK_FORMAT, type PackManifest } from './manifest.ts';

/** Rows that are asked for at once. */
const SLICE = 1024;
const DEFAULT_CHUNK_BYTES = 4 * 2 ** 20;

/** The rows of a pack. */
export interface PackRows {
  /** [count × 32], ascending, no two the same. */
  keys: Uint8Array;
  /** Rows `start` to `end − 1` in the order of `keys`; asked for in ascending order, every row once. */
  read(start: number, end: number): QuantizedRows | Promise<QuantizedRows>;
}

export interface PackDescription {
  fingerprint: string;
  dimensions: number;
  /** `sha256` of the file, `items` in all of it. */
  catalogue: PackManifest['catalogue'];
  /** ISO 8601, UTC. */
  created: string;
  license?: string | undefined;
  shard?: PackManifest['shard'];
  /** Used after all rows were read: `read` may add to it. */
  languages: LanguageSums;
}

export interface WriteOptions {
  /** Chunks are at most about this large, at least half of it; default 4 MiB. */
  chunkBytes?: number;
  /** Stores a file of the pack. The manifest comes last. The receiver may keep `bytes`. */
  put(file: string, bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressCallback | undefined;
}

/** @throws bad-argument (keys that do not ascend or are not the shard's, rows that do not fit), aborted; what `put` throws */
export async function writePack(source: PackRows, about: PackDescription, options: WriteOptions): Promise<PackManifest> {
  const { dimensions, shard } = about;
  const total = source.keys.length / KEY_BYTES;
  requireAscending(source.keys);
  const ends = chunkEnds(source.keys, chunkCountFor(total, dimensions, options.chunkBytes ?? DEFAULT_CHUNK_BYTES), shard);
  const chunks: ChunkEntry[] = [];
  for (const [j, end] of ends.entries()) {
    const start = ends[j - 1] ?? 0;
    const { bytes, chunk } = createChunk(end - start, dimensions);
    await fill(chunk, source, start, options, total);
    chunks.push({ ...(await putFile('vectors', 'bin', bytes, options)), count: end - start });
  }
  const languages = await writeLanguages(about, options);
  const manifest: PackManifest = {
    format: PACK_FORMAT,
    version: 1,
    fingerprint: about.fingerprint,
    dimensions,
    count: total,
    catalogue: about.catalogue,
    created: about.created,
    chunks,
    languages,
    ...(about.license === undefined ? {} : { license: about.license }),
    ...(shard ? { shard } : {}),
  };
  await options.put(MANIFEST_FILE, formatPackManifest(manifest));
  return manifest;
}

async function fill(chunk: PackChunk, source: PackRows, start: number, { signal, onProgress }: WriteOptions, total: number): Promise<void> {
  const { rows, keys } = chunk;
  const end = start + rows.count;
  keys.set(source.keys.subarray(start * KEY_BYTES, end * KEY_BYTES));
  for (let at = start; at < end; at += SLICE) {
    throwIfAborted(signal, 'Writing the pack');
    const until = Math.min(end, at + SLICE);
    const slice = await source.read(at, until);
    if (slice.count !== until - at || slice.dimensions !== rows.dimensions) {
      const got = `${slice.count} rows of ${slice.dimensions} dimensions`;
      throw new RecommenderError('bad-argument', `Rows ${at} to ${until - 1} of ${rows.dimensions} dimensions were asked for; ${got} came.`);
    }
    rows.values.set(slice.values, (at - start) * rows.dimensions);
    rows.scales.set(slice.scales, at - start);
    onProgress?.({ done: until, total, unit: 'rows' });
  }
}

async function writeLanguages(about: PackDescription, options: WriteOptions): Promise<PackManifest['languages']> {
  const { languages, shard } = about;
  const means = await putFile('languages', 'f32', new Uint8Array(languages.means().buffer), options);
  const counts = languages.counts();
  if (!shard) return { ...means, counts };
  return { ...means, counts, sums: await putFile('sums', 'f64', new Uint8Array(languages.sums().buffer), options) };
}

async function putFile(name: string, ending: string, bytes: Uint8Array<ArrayBuffer>, { put }: WriteOptions): Promise<FileEntry> {
  const sha256 = await sha256Hex(bytes);
  const entry = { file: `${name}-${sha256.slice(0, 16)}.${ending}`, bytes: bytes.length, sha256 };
  await put(entry.file, bytes);
  return entry;
}

/** The power of two that makes chunks of at most about `chunkBytes`; a power, so that it changes only when the pack doubles. */
function chunkCountFor(rows: number, dimensions: number, chunkBytes: number): number {
  if (!(chunkBytes >= 1)) {
    throw new RecommenderError('bad-argument', `Chunks of ${chunkBytes} bytes cannot be written. State at least one row's size.`);
  }
  if (rows === 0) return 0;
  const needed = bytesOfChunk(rows, dimensions) / Math.max(chunkBytes, bytesOfChunk(1, dimensions));
  return 2 ** Math.max(0, Math.ceil(Math.log2(needed)));
}

/** @returns row after the last of each chunk */
function chunkEnds(keys: Uint8Array, chunkCount: number, shard: PackManifest['shard']): number[] {
  const ends = new Array<number>(chunkCount).fill(0);
  const layout = { chunks: new Array<ChunkEntry>(chunkCount), shard };
  for (let row = 0; row < keys.length / KEY_BYTES; row++) {
    const j = chunkIndexOf(layout, keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES));
    if (j === -1) throw new RecommenderError('bad-argument', `Key ${keyHex(keys, row)} is not one of this shard.`, { row });
    ends[j] = row + 1;
  }
  // A chunk without rows ends where the one before it ends.
  for (let j = 1; j < chunkCount; j++) ends[j] = Math.max(ends[j] as number, ends[j - 1] as number);
  return ends;
}

function requireAscending(keys: Uint8Array): void {
  if (keys.length % KEY_BYTES !== 0) throw new RecommenderError('bad-argument', `${keys.length} bytes are not keys of ${KEY_BYTES} bytes.`);
  const row = firstOutOfOrder(keys);
  if (row === -1) return;
  throw new RecommenderError(
    'bad-argument',
    `Key ${keyHex(keys, row)} at row ${row} is not above the one before it. Sort the keys and leave out duplicates.`,
    {
      row,
    },
  );
}
