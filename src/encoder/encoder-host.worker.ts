// The worker that the transformer runs in. A batch takes a second on WASM and cannot be interrupted; in a worker of its own it delays no
// click. Only RemoteEncoder calls it.
import * as Comlink from 'comlink';
import { installErrorCodec } from '../base/error-codec.ts';
import { keepRequestLog } from '../base/request-log.ts';
import { openModelCache } from './assets.ts';
import type { Encoder } from './encoder.ts';
import { loadEncoder } from './load-encoder.ts';
import type { EncoderHost } from './remote-encoder.ts';

keepRequestLog('encoder');
installErrorCodec();

let encoder: Encoder | undefined;
const running = new Map<number, AbortController>();

const host: EncoderHost = {
  load: async (options, onProgress) => {
    encoder = await loadEncoder({ ...options, cache: await openModelCache(), onProgress });
    const { dimensions, fingerprint, status } = encoder;
    return { dimensions, fingerprint, status };
  },
  encode: async (id, texts, onBatch, onProgress) => {
    if (!encoder) throw new Error('load() comes first');
    const abort = new AbortController();
    running.set(id, abort);
    try {
      return await encoder.encode(texts, { signal: abort.signal, onBatch, ...(onProgress ? { onProgress } : {}) });
    } finally {
      running.delete(id);
    }
  },
  abort: (id) => running.get(id)?.abort(),
};

Comlink.expose(host);
