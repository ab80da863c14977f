// The quick encoder: token ids → sum of table rows → unit vector. No session, no GPU; a text is microseconds. Its vectors
// are in the space of the adapter's first columns and, like the transformer's there, still hold their language's mean.

import { throwIfAborted } from '../../base/errors.ts';
import { createPacer } from '../../base/pacer.ts';
import type { EncodeOptions, Encoder, EncoderStatus } from '../encoder.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { PieceTable } from './table.ts';

/** Texts per call of `onBatch`. */
const BATCH = 512;
/** Longest stretch without a turn of the event loop, so that clicks get through. */
const SLICE_MS = 20;

export interface InstantStatus extends Omit<EncoderStatus, 'rung'> {
  rung: 'instant';
}

interface InstantParts {
  table: PieceTable;
  tokenizer: Tokenizer;
  fingerprint: string;
  status: InstantStatus;
  nowMs?: () => number;
}

export class InstantEncoder implements Omit<Encoder, 'status'> {
  readonly dimensions: number;
  readonly fingerprint: string;
  status: InstantStatus;
  readonly #table: PieceTable;
  readonly #tokenizer: Tokenizer;
  readonly #nowMs: () => number;
  readonly #sum: Float64Array; // [dimensions], scratch

  constructor({ table, tokenizer, fingerprint, status, nowMs = () => performance.now() }: InstantParts) {
    this.dimensions = table.dimensions;
    this.fingerprint = fingerprint;
    this.status = status;
    this.#table = table;
    this.#tokenizer = tokenizer;
    this.#nowMs = nowMs;
    this.#sum = new Float64Array(table.dimensions);
  }

  /**
   * @param texts cleaned texts of any language and length; a text without pieces (the empty one) gives a zero row
   * @returns [texts × dimensions], unit length
   * @throws aborted, looked at about every 20 ms
   */
  async encode(texts: readonly string[], options: EncodeOptions = {}): Promise<Float32Array> {
    const d = this.dimensions;
    const total = texts.length;
    const out = new Float32Array(total * d);
    options.onProgress?.({ done: 0, total, unit: 'texts' });
    throwIfAborted(options.signal, 'Encoding');
    const pace = createPacer({ signal: options.signal, what: 'Encoding', clock: this.#nowMs, sliceMs: SLICE_MS });
    for (let start = 0; start < total; start += BATCH) {
      const end = Math.min(total, start + BATCH);
      for (let row = start; row < end; row++) {
        this.#sumOf(this.#tokenizer.encode(texts[row] as string), out, row * d);
        const pause = pace();
        if (pause) await pause;
      }
      if (options.onBatch) {
        await options.onBatch(
          Array.from({ length: end - start }, (_, i) => start + i),
          out.slice(start * d, end * d),
        );
        throwIfAborted(options.signal, 'Encoding');
      }
      options.onProgress?.({ done: end, total, unit: 'texts' });
    }
    return out;
  }

  /**
   * One text at once, for search as you type.
   * @returns [dimensions], unit length, or zero for a text without pieces
   */
  encodeNow(text: string): Float32Array {
    return this.encodeIds(this.#tokenizer.encode(text));
  }

  /**
   * @param ids pieces of one text, without special tokens
   * @returns [dimensions], unit length, or zero when there are none
   * @throws bad-argument when an id is not in the table
   */
  encodeIds(ids: Int32Array): Float32Array {
    const out = new Float32Array(this.dimensions);
    this.#sumOf(ids, out, 0);
    return out;
  }

  async dispose(): Promise<void> {
    // Holds nothing but ordinary memory.
  }

  /** out[at … at + dimensions] = unit(Σ rows of ids) */
  #sumOf(ids: Int32Array, out: Float32Array, at: number): void {
    const sum = this.#sum;
    const d = this.dimensions;
    this.#table.sumRows(ids, sum);
    let square = 0;
    for (let j = 0; j < d; j++) square += (sum[j] as number) * (sum[j] as number);
    if (square === 0) return;
    const scale = 1 / Math.sqrt(square);
    for (let j = 0; j < d; j++) out[at + j] = (sum[j] as number) * scale;
  }
}
