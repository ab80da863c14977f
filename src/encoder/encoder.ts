// The interface of all encoders. Types only.
import type { ProgressCallback } from '../base/types.ts';

/** Rungs of the transformer's ladder. */
export type OrtRung = 'webgpu' | 'wasm';
/** `instant`: no session at all, one vector per vocabulary piece. */
type Rung = OrtRung | 'instant';

export interface EncoderStatus {
  /** Name of the model, as in its manifest. */
  model: string;
  rung: Rung;
  /** Why this rung, one sentence in English for the status panel. */
  reason: string;
  /** Lowest cosine with the manifest's check vectors at start. */
  checkCosine: number;
  threads: number;
  /** Description of the adapter, empty on WASM. */
  device: string;
  /** BCP-47 tags the model was trained on. */
  languages: readonly string[];
}

export interface EncodeOptions {
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
  /**
   * Called after each batch with the rows done: `rows[i]` is the position in `texts` of the vector at
   * `vectors.subarray(i * dimensions, (i + 1) * dimensions)`. Awaited, so that a batch is stored before the next runs.
   */
  onBatch?: (rows: readonly number[], vectors: Float32Array) => void | Promise<void>;
}

/** text → unit vector. Results come in the order of the texts, however they are batched. */
export interface Encoder {
  readonly dimensions: number;
  /** Identifies weights, prefix and pooling; vectors of two fingerprints are never mixed. */
  readonly fingerprint: string;
  readonly status: EncoderStatus;
  /**
   * @param texts cleaned texts, any language, any length (over the model's limit: windows averaged by token count)
   * @returns Float32Array [texts × dimensions], unit length
   * @throws aborted between batches; encoder-fault when the session cannot be used any more
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array>;
  dispose(): Promise<void>;
}
