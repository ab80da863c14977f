// A sentence encoder on ONNX Runtime: token ids in, unit vectors out. Must never return vectors in another order than
// the texts came in, nor go on after a failed run (later runs of that session are not to be trusted).
import { messageOf, RecommenderError } from '../base/errors.ts';
import { type Batch, type BatchedSession, type BatchLimits, cutWindows, encodeBatched, RunQueue } from './batches.ts';
import type { EncodeOptions, Encoder, EncoderStatus } from './encoder.ts';
import type { ModelManifest } from './manifest.ts';
import type { OrtModule } from './runtime.ts';
import type { Tokenizer } from './tokenizer/tokenizer.ts';

type Session = Awaited<ReturnType<OrtModule['InferenceSession']['create']>>;

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
  readonly #queue: RunQueue;
  readonly #session: BatchedSession<Int32Array>;

  constructor(parts: OnnxEncoderParts) {
    const { manifest, tokenizer } = parts;
    this.#parts = parts;
    this.dimensions = manifest.dimensions;
    this.fingerprint = parts.fingerprint;
    this.status = parts.status;
    this.#queue = new RunQueue((cause) => encoderFault(this.status.rung, cause));
    const prefixLength = tokenizer.encode(manifest.prefix.item.trimEnd()).length;
    this.#session = {
      dimensions: manifest.dimensions,
      limits: parts.limits,
      cut: (text) =>
        cutWindows(tokenizer.encode(manifest.prefix.item + text), prefixLength, tokenizer.prefixIds, tokenizer.suffixIds, manifest.maxTokens),
      tokensOf: (ids) => ids.length,
      run: (batch, windows) => this.#queue.run(() => this.#run(batch, windows)),
    };
  }

  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array> {
    return encodeBatched(this.#session, texts, options);
  }

  /** Waits for the run in progress; `encode` fails with `aborted` from now on. */
  dispose(): Promise<void> {
    return this.#queue.close(() => this.#parts.session.release());
  }

  async #run(batch: Batch, windows: readonly Int32Array[]): Promise<Float32Array> {
    const { ort, session, tokenizer, manifest } = this.#parts;
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
    const result = await session.run({
      input_ids: new ort.Tensor('int64', ids, shape),
      attention_mask: new ort.Tensor('int64', mask, shape),
    });
    const output = result[manifest.output];
    if (!output || !(output.data instanceof Float32Array) || output.data.length !== rows * this.dimensions) {
      throw new Error(`output "${manifest.output}" is not float32 [${rows} × ${this.dimensions}]`);
    }
    return output.data;
  }
}

/** @returns the error after which the worker is replaced */
export function encoderFault(rung: string, cause: unknown): RecommenderError {
  return new RecommenderError(
    'encoder-fault',
    `The encoder stopped (${rung}): ${messageOf(cause)}. It is started again; vectors that are stored stay.`,
    { rung },
    { cause },
  );
}
