import { describe, expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import { bitsetWhere } from '../index/index.ts';
import { rankByPolicy } from './policy.ts';
import { boostedSearch, rowRules } from './rules.ts';
import { plantedCatalogue, searchOf } from './testing/planted-search.ts';

const id = (name: string) => name as ItemId;
const item = (name: string, ...categories: string[]): Item => ({ id: id(name), language: 'en', title: name, description: '', categories });
const items = [item('a', 'crime'), item('b', 'crime', 'love'), item('c', 'love'), item('d')];
const rowOf = new Map(items.map((one, row) => [one.id, row]));
const rowsWhere = (fits: (row: number) => boolean) => [...items.keys()].filter(fits);

test('excluded items and categories never appear, even when pinned; unknown ids are passed over', () => {
  const rules = rowRules({ pinned: [id('c'), id('gone'), id('a')], excluded: { items: [id('a')], categories: ['none'] } }, items, rowOf);
  expect(rules.pinned).toEqual([2]);
  expect(rowsWhere(rules.allows)).toEqual([1, 2, 3]);
  expect(rowsWhere(rowRules({ excluded: { categories: ['love'] } }, items, rowOf).allows)).toEqual([0, 3]);
});

test('the highest boost of the categories counts, and an item that has its own takes that', () => {
  const { boostOf } = rowRules({ boosted: { items: new Map([[id('c'), -0.3]]), categories: new Map([['crime', 0.1], ['love', 0.2]]) } }, items, rowOf);
  expect(items.map((_, row) => boostOf(row))).toEqual([0.1, 0.2, -0.3, 0]);
});

test('a boost out of range is refused by its name', () => {
  expect(() => rowRules({ boosted: { categories: new Map([['love', 2]]) } }, items, rowOf)).toThrowError(/boost of "love" is 2/);
  expect(() => rowRules({ boosted: { items: new Map([[id('a'), Number.NaN]]) } }, items, rowOf)).toThrowError(/boost of "a" is NaN/);
});

describe('a boosted search', () => {
  test('equals sorting all boosted scores, on 200 random catalogues', async () => {
    const random = seededRandom(2);
    for (let turn = 0; turn < 200; turn++) {
      const { scores, search } = plantedCatalogue(40, ['en'], random);
      const boosts = scores.map(() => (randomBelow(5, random) - 2) / 4);
      const allowed = bitsetWhere(40, () => random() < 0.7);
      const k = 1 + randomBelow(12, random);
      const expected = await searchOf(scores.map((score, row) => score + (boosts[row] ?? 0)))(k, allowed);
      expect(await boostedSearch(search, 40, (row) => boosts[row] ?? 0)(k, allowed)).toEqual(expected);
    }
  });

  test('without a boost it is the search itself', () => {
    const search = searchOf([1, 2]);
    expect(boostedSearch(search, 2, () => 0)).toBe(search);
  });
});

test('rules in a list: pinned first, excluded gone, boosted up', async () => {
  const rules = rowRules({ pinned: [id('d')], excluded: { items: [id('a')] }, boosted: { categories: new Map([['crime', 0.5]]) } }, items, rowOf);
  const search = boostedSearch(searchOf([0.9, 0.3, 0.6, -0.2]), 4, rules.boostOf);
  const ranked = await rankByPolicy({ mode: 'any' }, { count: 4, rowCount: 4, search, allows: rules.allows, languageOf: () => 'en', pinned: rules.pinned });
  expect(ranked.map(({ row }) => row)).toEqual([3, 1, 2]);
});
