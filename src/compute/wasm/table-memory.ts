// One WebAssembly memory and where things lie in it: mask, queries and heaps in front, then chunks of rows that only ever
// grow at the end, so that nothing moves. Must agree with scan.as.
import { RecommenderError } from '../../base/errors.ts';
import { MAX_INTERESTS } from '../interests.ts';
import { MAX_K } from '../table-checks.ts';

/** Rows of a chunk: at 384 dimensions 0.4 MB, so that many queries read a chunk from cache. A multiple of 32. */
export const CHUNK_ROWS = 1024;
export const CHUNK_WORDS = CHUNK_ROWS / 32;
/** Queries that are in memory at the same time. */
export const QUERY_BATCH = 32;
/** Queries that there is room for: a scan of interests takes so many. */
const QUERY_SLOTS = 2 * MAX_INTERESTS;
/** Bytes of one interest's numbers: slope f32, shift f32, correction i32, and 4 free. */
const INTEREST_BYTES = 16;

const PAGE_BYTES = 65_536;
/** First 4 GiB. Some engines reserve the maximum at once and refuse; then the next smaller one is tried. */
const MAX_PAGES = [65_536, 32_767, 16_384, 4096];
const HEAP_HEADER_BYTES = 16;
const ENTRY_BYTES = 8;
const HEAP_BYTES = HEAP_HEADER_BYTES + MAX_K * ENTRY_BYTES;
const MASK_AT = 16;
const QUERIES_AT = MASK_AT + CHUNK_WORDS * 4;

export class TableMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes of a row: the dimensions padded with zeros to a multiple of 16. */
  readonly stride: number;
  readonly #chunksAt: number;
  readonly #chunkBytes: number;

  /** @throws out-of-memory */
  constructor(dimensions: number) {
    this.stride = Math.ceil(dimensions / 16) * 16;
    this.#chunksAt = this.heap(QUERY_BATCH);
    this.#chunkBytes = CHUNK_ROWS * (4 + this.stride);
    this.memory = newMemory(Math.ceil(this.#chunksAt / PAGE_BYTES));
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  readonly mask = MASK_AT;

  /** [stride × i16], or twice [stride × i8] */
  query(i: number): number {
    return QUERIES_AT + i * 2 * this.stride;
  }

  /** [QUERY_SLOTS] of 16 bytes: slope f32, shift f32, correction i32, and 4 free. */
  get interests(): number {
    return QUERIES_AT + QUERY_SLOTS * 2 * this.stride;
  }

  heap(i: number): number {
    return this.interests + QUERY_SLOTS * INTEREST_BYTES + i * HEAP_BYTES;
  }

  /** First of the entries of a heap, 8 bytes each: score f32, row i32. */
  entries(i: number): number {
    return this.heap(i) + HEAP_HEADER_BYTES;
  }

  scales(chunk: number): number {
    return this.#chunksAt + chunk * this.#chunkBytes;
  }

  rows(chunk: number): number {
    return this.scales(chunk) + CHUNK_ROWS * 4;
  }

  /** Makes room for this many rows. Views of the memory made earlier are dead afterwards. @throws out-of-memory */
  reserve(rows: number): void {
    const needed = Math.ceil(this.scales(Math.ceil(rows / CHUNK_ROWS)) / PAGE_BYTES);
    const missing = needed - this.bytes / PAGE_BYTES;
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch (cause) {
      const megabytes = Math.ceil((needed * PAGE_BYTES) / 1e6);
      const message = `WebAssembly memory cannot grow to ${megabytes} MB for ${rows} rows. Use fewer rows or another backend.`;
      throw new RecommenderError('out-of-memory', message, { rows, megabytes }, { cause });
    }
  }
}

function newMemory(initial: number): WebAssembly.Memory {
  let cause: unknown;
  for (const maximum of MAX_PAGES) {
    try {
      return new WebAssembly.Memory({ initial, maximum });
    } catch (error) {
      cause = error;
    }
  }
  throw new RecommenderError('out-of-memory', `No WebAssembly memory of ${initial * PAGE_BYTES} bytes can be had.`, {}, { cause });
}
