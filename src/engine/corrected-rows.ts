// The rows of a table as one correction makes them: what is scanned, and float32 copies where the table is small.
import type { Backend } from '../compute/backend.ts';
import { itemBias, type LanguageCorrection } from '../language/correction/index.ts';
import { HubAwareIndex } from './hub-aware-index.ts';

/** Rows corrected between two turns of the event loop: under 200 ms on a slow core. */
const ROWS_AT_ONCE = 512;

export class CorrectedRows {
  readonly correction: LanguageCorrection;
  readonly index: HubAwareIndex;
  readonly #vectors: Float32Array | undefined; // [rows × dimensions]

  /** @param compact int8 only, not scored again in float32 @throws out-of-memory */
  constructor(backend: Backend, correction: LanguageCorrection, rows: number, compact: boolean) {
    this.correction = correction;
    this.index = new HubAwareIndex(backend, correction.dimensions, { capacity: rows, rescore: !compact });
    this.#vectors = compact ? undefined : new Float32Array(rows * correction.dimensions);
  }

  get bytes(): number {
    return this.index.bytes + (this.#vectors?.byteLength ?? 0);
  }

  /** Consecutive rows from `first`, which is there already or comes next. @param corrected [rows × dimensions] */
  put(first: number, corrected: Float32Array): void {
    const { dimensions, hubness } = this.correction;
    this.index.put(first, corrected, itemBias(corrected, dimensions, hubness));
    this.#vectors?.set(corrected, first * dimensions);
  }

  /** @returns [dimensions], a view; undefined where float32 is not kept */
  vector(row: number): Float32Array | undefined {
    const { dimensions } = this.correction;
    return this.#vectors?.subarray(row * dimensions, (row + 1) * dimensions);
  }

  dispose(): void {
    this.index.dispose();
  }
}

/** All rows in blocks, rising. */
export function* blocksOf(count: number): Generator<number[]> {
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    yield Array.from({ length: Math.min(ROWS_AT_ONCE, count - from) }, (_, i) => from + i);
  }
}

/** Rows in runs of consecutive ones, rising. */
export function* runsOf(rows: ReadonlySet<number>): Generator<number[]> {
  let run: number[] = [];
  for (const row of [...rows].sort((a, b) => a - b)) {
    if (run.length > 0 && run.at(-1) !== row - 1) {
      yield run;
      run = [];
    }
    run.push(row);
  }
  if (run.length > 0) yield run;
}
