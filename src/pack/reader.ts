// Reads a pack chunk by chunk through a function that fetches a file. A missing or damaged chunk is reported in its place and does not
// stop the others. No chunk is kept once the next is asked for.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { badFile, type PackChunk, readChunk, requireIntact } from './chunk.ts';
import { type LanguageSums, restoreLanguageSums } from './languages.ts';
import { type ChunkEntry, MANIFEST_FILE, type PackManifest, readPackManifest } from './manifest.ts';

/** @param file name inside the pack's folder. May throw; the reader passes on errors with a code and wraps the others. */
export type FetchBytes = (file: string, signal?: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;

export type ChunkResult = { entry: ChunkEntry; index: number } & ({ chunk: PackChunk } | { error: RecommenderError });

export interface PackReader {
  readonly manifest: PackManifest;
  /**
   * Chunks in order, each fetched when asked for. A chunk that cannot be had comes as `error` (bad-pack or what `fetchBytes`
   * threw).
   * @param wanted positions in `manifest.chunks`, see `chunkIndexOf`; default all
   * @throws aborted
   */
  chunks(options?: { signal?: AbortSignal; wanted?: ReadonlySet<number> }): AsyncGenerator<ChunkResult, void, undefined>;
  /** Language → mean raw vector and items. @throws bad-pack; what `fetchBytes` threw */
  languages(signal?: AbortSignal): Promise<Map<string, { mean: Float32Array; count: number }>>;
  /** Exact sums, which only shards have. @throws bad-pack also when they are not there */
  sums(signal?: AbortSignal): Promise<LanguageSums>;
}

/** @throws bad-pack when the manifest is not one; what `fetchBytes` threw for it */
export async function openPack(fetchBytes: FetchBytes, signal?: AbortSignal): Promise<PackReader> {
  return readerOf(readPackManifest(new TextDecoder().decode(await fetchBytes(MANIFEST_FILE, signal))), fetchBytes);
}

/** A reader for a manifest that was read before. */
export function readerOf(manifest: PackManifest, fetchBytes: FetchBytes): PackReader {
  const { dimensions, languages } = manifest;

  async function* chunks(options: { signal?: AbortSignal; wanted?: ReadonlySet<number> } = {}): AsyncGenerator<ChunkResult, void, undefined> {
    for (const [index, entry] of manifest.chunks.entries()) {
      if (options.wanted && !options.wanted.has(index)) continue;
      let result: ChunkResult;
      try {
        result = { entry, index, chunk: await readChunk(await fetchBytes(entry.file, options.signal), entry, dimensions) };
      } catch (error) {
        if (options.signal?.aborted) throw stopped(error);
        result = { entry, index, error: error instanceof RecommenderError ? error : badFile(entry, messageOf(error)) };
      }
      yield result;
    }
  }

  return {
    manifest,
    chunks,
    languages: async (stop) => {
      const bytes = await fetchBytes(languages.file, stop);
      await requireIntact(bytes, languages);
      const means = new Float32Array(bytes.slice().buffer);
      const entries = Object.entries(languages.counts);
      return new Map(entries.map(([tag, count], i) => [tag, { count, mean: means.subarray(i * dimensions, (i + 1) * dimensions) }]));
    },
    sums: async (stop) => {
      if (!languages.sums) throw badFile({ ...languages, file: MANIFEST_FILE }, 'it names no exact sums, which only a shard has');
      const bytes = await fetchBytes(languages.sums.file, stop);
      await requireIntact(bytes, languages.sums);
      return restoreLanguageSums(dimensions, languages.counts, new Float64Array(bytes.slice().buffer));
    },
  };
}

function stopped(cause: unknown): RecommenderError {
  if (cause instanceof RecommenderError && cause.code === 'aborted') return cause;
  return new RecommenderError('aborted', 'Reading the pack was stopped on request.', {}, { cause });
}
