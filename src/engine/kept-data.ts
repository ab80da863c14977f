// What is kept on this device, over all catalogues: listed, measured, exported, deleted. Must never send any of it anywhere.
import { contentKey, itemText } from '../catalogue/text.ts';
import { MODEL_CACHE } from '../encoder/assets.ts';
import type { KeptCatalogue, StorageEntry, StorageReport } from '../protocol/engine-api.ts';
import type { Store } from '../store/store.ts';

const OPENED_KEY = 'catalogues-opened';
/** Items whose size is measured. The size of further items is estimated by the mean. */
const MEASURED_ITEMS = 500;

/** Notes that a catalogue was opened just now. */
export async function noteOpened(store: Store, id: string): Promise<void> {
  await store.setSetting(OPENED_KEY, [id, ...(await openedIds(store)).filter((other) => other !== id)]);
}

/** Last opened first. */
export async function keptCatalogues(store: Store): Promise<KeptCatalogue[]> {
  const [stored, order] = await Promise.all([store.catalogues(), openedIds(store)]);
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const kept = await Promise.all(
    stored.map(async ({ id, title, itemCount, importedAtMs }) => ({
      id,
      title,
      itemCount,
      importedAtMs,
      ratingCount: (await store.events(id)).length,
    })),
  );
  return kept.sort((a, b) => place(a.id) - place(b.id) || b.importedAtMs - a.importedAtMs);
}

/** Deletes a catalogue with its items, ratings, heads and language correction, and the vectors that no other stored catalogue needs. */
export async function deleteKept(store: Store, id: string, fingerprint: string): Promise<void> {
  await store.deleteCatalogue(id);
  await store.setSetting(
    OPENED_KEY,
    (await openedIds(store)).filter((other) => other !== id),
  );
  const keep = new Set<string>();
  for (const catalogue of await store.catalogues()) {
    for (const item of (await store.loadItems(catalogue.id)) ?? []) {
      const tags = Object.keys(item.translations ?? {}); // some of these texts may have been encoded too
      for (const text of [itemText(item), ...tags.map((tag) => itemText(item, tag))]) keep.add(await contentKey(text));
    }
  }
  await store.pruneVectors(fingerprint, keep, true);
}

/** Bytes of items and ratings are those of their JSON, because a database does not say how it stores them. */
export async function storageReport(store: Store): Promise<StorageReport> {
  const [catalogues, vectors, status, caches] = await Promise.all([store.catalogues(), store.vectorUsage(), store.status(), cacheEntries()]);
  const empty = (what: StorageEntry['what']): StorageEntry => ({ what, count: 0, bytes: 0 });
  const [items, ratings, heads, corrections] = [empty('items'), empty('ratings'), empty('heads'), empty('corrections')];
  for (const { id, itemCount } of catalogues) {
    const sample = ((await store.loadItems(id)) ?? []).slice(0, MEASURED_ITEMS);
    items.count += itemCount;
    items.bytes += sample.length > 0 ? Math.round((jsonBytes(sample) * itemCount) / sample.length) : 0;
    const events = await store.events(id);
    ratings.count += events.length;
    ratings.bytes += events.length > 0 ? jsonBytes(events) : 0;
    const stored = (await store.heads(id)).heads;
    heads.count += stored.length;
    heads.bytes += stored.reduce((sum, { text }) => sum + text.length, 0);
    const correction = await store.correction(id);
    corrections.count += correction ? 1 : 0;
    corrections.bytes += correction?.bytes.length ?? 0;
  }
  const entries = [items, { what: 'vectors' as const, ...vectors }, ratings, heads, corrections, ...caches];
  return { entries: entries.filter(({ count }) => count > 0), usedBytes: status.usedBytes, quotaBytes: status.quotaBytes };
}

/** Ratings of every catalogue, with the titles of what was rated. @returns JSON */
export async function exportedData(store: Store, nowMs: number, headsOf: (catalogueId: string) => Promise<unknown>): Promise<Blob> {
  const catalogues = await Promise.all(
    (await keptCatalogues(store)).map(async ({ id, title, importedAtMs }) => {
      const [events, items, heads] = await Promise.all([store.events(id), store.loadItems(id), headsOf(id)]);
      const byId = new Map(items?.map((item) => [item.id, item]));
      const ratings = events.map((event) => {
        const item = byId.get(event.itemId);
        return { ...event, ...(item ? { title: item.title, language: item.language } : {}) };
      });
      return { id, title, imported: new Date(importedAtMs).toISOString(), ratings, heads };
    }),
  );
  const everything = { format: 'kindred-export', version: 1, exported: new Date(nowMs).toISOString(), catalogues };
  return new Blob([JSON.stringify(everything, null, 2)], { type: 'application/json' });
}

/** The records of a catalogue's heads, as they are stored; a damaged one as text. */
export async function exportedHeads(store: Store, catalogueId: string): Promise<unknown> {
  const { heads, activeId } = await store.heads(catalogueId);
  const recordOf = (text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };
  return { activeId: activeId ?? null, records: heads.map(({ text }) => recordOf(text)) };
}

async function openedIds(store: Store): Promise<string[]> {
  const value = await store.getSetting(OPENED_KEY);
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
}

const jsonBytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** Cache Storage by what it is for: the model's files, the runtime's, and those of the page itself. */
async function cacheEntries(): Promise<StorageEntry[]> {
  const { caches } = globalThis;
  if (!caches) return [];
  const found = new Map<StorageEntry['what'], StorageEntry>();
  for (const name of await caches.keys()) {
    const what = name === MODEL_CACHE ? 'model-files' : name === 'kindred-runtime' ? 'runtime-files' : 'page-files';
    const entry = found.get(what) ?? { what, count: 0, bytes: 0 };
    found.set(what, entry);
    const cache = await caches.open(name);
    for (const response of await cache.matchAll()) {
      entry.count++;
      entry.bytes += (await response.blob()).size;
    }
  }
  return [...found.values()];
}
