// The Store for browsers without IndexedDB: it behaves the same, but its data are lost when the page closes.
// Values are copied in and out, as a database would, so that no caller can change what is stored.
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { checkBatch, checkCatalogue, checkDimensions, checkEvent, checkHeadChange, checkSameSize } from './checks.ts';
import type { HeadChange, Store, StoredCatalogue, StoredCorrection, StoredHead, StoredHeads, StoreStatus, VectorBatch, VectorLoad } from './store.ts';
import { disposedError, toStoreError } from './store-errors.ts';

interface EncoderVectors {
  dimensions: number;
  rows: Map<string, Float32Array>;
}

export class MemoryStore implements Store {
  readonly #reason: string;
  readonly #catalogues = new Map<string, { catalogue: StoredCatalogue; items: Item[] }>();
  readonly #vectors = new Map<string, EncoderVectors>();
  readonly #events = new Map<string, Map<ItemId, FeedbackEvent>>();
  readonly #heads = new Map<string, { heads: Map<string, StoredHead>; activeId: string | undefined }>();
  readonly #corrections = new Map<string, StoredCorrection>();
  readonly #settings = new Map<string, unknown>();
  #disposed = false;

  /** @param reason why memory, one sentence for the status */
  constructor(reason: string) {
    this.#reason = reason;
  }

  async catalogues(): Promise<StoredCatalogue[]> {
    this.#checkAlive();
    const all = [...this.#catalogues.values()].map(({ catalogue }) => ({ ...catalogue }));
    return all.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async saveCatalogue(catalogue: StoredCatalogue, items: readonly Item[]): Promise<void> {
    this.#checkAlive();
    checkCatalogue(catalogue, items);
    const copy = await cloneOf({ catalogue, items: [...items] }, 'saving a catalogue');
    this.#catalogues.set(catalogue.id, copy);
  }

  async loadItems(catalogueId: string): Promise<Item[] | undefined> {
    this.#checkAlive();
    return structuredClone(this.#catalogues.get(catalogueId)?.items);
  }

  async deleteCatalogue(catalogueId: string): Promise<void> {
    this.#checkAlive();
    this.#catalogues.delete(catalogueId);
    this.#events.delete(catalogueId);
    this.#heads.delete(catalogueId);
    this.#corrections.delete(catalogueId);
  }

  async loadVectors(fingerprint: string, dimensions: number, wanted: ReadonlySet<string>): Promise<VectorLoad> {
    this.#checkAlive();
    checkDimensions(dimensions);
    const stored = this.#vectors.get(fingerprint);
    if (stored) checkSameSize(fingerprint, stored.dimensions, dimensions);
    const found = [...(stored?.rows ?? [])].filter(([key]) => wanted.has(key));
    const rows = new Map<string, number>();
    const vectors = new Float32Array(found.length * dimensions);
    for (const [row, [key, vector]] of found.entries()) {
      rows.set(key, row);
      vectors.set(vector, row * dimensions);
    }
    return { rows, vectors, damagedChunks: 0 };
  }

  async appendVectors(fingerprint: string, dimensions: number, batch: VectorBatch): Promise<void> {
    this.#checkAlive();
    checkBatch(dimensions, batch);
    if (batch.keys.length === 0) return;
    const stored = this.#vectors.get(fingerprint) ?? { dimensions, rows: new Map<string, Float32Array>() };
    checkSameSize(fingerprint, stored.dimensions, dimensions);
    this.#vectors.set(fingerprint, stored);
    for (const [row, key] of batch.keys.entries()) {
      stored.rows.set(key, batch.vectors.slice(row * dimensions, (row + 1) * dimensions));
    }
  }

  async pruneVectors(fingerprint: string, keep: ReadonlySet<string>, others = false): Promise<void> {
    this.#checkAlive();
    for (const [owner, { rows }] of this.#vectors) {
      if (owner !== fingerprint && !others) continue;
      for (const key of rows.keys()) if (!keep.has(key)) rows.delete(key);
      if (rows.size === 0) this.#vectors.delete(owner);
    }
  }

  async vectorUsage(): Promise<{ count: number; bytes: number }> {
    this.#checkAlive();
    const stored = [...this.#vectors.values()];
    const bytes = ({ dimensions, rows }: (typeof stored)[number]): number => rows.size * dimensions * 4;
    return { count: stored.reduce((sum, { rows }) => sum + rows.size, 0), bytes: stored.reduce((sum, one) => sum + bytes(one), 0) };
  }

  async saveEvent(catalogueId: string, itemId: ItemId, event: FeedbackEvent | undefined): Promise<void> {
    this.#checkAlive();
    if (event) checkEvent(itemId, event);
    const events = this.#events.get(catalogueId) ?? new Map<ItemId, FeedbackEvent>();
    this.#events.set(catalogueId, events);
    if (event) events.set(itemId, { ...event });
    else events.delete(itemId);
  }

  async events(catalogueId: string): Promise<FeedbackEvent[]> {
    this.#checkAlive();
    const all = [...(this.#events.get(catalogueId)?.values() ?? [])].map((event) => ({ ...event }));
    return all.sort((a, b) => a.timeMs - b.timeMs);
  }

  async heads(catalogueId: string): Promise<StoredHeads> {
    this.#checkAlive();
    const { heads = new Map<string, StoredHead>(), activeId } = this.#heads.get(catalogueId) ?? {};
    return { heads: [...heads.values()].map((head) => ({ ...head })).sort((a, b) => a.createdMs - b.createdMs), activeId };
  }

  async changeHeads(catalogueId: string, change: HeadChange): Promise<void> {
    this.#checkAlive();
    const stored = this.#heads.get(catalogueId) ?? { heads: new Map<string, StoredHead>(), activeId: undefined };
    checkHeadChange(stored.heads.keys(), change);
    const { save = [], remove = [], activeId = stored.activeId } = change;
    for (const head of save) stored.heads.set(head.id, { ...head });
    for (const id of remove) stored.heads.delete(id);
    stored.activeId = activeId !== null && activeId !== undefined && stored.heads.has(activeId) ? activeId : undefined;
    this.#heads.set(catalogueId, stored);
  }

  async correction(catalogueId: string): Promise<StoredCorrection | undefined> {
    this.#checkAlive();
    return structuredClone(this.#corrections.get(catalogueId));
  }

  async saveCorrection(catalogueId: string, correction: StoredCorrection | undefined): Promise<void> {
    this.#checkAlive();
    if (!correction) this.#corrections.delete(catalogueId);
    else if (this.#catalogues.has(catalogueId)) this.#corrections.set(catalogueId, structuredClone(correction));
  }

  async getSetting(key: string): Promise<unknown> {
    this.#checkAlive();
    return structuredClone(this.#settings.get(key));
  }

  async setSetting(key: string, value: unknown): Promise<void> {
    this.#checkAlive();
    if (value === undefined) this.#settings.delete(key);
    else this.#settings.set(key, await cloneOf(value, 'saving a setting'));
  }

  /** `usedBytes` counts the vectors, which are nearly all of it. */
  async status(): Promise<StoreStatus> {
    let usedBytes = 0;
    for (const { dimensions, rows } of this.#vectors.values()) usedBytes += rows.size * dimensions * 4;
    return { kind: 'memory', reason: this.#reason, persisted: false, usedBytes, quotaBytes: 0 };
  }

  async erase(): Promise<void> {
    this.#checkAlive();
    this.#clear();
  }

  dispose(): void {
    this.#disposed = true;
    this.#clear();
  }

  #clear(): void {
    for (const map of [this.#catalogues, this.#vectors, this.#events, this.#heads, this.#corrections, this.#settings]) map.clear();
  }

  #checkAlive(): void {
    if (this.#disposed) throw disposedError();
  }
}

async function cloneOf<T>(value: T, what: string): Promise<T> {
  try {
    return structuredClone(value);
  } catch (error) {
    throw await toStoreError(error, what);
  }
}
