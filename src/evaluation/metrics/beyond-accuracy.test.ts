import { expect, test } from 'vitest';
import {
  calibrationError,
  coverage,
  exposureOf,
  giniOfExposure,
  intraListSimilarity,
  listRows,
  novelty,
  selfInformation,
} from './beyond-accuracy.ts';

const LISTS = [Int32Array.of(0, 1, 2), Int32Array.of(0, 1, -1), Int32Array.of(0, 3, 1)];

test('exposure counts the first k of each list, up to its end', () => {
  expect([...exposureOf(LISTS, 2, 5)]).toEqual([3, 2, 0, 1, 0]);
  expect([...listRows(Int32Array.of(4, 2, -1, -1))]).toEqual([4, 2]);
  expect([...listRows(Int32Array.of(4, 2, 1), 2)]).toEqual([4, 2]);
});

test('coverage by hand: three of five items shown, two of the three candidates', () => {
  const exposure = exposureOf(LISTS, 2, 5);
  expect(coverage(exposure)).toBeCloseTo(3 / 5, 12);
  expect(coverage(exposure, Uint8Array.of(1, 1, 1, 0, 0))).toBeCloseTo(2 / 3, 12);
});

test('Gini by hand: equal exposure 0, all to one of four 3/4, 0 1 2 3 → 5/12; only candidates count', () => {
  expect(giniOfExposure(Float64Array.of(2, 2, 2))).toBeCloseTo(0, 12);
  expect(giniOfExposure(Float64Array.of(0, 0, 8, 0))).toBeCloseTo(3 / 4, 12);
  // (−3·0 − 1·1 + 1·2 + 3·3) / (4 · 6)
  expect(giniOfExposure(Float64Array.of(3, 1, 2, 0))).toBeCloseTo(10 / 24, 12);
  expect(giniOfExposure(Float64Array.of(5, 9, 5), Uint8Array.of(1, 0, 1))).toBeCloseTo(0, 12);
  expect(giniOfExposure(Float64Array.of(0, 0))).toBeNaN();
});

test('intra-list similarity by hand: pairs 0, 1 and 0.6 of unit vectors', () => {
  const vectors = Float32Array.of(1, 0, 0, 1, 1, 0, 0.6, 0.8);
  expect(intraListSimilarity(Int32Array.of(0, 1), vectors, 2)).toBeCloseTo(0, 6);
  expect(intraListSimilarity(Int32Array.of(0, 1, 2), vectors, 2)).toBeCloseTo(1 / 3, 6);
  expect(intraListSimilarity(Int32Array.of(0, 3), vectors, 2)).toBeCloseTo(0.6, 6);
  expect(intraListSimilarity(Int32Array.of(0), vectors, 2)).toBeNaN();
});

test('novelty by hand: three users with items, so p = (1 + n) / 4', () => {
  const train = {
    userCount: 4,
    itemCount: 3,
    offsets: Int32Array.of(0, 2, 3, 3, 4),
    items: Int32Array.of(0, 1, 0, 0),
    weights: new Float32Array(4).fill(1),
  };
  const information = selfInformation(train);
  expect([...information]).toEqual([0, 1, 2]);
  expect(novelty(Int32Array.of(0, 1, 2), information)).toBeCloseTo(1, 12);
  expect(novelty(Int32Array.of(2), information)).toBeCloseTo(2, 12);
  expect(novelty(new Int32Array(0), information)).toBeNaN();
});

test('calibration error by hand (Steck 2018): same proportions 0, a missing class costs ln 100 for its share', () => {
  const classes: Record<number, string[]> = { 0: ['a'], 1: ['b'], 2: ['a', 'b'], 3: ['a'], 4: [] };
  const of = (row: number): readonly string[] => classes[row] ?? [];
  expect(calibrationError(Int32Array.of(0, 1), Int32Array.of(2), of)).toBeCloseTo(0, 12);
  // p = (½, ½), q = (1, 0): q̃ = (0.995, 0.005)
  const byHand = 0.5 * Math.log(0.5 / 0.995) + 0.5 * Math.log(0.5 / 0.005);
  expect(calibrationError(Int32Array.of(0, 1), Int32Array.of(0, 3), of)).toBeCloseTo(byHand, 12);
  // Items without a class do not count.
  expect(calibrationError(Int32Array.of(0, 1, 4), Int32Array.of(0, 4), of)).toBeCloseTo(byHand, 12);
  expect(calibrationError(Int32Array.of(4), Int32Array.of(0), of)).toBeNaN();
});
