import { describe, expect, test } from 'vitest';
import { addSums, COVARIANCE_STRENGTH, covariancesOf, discriminantBasis, firstColumns, sumCovariances, WIENER_EXPONENT } from './covariances.ts';
import type { LanguagePrior } from './types.ts';

// Two items of two rows in two dimensions: item 0 at (1, 0) ± (0, 0.1), item 1 at (−1, 0) ± (0, 0.3).
const rows = Float32Array.of(1, 0.1, 1, -0.1, -1, 0.3, -1, -0.3);
const items = [
  [0, 1],
  [2, 3],
];
const prior = (within: number, between: number): LanguagePrior => ({
  dimensions: 2,
  languages: [],
  means: new Float32Array(0),
  covariances: { withinItem: Float32Array.of(within, 0, 0, within), betweenItem: Float32Array.of(between, 0, 0, between) },
});

describe('covariances', () => {
  test('within and between items, computed by hand', () => {
    const found = covariancesOf(sumCovariances(rows, 2, items), undefined);
    // S_w = (0.02 + 0.18) / (4 − 2) in direction 1. S_b = cov of the means (±1, 0) = 2, less S_w / 2.
    expect(found?.withinItem[0]).toBeCloseTo(0, 6);
    expect(found?.withinItem[3]).toBeCloseTo(0.1, 6);
    expect(found?.betweenItem[0]).toBeCloseTo(2, 6);
    expect(found?.betweenItem[3]).toBeCloseTo(-0.05, 6);
    expect(found?.betweenItem[1]).toBe(found?.betweenItem[2]);
  });

  test('shrinks to the shipped ones by the number of items and of rows beyond the first', () => {
    const found = covariancesOf(sumCovariances(rows, 2, items), prior(5, 7));
    const within = 2 / (2 + COVARIANCE_STRENGTH.rows);
    const between = 2 / (2 + COVARIANCE_STRENGTH.items);
    expect(found?.withinItem[3]).toBeCloseTo(within * 0.1 + (1 - within) * 5, 6);
    expect(found?.betweenItem[0]).toBeCloseTo(between * 2 + (1 - between) * 7, 6);
  });

  test('without translations the shipped ones stand; without both there are none', () => {
    const none = sumCovariances(rows, 2, []);
    expect(covariancesOf(none, prior(5, 7))?.betweenItem[0]).toBe(7);
    expect(covariancesOf(none, undefined)).toBeUndefined();
  });

  test('sums of halves add up to the sum of all', () => {
    const parts = addSums(sumCovariances(rows, 2, [[0, 1]]), sumCovariances(rows, 2, [[2, 3]]));
    expect(covariancesOf(parts, undefined)).toEqual(covariancesOf(sumCovariances(rows, 2, items), undefined));
  });
});

test('the basis: directions by ratio, each scaled by its Wiener gain', () => {
  // Diagonal: A = S_w + 2 · tr(S_w)/2 · I = (1 + 4, 3 + 4); g = S_b / A = (1/3, 28/7).
  const basis = discriminantBasis({ dimensions: 2, withinItem: Float64Array.of(1, 0, 0, 3), betweenItem: Float64Array.of(5 / 3, 0, 0, 28) });
  const [first, second] = [4, 1 / 3].map((g) => (g / (g + 1)) ** WIENER_EXPONENT) as [number, number];
  expect(basis.columns[2]).toBeCloseTo(first / Math.sqrt(7), 6); // row 1, column 0
  expect(basis.columns[1]).toBeCloseTo(second / Math.sqrt(5), 6); // row 0, column 1
  expect([...firstColumns(basis, 1)]).toEqual([basis.columns[0], basis.columns[2]]);
});

test('directions without item variance get no weight, and equal rows are refused', () => {
  const flat = discriminantBasis({ dimensions: 2, withinItem: Float64Array.of(1, 0, 0, 1), betweenItem: Float64Array.of(1, 0, 0, -0.5) });
  expect(flat.columns[3]).toBe(0);
  expect(() => discriminantBasis({ dimensions: 1, withinItem: Float64Array.of(0), betweenItem: Float64Array.of(1) })).toThrow(/are all equal/);
});
