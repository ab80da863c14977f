// What a device must be able to do for the index: hold int8 rows, scan them, keep the best k. Types only.
// The plain TypeScript backend (cpu/) is the oracle; every other gives the same rows up to `SCORE_TOLERANCE`.

import type { Interests } from './interests.ts';

export type BackendKind = 'cpu' | 'wasm' | 'webgpu';

/** Backends may differ by this much in a score (float32 sums in another order); rows closer than this may swap. */
export const SCORE_TOLERANCE = 1e-5;

/** Rows as int8 with one scale each: value = scale · q. Made by `quantizeRows`. */
export interface QuantizedRows {
  dimensions: number;
  count: number;
  /** [count × dimensions], −127 to 127 */
  values: Int8Array;
  /** [count], max|x| / 127; 0 for a zero row */
  scales: Float32Array;
}

/** Best rows of each query, best first, ties by ascending row. Unused places (fewer than k) are not there. */
export interface TopKList {
  rows: Int32Array;
  scores: Float32Array;
}

/** Bit r of word r >> 5 is set when row r may appear. Length at least ceil(size / 32). */
export type RowBitset = Uint32Array;

export interface SearchCost {
  dispatches: number;
  /** Bytes of rows and scales read from device memory. */
  bytesRead: number;
  /** Bytes that came back to the caller's side. */
  bytesReadBack: number;
  /** Time on the device where timestamp queries exist, else undefined. */
  deviceMs: number | undefined;
}

/**
 * int8 rows on a device. Row numbers are stable: removing leaves a hole that is never returned.
 * The score of a row is Σ values_row · values_query, exact in int32, as float32, · scale_row · scale_query (float32, in that
 * order), where the query went through `quantizeRows` too: the same on every backend.
 */
export interface ScanTable {
  readonly dimensions: number;
  /** Highest row ever set + 1, holes included. */
  readonly size: number;
  /** Bytes held on the device. */
  readonly bytes: number;
  /** Sets rows `start` to `start + rows.count − 1`, new or again. @throws bad-argument, out-of-memory */
  set(start: number, rows: QuantizedRows): void;
  remove(rows: Iterable<number>): void;
  /**
   * @param queries [queryCount × dimensions] float32, finite (quantised by the table where its kernel needs that)
   * @param k 1 to 1,024
   * @throws bad-vector on NaN or infinity or a wrong length; device-lost
   */
  search(queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]>;
  /**
   * Best rows for all interests together, in one pass over the rows (see `Interests` for the score).
   * @param k 1 to 1,024
   * @throws bad-vector, bad-argument; device-lost
   */
  searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<TopKList>;
  /** Cost of the last search. */
  readonly lastCost: SearchCost;
  dispose(): void;
}

/** A table whose rows can come back, so that they can move to another backend. */
export interface ReadableTable extends ScanTable {
  /** `count` rows from `start`, holes included (with whatever they held); valid until the next change. */
  read(start: number, count: number): QuantizedRows;
  /** False for a hole and past the end. */
  has(row: number): boolean;
}

export interface Backend {
  readonly kind: BackendKind;
  /** One sentence: what it runs on. */
  readonly description: string;
  createTable(dimensions: number, capacity: number): ScanTable;
  dispose(): void;
}
