// The oracle: an exact int8 scan in plain TypeScript that faster backends are compared with. Must stay simple, not fast.
import type { Backend, QuantizedRows, ReadableTable, RowBitset, SearchCost, TopKList } from '../backend.ts';
import { checkSearch, checkTableShape } from '../table-checks.ts';
import { HostRows } from './host-rows.ts';
import { topK } from './top-k.ts';

export function createCpuBackend(): Backend {
  return {
    kind: 'cpu',
    description: 'Plain JavaScript on one CPU core.',
    createTable: (dimensions, capacity) => {
      checkTableShape(dimensions, capacity);
      return new CpuTable(new HostRows(dimensions, capacity));
    },
    dispose: () => {},
  };
}

class CpuTable implements ReadableTable {
  lastCost: SearchCost = { dispatches: 0, bytesRead: 0, bytesReadBack: 0, deviceMs: undefined };
  readonly #rows: HostRows;

  constructor(rows: HostRows) {
    this.#rows = rows;
  }

  get dimensions(): number {
    return this.#rows.dimensions;
  }

  get size(): number {
    return this.#rows.size;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  set(start: number, rows: QuantizedRows): void {
    this.#rows.set(start, rows);
  }

  remove(rows: Iterable<number>): void {
    this.#rows.remove(rows);
  }

  read(start: number, count: number): QuantizedRows {
    return this.#rows.read(start, count);
  }

  has(row: number): boolean {
    return this.#rows.has(row);
  }

  async search(queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]> {
    const { size, dimensions } = this;
    const quantized = checkSearch(queries, dimensions, k, size, allowed);
    const mayAppear = (row: number) => this.#rows.has(row) && (!allowed || (((allowed[row >> 5] as number) >>> (row & 31)) & 1) === 1);
    const lists = Array.from({ length: quantized.count }, (_, i) => {
      const best = topK(this.#scores(quantized, i), k, mayAppear);
      return { rows: Int32Array.from(best, ({ row }) => row), scores: Float32Array.from(best, ({ score }) => score) };
    });
    this.lastCost = {
      dispatches: 0,
      bytesRead: quantized.count * size * (dimensions + 4),
      bytesReadBack: lists.reduce((bytes, list) => bytes + 8 * list.rows.length, 0),
      deviceMs: undefined,
    };
    return lists;
  }

  /** Of all rows, holes included. @returns [size] */
  #scores(queries: QuantizedRows, query: number): Float32Array {
    const { values, scales } = this.#rows;
    const { dimensions, size } = this;
    const queryScale = queries.scales[query] as number;
    const queryValues = queries.values.subarray(query * dimensions, (query + 1) * dimensions);
    const scores = new Float32Array(size);
    for (let row = 0, at = 0; row < size; row++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++, at++) sum = (sum + (values[at] as number) * (queryValues[j] as number)) | 0;
      // Sum first: no order but this one can meet 0 · infinity.
      scores[row] = Math.fround(Math.fround(sum) * (scales[row] as number)) * queryScale;
    }
    return scores;
  }

  dispose(): void {
    this.#rows.clear();
  }
}
