// Systems simple enough to be checked by hand: popularity, chance, categories, embeddings.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { categoryHistogramSystem } from './category-histogram.ts';
import { embeddingKnnSystem, meanEmbeddingSystem } from './embedding.ts';
import { popularitySystem } from './popularity.ts';
import { randomSystem } from './random.ts';
import { contextOf, itemOf, matrixOf, scoresOf } from './testing/planted.ts';

const rounded = (values: Iterable<number>) => [...values].map((value) => Math.round(value * 1e6) / 1e6);

test('popularity counts users who liked', async () => {
  const train = matrixOf([[0, 1], [0, 2], [0]], 4);
  train.weights.set([1, 5, 2, -3, 0]);
  expect([...scoresOf(await popularitySystem().fit(contextOf(train)), [1], 4)]).toEqual([2, 1, 0, 0]);
});

test('random order: uniform, another for each history and seed, the same when asked again', async () => {
  const train = matrixOf([], 2000);
  const fitted = (seed: number) => randomSystem().fit(contextOf(train, {}, seededRandom(seed)));
  const first = await fitted(1);
  const scores = scoresOf(first, [3, 4], 2000);
  expect(scores).toEqual(scoresOf(first, [3, 4], 2000));
  const others = [scoresOf(first, [4, 3], 2000), scoresOf(first, [], 2000), scoresOf(await fitted(2), [3, 4], 2000)];
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const other of others) {
    // Correlation of independent uniform draws: standard deviation 1 / √2000 = 0.022.
    const covariance = mean(scores.map((value, item) => (value - 0.5) * ((other[item] as number) - 0.5)));
    expect(Math.abs(covariance * 12)).toBeLessThan(0.09);
  }
  expect(mean(scores)).toBeCloseTo(0.5, 1);
  expect(Math.min(...scores)).toBeLessThan(0.01);
  expect(Math.max(...scores)).toBeGreaterThan(0.99);
  expect(Math.max(...scores)).toBeLessThan(1);
});

test('category histogram: shares of the history, times idf', async () => {
  const items = [['a', 'b'], ['a'], ['b', 'c', 'c'], []].map((categories, row) => itemOf(row, { categories }));
  const context = contextOf(matrixOf([], 4), { items });
  // History: item 0 with weight 1, item 1 with weight 3 → a: 4/5, b: 1/5.
  const idf = scoresOf(await categoryHistogramSystem().fit(context), [0, 1], 4, [1, 3]);
  expect(rounded(idf)).toEqual(rounded([Math.LN2, 0.8 * Math.LN2, 0.2 * Math.LN2, 0]));
});

describe('embedding systems', () => {
  const vectors = Float32Array.from([1, 0, 0, 1, 0.6, 0.8, -1, 0, 0, 0]); // the last row was not encoded
  const context = contextOf(matrixOf([], 5), { vectors, dimensions: 2 });

  test('mean: cosine with the weighted mean; a row without a vector is tied with the lowest', async () => {
    const fitted = await meanEmbeddingSystem().fit(context);
    const length = Math.hypot(3, 1);
    expect(rounded(scoresOf(fitted, [0, 1, 4], 5, [3, 1, 9]))).toEqual(rounded([3, 1, 1.8 + 0.8, -3, -3].map((x) => x / length)));
    expect([...scoresOf(fitted, [4], 5)]).toEqual([0, 0, 0, 0, 0]);
  });

  test('nearest: mean of the largest cosines', async () => {
    const two = await embeddingKnnSystem({ nearest: 2 }).fit(context);
    expect(rounded(scoresOf(two, [3, 0, 1], 5))).toEqual([0.5, 0.5, 0.7, 0.5, 0.5]);
    const one = await embeddingKnnSystem({ nearest: 1 }).fit(context);
    expect(rounded(scoresOf(one, [3, 0, 1], 5))).toEqual([1, 1, 0.8, 1, 0.8]);
    const many = await embeddingKnnSystem({ nearest: 9 }).fit(context);
    expect(rounded(scoresOf(many, [0, 4], 5))).toEqual([1, 0, 0.6, -1, -1]);
  });

  test.each([meanEmbeddingSystem(), embeddingKnnSystem()])('$name says that it needs vectors, and how many', (system) => {
    expect(system.needsVectors).toBe(true);
    expect(() => system.fit(contextOf(matrixOf([], 5)))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    const short = contextOf(matrixOf([], 5), { vectors: vectors.slice(2), dimensions: 2 });
    expect(() => system.fit(short)).toThrow(expect.objectContaining({ code: 'bad-vector' }));
  });
});
