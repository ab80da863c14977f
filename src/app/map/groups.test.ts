import { expect, test } from 'vitest';
import { FAKE_ITEMS, fakeItem } from '../../ui/testing/fake-recommender.ts';
import { groupItems, MARKS, markOf } from './groups.ts';

test('the largest groups first, the rest together at the end', () => {
  const { groups, groupOf } = groupItems(FAKE_ITEMS, 'language');
  expect(groups[0]).toEqual({ key: 'en', count: 2 });
  expect(groups).toHaveLength(MARKS.length);
  expect(groups.at(-1)?.key).toBe('');
  expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(FAKE_ITEMS.length);
  expect(groupOf[0]).toBe(0);
});

test('items without a category are among the others, which have a mark of their own', () => {
  const { groups, groupOf } = groupItems([fakeItem('a', 'en', 'A', ['x']), fakeItem('b', 'en', 'B', [])], 'category');
  expect(groups).toEqual([
    { key: 'x', count: 1 },
    { key: '', count: 1 },
  ]);
  expect([...groupOf]).toEqual([0, 1]);
  expect(markOf(groups[1] ?? { key: 'x', count: 0 }, 1)).toBe(MARKS.at(-1));
});
