import { describe, expect, test } from 'vitest';
import { itemKnnSystem } from './item-knn.ts';
import fixture from './testing/fixture.json';
import { contextOf, itemOf, matrixOf, scoresOf } from './testing/planted.ts';

describe('itemKnnSystem', () => {
  test.each(fixture.itemKnn)('shrink $shrink, $neighbours neighbours: as computed with scipy', async (wanted) => {
    const { shrink, neighbours } = wanted;
    const fitted = await itemKnnSystem({ shrink, neighbours }).fit(contextOf(matrixOf(fixture.likes, fixture.itemCount)));
    fixture.histories.forEach((history, at) => {
      scoresOf(fitted, history, fixture.itemCount).forEach((score, item) => {
        expect(score, `history ${at}, item ${item}`).toBeCloseTo(wanted.scores[at]?.[item] ?? Number.NaN, 6);
      });
    });
  });

  test('n_ij / (√(n_i n_j) + shrink) by hand', async () => {
    // n_0 = 3, n_1 = 2, n_2 = 1; n_01 = 2, n_02 = 1, n_12 = 0
    const train = matrixOf(
      [
        [0, 1],
        [0, 1],
        [0, 2],
      ],
      4,
    );
    const fitted = await itemKnnSystem({ shrink: 1 }).fit(contextOf(train));
    const scores = scoresOf(fitted, [0], 4);
    expect(scores[1]).toBeCloseTo(2 / (Math.sqrt(6) + 1), 6);
    expect(scores[2]).toBeCloseTo(1 / (Math.sqrt(3) + 1), 6);
    expect([scores[0], scores[3]]).toEqual([0, 0]);
  });

  test('weights of 0 and below are no likes, in training and in a history', async () => {
    const train = matrixOf(
      [
        [0, 1],
        [0, 2],
      ],
      3,
    );
    train.weights[3] = -1; // second user, item 2
    const fitted = await itemKnnSystem().fit(contextOf(train));
    expect(scoresOf(fitted, [0], 3)[2]).toBe(0);
    expect([...scoresOf(fitted, [0], 3, [0])]).toEqual([0, 0, 0]);
  });

  test('of equally similar neighbours the one with the lower id stays, whatever its row', async () => {
    const train = matrixOf([[0, 1, 2]], 3); // all equally similar; one neighbour each
    const one = await itemKnnSystem({ neighbours: 1 }).fit(contextOf(train));
    expect([...scoresOf(one, [0], 3)].map((score) => score > 0)).toEqual([false, true, true]);
    const turned = await itemKnnSystem({ neighbours: 1 }).fit(contextOf(train, { items: [itemOf(2), itemOf(1), itemOf(0)] }));
    expect([...scoresOf(turned, [2], 3)].map((score) => score > 0)).toEqual([true, true, false]);
  });

  test.each([{ neighbours: 0 }, { neighbours: 1.5 }, { shrink: -1 }, { shrink: Number.NaN }])('refuses %o', (options) => {
    expect(() => itemKnnSystem(options)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
