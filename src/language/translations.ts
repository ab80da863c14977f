// Vectors of the catalogue's own translations: a bounded sample, encoded once and kept like items' vectors. They tell whether
// a taste crosses languages, and teach the language correction. They are never ranked.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { deriveSeed, type RandomSource, shuffle } from '../base/random.ts';
import type { Item, ProgressCallback } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { Store } from '../store/store.ts';

/** A text of `items[item]` in another language than its own. */
export interface Translation {
  item: number;
  /** BCP-47, a key of the item's `translations`. */
  language: string;
}

export interface TranslationLimits {
  /** Items whose translations are taken, at most. */
  items: number;
  /** Translations of one item, at most. */
  languagesEach: number;
  /**
   * Every item is of one of two parts, by its id: what is fitted on one is judged on the other, in every visit. Absent: of both.
   */
  part?: 'fit' | 'judge';
  /** Rows that may be drawn; absent: all. */
  isOpen?: (row: number) => boolean;
}

/** Parts of `TranslationLimits`, by the item's id alone, so that a later visit and another catalogue agree. */
export function partOf({ id }: Pick<Item, 'id'>): 'fit' | 'judge' {
  return deriveSeed(0, id) % 2 === 0 ? 'fit' : 'judge';
}

/**
 * Draws items that have translations, and of each some of its languages; a translation that repeats the item's own text is none.
 * The same `random` draws the same from the same items: give a seeded one, and a later visit finds the vectors in the store.
 *
 * @returns items in random order, translations of one item together
 */
export function sampleTranslations(
  items: readonly Item[],
  { items: most, languagesEach, part, isOpen }: TranslationLimits,
  random: RandomSource,
): Translation[] {
  const drawn: Translation[] = [];
  let left = most;
  for (const row of shuffle([...items.keys()], random)) {
    if (left <= 0) break;
    const item = items[row];
    if (!item || (part !== undefined && partOf(item) !== part)) continue;
    const languages = shuffle(translatedTags(item), random).slice(0, languagesEach);
    // Asked last: which rows are open must not change what is drawn of the others.
    if (languages.length === 0 || (isOpen && !isOpen(row))) continue;
    drawn.push(...languages.map((language) => ({ item: row, language })));
    left--;
  }
  return drawn;
}

function translatedTags(item: Item): string[] {
  const own = itemText(item);
  return Object.keys(item.translations ?? {}).filter((tag) => {
    const text = itemText(item, tag);
    return tag !== item.language && text !== '' && text !== own;
  });
}

export interface EncodeTranslationsOptions {
  items: readonly Item[];
  translations: readonly Translation[];
  /** Of the encoder; known before it is loaded. */
  fingerprint: string;
  dimensions: number;
  /** Called only when a vector is missing in the store. */
  encoder: () => Promise<Pick<Encoder, 'encode'>>;
  store: Pick<Store, 'loadVectors' | 'appendVectors'>;
  signal?: AbortSignal;
  /** Counts the texts that were not in the store. */
  onProgress?: ProgressCallback;
  /** New vectors could not be kept; the sentence says why. They are used all the same. */
  onNotKept?: (reason: string) => void;
}

/**
 * Vectors of translations, from the store where they are there, else encoded and kept there, batch by batch, under the key of their
 * text. A text that several items share is encoded once.
 *
 * @returns [translations × dimensions], as the encoder gives them
 * @throws aborted (what is done stays stored), encoder-*, asset-*, encoder-mismatch
 */
export async function encodeTranslations(options: EncodeTranslationsOptions): Promise<Float32Array> {
  const { items, translations, fingerprint, dimensions: d, store } = options;
  const texts = translations.map(({ item, language }) => textOf(items[item], language));
  const keys = await Promise.all(texts.map(contentKey));
  const textOfKey = new Map(keys.map((key, at) => [key, texts[at] ?? '']));
  const vectorOf = new Map<string, Float32Array>();
  const { rows, vectors } = await store.loadVectors(fingerprint, d, new Set(keys));
  for (const [key, row] of rows) vectorOf.set(key, vectors.subarray(row * d, (row + 1) * d));
  const missing = [...textOfKey].filter(([key]) => !vectorOf.has(key));
  if (missing.length > 0) await encodeMissing(missing, options, vectorOf);
  const out = new Float32Array(keys.length * d);
  keys.forEach((key, at) => {
    out.set(vectorOf.get(key) ?? [], at * d);
  });
  return out;
}

/** @param missing key and text of each @param vectorOf is filled */
async function encodeMissing(
  missing: readonly (readonly [string, string])[],
  options: EncodeTranslationsOptions,
  vectorOf: Map<string, Float32Array>,
): Promise<void> {
  const { dimensions: d, encoder, signal, onProgress } = options;
  const total = missing.length;
  let done = 0;
  onProgress?.({ done, total, unit: 'texts' });
  const texts = missing.map(([, text]) => text);
  await (await encoder()).encode(texts, {
    ...(signal ? { signal } : {}),
    onBatch: async (places, vectors) => {
      const keys = places.map((place) => missing[place]?.[0] ?? '');
      keys.forEach((key, at) => {
        vectorOf.set(key, vectors.slice(at * d, (at + 1) * d));
      });
      await keep(options, keys, vectors);
      done += keys.length;
      onProgress?.({ done, total, unit: 'texts' });
    },
  });
}

/** A full disk does not end the work. */
async function keep({ store, fingerprint, dimensions, onNotKept }: EncodeTranslationsOptions, keys: string[], vectors: Float32Array): Promise<void> {
  try {
    await store.appendVectors(fingerprint, dimensions, { keys, vectors });
  } catch (error) {
    if (!(error instanceof RecommenderError) || error.code !== 'storage-quota') throw error;
    onNotKept?.(`Vectors of translations are not kept: ${messageOf(error)}`);
  }
}

function textOf(item: Item | undefined, language: string): string {
  return item ? itemText(item, language) : '';
}

/**
 * Items and their translations as rows to fit a correction on: rows of one group are one item (`FitInput.groups`).
 *
 * @param shown rows of the catalogue with a vector: their numbers, vectors [rows × dimensions] and stated languages
 * @param translated what `sampleTranslations` drew, with vectors of `encodeTranslations`; those of items that are not shown are left out
 */
export function groupedRows(
  shown: { rows: readonly number[]; raw: Float32Array; languages: readonly (string | undefined)[] },
  translated: { translations: readonly Translation[]; vectors: Float32Array },
  dimensions: number,
): { raw: Float32Array; languages: (string | undefined)[]; groups: number[] } {
  const present = new Set(shown.rows);
  const places = translated.translations.flatMap(({ item }, place) => (present.has(item) ? place : []));
  const raw = new Float32Array(shown.raw.length + places.length * dimensions);
  raw.set(shown.raw);
  places.forEach((place, at) => {
    raw.set(translated.vectors.subarray(place * dimensions, (place + 1) * dimensions), shown.raw.length + at * dimensions);
  });
  const of = places.flatMap((place) => translated.translations[place] ?? []);
  return { raw, languages: [...shown.languages, ...of.map(({ language }) => language)], groups: [...shown.rows, ...of.map(({ item }) => item)] };
}
