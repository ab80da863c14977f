// int8 rows in ordinary memory that grow, with holes: the storage of the oracle, and the copy that outlives a lost device.
import { RecommenderError } from '../../base/errors.ts';
import type { QuantizedRows } from '../backend.ts';
import { checkRows } from '../table-checks.ts';

export class HostRows {
  readonly dimensions: number;
  /** Highest row ever set + 1, holes included. */
  size = 0;
  /** [capacity × dimensions] */
  values: Int8Array;
  /** [capacity] */
  scales: Float32Array;
  /** Bit r of word r >> 5: row r is set. */
  live: Uint32Array;

  constructor(dimensions: number, capacity: number) {
    this.dimensions = dimensions;
    this.values = allocate(() => new Int8Array(capacity * dimensions), capacity, dimensions);
    this.scales = new Float32Array(capacity);
    this.live = new Uint32Array(Math.ceil(capacity / 32));
  }

  get bytes(): number {
    return this.values.byteLength + this.scales.byteLength + this.live.byteLength;
  }

  has(row: number): boolean {
    return (((this.live[row >> 5] ?? 0) >>> (row & 31)) & 1) === 1;
  }

  /** @throws bad-argument, bad-vector, out-of-memory */
  set(start: number, rows: QuantizedRows): void {
    checkRows(start, rows, this.dimensions);
    const end = start + rows.count;
    this.#reserve(end);
    this.values.set(rows.values, start * this.dimensions);
    this.scales.set(rows.scales, start);
    for (let row = start; row < end; row++) this.live[row >> 5] = (this.live[row >> 5] as number) | (1 << (row & 31));
    if (rows.count > 0) this.size = Math.max(this.size, end);
  }

  /** Rows that are not there stay not there. */
  remove(rows: Iterable<number>): void {
    for (const row of rows) {
      if (this.has(row)) this.live[row >> 5] = (this.live[row >> 5] as number) & ~(1 << (row & 31));
    }
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
    this.size = 0;
    this.values = new Int8Array(0);
    this.scales = new Float32Array(0);
    this.live = new Uint32Array(0);
  }

  /** Grows by half at least, so that adding rows one by one stays linear. */
  #reserve(rows: number): void {
    if (rows <= this.scales.length) return;
    const capacity = Math.max(rows, Math.ceil(this.scales.length * 1.5));
    const { values, scales, live, dimensions } = this;
    this.values = allocate(() => new Int8Array(capacity * dimensions), capacity, dimensions);
    this.values.set(values);
    this.scales = new Float32Array(capacity);
    this.scales.set(scales);
    this.live = new Uint32Array(Math.ceil(capacity / 32));
    this.live.set(live);
  }
}

function allocate(make: () => Int8Array, rows: number, dimensions: number): Int8Array {
  try {
    return make();
  } catch (cause) {
    throw new RecommenderError('out-of-memory', `${rows} rows of ${dimensions} bytes do not fit into memory.`, { rows, dimensions }, { cause });
  }
}
