import { expect, test } from 'vitest';
import type { FeedbackKind } from '../../base/types.ts';
import { FAKE_ITEMS } from '../../ui/testing/fake-recommender.ts';
import { likedShares } from './taste-shares.ts';

test('likes are counted by language and category; dislikes and unknown items are not', () => {
  const ratings = new Map<string, FeedbackKind>([
    ['sea-en', 'like'],
    ['sea-ar', 'like'],
    ['food-de', 'dislike'],
    ['gone', 'like'],
  ]);
  const { languages, categories } = likedShares(ratings, new Map(FAKE_ITEMS.map((item) => [item.id, item])));
  expect(languages).toEqual([
    { key: 'ar', count: 1 },
    { key: 'en', count: 1 },
  ]);
  expect(categories).toEqual([
    { key: 'Sea', count: 2 },
    { key: 'Family', count: 1 },
  ]);
});
