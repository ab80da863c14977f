// The transformer in a worker of its own, behind the `Encoder` interface, and the calls that the worker answers. Ending the worker ends
// the session and frees its memory.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../base/error-codec.ts';
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { ProgressCallback } from '../base/types.ts';
import type { EncodeOptions, Encoder, EncoderStatus } from './encoder.ts';
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

/** @throws what loadEncoder throws; encoder-failed when the worker's script cannot be loaded */
export async function loadRemoteEncoder(options: HostLoadOptions, onProgress: ProgressCallback): Promise<Encoder> {
  installErrorCodec();
  const worker = new Worker(new URL('./encoder-host.worker.ts', import.meta.url), { type: 'module', name: 'kindred-encoder' });
  let fail: (error: RecommenderError) => void = () => undefined;
  const gone = new Promise<never>((_, reject) => {
    fail = reject;
  });
  gone.catch(() => undefined);
  worker.addEventListener('error', (event) => {
    fail(
      new RecommenderError(
        'encoder-fault',
        `The encoder's worker failed: ${event.message || 'its script could not be loaded'}. It is started again.`,
      ),
    );
  });
  const host = Comlink.wrap<EncoderHost>(worker);
  try {
    const about = await Promise.race([host.load(options, Comlink.proxy(onProgress)), gone]);
    return new RemoteEncoder(worker, host, gone, fail, about);
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

class RemoteEncoder implements Encoder {
  readonly dimensions: number;
  readonly fingerprint: string;
  readonly status: EncoderStatus;
  readonly #worker: Worker;
  readonly #host: Comlink.Remote<EncoderHost>;
  readonly #gone: Promise<never>;
  readonly #end: (error: RecommenderError) => void;
  #calls = 0;

  constructor(
    worker: Worker,
    host: Comlink.Remote<EncoderHost>,
    gone: Promise<never>,
    end: (error: RecommenderError) => void,
    about: { dimensions: number; fingerprint: string; status: EncoderStatus },
  ) {
    this.#worker = worker;
    this.#host = host;
    this.#gone = gone;
    this.#end = end;
    this.dimensions = about.dimensions;
    this.fingerprint = about.fingerprint;
    this.status = about.status;
  }

  async encode(texts: readonly string[], { signal, onBatch, onProgress }: EncodeOptions = {}): Promise<Float32Array> {
    throwIfAborted(signal, 'Encoding');
    const id = ++this.#calls;
    const abort = (): void => void this.#host.abort(id);
    signal?.addEventListener('abort', abort);
    try {
      const batch = Comlink.proxy((rows: readonly number[], vectors: Float32Array) => onBatch?.(rows, vectors));
      const progress = onProgress && Comlink.proxy(onProgress);
      return await Promise.race([this.#host.encode(id, texts, batch, progress), this.#gone]);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Calls under way end with `aborted`, and so do later ones. */
  async dispose(): Promise<void> {
    this.#end(new RecommenderError('aborted', 'The encoder was disposed of.'));
    this.#host[Comlink.releaseProxy]();
    this.#worker.terminate();
  }
}
