// Texts to vectors for every command. The cache gives the vectors that it has; the encoder makes the others, and the cache keeps them.
import { availableParallelism } from 'node:os';
import { throwIfAborted } from '../../src/base/errors.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { contentKey } from '../../src/catalogue/text.ts';
import { fingerprintOf } from '../../src/encoder/manifest.ts';
import { encodeWithPool } from './encoder-pool.ts';
import { readModelManifest } from './node-encoder.ts';
import { DEFAULT_CACHE, defaultModelFolder } from './paths.ts';
import type { ProgressReport } from './progress-line.ts';
import { openVectorCache, type VectorCache } from './vector-cache.ts';

export interface EmbedOptions {
  /** Folder of the model; default the one that comes with the package. */
  model?: string | undefined;
  /** Default `.cache/vectors` in the current folder. */
  cacheFolder?: string | undefined;
  /** Child processes that encode. Default: one a core. Each takes about 600 MB. */
  processes?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ProgressReport) => void) | undefined;
  nowMs?: () => number;
}

export interface Embedded {
  /** Has the vector of each of `keys`. The caller closes it. */
  cache: VectorCache;
  /** One a text, 64 hex digits; equal texts have equal keys. */
  keys: string[];
  fingerprint: string;
  dimensions: number;
  /** Different texts that the cache had, and those that were encoded now. */
  fromCache: number;
  encoded: number;
}

/**
 * Encodes the texts that the cache lacks and leaves all vectors in the cache: for more texts than memory can hold. After an abort, the
 * vectors encoded so far are kept.
 * @throws aborted; asset-*, bad-manifest, encoder-* of the model
 */
export async function embedIntoCache(texts: readonly string[], options: EmbedOptions = {}): Promise<Embedded> {
  const { signal, onProgress, nowMs = Date.now } = options;
  const model = options.model ?? defaultModelFolder();
  const manifest = await readModelManifest(model);
  const { dimensions } = manifest;
  const fingerprint = fingerprintOf(manifest);
  const cache = await openVectorCache(options.cacheFolder ?? DEFAULT_CACHE, { fingerprint, dimensions }, { signal });
  try {
    const keys: string[] = [];
    for (const text of texts) {
      if (keys.length % 1024 === 0) throwIfAborted(signal, 'Encoding');
      keys.push(await contentKey(text));
    }
    const different = new Map(keys.map((key, i) => [key, i]));
    const missing = [...different].filter(([key]) => !cache.has(key));
    await encodeWithPool(
      missing.map(([, i]) => cleanText(texts[i] ?? '')),
      {
        modelFolder: model,
        fingerprint,
        dimensions,
        processes: options.processes ?? availableParallelism(),
        signal,
        onProgress,
        nowMs,
        onVectors: (rows, vectors) =>
          cache.append(
            rows.map((row) => missing[row]?.[0] ?? ''),
            vectors,
          ),
      },
    );
    return { cache, keys, fingerprint, dimensions, fromCache: different.size - missing.length, encoded: missing.length };
  } catch (error) {
    await cache.close();
    throw error;
  }
}

/**
 * @param texts any language, any length; cleaned here
 * @returns vectors [texts × dimensions], raw and of unit length, in the order of the texts
 * @throws as `embedIntoCache`
 */
export async function embedTexts(
  texts: readonly string[],
  options: EmbedOptions = {},
): Promise<{ vectors: Float32Array; fingerprint: string; dimensions: number; fromCache: number; encoded: number }> {
  const { cache, keys, ...facts } = await embedIntoCache(texts, options);
  try {
    return { vectors: await cache.read(keys), ...facts };
  } finally {
    await cache.close();
  }
}
