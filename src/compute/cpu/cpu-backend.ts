// The oracle: an exact int8 scan in plain TypeScript that faster backends are compared with. Must stay simple, not fast.
import type { Backend, QuantizedRows, ReadableTable, RowBitset, SearchCost, TopKList } from '../backend.ts';
import { type Interests, mergedPower, powerOfTwo, prepareInterests, scoresOfPowers } from '../interests.ts';
import { checkRequest, checkSearch, checkTableShape } from '../table-checks.ts';
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
      // Row scale first: no order but this one can meet 0 · infinity.
      const scale = quantized.scales[i] as number;
      const scores = this.#sums(quantized, i).map((sum) => sum * scale);
      const best = topK(scores, k, mayAppear);
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

  async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<TopKList> {
    const { size, dimensions } = this;
    checkRequest(k, size, allowed);
    const { queries, likes, slopes, shifts, temperature } = prepareInterests(interests, dimensions);
    const mayAppear = (row: number) => this.#rows.has(row) && (!allowed || (((allowed[row >> 5] as number) >>> (row & 31)) & 1) === 1);
    const liked = new Float32Array(size);
    const disliked = new Float32Array(size);
    for (let i = 0; i < queries.count; i++) {
      const sums = this.#sums(queries, i);
      const into = i < likes ? liked : disliked;
      for (let row = 0; row < size; row++) {
        const exponent = Math.fround(Math.fround((sums[row] as number) * (slopes[i] as number)) + (shifts[i] as number));
        into[row] = (into[row] as number) + powerOfTwo(exponent);
      }
    }
    const powers = liked.map((power, row) => mergedPower(power, disliked[row] as number, queries.count > likes));
    const best = topK(powers, k, mayAppear);
    this.lastCost = { dispatches: 0, bytesRead: size * (dimensions + 4), bytesReadBack: 8 * best.length, deviceMs: undefined };
    return {
      rows: Int32Array.from(best, ({ row }) => row),
      scores: scoresOfPowers(
        Float32Array.from(best, ({ score }) => score),
        temperature,
      ),
    };
  }

  /** Of all rows, holes included: the product with a query but for the query's scale. @returns [size] */
  #sums(queries: QuantizedRows, query: number): Float32Array {
    const { values, scales } = this.#rows;
    const { dimensions, size } = this;
    const queryValues = queries.values.subarray(query * dimensions, (query + 1) * dimensions);
    const sums = new Float32Array(size);
    for (let row = 0, at = 0; row < size; row++) {
      let sum = 0;
      for (let j = 0; j < dimensions; j++, at++) sum = (sum + (values[at] as number) * (queryValues[j] as number)) | 0;
      sums[row] = Math.fround(sum) * (scales[row] as number);
    }
    return sums;
  }

  dispose(): void {
    this.#rows.clear();
  }
}
