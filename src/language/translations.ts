// The catalogue's own translations: which are drawn, and how they join the catalogue's rows in a fit. They tell whether a taste crosses
// languages, and teach the language correction. They are never ranked.
import { deriveSeed, type RandomSource, shuffle } from '../base/random.ts';
import type { Item } from '../base/types.ts';
import { itemText } from '../catalogue/text.ts';

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
  /** Every item belongs to one of two parts, by its id: what is fitted on one is judged on the other, in every visit. Default: both. */
  part?: 'fit' | 'judge';
  /** Rows that may be drawn. Default: all. */
  isOpen?: (row: number) => boolean;
}

/** The item's part of `TranslationLimits`. Depends on its id alone, so that a later visit and another catalogue agree. */
export function partOf({ id }: Pick<Item, 'id'>): 'fit' | 'judge' {
  return deriveSeed(0, id) % 2 === 0 ? 'fit' : 'judge';
}

/**
 * Draws items that have translations, and some languages of each. A seeded `random` draws the same from the same items, so that a later
 * visit finds the vectors in the store.
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
    // `isOpen` is asked after the draw: which rows are open must not change what is drawn of the others.
    if (languages.length === 0 || (isOpen && !isOpen(row))) continue;
    drawn.push(...languages.map((language) => ({ item: row, language })));
    left--;
  }
  return drawn;
}

/** Tags of the item's translations, without its own language, empty texts and texts that repeat its own. */
export function translatedTags(item: Item): string[] {
  const own = itemText(item);
  return Object.keys(item.translations ?? {}).filter((tag) => {
    const text = itemText(item, tag);
    return tag !== item.language && text !== '' && text !== own;
  });
}

/**
 * Items and their translations as rows to fit a correction on: rows of one group are one item (`FitInput.groups`).
 *
 * @param shown rows of the catalogue with a vector: their numbers, vectors [rows × dimensions] and stated languages
 * @param translated what `sampleTranslations` drew, with vectors [translations × dimensions]; those of items that are not shown are left out
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
  const added = places.flatMap((place) => translated.translations[place] ?? []);
  return {
    raw,
    languages: [...shown.languages, ...added.map(({ language }) => language)],
    groups: [...shown.rows, ...added.map(({ item }) => item)],
  };
}
