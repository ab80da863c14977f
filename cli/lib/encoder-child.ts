// One process of the encoder pool: loads the model, then turns chunks of texts into vectors, one at a time, until its parent
// disconnects. It ignores Ctrl-C; the parent handles it.
import { messageOf, RecommenderError } from '../../src/base/errors.ts';
import { loadNodeEncoder } from './node-encoder.ts';

export interface EncodeRequest {
  chunk: number;
  texts: string[];
}

export type ChildMessage =
  | { kind: 'ready'; fingerprint: string; dimensions: number }
  | { kind: 'vectors'; chunk: number; vectors: Float32Array }
  /** Without `chunk`: the process could not start. It ends after this message. */
  | { kind: 'failed'; chunk?: number; code: string; message: string };

/** @param modelFolder with manifest.json */
export async function serve(modelFolder: string): Promise<void> {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  process.on('disconnect', () => process.exit());
  const send = (message: ChildMessage) => process.send?.(message);
  const fail = (error: unknown, chunk?: number) => {
    const code = error instanceof RecommenderError ? error.code : 'encoder-failed';
    process.send?.({ kind: 'failed', code, message: messageOf(error), ...(chunk === undefined ? {} : { chunk }) }, () => process.exit(1));
  };
  try {
    const encoder = await loadNodeEncoder(modelFolder);
    process.on('message', ({ chunk, texts }: EncodeRequest) => {
      encoder.encode(texts).then(
        (vectors) => send({ kind: 'vectors', chunk, vectors }),
        (error: unknown) => fail(error, chunk),
      );
    });
    send({ kind: 'ready', fingerprint: encoder.fingerprint, dimensions: encoder.dimensions });
  } catch (error) {
    fail(error);
  }
}
