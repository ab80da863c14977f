// int8 rows in ordinary memory, which can grow and have holes. The CPU backend stores its rows here.
import { RecommenderError } from '../../base/errors.ts';
import type { QuantizedRows } from '../backend.ts';
import { LiveRows } from '../live-rows.ts';
import { checkRows } from '../table-checks.ts';

export class HostRows {
  readonly dimensions: number;
  /** [capacity × dimensions] */
  values: Int8Array;
  /** [capacity] */
  scales: Float32Array;
  readonly #live = new LiveRows();

  constructor(dimensions: number, capacity: number) {
    this.dimensions = dimensions;
    this.values = allocate(() => new Int8Array(capacity * dimensions), capacity, dimensions);
    this.scales = new Float32Array(capacity);
  }

  /** Highest row ever set + 1, holes included. */
  get size(): number {
    return this.#live.size;
  }

  get bytes(): number {
    return this.values.byteLength + this.scales.byteLength + this.#live.bytes;
  }

  has(row: number): boolean {
    return this.#live.has(row);
  }

  /** @throws bad-argument, bad-vector, out-of-memory */
  set(start: number, rows: QuantizedRows): void {
    checkRows(start, rows, this.dimensions);
    this.#reserve(start + rows.count);
    this.values.set(rows.values, start * this.dimensions);
    this.scales.set(rows.scales, start);
    this.#live.add(start, rows.count);
  }

  /** Rows that are not set are ignored. */
  remove(rows: Iterable<number>): void {
    this.#live.remove(rows);
  }

  /** A view, not a copy, of `count` rows from `start`, holes included. */
  read(start: number, count: number): QuantizedRows {
    const { dimensions } = this;
    return {
      dimensions,
      count,
      values: this.values.subarray(start * dimensions, (start + count) * dimensions),
      scales: this.scales.subarray(start, start + count),
    };
  }

  clear(): void {
    this.#live.clear();
    this.values = new Int8Array(0);
    this.scales = new Float32Array(0);
  }

  /** Grows by half at least, so that adding rows one by one stays linear. */
  #reserve(rows: number): void {
    if (rows <= this.scales.length) return;
    const capacity = Math.max(rows, Math.ceil(this.scales.length * 1.5));
    const { values, scales, dimensions } = this;
    this.values = allocate(() => new Int8Array(capacity * dimensions), capacity, dimensions);
    this.values.set(values);
    this.scales = new Float32Array(capacity);
    this.scales.set(scales);
  }
}

function allocate(make: () => Int8Array, rows: number, dimensions: number): Int8Array {
  try {
    return make();
  } catch (cause) {
    throw new RecommenderError('out-of-memory', `${rows} rows of ${dimensions} bytes do not fit into memory.`, { rows, dimensions }, { cause });
  }
}
