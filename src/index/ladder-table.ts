// A table that outlives its backend: when the device is lost or out of memory, the rows move to the next backend and the call continues
// there. Rows that a device cannot read back are also kept in ordinary memory.
import { RecommenderError } from '../base/errors.ts';
import type { Backend, QuantizedRows, ReadableTable, RowBitset, ScanTable, SearchCost, TopKList } from '../compute/backend.ts';
import { HostRows } from '../compute/cpu/host-rows.ts';
import type { Interests } from '../compute/interests.ts';

/** Rows that move at a time. */
const MOVED_ROWS = 8192;

/** Backends in order, and whom a table tells that it moved. */
export interface Ladder {
  /** Best first. */
  readonly rungs: readonly Backend[];
  moved(from: Backend, to: Backend, error: RecommenderError): void;
}

/** Whether another backend may help. */
function isMovable(error: unknown): error is RecommenderError {
  return error instanceof RecommenderError && (error.code === 'device-lost' || error.code === 'out-of-memory');
}

export class LadderTable implements ScanTable {
  readonly dimensions: number;
  readonly #ladder: Ladder;
  #rung: number;
  #table: ScanTable;
  /** Only while the table cannot be read. */
  #copy: HostRows | undefined;

  /** Starts on backend `rung`, or the first one below with room for it. @throws out-of-memory, bad-argument */
  constructor(ladder: Ladder, rung: number, dimensions: number, capacity: number) {
    this.dimensions = dimensions;
    this.#ladder = ladder;
    [this.#rung, this.#table] = openFrom(ladder, rung, dimensions, capacity);
    this.#copy = isReadable(this.#table) ? undefined : new HostRows(dimensions, capacity);
  }

  get size(): number {
    return this.#table.size;
  }

  get bytes(): number {
    return this.#table.bytes + (this.#copy?.bytes ?? 0);
  }

  get lastCost(): SearchCost {
    return this.#table.lastCost;
  }

  set(start: number, rows: QuantizedRows): void {
    // The copy comes first: rows that it refuses must not reach the device.
    this.#copy?.set(start, rows);
    this.#attempt((table) => table.set(start, rows));
  }

  remove(rows: Iterable<number>): void {
    const list = Array.from(rows);
    this.#copy?.remove(list);
    this.#attempt((table) => table.remove(list));
  }

  search(queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]> {
    return this.#ask((table) => table.search(queries, k, allowed));
  }

  searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<TopKList> {
    return this.#ask((table) => table.searchInterests(interests, k, allowed));
  }

  async #ask<T>(search: (table: ScanTable) => Promise<T>): Promise<T> {
    for (;;) {
      const table = this.#table;
      try {
        return await search(table);
      } catch (error) {
        if (!isMovable(error)) throw error;
        // Another search may have moved the rows while this one waited.
        if (this.#table === table) this.#moveDown(error);
      }
    }
  }

  dispose(): void {
    this.#table.dispose();
    this.#copy = undefined;
  }

  #attempt(action: (table: ScanTable) => void): void {
    for (;;) {
      try {
        action(this.#table);
        return;
      } catch (error) {
        if (!isMovable(error)) throw error;
        this.#moveDown(error);
      }
    }
  }

  /** @throws the given error when no backend is left */
  #moveDown(error: RecommenderError): void {
    const from = this.#ladder.rungs[this.#rung] as Backend;
    const source = isReadable(this.#table) ? this.#table : this.#copy;
    const { size } = this.#table;
    if (!source) throw error;
    for (let rung = this.#rung + 1; rung < this.#ladder.rungs.length; rung++) {
      const to = this.#ladder.rungs[rung] as Backend;
      const table = moveTo(to, source, size, this.dimensions);
      if (!table) continue;
      disposeQuietly(this.#table);
      this.#rung = rung;
      this.#table = table;
      if (isReadable(table)) this.#copy = undefined;
      this.#ladder.moved(from, to, error);
      return;
    }
    throw error;
  }
}

function isReadable(table: ScanTable): table is ReadableTable {
  return 'read' in table && 'has' in table;
}

function openFrom(ladder: Ladder, first: number, dimensions: number, capacity: number): [rung: number, table: ScanTable] {
  let failed: { backend: Backend; error: RecommenderError } | undefined;
  for (let rung = first; rung < ladder.rungs.length; rung++) {
    const backend = ladder.rungs[rung] as Backend;
    try {
      const table = backend.createTable(dimensions, capacity);
      if (failed) ladder.moved(failed.backend, backend, failed.error);
      return [rung, table];
    } catch (error) {
      if (!isMovable(error)) throw error;
      failed ??= { backend, error };
    }
  }
  throw failed?.error ?? new RecommenderError('bad-argument', 'There is no backend to hold the rows. Offer one at least.');
}

/** @returns undefined when the rows do not fit there either */
function moveTo(backend: Backend, source: Pick<ReadableTable, 'read' | 'has'>, size: number, dimensions: number): ScanTable | undefined {
  let table: ScanTable | undefined;
  try {
    table = backend.createTable(dimensions, size);
    for (let start = 0; start < size; start += MOVED_ROWS) {
      table.set(start, source.read(start, Math.min(MOVED_ROWS, size - start)));
    }
    table.remove(holesOf(source, size));
    return table;
  } catch (error) {
    if (table) disposeQuietly(table);
    if (isMovable(error)) return undefined;
    throw error;
  }
}

function* holesOf(source: Pick<ReadableTable, 'has'>, size: number): Generator<number> {
  for (let row = 0; row < size; row++) if (!source.has(row)) yield row;
}

/** Disposing a lost device may fail. */
function disposeQuietly(table: ScanTable): void {
  try {
    table.dispose();
  } catch {}
}
