// Vectors in the database: many small appends, few large chunks, and a manifest that changes in the same transaction
// as the chunks it lists. Several tabs may do all of this at once; no transaction trusts what an earlier one read.
import { keysToHex } from '../base/bytes.ts';
import { RecommenderError } from '../base/errors.ts';
import { checkBatch, checkDimensions, checkSameSize } from './checks.ts';
import { bytesPerRow, encodeRows, gatherRows, isIntact, pickWanted, type RowPick, sealChunk, splitPicks } from './chunk-codec.ts';
import type { Connection } from './connection.ts';
import { parseChunk, parseManifest, type VectorChunk, type VectorManifest } from './schema.ts';
import type { VectorBatch, VectorLoad } from './store.ts';
import { entryOf, matchesEntry, type Replacement, replaceEntries, runToMerge } from './vector-manifest.ts';

export interface VectorOptions {
  /** Size that merged chunks approach. */
  chunkBytes: number;
  /** Small chunks in a row that are merged. */
  mergeAfter: number;
}

interface NumberedChunk {
  id: number;
  chunk: VectorChunk;
}
interface Verified {
  /** Undefined when the encoder has no vectors, or its manifest cannot be read. */
  manifest: VectorManifest | undefined;
  /** In the order of the manifest. */
  intact: NumberedChunk[];
  damagedIds: number[];
}

const STORES: ('vectorChunks' | 'vectorManifests')[] = ['vectorChunks', 'vectorManifests'];
const PRUNE_ATTEMPTS = 5;

export class VectorChunks {
  readonly #connection: Connection;
  readonly #options: VectorOptions;
  /** Appends run one after the other, so that the later of two unawaited calls is the later in the list. */
  #lastAppend: Promise<unknown> = Promise.resolve();
  /** Merging needs room for both copies; after a refusal there is no more merging until the store is opened again. */
  #mergingStopped = false;

  constructor(connection: Connection, options: VectorOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async append(fingerprint: string, dimensions: number, batch: VectorBatch): Promise<void> {
    checkBatch(dimensions, batch);
    if (batch.keys.length === 0) return;
    const { chunkBytes } = this.#options;
    // Packed before the first await: the caller may reuse its buffers.
    const rows = encodeRows(batch, dimensions);
    const picks = batch.keys.map((_, row) => ({ from: rows, row }));
    const pieces = splitPicks(picks, bytesPerRow(dimensions), chunkBytes);
    const parts = pieces.length === 1 ? [rows] : pieces.map((piece) => gatherRows(piece, dimensions));

    const append = this.#lastAppend.then(async () => {
      const chunks = await Promise.all(parts.map((part) => sealChunk(fingerprint, part)));
      await this.#add(fingerprint, dimensions, chunks);
      await this.#mergeSmall(fingerprint);
    });
    this.#lastAppend = append.catch(() => {});
    await append;
  }

  async load(fingerprint: string, dimensions: number, wanted: ReadonlySet<string>): Promise<VectorLoad> {
    checkDimensions(dimensions);
    const { manifest, intact, damagedIds } = await this.#readVerified(fingerprint);
    if (damagedIds.length > 0) await this.#drop(fingerprint, damagedIds);
    if (manifest && intact.length > 0) checkSameSize(fingerprint, manifest.dimensions, dimensions);
    const packed = pickWanted(
      intact.map(({ chunk }) => chunk),
      dimensions,
      wanted,
    );
    return { ...packed, damagedChunks: damagedIds.length };
  }

  async prune(fingerprint: string, keep: ReadonlySet<string>, others: boolean): Promise<void> {
    await this.waitForAppends();
    const fingerprints = others ? await this.#fingerprints() : [fingerprint];
    for (const each of fingerprints) await this.#pruneOne(each, keep);
  }

  /** Totals over the lists of all encoders; a key that two chunks hold counts twice. */
  async usage(): Promise<{ count: number; bytes: number }> {
    const manifests = await this.#connection.read('measuring vectors', STORES, (transaction) => transaction.objectStore('vectorManifests').getAll());
    const entries = manifests.flatMap((value) => parseManifest(value)?.chunks ?? []);
    return { count: entries.reduce((sum, { count }) => sum + count, 0), bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** Resolves when every append called so far has ended, well or not. */
  async waitForAppends(): Promise<void> {
    await this.#lastAppend;
  }

  async #add(fingerprint: string, dimensions: number, chunks: readonly VectorChunk[]): Promise<void> {
    await this.#connection.write('storing vectors', STORES, async (transaction) => {
      const manifests = transaction.objectStore('vectorManifests');
      const store = transaction.objectStore('vectorChunks');
      const stored = parseManifest(await manifests.get(fingerprint));
      if (stored) checkSameSize(fingerprint, stored.dimensions, dimensions);
      const ids = await putAll(store, chunks);
      const added = chunks.map((chunk, i) => entryOf(ids[i] ?? -1, chunk));
      await manifests.put({ fingerprint, dimensions, chunks: [...(stored?.chunks ?? []), ...added] });
    });
  }

  /** The append is stored already, so it does not fail when there is no room for merging. */
  async #mergeSmall(fingerprint: string): Promise<void> {
    if (this.#mergingStopped) return;
    try {
      await this.#merge(fingerprint);
    } catch (error) {
      if (!(error instanceof RecommenderError && error.code === 'storage-quota')) throw error;
      this.#mergingStopped = true;
    }
  }

  async #merge(fingerprint: string): Promise<void> {
    const { chunkBytes, mergeAfter } = this.#options;
    const found = await this.#connection.read('reading vectors to merge', STORES, async (transaction) => {
      const manifest = parseManifest(await transaction.objectStore('vectorManifests').get(fingerprint));
      const run = manifest && runToMerge(manifest, chunkBytes, mergeAfter);
      if (!run) return undefined;
      const store = transaction.objectStore('vectorChunks');
      return { manifest, run, values: await Promise.all(run.map(({ id }) => store.get(id))) };
    });
    if (!found) return;

    const picks = new Map<string, RowPick>();
    const damagedIds: number[] = [];
    for (const [i, entry] of found.run.entries()) {
      const chunk = parseChunk(found.values[i]);
      // A damaged chunk must not be given a new checksum.
      if (!chunk || !matchesEntry(entry, found.manifest, chunk) || !(await isIntact(chunk))) damagedIds.push(entry.id);
      else for (const [row, key] of keysToHex(chunk.keys).entries()) picks.set(key, { from: chunk, row });
    }
    if (damagedIds.length > 0) return this.#drop(fingerprint, damagedIds);

    const { dimensions } = found.manifest;
    const pieces = splitPicks([...picks.values()], bytesPerRow(dimensions), chunkBytes);
    const added = await Promise.all(pieces.map((piece) => sealChunk(fingerprint, gatherRows(piece, dimensions))));
    // False when another tab has merged the same chunks: then there is nothing left to do.
    await this.#replace(fingerprint, [{ removedIds: found.run.map(({ id }) => id), added }]);
  }

  async #pruneOne(fingerprint: string, keep: ReadonlySet<string>): Promise<void> {
    for (let attempt = 0; attempt < PRUNE_ATTEMPTS; attempt++) {
      const { intact, damagedIds } = await this.#readVerified(fingerprint);
      if (damagedIds.length > 0) await this.#drop(fingerprint, damagedIds);
      const replacements: Replacement[] = [];
      for (const { id, chunk } of intact) {
        const picks = keysToHex(chunk.keys).flatMap((key, row) => (keep.has(key) ? [{ from: chunk, row }] : []));
        if (picks.length === chunk.count) continue;
        const added = picks.length > 0 ? [await sealChunk(fingerprint, gatherRows(picks, chunk.dimensions))] : [];
        replacements.push({ removedIds: [id], added });
      }
      if (await this.#replace(fingerprint, replacements)) return;
    }
    throw new RecommenderError('storage-blocked', 'Another tab kept changing the stored vectors, so they were not pruned. Try again.');
  }

  /** @returns false, with nothing changed, when one of the old chunks is no longer listed */
  async #replace(fingerprint: string, replacements: readonly Replacement[]): Promise<boolean> {
    if (replacements.length === 0) return true;
    return this.#connection.write('rewriting vectors', STORES, async (transaction) => {
      const manifests = transaction.objectStore('vectorManifests');
      const store = transaction.objectStore('vectorChunks');
      const manifest = parseManifest(await manifests.get(fingerprint));
      const listed = new Set(manifest?.chunks.map(({ id }) => id));
      if (!manifest || !replacements.every(({ removedIds }) => removedIds.every((id) => listed.has(id)))) return false;

      let chunks = manifest.chunks;
      for (const { removedIds, added } of replacements) {
        await Promise.all(removedIds.map((id) => store.delete(id)));
        const ids = await putAll(store, added);
        chunks = replaceEntries(
          chunks,
          removedIds,
          added.map((chunk, i) => entryOf(ids[i] ?? -1, chunk)),
        );
      }
      await (chunks.length > 0 ? manifests.put({ ...manifest, chunks }) : manifests.delete(fingerprint));
      return true;
    });
  }

  /** Takes damaged chunks out of the database and out of the list, where they are in it. */
  async #drop(fingerprint: string, ids: readonly number[]): Promise<void> {
    await this.#connection.write('dropping damaged vectors', STORES, async (transaction) => {
      const manifests = transaction.objectStore('vectorManifests');
      const store = transaction.objectStore('vectorChunks');
      const manifest = parseManifest(await manifests.get(fingerprint));
      const chunks = manifest?.chunks.filter(({ id }) => !ids.includes(id)) ?? [];
      await Promise.all(ids.map((id) => store.delete(id)));
      await (manifest && chunks.length > 0 ? manifests.put({ ...manifest, chunks }) : manifests.delete(fingerprint));
    });
  }

  /** One consistent snapshot of an encoder's chunks, then each checked against its list entry and its checksum. */
  async #readVerified(fingerprint: string): Promise<Verified> {
    const snapshot = await this.#connection.read('reading vectors', STORES, async (transaction) => {
      const index = transaction.objectStore('vectorChunks').index('byFingerprint');
      const [manifest, ids, values] = await Promise.all([
        transaction.objectStore('vectorManifests').get(fingerprint),
        index.getAllKeys(fingerprint),
        index.getAll(fingerprint),
      ]);
      return { manifest: parseManifest(manifest), ids, values };
    });
    const { manifest } = snapshot;
    const byId = new Map(snapshot.ids.map((id, i) => [id, snapshot.values[i]]));
    const intact: NumberedChunk[] = [];
    const damagedIds: number[] = [];
    for (const entry of manifest?.chunks ?? []) {
      const chunk = parseChunk(byId.get(entry.id));
      byId.delete(entry.id);
      if (manifest && chunk && matchesEntry(entry, manifest, chunk) && (await isIntact(chunk))) intact.push({ id: entry.id, chunk });
      else damagedIds.push(entry.id);
    }
    // What is left is listed nowhere.
    damagedIds.push(...byId.keys());
    return { manifest, intact, damagedIds };
  }

  async #fingerprints(): Promise<Set<string>> {
    return this.#connection.read('listing encoders', STORES, async (transaction) => {
      const found = new Set(await transaction.objectStore('vectorManifests').getAllKeys());
      const index = transaction.objectStore('vectorChunks').index('byFingerprint');
      // One stop an encoder, without reading any chunk.
      let cursor = await index.openKeyCursor(null, 'nextunique');
      while (cursor) {
        found.add(cursor.key);
        cursor = await cursor.continue();
      }
      return found;
    });
  }
}

/** Stores all chunks. async, so that a put that throws at once rejects like the others and leaves none of them unwatched. */
function putAll(store: { put(chunk: VectorChunk): Promise<number> }, chunks: readonly VectorChunk[]): Promise<number[]> {
  return Promise.all(chunks.map(async (chunk) => store.put(chunk)));
}
