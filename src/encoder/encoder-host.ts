// What the encoder's worker offers. Types only, structured-cloneable.
import type { ProgressCallback } from '../base/types.ts';
import type { EncoderStatus } from './encoder.ts';
import type { ModelManifest } from './manifest.ts';

export interface HostLoadOptions {
  modelUrl: string;
  manifest: ModelManifest;
  choice: 'auto' | 'webgpu' | 'wasm';
}

export interface EncoderHost {
  load(options: HostLoadOptions, onProgress: ProgressCallback): Promise<{ dimensions: number; fingerprint: string; status: EncoderStatus }>;
  /** @param id names this call for `abort` */
  encode(
    id: number,
    texts: readonly string[],
    onBatch: (rows: readonly number[], vectors: Float32Array) => void | Promise<void>,
    onProgress: ProgressCallback | undefined,
  ): Promise<Float32Array>;
  /** Takes effect before the next batch. */
  abort(id: number): void;
}
