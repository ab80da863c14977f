import { describe, expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../base/random.ts';
import type { RankingRule, RuleTarget } from '../base/ranking-rules.ts';
import type { Item, ItemId } from '../base/types.ts';
import { bitsetWhere } from '../index/bitset.ts';
import { rankByPolicy } from './policy.ts';
import { boostedSearch, rowRules } from './rules.ts';
import { plantedCatalogue, searchOf } from './testing/planted-search.ts';

const item = (name: string, language: string, price: number | undefined, ...categories: string[]): Item => ({
  ...{ id: name as ItemId, language, title: name, description: '', categories },
  ...(price === undefined ? {} : { attributes: { price } }),
});
const items = [item('a', 'en', 10, 'crime'), item('b', 'en', 20, 'crime', 'love'), item('c', 'pt', 30, 'love'), item('d', 'pt-BR', undefined)];
const rowOf = new Map<string, number>(items.map((one, row) => [one.id, row]));
const rowsWhere = (fits: (row: number) => boolean) => [...items.keys()].filter(fits);

const fitting = (where: RuleTarget) => {
  const { allows } = rowRules([{ rule: 'exclude', where }], items, rowOf);
  return rowsWhere((row) => !allows(row));
};

test('excluded items and categories never appear, even when pinned; unknown ids are ignored', () => {
  const out: RankingRule[] = [
    { rule: 'exclude', where: { items: ['a'] } },
    { rule: 'exclude', where: { categories: ['none'] } },
  ];
  const rules = rowRules([{ rule: 'pin', items: ['c', 'gone', 'a'] }, ...out], items, rowOf);
  expect(rules.pinned).toEqual([2]);
  expect(rowsWhere(rules.allows)).toEqual([1, 2, 3]);
  expect(fitting({ categories: ['love'] })).toEqual([1, 2]);
});

test('a target is every condition together: one of the ids, one of the categories, a language, numbers within bounds', () => {
  expect(fitting({ languages: ['pt'] })).toEqual([2, 3]);
  expect(fitting({ attributes: { price: { from: 10, to: 20 } } })).toEqual([0, 1]);
  expect(fitting({ attributes: { price: { from: 11 } } })).toEqual([1, 2]);
  expect(fitting({ attributes: { price: {} } })).toEqual([0, 1, 2]);
  expect(fitting({ categories: ['crime', 'love'], attributes: { price: { to: 10 } } })).toEqual([0]);
  expect(fitting({ items: ['b', 'c'], languages: ['en'] })).toEqual([1]);
});

test('of the boosts that fit an item the last one counts', () => {
  const boost = (by: number, where: RuleTarget): RankingRule => ({ rule: 'boost', by, where });
  const { boostOf } = rowRules(
    [boost(0.1, { categories: ['crime'] }), boost(0.2, { categories: ['love'] }), boost(-0.3, { items: ['c'] })],
    items,
    rowOf,
  );
  expect(items.map((_, row) => boostOf(row))).toEqual([0.1, 0.2, -0.3, 0]);
});

test('limits: of every category, of some, and the last that names one', () => {
  const limitOf = (...rules: RankingRule[]) => rowRules(rules, items, rowOf).limits?.limitOf;
  expect(limitOf()).toBeUndefined();
  const every = limitOf({ rule: 'limit', atMost: 3 }, { rule: 'limit', atMost: 1, categories: ['love'] });
  expect([every?.('crime'), every?.('love')]).toEqual([3, 1]);
  expect(limitOf({ rule: 'limit', atMost: 1, categories: ['love'] })?.('crime')).toBe(Number.POSITIVE_INFINITY);
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

test('a boost is so many units of score', async () => {
  const boosted = boostedSearch(searchOf([5, 4]), 2, (row) => (row === 1 ? 0.2 : 0), 10);
  expect(
    await boosted(
      2,
      bitsetWhere(2, () => true),
    ),
  ).toEqual([
    { row: 1, score: 6 },
    { row: 0, score: 5 },
  ]);
});

test('rules in a list: pinned first, excluded gone, boosted up, and no more of a category than its limit', async () => {
  const given: RankingRule[] = [
    { rule: 'pin', items: ['d'] },
    { rule: 'exclude', where: { items: ['a'] } },
    { rule: 'boost', by: 0.5, where: { categories: ['crime'] } },
  ];
  const listBy = async (rules: readonly RankingRule[]) => {
    const { boostOf, allows, pinned, limits } = rowRules(rules, items, rowOf);
    const search = boostedSearch(searchOf([0.9, 0.3, 0.6, -0.2]), 4, boostOf);
    const ranked = await rankByPolicy({ mode: 'any' }, { count: 4, rowCount: 4, search, allows, languageOf: () => 'en', pinned, limits });
    return ranked.map(({ row }) => row);
  };
  expect(await listBy(given)).toEqual([3, 1, 2]);
  expect(await listBy([...given, { rule: 'limit', atMost: 1 }])).toEqual([3, 1]);
});
