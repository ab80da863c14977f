// int8 rows in WebAssembly memory and their search: prepares queries and masks, calls the kernel chunk by chunk, reads k rows.
import type { QuantizedRows, ReadableTable, RowBitset, SearchCost, TopKList } from '../backend.ts';
import { type Interests, prepareInterests, scoresOfPowers } from '../interests.ts';
import { LiveRows } from '../live-rows.ts';
import { checkRequest, checkRows, checkSearch } from '../table-checks.ts';
import { instantiateScan, type ScanExports, type ScanModule } from './scan-module.ts';
import { CHUNK_ROWS, CHUNK_WORDS, QUERY_BATCH, TableMemory } from './table-memory.ts';

interface Kernel {
  memory: TableMemory;
  scan: ScanExports;
}

export class WasmTable implements ReadableTable {
  readonly dimensions: number;
  lastCost: SearchCost = { dispatches: 0, bytesRead: 0, bytesReadBack: 0, deviceMs: undefined };
  readonly #module: ScanModule;
  readonly #live = new LiveRows();
  /** Undefined when disposed; set() begins anew. */
  #kernel: Kernel | undefined;

  constructor(module: ScanModule, dimensions: number, capacity: number) {
    this.#module = module;
    this.dimensions = dimensions;
    this.#open().memory.reserve(capacity);
  }

  get size(): number {
    return this.#live.size;
  }

  get bytes(): number {
    return (this.#kernel?.memory.bytes ?? 0) + this.#live.bytes;
  }

  has(row: number): boolean {
    return this.#live.has(row);
  }

  set(start: number, rows: QuantizedRows): void {
    checkRows(start, rows, this.dimensions);
    const { memory } = this.#open();
    memory.reserve(start + rows.count);
    const { stride } = memory;
    const { buffer } = memory.memory;
    for (const part of chunksOf(start, rows.count)) {
      const scales = new Float32Array(buffer, memory.scales(part.chunk), CHUNK_ROWS);
      scales.set(rows.scales.subarray(part.from, part.from + part.count), part.at);
      const values = new Int8Array(buffer, memory.rows(part.chunk), CHUNK_ROWS * stride);
      copyRows(rows.values, part.from, this.dimensions, values, part.at, stride, part.count, this.dimensions);
    }
    this.#live.add(start, rows.count);
  }

  remove(rows: Iterable<number>): void {
    this.#live.remove(rows);
  }

  read(start: number, count: number): QuantizedRows {
    const { dimensions } = this;
    const out = { dimensions, count, values: new Int8Array(count * dimensions), scales: new Float32Array(count) };
    const { memory } = this.#open();
    const { buffer } = memory.memory;
    for (const part of chunksOf(start, Math.min(count, this.size - start))) {
      out.scales.set(new Float32Array(buffer, memory.scales(part.chunk) + part.at * 4, part.count), part.from);
      const values = new Int8Array(buffer, memory.rows(part.chunk), CHUNK_ROWS * memory.stride);
      copyRows(values, part.at, memory.stride, out.values, part.from, dimensions, part.count, dimensions);
    }
    return out;
  }

  async search(queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]> {
    const quantized = checkSearch(queries, this.dimensions, k, this.size, allowed);
    const kernel = this.#open();
    const lists: TopKList[] = [];
    let chunksRead = 0;
    for (let first = 0; first < quantized.count; first += QUERY_BATCH) {
      const count = Math.min(QUERY_BATCH, quantized.count - first);
      chunksRead += count * this.#scan(kernel, quantized, first, count, k, allowed);
      for (let i = 0; i < count; i++) lists.push(readList(kernel, i));
    }
    this.lastCost = {
      dispatches: 0,
      bytesRead: chunksRead * CHUNK_ROWS * (kernel.memory.stride + 4),
      bytesReadBack: lists.reduce((bytes, list) => bytes + 8 * list.rows.length, 0),
      deviceMs: undefined,
    };
    return lists;
  }

  async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<TopKList> {
    checkRequest(k, this.size, allowed);
    const { queries, likes, slopes, shifts, temperature } = prepareInterests(interests, this.dimensions);
    const { memory, scan } = this.#open();
    const { stride } = memory;
    const { buffer } = memory.memory;
    const numbers = new Float32Array(buffer, memory.interests, 4 * queries.count);
    const corrections = new Int32Array(buffer, memory.interests, 4 * queries.count);
    for (let i = 0; i < queries.count; i++) {
      const values = queries.values.subarray(i * this.dimensions, (i + 1) * this.dimensions);
      corrections[4 * i + 2] = writeQuery(buffer, memory.query(i), stride, values, this.#module.variant);
      numbers[4 * i] = slopes[i] as number;
      numbers[4 * i + 1] = shifts[i] as number;
    }
    const heap = memory.heap(0);
    scan.clear(heap);
    const mask = new Uint32Array(buffer, memory.mask, CHUNK_WORDS);
    let chunksRead = 0;
    for (let chunk = 0; chunk * CHUNK_ROWS < this.size; chunk++) {
      if (!this.#live.mask(chunk * CHUNK_WORDS, mask, allowed)) continue;
      chunksRead++;
      const [rows, scales, first] = [memory.rows(chunk), memory.scales(chunk), chunk * CHUNK_ROWS];
      scan.scanInterests(rows, stride, scales, memory.mask, CHUNK_WORDS, first, memory.query(0), memory.interests, likes, queries.count, heap, k);
    }
    const list = readList({ memory, scan }, 0);
    this.lastCost = {
      dispatches: 0,
      bytesRead: chunksRead * CHUNK_ROWS * (stride + 4),
      bytesReadBack: 8 * list.rows.length,
      deviceMs: undefined,
    };
    return { rows: list.rows, scores: scoresOfPowers(list.scores, temperature) };
  }

  dispose(): void {
    this.#kernel = undefined;
    this.#live.clear();
  }

  #open(): Kernel {
    if (!this.#kernel) {
      const memory = new TableMemory(this.dimensions);
      this.#kernel = { memory, scan: instantiateScan(this.#module.module, memory.memory) };
    }
    return this.#kernel;
  }

  /** Fills the heaps of `count` queries from `first`. @returns chunks that held an allowed row */
  #scan({ memory, scan }: Kernel, queries: QuantizedRows, first: number, count: number, k: number, allowed?: RowBitset): number {
    const { stride } = memory;
    const mask = new Uint32Array(memory.memory.buffer, memory.mask, CHUNK_WORDS);
    const corrections = Array.from({ length: count }, (_, i) => {
      scan.clear(memory.heap(i));
      const values = queries.values.subarray((first + i) * this.dimensions, (first + i + 1) * this.dimensions);
      return writeQuery(memory.memory.buffer, memory.query(i), stride, values, this.#module.variant);
    });
    let chunksRead = 0;
    for (let chunk = 0; chunk * CHUNK_ROWS < this.size; chunk++) {
      if (!this.#live.mask(chunk * CHUNK_WORDS, mask, allowed)) continue;
      chunksRead++;
      for (const [i, correction] of corrections.entries()) {
        const scale = queries.scales[first + i] as number;
        const at = memory.rows(chunk);
        const row = chunk * CHUNK_ROWS;
        scan.scan(at, stride, memory.scales(chunk), memory.mask, CHUNK_WORDS, row, memory.query(i), scale, correction, memory.heap(i), k);
      }
    }
    return chunksRead;
  }
}

interface ChunkPart {
  chunk: number;
  /** Place in the chunk. */
  at: number;
  /** Place in the caller's rows. */
  from: number;
  count: number;
}

function* chunksOf(start: number, count: number): Generator<ChunkPart> {
  for (let from = 0; from < count; ) {
    const at = (start + from) % CHUNK_ROWS;
    const part = { chunk: Math.floor((start + from) / CHUNK_ROWS), at, from, count: Math.min(CHUNK_ROWS - at, count - from) };
    yield part;
    from += part.count;
  }
}

/** Rows `sourceRow`… of one matrix to rows `targetRow`… of another with another row length. */
function copyRows(
  source: Int8Array,
  sourceRow: number,
  sourceStride: number,
  target: Int8Array,
  targetRow: number,
  targetStride: number,
  count: number,
  length: number,
): void {
  if (sourceStride === targetStride) {
    target.set(source.subarray(sourceRow * sourceStride, (sourceRow + count) * sourceStride), targetRow * targetStride);
    return;
  }
  for (let i = 0; i < count; i++) {
    const from = (sourceRow + i) * sourceStride;
    target.set(source.subarray(from, from + length), (targetRow + i) * targetStride);
  }
}

/** Writes a query in the form of the kernel's build. @returns Σ |q| over negative values, which the relaxed build needs */
function writeQuery(buffer: ArrayBuffer, at: number, stride: number, values: Int8Array, variant: ScanModule['variant']): number {
  if (variant === 'plain') {
    const wide = new Int16Array(buffer, at, stride);
    wide.fill(0);
    wide.set(values);
    return 0;
  }
  const magnitudes = new Int8Array(buffer, at, stride);
  const signs = new Int8Array(buffer, at + stride, stride);
  magnitudes.fill(0);
  signs.fill(0);
  let correction = 0;
  for (const [j, value] of values.entries()) {
    magnitudes[j] = Math.abs(value);
    if (value >= 0) continue;
    signs[j] = -1;
    correction -= value;
  }
  return correction;
}

function readList({ memory, scan }: Kernel, i: number): TopKList {
  const found = scan.sort(memory.heap(i));
  const { buffer } = memory.memory;
  const scores = new Float32Array(buffer, memory.entries(i), 2 * found);
  const rows = new Int32Array(buffer, memory.entries(i), 2 * found);
  return {
    rows: Int32Array.from({ length: found }, (_, place) => rows[2 * place + 1] as number),
    scores: Float32Array.from({ length: found }, (_, place) => scores[2 * place] as number),
  };
}
