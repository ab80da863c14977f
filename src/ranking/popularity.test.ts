// The prior from a column: its scale, its dates, and its weight for readers of well-known and of little-known items.
import { describe, expect, test } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { popularityOrder, popularityPrior, popularityWeight } from './popularity.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const itemOf = (popularity?: number, published?: string): Item => ({
  id: 'a' as ItemId,
  language: 'en',
  title: 'A',
  description: '',
  categories: [],
  ...(popularity === undefined ? {} : { popularity }),
  ...(published === undefined ? {} : { published }),
});
const priorOf = (...items: Item[]): number[] => [...(popularityPrior(items, NOW_MS) ?? expect.unreachable('there is a prior'))];

describe('the prior', () => {
  test('has mean 0 and deviation 1 over the items that state a count; the others are at the mean', () => {
    const prior = priorOf(itemOf(0), itemOf(), itemOf(9), itemOf(99), itemOf());
    const logs = [1, 10, 100].map(Math.log);
    const deviation = Math.log(10) * Math.sqrt(2 / 3);
    expect([prior[1], prior[4]]).toEqual([0, 0]);
    for (const [at, row] of [0, 2, 3].entries()) expect(prior[row]).toBeCloseTo(((logs[at] as number) - Math.log(10)) / deviation, 5);
  });

  test('is absent where no item states a count, where all are alike, and without items', () => {
    expect(popularityPrior([itemOf(), itemOf(undefined, '2020')], NOW_MS)).toBeUndefined();
    expect(popularityPrior([itemOf(7), itemOf(7), itemOf()], NOW_MS)).toBeUndefined();
    expect(popularityPrior([], NOW_MS)).toBeUndefined();
  });

  test('of equal counts the one from less than a year weighs more, up to twice; older ones are as they stand', () => {
    const [today, halfYear, year, century, undated, twice] = priorOf(
      itemOf(1000, '2026-01-01'),
      itemOf(1000, '2025-07-02T10:00:00Z'),
      itemOf(1000, '2025'),
      itemOf(1000, '1926'),
      itemOf(1000),
      itemOf(2000, '1926-05'),
    ) as [number, number, number, number, number, number];
    expect(today).toBeGreaterThan(halfYear);
    expect(halfYear).toBeGreaterThan(year);
    expect(year).toBeCloseTo(century, 2);
    expect(undated).toBe(century);
    expect(today).toBeCloseTo(twice, 5);
  });

  test('a date to come is as today, and the largest counts are finite', () => {
    const [today, tomorrow, huge] = priorOf(itemOf(5, '2026-01-01'), itemOf(5, '2027-06-01'), itemOf(Number.MAX_VALUE, '1990'));
    expect(today).toBe(tomorrow);
    expect(huge).toBeGreaterThan(today as number);
    expect(Number.isFinite(huge)).toBe(true);
  });
});

describe('its weight', () => {
  const prior = Float32Array.of(2, 2, 2, 2, 0, 0, 0, 0, -1, -1, -1, -1);
  const [known, average, hidden] = [
    [0, 1, 2, 3],
    [4, 5, 6, 7],
    [8, 9, 10, 11],
  ] as const;

  test('follows what the reader likes, and is never turned against it', () => {
    expect(popularityWeight(prior, known, 0)).toBeCloseTo(((1.5 + 8) / 5) * 1.5, 6);
    expect(popularityWeight(prior, average, 0)).toBeCloseTo((1.5 / 5) * 1.5, 6);
    expect(popularityWeight(prior, hidden, 0)).toBe(0);
  });

  test('grows less with each like', () => {
    const weights = [1, 2, 3, 4].map((likes) => popularityWeight(prior, known.slice(0, likes), 0) / ((1.5 + 2 * likes) / (1 + likes)));
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(weights[0]).toBeCloseTo(2, 6);
  });

  test('familiarity doubles it, or turns it slightly below 0', () => {
    const weight = popularityWeight(prior, known, 0);
    expect(popularityWeight(prior, known, 1)).toBeCloseTo(2 * weight, 6);
    expect(popularityWeight(prior, known, -0.5)).toBeCloseTo(weight / 2 - 0.125, 6);
    expect(popularityWeight(prior, known, -1)).toBeCloseTo(-0.25, 6);
    expect(popularityWeight(prior, hidden, -1)).toBeCloseTo(-0.25, 6);
  });
});

test('the start is in the order of the prior, unless hidden finds are asked for', () => {
  const prior = Float32Array.of(0, 2, -1, 2);
  expect([...(popularityOrder(prior, 0) ?? [])]).toEqual([1, 3, 0, 2]);
  expect(popularityOrder(prior, 1)).toEqual(popularityOrder(prior, 0));
  expect(popularityOrder(prior, -0.5)).toBeUndefined();
  expect(popularityOrder(undefined, 0)).toBeUndefined();
});
