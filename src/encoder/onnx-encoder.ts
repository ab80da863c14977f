// A sentence encoder on ONNX Runtime: token ids in, unit vectors out. Must never return vectors in another order than
// the texts came in, nor go on after a failed run (later runs of that session are not to be trusted).
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { type Batch, type BatchLimits, cutWindows, planBatches } from './batches.ts';
import type { EncodeOptions, Encoder, EncoderStatus } from './encoder.ts';
import type { ModelManifest } from './manifest.ts';
import type { OrtModule } from './runtime.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

type Session = Awaited<ReturnType<OrtModule['InferenceSession']['create']>>;

/** Texts planned together: enough to sort well, few enough that the first of a long list come soon. */
const GROUP = 1024;

export interface OnnxEncoderParts {
  ort: OrtModule;
  session: Session;
  tokenizer: Tokenizer;
  manifest: ModelManifest;
  fingerprint: string;
  limits: BatchLimits;
  status: EncoderStatus;
}

export class OnnxEncoder implements Encoder {
  readonly dimensions: number;
  readonly fingerprint: string;
  status: EncoderStatus;
  readonly #parts: OnnxEncoderParts;
  readonly #prefixLength: number;
  #faulty = false;
  #disposed = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: OnnxEncoderParts) {
    this.#parts = parts;
    this.dimensions = parts.manifest.dimensions;
    this.fingerprint = parts.fingerprint;
    this.status = parts.status;
    this.#prefixLength = parts.tokenizer.encode(parts.manifest.prefix.item.trimEnd()).length;
  }

  async encode(texts: readonly string[], options: EncodeOptions = {}): Promise<Float32Array> {
    const d = this.dimensions;
    const out = new Float32Array(texts.length * d);
    let done = 0;
    options.onProgress?.({ done, total: texts.length, unit: 'texts' });
    for (let start = 0; start < texts.length; start += GROUP) {
      await this.#encodeGroup(texts.slice(start, start + GROUP), options, async (rows, vectors) => {
        rows.forEach((row, i) => {
          out.set(vectors.subarray(i * d, (i + 1) * d), (start + row) * d);
        });
        done += rows.length;
        await options.onBatch?.(rows.map((row) => start + row), vectors);
        options.onProgress?.({ done, total: texts.length, unit: 'texts' });
      });
    }
    return out;
  }

  /** Waits for the run in progress; `encode` fails with `aborted` from now on. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#queue;
    await this.#parts.session.release();
  }

  async #encodeGroup(
    texts: readonly string[],
    options: EncodeOptions,
    finished: (rows: number[], vectors: Float32Array) => Promise<void>,
  ): Promise<void> {
    const { tokenizer, manifest, limits } = this.#parts;
    const d = this.dimensions;
    const windows: Int32Array[] = [];
    const owner: number[] = [];
    const open = new Int32Array(texts.length); // windows of a text still to run
    texts.forEach((text, row) => {
      const ids = tokenizer.encode(manifest.prefix.item + text);
      for (const window of cutWindows(ids, this.#prefixLength, tokenizer.prefixIds, tokenizer.suffixIds, manifest.maxTokens)) {
        windows.push(window);
        owner.push(row);
        open[row] = (open[row] as number) + 1;
      }
    });
    const sums = new Map<number, Float32Array>(); // texts of several windows, until all are there
    for (const batch of planBatches(windows.map((w) => w.length), limits)) {
      throwIfAborted(options.signal, 'Encoding');
      const vectors = await this.#inTurn(() => this.#run(batch, windows));
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
          const weight = (windows[index] as Int32Array).length;
          for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + weight * (vector[j] as number);
        }
        open[row] = (open[row] as number) - 1;
        if (open[row] === 0) {
          rows.push(row);
          ready.push(sum);
          sums.delete(row);
        }
      });
      if (rows.length > 0) await finished(rows, normalizeRows(ready, d));
    }
  }

  /** A session runs one batch at a time: a search waits for the batch in progress, not for the whole catalogue. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    if (this.#disposed) throw new RecommenderError('aborted', 'Encoding was stopped: the encoder is closed.');
    const turn = this.#queue.then(job);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #run(batch: Batch, windows: readonly Int32Array[]): Promise<Float32Array> {
    const { ort, session, tokenizer, manifest } = this.#parts;
    if (this.#faulty) throw this.#fault('an earlier run failed');
    const rows = batch.windows.length;
    const ids = new BigInt64Array(rows * batch.length).fill(BigInt(tokenizer.padId));
    const mask = new BigInt64Array(rows * batch.length);
    batch.windows.forEach((index, row) => {
      const window = windows[index] as Int32Array;
      for (let i = 0; i < window.length; i++) {
        ids[row * batch.length + i] = BigInt(window[i] as number);
        mask[row * batch.length + i] = 1n;
      }
    });
    const shape = [rows, batch.length];
    try {
      const result = await session.run({
        input_ids: new ort.Tensor('int64', ids, shape),
        attention_mask: new ort.Tensor('int64', mask, shape),
      });
      const output = result[manifest.output];
      if (!output || !(output.data instanceof Float32Array) || output.data.length !== rows * this.dimensions) {
        throw new Error(`output "${manifest.output}" is not float32 [${rows} × ${this.dimensions}]`);
      }
      for (const value of output.data) if (!Number.isFinite(value)) throw new Error('the output holds NaN or infinity');
      return output.data;
    } catch (error) {
      this.#faulty = true;
      throw this.#fault(messageOf(error), error);
    }
  }

  #fault(what: string, cause?: unknown): RecommenderError {
    return new RecommenderError(
      'encoder-fault',
      `The encoder stopped (${this.status.rung}): ${what}. It is started again; vectors that are stored stay.`,
      { rung: this.status.rung },
      { cause },
    );
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
