// What the visitor likes, counted by language and by category. Pure.
import type { FeedbackKind, Item } from '../../base/types.ts';

export interface Share {
  key: string;
  count: number;
}

/** Likes by language and by category, most first; an item of n categories counts once in each. */
export function likedShares(
  ratings: ReadonlyMap<string, FeedbackKind>,
  items: ReadonlyMap<string, Item>,
): { languages: Share[]; categories: Share[] } {
  const languages = new Map<string, number>();
  const categories = new Map<string, number>();
  const add = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const [id, kind] of ratings) {
    const item = items.get(id);
    if (kind !== 'like' || !item) continue;
    add(languages, item.language);
    for (const category of new Set(item.categories)) add(categories, category);
  }
  const most = (counts: Map<string, number>): Share[] =>
    [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  return { languages: most(languages), categories: most(categories) };
}
