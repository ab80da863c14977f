import { expect, test } from 'vitest';
import fixture from '../testing/ranx-fixture.json' with { type: 'json' };
import { equalExpectedRank, languageNdcgAt, languagePreference } from './languages.ts';
import { averageRanks, chiSquareTail, kruskalWallis, spearman } from './statistics.ts';

const place = (rank: number) => ({ above: rank - 1, size: 1 });

test('average ranks, ascending, ties share the mean', () => {
  expect([...averageRanks([10, 30, 20, 20, Number.NEGATIVE_INFINITY])]).toEqual([2, 5, 3.5, 3.5, 1]);
  expect([...averageRanks([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])]).toEqual([1.5, 1.5]);
});

test('Kruskal–Wallis by hand: ranks 1 2 against 3 4 give H = 2.4', () => {
  // 12 / 20 · (9/2 + 49/2) − 15
  const { h, degrees } = kruskalWallis([
    [1, 2],
    [3, 4],
  ]);
  expect(h).toBeCloseTo(2.4, 12);
  expect(degrees).toBe(1);
  expect(kruskalWallis([[5, 5], [5]])).toEqual({ h: 0, degrees: 1, p: 1 });
});

test.each(fixture.statistics.kruskal)('Kruskal–Wallis as scipy, with ties (case %#)', ({ groups, h, p }) => {
  const found = kruskalWallis(groups);
  expect(Math.abs(found.h - h)).toBeLessThan(1e-9);
  expect(Math.abs(found.p - p)).toBeLessThan(1e-9);
});

test.each(fixture.statistics.tails)('chi-square tail at $x with $degrees degrees as scipy', ({ x, degrees, p }) => {
  expect(Math.abs(chiSquareTail(x, degrees) - p)).toBeLessThanOrEqual(1e-9 * p + 1e-15);
});

test.each(fixture.statistics.spearman)('Spearman as scipy, with ties (case %#)', ({ x, y, rho }) => {
  expect(Math.abs(spearman(x, y) - rho)).toBeLessThan(1e-9);
});

test('Spearman by hand: one swap of four gives 0.8; constants have none', () => {
  expect(spearman([1, 2, 3, 4], [4, 2, 3, 1])).toBeCloseTo(-0.8, 12);
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toBeCloseTo(0.8, 12);
  expect(spearman([1, 2, 3], [9, 5, 1])).toBeCloseTo(-1, 12);
  expect(spearman([1, 1], [1, 2])).toBeNaN();
});

test('equal expected rank: p of the test by language, NaN within one language', () => {
  // ranks 1 2 | 3 4: H = 2.4, p = P(χ²₁ ≥ 2.4) = 0.12134 (tables)
  expect(equalExpectedRank([1, 4, 2, 3], ['de', 'fi', 'de', 'fi'])).toBeCloseTo(0.1213, 4);
  // Rank sums 5 and 5: H = 0.
  expect(equalExpectedRank([1, 2, 4, 3], ['de', 'fi', 'de', 'fi'])).toBeCloseTo(1, 12);
  expect(equalExpectedRank([1, 2], ['de', 'de'])).toBeNaN();
});

test('language preference by hand: wins among pairs of different language, ties one half', () => {
  // de at 1 and 5; fi at 2 and 5: pairs (1,2) (1,5) won, (5,2) lost, (5,5) even
  expect(languagePreference([1, 5, 2, 5], ['de', 'de', 'fi', 'fi'], 'de')).toBeCloseTo(2.5 / 4, 12);
  expect(languagePreference([1, 2], ['fi', 'sw'], 'de')).toBeNaN();
  expect(languagePreference([1, 2], ['de', 'de'], 'de')).toBeNaN();
});

test('language-aware nDCG by hand: gains 1 and ½, the own language first is ideal', () => {
  const d = (rank: number): number => 1 / Math.log2(1 + rank);
  const ideal = d(1) + 0.5 * d(2);
  expect(languageNdcgAt([place(1), place(2)], ['de', 'fi'], 'de', 10)).toBeCloseTo(1, 12);
  expect(languageNdcgAt([place(2), place(1)], ['de', 'fi'], 'de', 10)).toBeCloseTo((d(2) + 0.5 * d(1)) / ideal, 12);
  expect(languageNdcgAt([place(2), place(1)], ['de', 'fi'], 'de', 1)).toBeCloseTo(0.5, 12);
  // Both share the ranks 1 and 2: the mean of the two orders above.
  const tie = { above: 0, size: 2 };
  expect(languageNdcgAt([tie, tie], ['de', 'fi'], 'de', 10)).toBeCloseTo((1 + (d(2) + 0.5 * d(1)) / ideal) / 2, 12);
});
