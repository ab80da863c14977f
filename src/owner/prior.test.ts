// The item prior by hand: shrunk shares, aged likes, refusals.
import { expect, test } from 'vitest';
import { itemPrior } from './prior.ts';
import { likesOf } from './testing/planted-log.ts';

const likes = likesOf([[0, 1], [0], [0, 2], [1]], 4);

test('log((n + shrink · m) / (U + shrink)) with m the mean share', () => {
  const { values, users } = itemPrior(likes, { shrink: 4, asOfMs: 0 });
  expect(users).toBe(4);
  const mean = 6 / (4 * 4);
  for (const [row, count] of [3, 2, 1, 0].entries()) expect(values[row]).toBeCloseTo(Math.log((count + 4 * mean) / 8), 6);
});

test('an item that nobody liked counts as the lowest, or as the mean of those that someone liked', () => {
  const [lowest, mean] = (['lowest', 'mean'] as const).map((unknown) => itemPrior(likes, { asOfMs: 0, unknown }));
  expect(lowest?.values[3]).toBeCloseTo(lowest?.absent ?? 0, 6);
  expect(lowest?.absent).toBeLessThan(lowest?.values[2] ?? 0);
  const [a = 0, b = 0, c = 0, other = 0] = mean?.values ?? [];
  expect(other).toBeCloseTo((a + b + c) / 3, 6);
  expect(mean?.values.slice(0, 3)).toEqual(lowest?.values.slice(0, 3));
});

test('a like of one half-life ago counts half, one without a time in full', () => {
  const timesMs = Float64Array.of(0, 1000, 1000, Number.NaN, 1000, 1000);
  const aged = itemPrior(likes, { shrink: 1, asOfMs: 1000, halfLifeMs: 1000, timesMs }).values;
  const mean = 5.5 / 16;
  expect(aged[0]).toBeCloseTo(Math.log((2.5 + mean) / 5), 6);
});

test('an empty log and bad numbers are refused', () => {
  expect(() => itemPrior(likesOf([[]], 3), { asOfMs: 0 })).toThrow(/no like/);
  expect(() => itemPrior(likes, { asOfMs: 0, shrink: 0 })).toThrow(/shrinkage/);
  expect(() => itemPrior(likes, { asOfMs: 0, halfLifeMs: 5 })).toThrow(/half-life/);
});
