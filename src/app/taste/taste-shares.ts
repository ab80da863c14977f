// What the visitor likes, counted by language and by category. Pure.
import type { FeedbackKind, Item } from '../../base/types.ts';
import { type Count, countKeys } from '../counts.ts';

/** Likes by language and by category, most first; an item with several categories counts once in each. */
export function likedShares(
  ratings: ReadonlyMap<string, FeedbackKind>,
  items: ReadonlyMap<string, Item>,
): { languages: Count[]; categories: Count[] } {
  const liked = [...ratings].flatMap(([id, kind]) => (kind === 'like' ? (items.get(id) ?? []) : []));
  return {
    languages: countKeys(liked.map(({ language }) => language)),
    categories: countKeys(liked.flatMap(({ categories }) => [...new Set(categories)])),
  };
}
