import { expect, test } from 'vitest';
import fixture from '../testing/ranx-fixture.json' with { type: 'json' };
import { averagePrecision, expectedDiscount, hitAt, ndcgAt, recallAt, reciprocalRank } from './accuracy.ts';
import { averageRank, groupsOfRelevant, type Standing, standingOf } from './ties.ts';

const standing = (scores: readonly number[], relevant: readonly number[], closed: readonly number[] = []): Standing =>
  standingOf(
    Float32Array.from(scores),
    Uint8Array.from(scores, (_, row) => (closed.includes(row) ? 0 : 1)),
    Int32Array.from(relevant),
  );

test('counting finds the rank of each relevant item among the candidates; ties are groups', () => {
  // Order: 2 (0.9), 4 and 1 (0.5), 0 (0.2), 5 (−∞); row 3 is no candidate.
  const scores = [0.2, 0.5, 0.9, 0.95, 0.5, Number.NEGATIVE_INFINITY];
  const found = standing(scores, [5, 0, 1], [3]);
  expect(found).toEqual({
    groups: [
      { above: 1, size: 2, relevant: 1 },
      { above: 3, size: 1, relevant: 1 },
      { above: 4, size: 1, relevant: 1 },
    ],
    relevant: 3,
    candidates: 5,
  });
  const groups = groupsOfRelevant(found, Float32Array.from(scores), Int32Array.of(5, 0, 1));
  expect(groups.map(averageRank)).toEqual([5, 4, 2.5]);
});

test('by hand: relevant at ranks 1, 3 and 6 of 8', () => {
  const case136 = standing([8, 7, 6, 5, 4, 3, 2, 1], [0, 2, 5]);
  const ideal3 = 1 + 1 / Math.log2(3) + 1 / 2;
  expect(ndcgAt(case136, 5)).toBeCloseTo((1 + 1 / 2) / ideal3, 12);
  expect(ndcgAt(case136, 10)).toBeCloseTo((1 + 1 / 2 + 1 / Math.log2(7)) / ideal3, 12);
  expect(ndcgAt(case136, 2)).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  expect(recallAt(case136, 5)).toBeCloseTo(2 / 3, 12);
  expect(hitAt(case136, 1)).toBe(1);
  expect(reciprocalRank(case136)).toBe(1);
  expect(averagePrecision(case136)).toBeCloseTo((1 + 2 / 3 + 3 / 6) / 3, 12);
});

test('by hand: the only relevant item at rank 4', () => {
  const case4 = standing([4, 3, 2, 1, 0], [3]);
  expect([hitAt(case4, 3), hitAt(case4, 4), recallAt(case4, 3), ndcgAt(case4, 3)]).toEqual([0, 1, 0, 0]);
  expect(reciprocalRank(case4)).toBeCloseTo(1 / 4, 12);
  expect(averagePrecision(case4)).toBeCloseTo(1 / 4, 12);
  expect(ndcgAt(case4, 4)).toBeCloseTo(1 / Math.log2(5), 12);
});

test('by hand: one relevant among four of equal score', () => {
  const flat = standing([1, 1, 1, 1], [2]);
  expect(hitAt(flat, 1)).toBeCloseTo(0.25, 12);
  expect(recallAt(flat, 2)).toBeCloseTo(0.5, 12);
  expect(reciprocalRank(flat)).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4, 12);
  expect(ndcgAt(flat, 1)).toBeCloseTo(0.25, 12);
  expect(expectedDiscount({ above: 0, size: 4 }, 2)).toBeCloseTo((1 + 1 / Math.log2(3)) / 4, 12);
});

test.each(fixture.ranking.cases)('ranx gives the same to 1e-6 (case %#)', ({ scores, relevant, expected }) => {
  const found = standing(scores, relevant);
  expect(Math.abs(ndcgAt(found, 5) - expected['ndcg@5'])).toBeLessThan(1e-6);
  expect(Math.abs(ndcgAt(found, 20) - expected['ndcg@20'])).toBeLessThan(1e-6);
  expect(Math.abs(recallAt(found, 5) - expected['recall@5'])).toBeLessThan(1e-6);
  expect(Math.abs(recallAt(found, 20) - expected['recall@20'])).toBeLessThan(1e-6);
  expect(Math.abs(hitAt(found, 5) - expected['hit_rate@5'])).toBeLessThan(1e-6);
  expect(Math.abs(reciprocalRank(found) - expected.mrr)).toBeLessThan(1e-6);
  expect(Math.abs(averagePrecision(found) - expected.map)).toBeLessThan(1e-6);
});

/** All orders of `values`. */
function orders(values: readonly number[]): number[][] {
  return values.length === 0 ? [[]] : values.flatMap((value, at) => orders(values.toSpliced(at, 1)).map((rest) => [value, ...rest]));
}

test.each([
  { scores: [3, 2, 2, 2, 1, 1, 0], relevant: [1, 2, 5] },
  { scores: [1, 1, 1, 1, 1, 1, 1], relevant: [0, 3, 6] },
  { scores: [2, 2, 2, 1, 1, 1, 1], relevant: [1, 3, 4, 5] },
  { scores: [5, 5, 4, 4, 3, 3, 3], relevant: [4, 6] },
])('with ties every metric is its mean over all orders of equal scores: $scores', ({ scores, relevant }) => {
  // Each order of the rows breaks ties its own way; strictly falling scores in that order have no ties left.
  const broken = orders(scores.map((_, row) => row)).map((order) => {
    const ranked = order.toSorted((a, b) => (scores[b] as number) - (scores[a] as number));
    return standing(
      scores.map((_, row) => -ranked.indexOf(row)),
      relevant,
    );
  });
  const tied = standing(scores, relevant);
  const metrics = {
    ndcg1: (s: Standing) => ndcgAt(s, 1),
    ndcg3: (s: Standing) => ndcgAt(s, 3),
    recall3: (s: Standing) => recallAt(s, 3),
    hit2: (s: Standing) => hitAt(s, 2),
    reciprocalRank,
    averagePrecision,
  };
  for (const [name, metric] of Object.entries(metrics)) {
    const mean = broken.reduce((sum, one) => sum + metric(one), 0) / broken.length;
    expect(metric(tied), name).toBeCloseTo(mean, 10);
  }
});

test('NaN and relevant items that are no candidates are refused', () => {
  expect(() => standing([1, Number.NaN], [0])).toThrow(expect.objectContaining({ code: 'bad-vector' }));
  expect(standing([1, Number.NaN], [0], [1]).candidates).toBe(1);
  expect(() => standing([1, 2], [0], [0])).toThrow(/relevant but no candidate/);
});
