// Exact search over all items in int8 on any backend, with the best candidates scored again in float32 where that is asked for.
// int8 holds each row less a centre that all rows share: the rest is small, so int8 steps are fine enough, and the centre adds the same
// to every score. Rows are numbered in the order of adding and keep their number; nothing is ever rebuilt.
import { RecommenderError } from '../base/errors.ts';
import type { Backend, RowBitset, ScanTable, SearchCost, TopKList } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';
import { type Interests, interestScore } from '../compute/interests.ts';
import { quantizeRows, requireFinite } from '../compute/quantize.ts';
import { MAX_K } from '../compute/table-checks.ts';

/** With re-scoring, this many times k candidates are scored again, at most MAX_K. */
const CANDIDATES_PER_RESULT = 4;
/** Most rows that the centre is the mean of. */
const CENTRE_ROWS = 4096;
/** Rows quantised at a time; few enough to stay in the cache between the steps. */
const BLOCK_ROWS = 1024;

export interface IndexOptions {
  dimensions: number;
  /** Keeps the float32 rows (4 bytes a value more) and re-scores the top 4k in float32. Default false. */
  rescore?: boolean;
  /** Rows to reserve memory for. */
  capacity?: number;
}

/** @throws bad-argument, out-of-memory */
export function createIndex(backend: Backend, { dimensions, rescore = false, capacity = 0 }: IndexOptions): VectorIndex {
  return new VectorIndex(backend.createTable(dimensions, capacity), rescore ? floats(capacity * dimensions) : undefined);
}

export class VectorIndex {
  readonly dimensions: number;
  readonly #table: ScanTable;
  /** [dimensions], the mean of the first rows added. Any vector works; one near the mean keeps int8 accurate. */
  #centre: Float32Array | undefined;
  /** [capacity × dimensions], when re-scoring */
  #vectors: Float32Array | undefined;

  /** @param vectors memory for the float32 rows, with which results are re-scored; undefined: int8 only */
  constructor(table: ScanTable, vectors: Float32Array | undefined) {
    this.#table = table;
    this.dimensions = table.dimensions;
    this.#vectors = vectors;
  }

  /** Rows added so far, removed ones included: the number that the next row gets. */
  get size(): number {
    return this.#table.size;
  }

  /** Held on the device and here. */
  get bytes(): number {
    return this.#table.bytes + (this.#vectors?.byteLength ?? 0);
  }

  /** Of the last search's scan. */
  get lastCost(): SearchCost {
    return this.#table.lastCost;
  }

  /**
   * Appends rows. If memory runs out in the middle, none of them is found, but their numbers stay used.
   * @param vectors [rows × dimensions]; a dot product is the score, so unit length for cosine
   * @returns number of the first
   * @throws bad-vector, out-of-memory
   */
  add(vectors: Float32Array): number {
    const first = this.size;
    try {
      this.#set(first, vectors);
    } catch (error) {
      this.#table.remove(rowsBetween(first, this.size));
      throw error;
    }
    return first;
  }

  /**
   * Replaces the vectors of rows from `first` on. Removed rows come back.
   * @param vectors [rows × dimensions]
   * @throws bad-vector, bad-argument when a row was never added
   */
  replace(first: number, vectors: Float32Array): void {
    const end = first + Math.floor(vectors.length / this.dimensions);
    if (!Number.isInteger(first) || first < 0 || end > this.size) {
      const message = `Rows ${first} to ${end - 1} are not all in the index of ${this.size} rows; add them.`;
      throw new RecommenderError('bad-argument', message, { first, size: this.size });
    }
    this.#set(first, vectors);
  }

  /** Removed rows are never found; their numbers stay used. Rows that are not in the index are ignored. */
  remove(rows: Iterable<number>): void {
    this.#table.remove(rows);
  }

  /**
   * @param query [dimensions]
   * @param k 1 to 1,024
   * @param allowed rows that may appear; all when left out
   * @returns at most k rows, best dot product first, ties by row
   * @throws bad-vector, bad-argument
   */
  async search(query: Float32Array, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    if (query.length !== this.dimensions) {
      const message = `The query has ${query.length} values; the index has ${this.dimensions} dimensions.`;
      throw new RecommenderError('bad-vector', message, { length: query.length, dimensions: this.dimensions });
    }
    const [list] = await this.searchMany(query, k, allowed);
    return list ?? [];
  }

  /**
   * Many queries at once: one pass over the rows where the backend can.
   * @param queries [queryCount × dimensions]
   * @returns [queryCount] lists, each as from `search`
   */
  async searchMany(queries: Float32Array, k: number, allowed?: RowBitset): Promise<Ranked[][]> {
    const lists = await this.#table.search(queries, this.#vectors ? candidatesFor(k) : k, allowed);
    return lists.map((list, i) => (this.#vectors ? this.#rescored(list, queries, i, this.#vectors).slice(0, k) : this.#ranked(list, queries, i)));
  }

  /**
   * Best rows for all interests of a reader together, in one pass over the rows.
   * @param k 1 to 1,024
   * @returns at most k rows, best first, ties by row; scores as `Interests` defines them
   * @throws bad-vector, bad-argument
   */
  async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    const { dimensions } = this;
    const centre = this.#centre;
    const count = interests.vectors.length / dimensions;
    // vector · row = vector · (row − centre) + vector · centre
    const offsets = Float64Array.from(
      { length: count },
      (_, i) => (interests.offsets?.[i] ?? 0) + (centre ? dot(interests.vectors, i * dimensions, centre, 0, dimensions) : 0),
    );
    const vectors = this.#vectors;
    const { rows, scores } = await this.#table.searchInterests({ ...interests, offsets }, vectors ? candidatesFor(k) : k, allowed);
    if (!vectors) return Array.from(rows, (row, i) => ({ row, score: scores[i] as number }));
    const products = new Float64Array(count);
    const ranked = Array.from(rows, (row) => {
      for (let i = 0; i < count; i++) {
        products[i] = dot(vectors, row * dimensions, interests.vectors, i * dimensions, dimensions) + (interests.offsets?.[i] ?? 0);
      }
      return { row, score: Math.fround(interestScore(products, interests)) };
    });
    return ranked.sort(byScore).slice(0, k);
  }

  dispose(): void {
    this.#table.dispose();
    this.#vectors &&= new Float32Array(0);
  }

  #set(first: number, vectors: Float32Array): void {
    // Checked before the first block is set: all or nothing.
    requireFinite(vectors, this.dimensions);
    if (vectors.length === 0) return;
    this.#centre ??= meanOfRows(vectors, this.dimensions);
    this.#keep(first * this.dimensions, vectors);
    const block = BLOCK_ROWS * this.dimensions;
    for (let at = 0; at < vectors.length; at += block) {
      const rest = minus(vectors.subarray(at, at + block), this.#centre);
      this.#table.set(first + at / this.dimensions, quantizeRows(rest, this.dimensions));
    }
  }

  /** Keeps the float32 rows for re-scoring. */
  #keep(at: number, vectors: Float32Array): void {
    if (!this.#vectors) return;
    if (at + vectors.length > this.#vectors.length) {
      const grown = floats(Math.max(at + vectors.length, Math.ceil(this.#vectors.length * 1.5)));
      grown.set(this.#vectors);
      this.#vectors = grown;
    }
    this.#vectors.set(vectors, at);
  }

  /** q · row = q · (row − centre) + q · centre */
  #ranked({ rows, scores }: TopKList, queries: Float32Array, query: number): Ranked[] {
    const { dimensions } = this;
    const shared = this.#centre ? dot(queries, query * dimensions, this.#centre, 0, dimensions) : 0;
    return Array.from(rows, (row, i) => ({ row, score: (scores[i] as number) + shared }));
  }

  #rescored({ rows }: TopKList, queries: Float32Array, query: number, vectors: Float32Array): Ranked[] {
    const { dimensions } = this;
    const ranked = Array.from(rows, (row) => ({
      row,
      score: Math.fround(dot(vectors, row * dimensions, queries, query * dimensions, dimensions)),
    }));
    return ranked.sort(byScore);
  }
}

/** A k out of range is passed on, so that the table refuses it. */
function candidatesFor(k: number): number {
  return Number.isInteger(k) && k >= 1 && k <= MAX_K ? Math.min(CANDIDATES_PER_RESULT * k, MAX_K) : k;
}

function floats(length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch (cause) {
    const message = `${length} float32 values for re-scoring do not fit into memory. Use an index without it.`;
    throw new RecommenderError('out-of-memory', message, { length }, { cause });
  }
}

function* rowsBetween(first: number, end: number): Generator<number> {
  for (let row = first; row < end; row++) yield row;
}

/** Mean of some rows, evenly spread. @returns [dimensions] */
function meanOfRows(vectors: Float32Array, dimensions: number): Float32Array {
  const rows = vectors.length / dimensions;
  const taken = Math.min(rows, CENTRE_ROWS);
  const sum = new Float64Array(dimensions);
  for (let i = 0; i < taken; i++) {
    const at = Math.floor((i * rows) / taken) * dimensions;
    for (let j = 0; j < dimensions; j++) sum[j] = (sum[j] as number) + (vectors[at + j] as number);
  }
  return Float32Array.from(sum, (value) => value / taken);
}

/** Each row less `centre`. */
function minus(rows: Float32Array, centre: Float32Array): Float32Array {
  const out = new Float32Array(rows.length);
  for (let at = 0; at < rows.length; at += centre.length) {
    for (let j = 0; j < centre.length; j++) out[at + j] = (rows[at + j] as number) - (centre[j] as number);
  }
  return out;
}
