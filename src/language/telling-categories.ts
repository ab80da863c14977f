// Categories that say nothing but the language of an item, such as a shelf "Deutsch" or the label of a publisher in one language. They
// would bring languages back into vectors that were freed from them.
import { groupBy } from '../base/group-by.ts';
import type { Item } from '../base/types.ts';
import { primaryLanguage } from './tags.ts';

/** A category with so large a part of its items in one language tells that language … */
const TELLING_SHARE = 0.9;
/** … unless the language has so large a part of the whole catalogue that this is to be expected. */
const EXPECTED_SHARE = 0.5;
/** A category of fewer items may be of one language by chance. */
const LEAST_ITEMS = 5;

/** @returns names of categories of at least 5 items, 90 % or more of them in one language that has less than half of the catalogue */
export function languageTellingCategories(items: readonly Pick<Item, 'language' | 'categories'>[]): string[] {
  const languages = items.map(({ language }) => primaryLanguage(language));
  const share = new Map([...groupBy(languages, (language) => language)].map(([language, rows]) => [language, rows.length / items.length]));
  const labels = items.flatMap(({ categories }, row) => [...new Set(categories)].map((name) => ({ name, language: languages[row] as string })));
  return [...groupBy(labels, ({ name }) => name)].flatMap(([name, own]) => {
    if (own.length < LEAST_ITEMS) return [];
    const largest = [...groupBy(own, ({ language }) => language)].reduce((most, one) => (one[1].length > most[1].length ? one : most));
    return largest[1].length >= TELLING_SHARE * own.length && (share.get(largest[0]) ?? 0) < EXPECTED_SHARE ? [name] : [];
  });
}
