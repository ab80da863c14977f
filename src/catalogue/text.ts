// The text that stands for an item in the encoder, and the key under which its vector is kept.
import { sha256Hex } from '../base/hash.ts';
import type { ItemText } from '../base/types.ts';
import { cleanText } from './clean.ts';

/** What `itemText` needs of an item. */
interface TextSource extends ItemText {
  language?: string;
  translations?: Readonly<Record<string, ItemText>>;
}

const ENDS_WITH_PUNCTUATION = /\p{P}$/u;

/**
 * Title, then description, joined with ". " or, where the title ends with punctuation of any script, with a space.
 *
 * @param language canonical BCP-47 tag; picks the translation with exactly this tag. Without one, or when the item has no
 *   such translation, the item's own title and description are taken.
 */
export function itemText(item: TextSource, language?: string): string {
  const { translations } = item;
  const translated =
    language !== undefined && language !== item.language && translations && Object.hasOwn(translations, language)
      ? translations[language]
      : undefined;
  const { title, description } = translated ?? item;
  if (!title || !description) return title || description;
  return title + (ENDS_WITH_PUNCTUATION.test(title) ? ' ' : '. ') + description;
}

/** SHA-256 of the cleaned text, 64 lower-case hex digits: one part of the cache key of a vector. @throws insecure-context */
export async function contentKey(text: string): Promise<string> {
  return sha256Hex(cleanText(text));
}
