// Runs many texts through a session in batches of similar length, so that little padding is computed. Gives one order of results,
// progress, and a stop between batches. Shared by all transformer encoders.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { EncodeOptions } from './encoder.ts';

export interface Batch {
  /** Positions in the list of windows. */
  windows: number[];
  /** Tokens every row is padded to. */
  length: number;
}

export interface BatchLimits {
  /** Padded tokens of a batch at most; a single window may exceed it. */
  tokenBudget: number;
  maxRows: number;
}

/** Length that a row is padded to. There are few, because WebGPU compiles per shape; they are close where most texts are. */
export function bucketLength(tokens: number): number {
  if (tokens <= 64) return Math.max(8, Math.ceil(tokens / 8) * 8);
  if (tokens <= 160) return Math.ceil(tokens / 16) * 16;
  return Math.ceil(tokens / 32) * 32;
}

/**
 * Cuts a text's ids into windows of at most `maxTokens` with the special and the prefix tokens in each.
 * @param ids tokens of prefix and text together, without special tokens
 * @param prefixLength how many of `ids` are the model's prefix, repeated at the head of every window
 * @throws bad-manifest when special tokens and prefix fill the window
 */
export function cutWindows(
  ids: Int32Array,
  prefixLength: number,
  before: readonly number[],
  after: readonly number[],
  maxTokens: number,
): Int32Array[] {
  const room = maxTokens - before.length - after.length;
  if (ids.length <= room) return [Int32Array.of(...before, ...ids, ...after)];
  const prefix = ids.subarray(0, prefixLength);
  const step = room - prefix.length;
  if (step < 1) {
    throw new RecommenderError(
      'bad-manifest',
      `The prefix takes ${prefix.length} of the model's ${maxTokens} tokens and leaves none for the text. Shorten "prefix" or raise "maxTokens".`,
    );
  }
  const windows: Int32Array[] = [];
  for (let start = prefix.length; start < ids.length; start += step) {
    windows.push(Int32Array.of(...before, ...prefix, ...ids.subarray(start, start + step), ...after));
  }
  return windows;
}

/** Batches of windows sorted by length, shortest first. Every window is in exactly one batch. */
export function planBatches(lengths: readonly number[], limits: BatchLimits): Batch[] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b);
  const batches: Batch[] = [];
  let current: Batch = { windows: [], length: 0 };
  for (const index of order) {
    const length = bucketLength(lengths[index] as number);
    const rows = current.windows.length + 1;
    if (current.windows.length > 0 && (rows > limits.maxRows || rows * length > limits.tokenBudget)) {
      batches.push(current);
      current = { windows: [], length: 0 };
    }
    current.windows.push(index);
    current.length = length;
  }
  if (current.windows.length > 0) batches.push(current);
  return batches;
}

/** Texts that are sorted together: enough for little padding, few enough that a long list soon gives first results. */
const GROUP = 1024;

/** @template W a window: the part of a text that the session takes at once */
export interface BatchedSession<W> {
  dimensions: number;
  limits: BatchLimits;
  /** At least one window. */
  cut(text: string): readonly W[];
  tokensOf(window: W): number;
  /** @returns Float32Array [batch.windows × dimensions] */
  run(batch: Batch, windows: readonly W[]): Promise<Float32Array>;
}

/** `Encoder.encode` over a session; texts of several windows are averaged by token count. */
export async function encodeBatched<W>(session: BatchedSession<W>, texts: readonly string[], options: EncodeOptions = {}): Promise<Float32Array> {
  const d = session.dimensions;
  const out = new Float32Array(texts.length * d);
  let done = 0;
  options.onProgress?.({ done, total: texts.length, unit: 'texts' });
  for (let start = 0; start < texts.length; start += GROUP) {
    await encodeGroup(session, texts.slice(start, start + GROUP), options.signal, async (rows, vectors) => {
      rows.forEach((row, i) => {
        out.set(vectors.subarray(i * d, (i + 1) * d), (start + row) * d);
      });
      done += rows.length;
      await options.onBatch?.(
        rows.map((row) => start + row),
        vectors,
      );
      options.onProgress?.({ done, total: texts.length, unit: 'texts' });
    });
  }
  return out;
}

async function encodeGroup<W>(
  session: BatchedSession<W>,
  texts: readonly string[],
  signal: AbortSignal | undefined,
  onRows: (rows: number[], vectors: Float32Array) => Promise<void>,
): Promise<void> {
  const d = session.dimensions;
  const windows: W[] = [];
  const owner: number[] = [];
  const windowsLeft = new Int32Array(texts.length); // of each text
  texts.forEach((text, row) => {
    for (const window of session.cut(text)) {
      windows.push(window);
      owner.push(row);
      windowsLeft[row] = (windowsLeft[row] as number) + 1;
    }
  });
  const lengths = windows.map((window) => session.tokensOf(window));
  const sums = new Map<number, Float32Array>(); // texts of several windows, until all are there
  for (const batch of planBatches(lengths, session.limits)) {
    throwIfAborted(signal, 'Encoding');
    const vectors = await session.run(batch, windows);
    const rows: number[] = [];
    const ready: Float32Array[] = [];
    batch.windows.forEach((index, i) => {
      const row = owner[index] as number;
      const vector = vectors.subarray(i * d, (i + 1) * d);
      const whole = owner[index - 1] !== row && owner[index + 1] !== row;
      let sum = vector;
      if (!whole) {
        sum = sums.get(row) ?? new Float32Array(d);
        sums.set(row, sum);
        const weight = lengths[index] as number;
        for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + weight * (vector[j] as number);
      }
      windowsLeft[row] = (windowsLeft[row] as number) - 1;
      if (windowsLeft[row] === 0) {
        rows.push(row);
        ready.push(sum);
        sums.delete(row);
      }
    });
    if (rows.length > 0) await onRows(rows, normalizeRows(ready, d));
  }
}

/**
 * Runs one job at a time, and none after a failed one: a session takes a single batch, and results after a failed run cannot be
 * trusted. A search during the encoding of a catalogue waits for one batch, not for the catalogue.
 */
export class RunQueue {
  #last: Promise<unknown> = Promise.resolve();
  #faulty = false;
  #closed = false;
  readonly #fault: (cause: unknown) => RecommenderError;

  /** @param fault makes the error of a failed run */
  constructor(fault: (cause: unknown) => RecommenderError) {
    this.#fault = fault;
  }

  /** @throws encoder-fault when this run or an earlier one failed; aborted when the queue is closed */
  run(job: () => Promise<Float32Array>): Promise<Float32Array> {
    if (this.#closed) throw new RecommenderError('aborted', 'Encoding was stopped: the encoder is closed.');
    const turn = this.#last.then(() => this.#guarded(job));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Waits for the runs that were asked for, then releases the session, once. */
  async close(release: () => Promise<void>): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    await release();
  }

  async #guarded(job: () => Promise<Float32Array>): Promise<Float32Array> {
    if (this.#faulty) throw this.#fault(new Error('an earlier run failed'));
    try {
      const output = await job();
      for (const value of output) if (!Number.isFinite(value)) throw new Error('the output holds NaN or infinity');
      return output;
    } catch (error) {
      this.#faulty = true;
      throw this.#fault(error);
    }
  }
}

function normalizeRows(rows: readonly Float32Array[], d: number): Float32Array {
  const out = new Float32Array(rows.length * d);
  rows.forEach((row, i) => {
    let square = 0;
    for (const value of row) square += value * value;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let j = 0; j < d; j++) out[i * d + j] = (row[j] as number) * scale;
  });
  return out;
}
