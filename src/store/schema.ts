// What the database holds, as a type for idb and as valibot schemas for what is read back.
// Everything that is read is parsed here first: another version, another program or a bad disk may have written it.
import type { DBSchema, IDBPDatabase, StoreNames } from 'idb';
import * as v from 'valibot';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import type { StoredCatalogue, StoredCorrection, StoredHead } from './store.ts';

/** Items are kept in records of this many: one record an item makes reading slow, one for all makes it a single huge clone. */
export const ITEMS_PER_RECORD = 500;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const itemId = v.custom<ItemId>((value) => typeof value === 'string', 'an item id is text');
/** Only float32 was ever written, whatever the version. */
const format = v.literal('float32');
const itemText = v.object({ title: v.string(), description: v.string() });

const item = v.object({
  id: itemId,
  language: v.string(),
  languageDetected: v.exactOptional(v.boolean()),
  title: v.string(),
  description: v.string(),
  translations: v.exactOptional(v.record(v.string(), itemText)),
  categories: v.array(v.string()),
  creator: v.exactOptional(v.string()),
  kind: v.exactOptional(v.string()),
  country: v.exactOptional(v.string()),
  attributes: v.exactOptional(v.record(v.string(), v.number())),
  published: v.exactOptional(v.string()),
  popularity: v.exactOptional(v.number()),
  link: v.exactOptional(v.string()),
  image: v.exactOptional(v.string()),
  license: v.exactOptional(v.string()),
  attribution: v.exactOptional(v.string()),
  // A field added to Item and forgotten here would be stripped on reading: `satisfies` refuses to compile it.
} satisfies Record<keyof Item, v.GenericSchema | v.ExactOptionalSchema<v.GenericSchema, undefined>>);

const storedCatalogue = v.object({
  id: v.string(),
  title: v.string(),
  sourceHash: v.string(),
  itemCount: count,
  importedAtMs: v.number(),
} satisfies Record<keyof StoredCatalogue, v.GenericSchema>);

const storedEvent = v.object({
  catalogueId: v.string(),
  itemId,
  kind: v.picklist(['like', 'dislike', 'hide'] satisfies FeedbackKind[]),
  timeMs: v.number(),
} satisfies Record<keyof FeedbackEvent | 'catalogueId', v.GenericSchema>);

const vectorChunk = v.object({
  fingerprint: v.string(),
  dimensions: count,
  format,
  count,
  /** 32 bytes a row: SHA-256 of its text. */
  keys: v.instance(Uint8Array),
  /** [count × dimensions] float32, row after row. */
  data: v.instance(ArrayBuffer),
  /** SHA-256 of keys and data, hex. */
  checksum: v.string(),
});

const vectorManifest = v.object({
  fingerprint: v.string(),
  dimensions: count,
  /** Oldest first: where two chunks hold the same key, the later one counts. */
  chunks: v.array(v.object({ id: v.number(), format, count, bytes: count, checksum: v.string() })),
});

const headRecord = v.object({
  catalogueId: v.string(),
  id: v.string(),
  createdMs: v.number(),
  text: v.string(),
} satisfies Record<keyof StoredHead | 'catalogueId', v.GenericSchema>);

const activeHead = v.object({ catalogueId: v.string(), id: v.string() });

const correctionRecord = v.object({
  catalogueId: v.string(),
  key: v.string(),
  bytes: v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'a correction is bytes'),
  /** SHA-256 of the bytes, hex. */
  checksum: v.string(),
} satisfies Record<keyof StoredCorrection | 'catalogueId' | 'checksum', v.GenericSchema>);

type HeadRow = v.InferOutput<typeof headRecord>;
type CorrectionRow = v.InferOutput<typeof correctionRecord>;
type ActiveHead = v.InferOutput<typeof activeHead>;
export type StoredEvent = v.InferOutput<typeof storedEvent>;
export type VectorChunk = v.InferOutput<typeof vectorChunk>;
export type VectorManifest = v.InferOutput<typeof vectorManifest>;
export type ManifestEntry = VectorManifest['chunks'][number];

interface ItemsRecord {
  catalogueId: string;
  /** 0-based position of this record in its catalogue. */
  part: number;
  items: Item[];
}

export interface KindredSchema extends DBSchema {
  catalogues: { key: string; value: StoredCatalogue };
  items: { key: [string, number]; value: ItemsRecord };
  /** Key: a number the database counts up and never gives twice. */
  vectorChunks: { key: number; value: VectorChunk; indexes: { byFingerprint: string } };
  vectorManifests: { key: string; value: VectorManifest };
  events: { key: [string, string]; value: StoredEvent; indexes: { byCatalogue: string } };
  settings: { key: string; value: unknown };
  heads: { key: [string, string]; value: HeadRow };
  /** Which head of a catalogue ranks. */
  activeHeads: { key: string; value: ActiveHead };
  corrections: { key: string; value: CorrectionRow };
}

export type Database = IDBPDatabase<KindredSchema>;
export type StoreName = StoreNames<KindredSchema>;

/** The value as that kind of record, or undefined when it is not one. */
function parserOf<T>(schema: v.GenericSchema<unknown, T>): (value: unknown) => T | undefined {
  return (value) => {
    const result = v.safeParse(schema, value, { abortEarly: true });
    return result.success ? result.output : undefined;
  };
}

export const parseItems = parserOf<Item[]>(v.array(item));
export const parseCatalogue = parserOf<StoredCatalogue>(storedCatalogue);
export const parseEvent = parserOf<StoredEvent>(storedEvent);
export const parseHead = parserOf<HeadRow>(headRecord);
export const parseActiveHead = parserOf<ActiveHead>(activeHead);
export const parseCorrectionRow = parserOf<CorrectionRow>(correctionRecord);
export const parseChunk = parserOf<VectorChunk>(vectorChunk);
export const parseManifest = parserOf<VectorManifest>(vectorManifest);
