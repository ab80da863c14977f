// Finds rows that say the same as an earlier row, because a text shown twice looks like a fault of the recommender.
import { fnv1a } from '../base/hash.ts';
import type { Item, ItemId } from '../base/types.ts';

/** 53 bits of two FNV-1a hashes. */
function hash53(text: string): number {
  return fnv1a(text) * 2 ** 21 + (fnv1a(text, 1) >>> 11);
}

type Content = Pick<Item, 'title' | 'description' | 'language'>;

interface DuplicateIndex {
  /** The id of the earlier item with this title, description and language. */
  find(item: Content): ItemId | undefined;
  add(item: Item): void;
}

/**
 * Holds one number and one reference per item, not a second copy of its text. It compares what it finds in full, so it never
 * calls different texts equal. It misses a duplicate where two texts of the catalogue share a 53-bit hash.
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
