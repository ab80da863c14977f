// All rows as one language correction makes them: their index, and float32 copies where the table is small. Knows which rows are
// still to be corrected; the table corrects them.
import type { Backend } from '../compute/backend.ts';
import { itemBias } from '../language/correction/hubness.ts';
import { isZeroRow } from '../language/correction/means.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import { HubAwareIndex } from './hub-aware-index.ts';

/** Rows corrected at once. The first block is larger: the index takes its centre from it. Under 50 ms and 15 ms on a slow core. */
const FIRST_ROWS = 256;
const ROWS_AT_ONCE = 64;

/**
 * What items say besides their text, joined to their corrected vectors in the index: a row is [textScale · text; features]. Items with the
 * same features share one set. @see head/features.ts
 */
export interface RowFeatures {
  /** Of the features. */
  dimensions: number;
  /** What the text part of a joined row is multiplied by. */
  textScale: number;
  /** [rows] */
  setOf: Int32Array;
  /** [sets × dimensions] as joined */
  sets: Float32Array;
}

export class CorrectedRows {
  readonly correction: LanguageCorrection;
  readonly index: HubAwareIndex;
  readonly #count: number;
  readonly #features: RowFeatures | undefined;
  readonly #vectors: Float32Array | undefined; // [rows × dimensions]
  readonly #bias: Float32Array; // [rows]
  /** Rows below `index.size` whose raw vector has changed. */
  readonly #changed = new Set<number>();
  /** Changed rows in runs, taken from the end. */
  #runs: number[][] = [];

  /** @param compact int8 only, without re-scoring in float32 @throws out-of-memory */
  constructor(backend: Backend, correction: LanguageCorrection, count: number, compact: boolean, features?: RowFeatures) {
    this.correction = correction;
    this.#count = count;
    this.#features = features;
    const dimensions = correction.dimensions + (features?.dimensions ?? 0);
    this.index = new HubAwareIndex(backend, dimensions, { capacity: count, rescore: !compact });
    this.#bias = new Float32Array(count);
    this.#vectors = compact ? undefined : new Float32Array(count * correction.dimensions);
  }

  get bytes(): number {
    return this.index.bytes + this.#bias.byteLength + (this.#vectors?.byteLength ?? 0);
  }

  /** Every row is in the index; some may be out of date. */
  get isFilled(): boolean {
    return this.index.size === this.#count;
  }

  /** Rows that are still to be corrected. */
  get outstanding(): number {
    return this.#count - this.index.size + this.#changed.size;
  }

  /** The raw vector of the row was replaced or taken away. */
  markChanged(row: number): void {
    if (row < this.index.size) this.#changed.add(row);
  }

  /** Consecutive rows to correct next; empty when all are up to date. */
  nextRows(): number[] {
    const { size } = this.index;
    if (size < this.#count) return consecutive(size, Math.min(this.#count - size, size === 0 ? FIRST_ROWS : ROWS_AT_ONCE));
    if (this.#runs.length === 0 && this.#changed.size > 0) this.#runs = runsOf(this.#changed).reverse();
    return this.#runs.pop() ?? [];
  }

  /** @param rows as `nextRows` gave them @param corrected [rows × dimensions] */
  set(rows: readonly number[], corrected: Float32Array): void {
    const { dimensions, hubness } = this.correction;
    const first = rows[0] ?? 0;
    const bias = itemBias(corrected, dimensions, hubness);
    // The text part of a product is textScale² times the cosine, and so is what is added to it.
    const { textScale = 1 } = this.#features ?? {};
    if (textScale !== 1) for (let i = 0; i < bias.length; i++) bias[i] = textScale ** 2 * (bias[i] as number);
    this.#bias.set(bias, first);
    this.index.put(first, this.#features ? joinedRows(corrected, dimensions, first, this.#features) : corrected, bias);
    this.#vectors?.set(corrected, first * dimensions);
    for (const row of rows) this.#changed.delete(row);
  }

  /** @returns [dimensions], a view; undefined where float32 is not kept, and for a row that is still to be corrected */
  vector(row: number): Float32Array | undefined {
    if (row >= this.index.size || this.#changed.has(row)) return undefined;
    const { dimensions } = this.correction;
    return this.#vectors?.subarray(row * dimensions, (row + 1) * dimensions);
  }

  /** Hubness bias of a row as it is added to the products of the index; 0 for a row that is still to be corrected. */
  biasOf(row: number): number {
    return this.#bias[row] as number;
  }

  dispose(): void {
    this.index.dispose();
  }
}

/** @param text [rows × d], rows from `first`; a zero row stays zero @returns [rows × (d + features)] */
function joinedRows(text: Float32Array, d: number, first: number, features: RowFeatures): Float32Array {
  const count = text.length / d;
  const width = d + features.dimensions;
  const out = new Float32Array(count * width);
  for (let i = 0; i < count; i++) joinRow(text.subarray(i * d, (i + 1) * d), first + i, features, out.subarray(i * width, (i + 1) * width));
  return out;
}

/** @param text [d] @param out [d + features.dimensions], overwritten; stays zero where the text is */
export function joinRow(text: Float32Array, row: number, { dimensions, textScale, setOf, sets }: RowFeatures, out: Float32Array): void {
  if (isZeroRow(text, 0, text.length)) return;
  for (let j = 0; j < text.length; j++) out[j] = textScale * (text[j] as number);
  const set = setOf[row] as number;
  out.set(sets.subarray(set * dimensions, (set + 1) * dimensions), text.length);
}

/** All rows in ascending blocks. */
export function* blocksOf(count: number): Generator<number[]> {
  for (let from = 0; from < count; from += ROWS_AT_ONCE) yield consecutive(from, Math.min(ROWS_AT_ONCE, count - from));
}

function consecutive(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Rows in ascending runs of consecutive numbers, each of at most `ROWS_AT_ONCE`. */
function runsOf(rows: ReadonlySet<number>): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  for (const row of [...rows].sort((a, b) => a - b)) {
    if (run.length === 0 || run.length === ROWS_AT_ONCE || run.at(-1) !== row - 1) {
      run = [];
      runs.push(run);
    }
    run.push(row);
  }
  return runs;
}
