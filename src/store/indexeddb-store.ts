// The Store on IndexedDB: catalogues, events, heads, corrections and settings here, vectors in vector-chunks.ts.
// What is read back is parsed; a record that is not what it should be counts as absent.
import { sha256Hex } from '../base/hash.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { checkCatalogue, checkEvent, checkHeadChange } from './checks.ts';
import type { Connection } from './connection.ts';
import {
  ITEMS_PER_RECORD,
  parseActiveHead,
  parseCatalogue,
  parseCorrectionRow,
  parseEvent,
  parseHead,
  parseItems,
  type StoredEvent,
} from './schema.ts';
import { storageSpace } from './storage-space.ts';
import type { HeadChange, Store, StoredCatalogue, StoredCorrection, StoredHead, StoredHeads, StoreStatus, VectorBatch, VectorLoad } from './store.ts';
import { VectorChunks, type VectorOptions } from './vector-chunks.ts';

/** All keys [first, anything]: in IndexedDB an array sorts after every number and text. */
const keysOf = (first: string) => IDBKeyRange.bound([first], [first, []]);

export class IndexedDbStore implements Store {
  readonly #connection: Connection;
  readonly #vectors: VectorChunks;

  constructor(connection: Connection, options: VectorOptions) {
    this.#connection = connection;
    this.#vectors = new VectorChunks(connection, options);
  }

  async catalogues(): Promise<StoredCatalogue[]> {
    const values = await this.#connection.read('listing catalogues', ['catalogues'], (transaction) => transaction.objectStore('catalogues').getAll());
    return values.flatMap((value) => parseCatalogue(value) ?? []);
  }

  async saveCatalogue(catalogue: StoredCatalogue, items: readonly Item[]): Promise<void> {
    checkCatalogue(catalogue, items);
    await this.#connection.write('saving a catalogue', ['catalogues', 'items'], async (transaction) => {
      const records = transaction.objectStore('items');
      await transaction.objectStore('catalogues').put(catalogue);
      await records.delete(keysOf(catalogue.id));
      const parts = Array.from({ length: Math.ceil(items.length / ITEMS_PER_RECORD) }, (_, part) => part);
      // async, so that a put that throws at once rejects like the others and leaves none of them unwatched.
      const put = async (part: number) =>
        records.put({
          catalogueId: catalogue.id,
          part,
          items: items.slice(part * ITEMS_PER_RECORD, (part + 1) * ITEMS_PER_RECORD),
        });
      await Promise.all(parts.map(put));
    });
  }

  async loadItems(catalogueId: string): Promise<Item[] | undefined> {
    const [value, records] = await this.#connection.read('reading a catalogue', ['catalogues', 'items'], (transaction) =>
      Promise.all([transaction.objectStore('catalogues').get(catalogueId), transaction.objectStore('items').getAll(keysOf(catalogueId))]),
    );
    const catalogue = parseCatalogue(value);
    const items = parseItems(records.flatMap((record) => record.items));
    // Half a catalogue is worse than none: the caller reads the file again.
    return items?.length === catalogue?.itemCount ? items : undefined;
  }

  async deleteCatalogue(catalogueId: string): Promise<void> {
    await this.#connection.write('deleting a catalogue', ['catalogues', 'items', 'events', 'heads', 'activeHeads', 'corrections'], (transaction) =>
      Promise.all([
        transaction.objectStore('heads').delete(keysOf(catalogueId)),
        transaction.objectStore('activeHeads').delete(catalogueId),
        transaction.objectStore('corrections').delete(catalogueId),
        transaction.objectStore('catalogues').delete(catalogueId),
        transaction.objectStore('items').delete(keysOf(catalogueId)),
        transaction.objectStore('events').delete(keysOf(catalogueId)),
      ]),
    );
  }

  loadVectors(fingerprint: string, dimensions: number, wanted: ReadonlySet<string>): Promise<VectorLoad> {
    return this.#vectors.load(fingerprint, dimensions, wanted);
  }

  appendVectors(fingerprint: string, dimensions: number, batch: VectorBatch): Promise<void> {
    return this.#vectors.append(fingerprint, dimensions, batch);
  }

  pruneVectors(fingerprint: string, keep: ReadonlySet<string>, others = false): Promise<void> {
    return this.#vectors.prune(fingerprint, keep, others);
  }

  vectorUsage(): Promise<{ count: number; bytes: number }> {
    return this.#vectors.usage();
  }

  async saveEvent(catalogueId: string, itemId: ItemId, event: FeedbackEvent | undefined): Promise<void> {
    if (event) checkEvent(itemId, event);
    await this.#connection.write('saving a rating', ['events'], async (transaction) => {
      const events = transaction.objectStore('events');
      await (event ? events.put({ ...event, catalogueId }) : events.delete([catalogueId, itemId]));
    });
  }

  async events(catalogueId: string): Promise<FeedbackEvent[]> {
    const values = await this.#connection.read('reading ratings', ['events'], (transaction) =>
      transaction.objectStore('events').index('byCatalogue').getAll(catalogueId),
    );
    return values
      .flatMap((value) => parseEvent(value) ?? [])
      .map(({ itemId, kind, timeMs }: StoredEvent): FeedbackEvent => ({ itemId, kind, timeMs }))
      .sort((a, b) => a.timeMs - b.timeMs);
  }

  async heads(catalogueId: string): Promise<StoredHeads> {
    const [rows, active] = await this.#connection.read('reading heads', ['heads', 'activeHeads'], (transaction) =>
      Promise.all([transaction.objectStore('heads').getAll(keysOf(catalogueId)), transaction.objectStore('activeHeads').get(catalogueId)]),
    );
    const heads = rows
      .flatMap((row) => parseHead(row) ?? [])
      .map(({ id, createdMs, text }): StoredHead => ({ id, createdMs, text }))
      .sort((a, b) => a.createdMs - b.createdMs);
    const activeId = parseActiveHead(active)?.id;
    return { heads, activeId: heads.some(({ id }) => id === activeId) ? activeId : undefined };
  }

  async changeHeads(catalogueId: string, change: HeadChange): Promise<void> {
    const { save = [], remove = [], activeId } = change;
    await this.#connection.write('saving heads', ['heads', 'activeHeads'], async (transaction) => {
      const [heads, active] = [transaction.objectStore('heads'), transaction.objectStore('activeHeads')];
      const stored = await heads.getAllKeys(keysOf(catalogueId));
      checkHeadChange(
        stored.map(([, id]) => id),
        change,
      );
      for (const { id, createdMs, text } of save) await heads.put({ catalogueId, id, createdMs, text });
      for (const id of remove) await heads.delete([catalogueId, id]);
      const before = await active.get(catalogueId);
      if (activeId) await active.put({ catalogueId, id: activeId });
      else if (activeId === null || (before && remove.includes(before.id))) await active.delete(catalogueId);
    });
  }

  async correction(catalogueId: string): Promise<StoredCorrection | undefined> {
    const value = await this.#connection.read('reading a language correction', ['corrections'], (transaction) =>
      transaction.objectStore('corrections').get(catalogueId),
    );
    const row = parseCorrectionRow(value);
    return row && (await sha256Hex(row.bytes)) === row.checksum ? { key: row.key, bytes: row.bytes } : undefined;
  }

  async saveCorrection(catalogueId: string, correction: StoredCorrection | undefined): Promise<void> {
    // Before the transaction opens: it would not wait for the checksum.
    const row = correction && { catalogueId, key: correction.key, bytes: correction.bytes, checksum: await sha256Hex(correction.bytes) };
    await this.#connection.write('saving a language correction', ['catalogues', 'corrections'], async (transaction) => {
      const corrections = transaction.objectStore('corrections');
      if (!row) await corrections.delete(catalogueId);
      else if ((await transaction.objectStore('catalogues').count(catalogueId)) > 0) await corrections.put(row);
    });
  }

  async getSetting(key: string): Promise<unknown> {
    return this.#connection.read('reading a setting', ['settings'], (transaction) => transaction.objectStore('settings').get(key));
  }

  async setSetting(key: string, value: unknown): Promise<void> {
    await this.#connection.write('saving a setting', ['settings'], async (transaction) => {
      const settings = transaction.objectStore('settings');
      await (value === undefined ? settings.delete(key) : settings.put(value, key));
    });
  }

  async status(): Promise<StoreStatus> {
    return { kind: 'indexeddb', reason: '', ...(await storageSpace()) };
  }

  async erase(): Promise<void> {
    // An append still under way would open the database again behind the deletion.
    await this.#vectors.waitForAppends();
    await this.#connection.erase();
  }

  dispose(): void {
    this.#connection.dispose();
  }
}
