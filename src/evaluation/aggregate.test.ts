import { expect, test } from 'vitest';
import { coverageInterval } from './aggregate.ts';

/** Two items a list. */
const resultOf = (lists: readonly (readonly [number, number, number])[], itemCount = 10) => ({
  users: Int32Array.from(lists, ([user]) => user),
  topLists: Int32Array.from(lists.flatMap(([, first, second]) => [first, second])),
  listLength: 2,
  itemCount,
});

test('by hand: users 0 and 1 add one item each alone, user 2 adds two', () => {
  // Items 1; 2; 3 and 4 are shown by one user only, item 0 by two: 5 of 10. Left out, users lose 0.1, 0.1, 0.2.
  const { mean, low, high, users } = coverageInterval(
    resultOf([
      [0, 0, 1],
      [1, 0, 2],
      [2, 3, 4],
    ]),
    2,
  );
  const error = Math.sqrt((2 / 3) * (2 * (0.1 - 0.4 / 3) ** 2 + (0.2 - 0.4 / 3) ** 2));
  expect([mean, users]).toEqual([0.5, 3]);
  expect(low).toBeCloseTo(0.5 - 1.96 * error, 12);
  expect(high).toBeCloseTo(0.5 + 1.96 * error, 12);
});

test('two cases of one user are one user; candidates are what can be covered; k cuts the lists', () => {
  const twice = resultOf([
    [4, 0, 1],
    [4, 0, 2],
    [7, 3, -1],
  ]);
  // User 4 alone shows 0, 1 and 2; user 7 shows 3.
  const { mean, low, users } = coverageInterval({ ...twice, candidates: Uint8Array.of(1, 1, 1, 1, 1, 0, 0, 0, 0, 0) }, 2);
  expect([mean, users]).toEqual([0.8, 2]);
  expect(low).toBeCloseTo(0.8 - 1.96 * Math.sqrt(0.5 * 2 * 0.2 ** 2), 12);
  expect(coverageInterval(twice, 1).mean).toBeCloseTo(0.2, 12);
  expect(() => coverageInterval(twice, 3)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});

test('equal lists have an interval of width 0; one user alone has none', () => {
  expect(
    coverageInterval(
      resultOf([
        [0, 0, 1],
        [1, 0, 1],
      ]),
      2,
    ),
  ).toMatchObject({ mean: 0.2, low: 0.2, high: 0.2 });
  expect(coverageInterval(resultOf([[0, 0, 1]]), 2)).toEqual({ mean: 0.2, low: Number.NaN, high: Number.NaN, users: 1 });
});
