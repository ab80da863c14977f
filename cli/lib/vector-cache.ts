// Embeddings on disk, so that no text is encoded twice. Each encoder has a folder with any number of files NAME.vec, each written
// by one process at a time and read by all. Vectors are read from disk when asked for and never kept in memory.
//
// A file is a row of records [32 bytes key][dimensions × float32], little endian; key = SHA-256 of the cleaned text. A record that
// is cut off at the end, or whose vector is not of unit length (after a loss of power), is ignored.
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BYTES } from '../../src/base/bytes.ts';
import { RecommenderError, throwIfAborted } from '../../src/base/errors.ts';
import { claimFile } from './claimed-file.ts';

const SCAN_BYTES = 4 * 2 ** 20;
/** Records that are this close to each other are read in one call. */
const MAX_GAP_BYTES = 64 * 1024;
const UNIT_TOLERANCE = 0.01;

export interface VectorCache {
  /** Folder of this encoder's files. */
  readonly folder: string;
  readonly dimensions: number;
  /** Number of keys. */
  readonly size: number;
  /** @param key 64 hex digits */
  has(key: string): boolean;
  get(key: string): Promise<Float32Array | undefined>;
  /** @returns [keys × dimensions] @throws unknown-item naming the first key that is not there */
  read(keys: readonly string[]): Promise<Float32Array<ArrayBuffer>>;
  /** Writes vectors at the end of this process's own file. @param vectors [keys × dimensions] @throws bad-vector */
  append(keys: readonly string[], vectors: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** `CACHE/<first 16 hex digits of the SHA-256 of the fingerprint>`. */
export function cacheFolderOf(cacheFolder: string, fingerprint: string): string {
  return join(cacheFolder, createHash('sha256').update(fingerprint).digest('hex').slice(0, 16));
}

/**
 * Reads all files of the folder once (about a second a gigabyte) to find where each vector is.
 * @param name of the file to write, letters and digits: NAME-0.vec, or NAME-1.vec where another process writes that, …
 * @throws aborted
 */
export async function openVectorCache(
  cacheFolder: string,
  encoder: { fingerprint: string; dimensions: number },
  options: { name?: string; signal?: AbortSignal | undefined } = {},
): Promise<VectorCache> {
  const folder = cacheFolderOf(cacheFolder, encoder.fingerprint);
  await mkdir(folder, { recursive: true });
  const cache = new FileCache(folder, encoder.dimensions, options.name ?? 'kindred');
  await cache.scan(options.signal);
  return cache;
}

interface Place {
  file: number;
  row: number;
}

class FileCache implements VectorCache {
  readonly folder: string;
  readonly dimensions: number;
  readonly #name: string;
  readonly #recordBytes: number;
  readonly #files: { path: string; handle: FileHandle | undefined }[] = [];
  readonly #places = new Map<string, Place>();
  #own: { file: number; rows: number; release(): Promise<void>; handle: FileHandle } | undefined;

  constructor(folder: string, dimensions: number, name: string) {
    this.folder = folder;
    this.dimensions = dimensions;
    this.#name = name;
    this.#recordBytes = KEY_BYTES + dimensions * 4;
  }

  get size(): number {
    return this.#places.size;
  }

  async scan(signal: AbortSignal | undefined): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => name.endsWith('.vec')).sort();
    for (const name of names) await this.#scanFile(this.#fileNumber(join(this.folder, name)), signal);
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  async get(key: string): Promise<Float32Array | undefined> {
    return this.has(key) ? this.read([key]) : undefined;
  }

  async read(keys: readonly string[]): Promise<Float32Array<ArrayBuffer>> {
    const out = new Uint8Array(keys.length * this.dimensions * 4);
    const wanted = keys.map((key, target) => {
      const place = this.#places.get(key);
      if (place) return { ...place, target };
      throw new RecommenderError('unknown-item', `The cache ${this.folder} has no vector for key ${key}. Encode its text first.`, { key });
    });
    wanted.sort((a, b) => a.file - b.file || a.row - b.row);
    const reach = Math.floor(MAX_GAP_BYTES / this.#recordBytes) + 1;
    for (let start = 0, end = 0; start < wanted.length; start = end) {
      end = this.#endOfRun(wanted, start, reach);
      await this.#readRun(wanted.slice(start, end), out);
    }
    return new Float32Array(out.buffer);
  }

  async append(keys: readonly string[], vectors: Float32Array): Promise<void> {
    if (vectors.length !== keys.length * this.dimensions) {
      throw new RecommenderError('bad-vector', `${vectors.length} values are not ${keys.length} vectors of ${this.dimensions} dimensions.`);
    }
    const records = Buffer.alloc(keys.length * this.#recordBytes);
    for (const [i, key] of keys.entries()) {
      const vector = vectors.subarray(i * this.dimensions, (i + 1) * this.dimensions);
      if (!isUnit(vector)) throw new RecommenderError('bad-vector', `The vector of key ${key} is not of unit length; it is not kept.`, { key });
      records.write(key, i * this.#recordBytes, 'hex');
      records.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), i * this.#recordBytes + KEY_BYTES);
    }
    const own = await this.#ownFile();
    const { bytesWritten } = await own.handle.write(records, 0, records.length, own.rows * this.#recordBytes);
    if (bytesWritten < records.length) {
      throw new RecommenderError(
        'storage-quota',
        `${this.folder} took ${bytesWritten} of ${records.length} bytes. Make room on the disk and start again.`,
      );
    }
    for (const key of keys) {
      this.#places.set(key, { file: own.file, row: own.rows });
      own.rows++;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map(({ handle }) => handle?.close()));
    for (const file of this.#files) file.handle = undefined;
    const own = this.#own;
    this.#own = undefined;
    await own?.release();
  }

  async #scanFile(file: number, signal: AbortSignal | undefined): Promise<void> {
    const handle = await this.#handleOf(file);
    const block = new Uint8Array(Math.max(1, Math.floor(SCAN_BYTES / this.#recordBytes)) * this.#recordBytes);
    const values = new Float32Array(this.dimensions);
    const valueBytes = new Uint8Array(values.buffer);
    for (let row = 0; ; ) {
      throwIfAborted(signal, 'Reading the cache of vectors');
      const bytesRead = await fill(handle, block, row * this.#recordBytes);
      const rows = Math.floor(bytesRead / this.#recordBytes);
      if (rows === 0) return;
      for (let i = 0; i < rows; i++, row++) {
        const record = block.subarray(i * this.#recordBytes, (i + 1) * this.#recordBytes);
        valueBytes.set(record.subarray(KEY_BYTES));
        if (isUnit(values)) this.#places.set(hexOf(record), { file, row });
      }
    }
  }

  #endOfRun(wanted: readonly Place[], start: number, reach: number): number {
    const most = start + Math.max(1, Math.floor(SCAN_BYTES / this.#recordBytes));
    let end = start + 1;
    for (; end < wanted.length && end < most; end++) {
      const [before, next] = [wanted[end - 1], wanted[end]];
      if (!before || !next || next.file !== before.file || next.row - before.row > reach) break;
    }
    return end;
  }

  async #readRun(run: readonly (Place & { target: number })[], out: Uint8Array): Promise<void> {
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) return;
    const handle = await this.#handleOf(first.file);
    const block = new Uint8Array((last.row - first.row + 1) * this.#recordBytes);
    const bytesRead = await fill(handle, block, first.row * this.#recordBytes);
    if (bytesRead < block.length) {
      throw new RecommenderError('unknown-item', `${this.#files[first.file]?.path} became shorter while it was read. Start again.`);
    }
    const vectorBytes = this.dimensions * 4;
    for (const { row, target } of run) {
      const at = (row - first.row) * this.#recordBytes + KEY_BYTES;
      out.set(block.subarray(at, at + vectorBytes), target * vectorBytes);
    }
  }

  async #ownFile() {
    if (this.#own) return this.#own;
    const { path, release } = await claimFile(this.folder, this.#name, '.vec');
    const handle = await open(path, 'a').then(async (created) => {
      await created.close();
      return open(path, 'r+');
    });
    // A half-written record at the end must not shift the records that follow.
    const rows = Math.floor((await handle.stat()).size / this.#recordBytes);
    await handle.truncate(rows * this.#recordBytes);
    const file = this.#fileNumber(path);
    await this.#files[file]?.handle?.close();
    this.#files[file] = { path, handle };
    this.#own = { file, rows, release, handle };
    return this.#own;
  }

  #fileNumber(path: string): number {
    const known = this.#files.findIndex((file) => file.path === path);
    return known !== -1 ? known : this.#files.push({ path, handle: undefined }) - 1;
  }

  async #handleOf(file: number): Promise<FileHandle> {
    const entry = this.#files[file];
    if (!entry) throw new Error(`no file ${file}`);
    entry.handle ??= await open(entry.path, 'r');
    return entry.handle;
  }
}

/** Reads until the buffer is full or the file ends; a single read may give less. @returns bytes read */
async function fill(handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function hexOf(record: Uint8Array): string {
  return Buffer.from(record.buffer, record.byteOffset, KEY_BYTES).toString('hex');
}

function isUnit(vector: Float32Array): boolean {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += (vector[i] as number) ** 2;
  return Math.abs(square - 1) < UNIT_TOLERANCE;
}
