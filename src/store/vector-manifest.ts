// The list of chunks of one encoder, as pure functions: what to merge, and how the list changes.
import type { ManifestEntry, VectorChunk, VectorManifest } from './schema.ts';

/** Takes the place of the chunks `removedIds`, which stand next to each other in the list. */
export interface Replacement {
  removedIds: readonly number[];
  added: readonly VectorChunk[];
}

/** The entry of the list for a chunk stored under `id`. */
export function entryOf(id: number, chunk: VectorChunk): ManifestEntry {
  const bytes = chunk.keys.byteLength + chunk.data.byteLength;
  return { id, format: chunk.format, count: chunk.count, bytes, checksum: chunk.checksum };
}

/** Whether a stored chunk is the one that the entry describes. */
export function matchesEntry(entry: ManifestEntry, manifest: VectorManifest, chunk: VectorChunk): boolean {
  return (
    entry.checksum === chunk.checksum &&
    entry.count === chunk.count &&
    manifest.dimensions === chunk.dimensions &&
    manifest.fingerprint === chunk.fingerprint
  );
}

/**
 * Neighbours worth merging: at least `mergeAfter` chunks in a row, each under half of `chunkBytes`.
 * Only neighbours, because the order of the list says which of two rows with the same key is the later one.
 */
export function runToMerge(manifest: VectorManifest, chunkBytes: number, mergeAfter: number): ManifestEntry[] | undefined {
  let run: ManifestEntry[] = [];
  for (const entry of manifest.chunks) {
    if (entry.bytes < chunkBytes / 2) run.push(entry);
    else if (run.length >= mergeAfter) return run;
    else run = [];
  }
  return run.length >= mergeAfter ? run : undefined;
}

/** The list with `removedIds` taken out and `added` in the place of the first of them. */
export function replaceEntries(chunks: readonly ManifestEntry[], removedIds: readonly number[], added: readonly ManifestEntry[]): ManifestEntry[] {
  const gone = new Set(removedIds);
  return chunks.flatMap((entry) => {
    if (entry.id === removedIds[0]) return [...added];
    return gone.has(entry.id) ? [] : [entry];
  });
}
