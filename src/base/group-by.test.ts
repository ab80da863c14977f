import { expect, test } from 'vitest';
import { countBy, groupBy } from './group-by.ts';

test('values keep their order, keys come in the order of their first value', () => {
  const groups = groupBy(['pear', 'apple', 'plum', 'fig'], (word) => word.length);
  expect([...groups]).toEqual([
    [4, ['pear', 'plum']],
    [5, ['apple']],
    [3, ['fig']],
  ]);
});

test('the position is given, and nothing gives no group', () => {
  expect([...groupBy([5, 6, 7], (_, position) => position % 2)]).toEqual([
    [0, [5, 7]],
    [1, [6]],
  ]);
  expect(groupBy([], () => 0).size).toBe(0);
});

test('values are counted in the order of the first of each', () => {
  expect([...countBy(['b', 'a', 'b'])]).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
