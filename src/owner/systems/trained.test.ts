// Trained systems on planted blocks: better than chance and the plain mean, one fit for a shared training matrix, no leak.
import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { contextOf, plantedBlocks, scoresOf } from '../../evaluation/baselines/testing/planted.ts';
import type { Split } from '../../evaluation/types.ts';
import { shortHistories } from './short-histories.ts';
import { trainedSystems } from './trained.ts';

const { train, catalogue, block } = plantedBlocks(seededRandom(3));
const context = contextOf(train, catalogue, () => 0.5);

test.each([0, 8])('with %i dimensions for categories: head, table and blend find the block of a history', async (featureDimensions) => {
  const { head, table, blend } = trainedSystems({ kind: 'bilinear', rank: 4, epochs: 1, featureDimensions });
  expect(head.name).toBe(featureDimensions ? 'head-bilinear-features' : 'head-bilinear');
  for (const system of [head, table, blend]) {
    const scores = scoresOf(await system.fit(context), [0, 4], 40);
    expect(scores.every(Number.isFinite)).toBe(true);
    const best = [...scores.keys()]
      .filter((row) => row !== 0 && row !== 4)
      .sort((a, b) => (scores[b] as number) - (scores[a] as number))
      .slice(0, 5);
    expect(best.filter((row) => block[row] === block[0]).length, system.name).toBeGreaterThanOrEqual(4);
  }
});

test('a system without vectors is refused; disliked items say nothing', async () => {
  const { head } = trainedSystems({ kind: 'dot', epochs: 0 });
  await expect(head.fit(contextOf(train))).rejects.toMatchObject({ code: 'bad-argument' });
  const fitted = await head.fit(context);
  expect(scoresOf(fitted, [0, 1], 40, [1, 0])).toEqual(scoresOf(fitted, [0], 40));
});

test('short histories: so many items of each, the rest no candidates, questions and training as they were', () => {
  const cases = [
    { user: 0, history: Int32Array.of(1, 2, 3, 4), historyWeights: Float32Array.of(1, 2, 3, 4), relevant: Int32Array.of(9) },
    { user: 1, history: Int32Array.of(5), historyWeights: Float32Array.of(1), relevant: Int32Array.of(8), excluded: Int32Array.of(7) },
  ];
  const split: Split = { name: 'k-fold', seed: 1, train, cases };
  const short = shortHistories(split, 2);
  expect(short).toMatchObject({ name: 'k-fold-2', leftOutUsers: 1 });
  expect(short.train).toBe(train);
  const [one] = short.cases;
  expect([...(one?.history ?? []), ...(one?.excluded ?? [])].sort()).toEqual([1, 2, 3, 4]);
  expect([...(one?.historyWeights ?? [])]).toEqual([...(one?.history ?? [])]);
  expect(one?.relevant).toEqual(Int32Array.of(9));
  expect(() => shortHistories(split, 9)).toThrow(/9 items/);
  expect(() => shortHistories(split, 0)).toThrow(/whole number/);
});
