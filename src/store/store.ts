// What the engine asks of storage, on IndexedDB or in memory. Types only.
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';

export interface StoredCatalogue {
  /** Stable name: the URL or file name it came from. */
  id: string;
  title: string;
  /** SHA-256 of the source file, hex: a changed file is read again. */
  sourceHash: string;
  itemCount: number;
  importedAtMs: number;
}

export interface VectorBatch {
  /** SHA-256 of each cleaned text, hex, in row order. */
  keys: readonly string[];
  /** [keys × dimensions] */
  vectors: Float32Array;
}

/** A head that was learned from ratings, as text that the store does not read. */
export interface StoredHead {
  /** SHA-256 of the head. */
  id: string;
  createdMs: number;
  /** As `serialiseHead` of the head room writes it. */
  text: string;
}

export interface StoredHeads {
  /** Oldest first. */
  heads: StoredHead[];
  /** The head that ranks; undefined when the catalogue is ranked by the head that everybody starts with. */
  activeId: string | undefined;
}

/** Done as a whole or not at all. */
export interface HeadChange {
  save?: readonly StoredHead[];
  /** Ids; unknown ones are ignored. */
  remove?: readonly string[];
  /** null: no stored head ranks. Without it, the active head stays. */
  activeId?: string | null;
}

/** A fitted language correction, as bytes that the store does not read. */
export interface StoredCorrection {
  /** Names everything it was fitted from; with another key the correction is out of date. */
  key: string;
  /** As `serialiseCorrection` of the language room writes them. */
  bytes: Uint8Array<ArrayBuffer>;
}

export interface VectorLoad {
  /** Key → row in `vectors`. */
  rows: ReadonlyMap<string, number>;
  /** [rows × dimensions] */
  vectors: Float32Array;
  /** Chunks whose checksum did not hold; their rows are absent, and the chunks are gone from the store. */
  damagedChunks: number;
}

export interface StoreStatus {
  kind: 'indexeddb' | 'memory';
  /** Why memory, or empty. One sentence. */
  reason: string;
  persisted: boolean;
  usedBytes: number;
  quotaBytes: number;
}

export interface Store {
  catalogues(): Promise<StoredCatalogue[]>;
  /** Replaces the catalogue of that id in one transaction; its events stay. @throws storage-quota; what was stored before stays. */
  saveCatalogue(catalogue: StoredCatalogue, items: readonly Item[]): Promise<void>;
  /** Items in file order, or undefined when the id is unknown or what is stored is damaged: read the file again. */
  loadItems(catalogueId: string): Promise<Item[] | undefined>;
  /** Deletes the catalogue, its items, its events, its language correction and the heads learned from them. Vectors stay until pruned: other catalogues may share them. */
  deleteCatalogue(catalogueId: string): Promise<void>;

  /** Vectors of one encoder whose keys are wanted. Checksums are verified. @throws encoder-mismatch when stored with other dimensions */
  loadVectors(fingerprint: string, dimensions: number, wanted: ReadonlySet<string>): Promise<VectorLoad>;
  /**
   * Durable when the promise resolves. Small appends are merged into chunks of several MB now and then.
   * @throws storage-quota, bad-argument (lengths, keys), bad-vector (NaN, infinity), encoder-mismatch (other dimensions than stored)
   */
  appendVectors(fingerprint: string, dimensions: number, batch: VectorBatch): Promise<void>;
  /** Drops vectors of `fingerprint` whose key is not in `keep`; with `others`, those of every other fingerprint too, by the same `keep`. */
  pruneVectors(fingerprint: string, keep: ReadonlySet<string>, others?: boolean): Promise<void>;

  /** Vectors of all encoders together. */
  vectorUsage(): Promise<{ count: number; bytes: number }>;

  /** One event an item: a later one replaces an earlier one; `undefined` deletes it. */
  saveEvent(catalogueId: string, itemId: ItemId, event: FeedbackEvent | undefined): Promise<void>;
  /** Oldest first. */
  events(catalogueId: string): Promise<FeedbackEvent[]>;

  heads(catalogueId: string): Promise<StoredHeads>;
  /** @throws storage-quota; bad-argument for an active id that is neither stored nor saved with it. Nothing is changed then. */
  changeHeads(catalogueId: string, change: HeadChange): Promise<void>;

  /** The language correction kept with a catalogue; undefined when there is none or its checksum does not hold: fit it again. */
  correction(catalogueId: string): Promise<StoredCorrection | undefined>;
  /** Replaces it; `undefined` deletes it. Nothing is kept for a catalogue that is not stored. @throws storage-quota; what was stored before stays. */
  saveCorrection(catalogueId: string, correction: StoredCorrection | undefined): Promise<void>;

  getSetting(key: string): Promise<unknown>;
  /** `undefined` deletes it. @throws bad-argument for what cannot be cloned */
  setSetting(key: string, value: unknown): Promise<void>;

  status(): Promise<StoreStatus>;
  /** Deletes everything, the database itself included; the store can be used again, empty. @throws storage-blocked */
  erase(): Promise<void>;
  /** Closes the connection and keeps the data. Later calls throw not-ready. */
  dispose(): void;
}
