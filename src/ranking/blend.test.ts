// The blend by hand.
import { expect, test } from 'vitest';
import { blendScores, weightsFor } from './blend.ts';

test('scores by hand: standardised head and prior, table over its largest, weights by length of history', () => {
  const weights = [
    { upTo: 1, head: 1, prior: 0, itemItem: 0 },
    { upTo: null, head: 1, prior: 2, itemItem: 3 },
  ];
  const headScores = Float32Array.of(1, 3);
  const prior = Float32Array.of(-2, -6);
  const itemItem = Float32Array.of(0, 0.25);
  expect([...blendScores({ headScores, prior, itemItem, history: [5], weights })]).toEqual([-1, 1]);
  expect([...blendScores({ headScores, prior, itemItem, history: [5, 6], weights })]).toEqual([-1 + 2, 1 - 2 + 3]);
  expect([...blendScores({ headScores, history: [5, 6], weights })]).toEqual([-1, 1]);
  expect(weightsFor(weights, 1000)).toMatchObject({ head: 1, prior: 2 });
});

test('an item without a vector counts as the lowest, equal parts count nothing, arguments are left as they are', () => {
  const headScores = Float32Array.of(Number.NEGATIVE_INFINITY, 1, 3);
  const prior = Float32Array.of(0.1, 0.1, 0.1);
  const weights = [{ upTo: null, head: 1, prior: 1, itemItem: 1 }];
  expect([...blendScores({ headScores, prior, history: [], weights })]).toEqual([-1, -1, 1]);
  expect(headScores[0]).toBe(Number.NEGATIVE_INFINITY);
  expect(() => blendScores({ headScores, prior: Float32Array.of(1), history: [], weights })).toThrow(/one catalogue/);
  expect(() => weightsFor([{ upTo: 2, head: 1, prior: 0, itemItem: 0 }], 3)).toThrow(/history of 3/);
});
