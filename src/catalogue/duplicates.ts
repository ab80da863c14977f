// Finds rows that say the same as an earlier row, because a text shown twice looks like a fault of the recommender.
import type { Item, ItemId } from '../base/types.ts';

/** 53-bit hash of a string: cyrb53 by bryc, public domain. Not cryptographic; see `createDuplicateIndex`. */
function hash53(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

type Content = Pick<Item, 'title' | 'description' | 'language'>;

interface DuplicateIndex {
  /** The id of the earlier item with this title, description and language. */
  find(item: Content): ItemId | undefined;
  add(item: Item): void;
}

/**
 * Holds a number and a reference an item, not a second copy of its text. What it finds is compared in full, so it never
 * calls different texts equal; it misses a duplicate where two texts of the catalogue share a 53-bit hash.
 */
export function createDuplicateIndex(): DuplicateIndex {
  const first = new Map<number, Item>();
  const keyOf = ({ title, description, language }: Content): number => hash53(`${language}\n${title}\n${description}`);
  return {
    find(item) {
      const found = first.get(keyOf(item));
      const same = found?.title === item.title && found.description === item.description && found.language === item.language;
      return same ? found.id : undefined;
    },
    add(item) {
      const key = keyOf(item);
      if (!first.has(key)) first.set(key, item);
    },
  };
}
