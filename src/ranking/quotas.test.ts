import { expect, test } from 'vitest';
import { randomBelow, seededRandom } from '../base/random.ts';
import { allot } from './quotas.ts';

test('largest remainder, worked by hand', () => {
  expect(allot(10, [0.5, 0.3, 0.2], [99, 99, 99])).toEqual([5, 3, 2]);
  expect(allot(7, [1, 1, 1], [99, 99, 99])).toEqual([3, 2, 2]);
  expect(allot(10, [47, 16, 37], [99, 99, 99])).toEqual([5, 1, 4]);
});

test('what a group has no room for goes to the others in proportion, then to those without a weight', () => {
  expect(allot(10, [5, 3, 2], [1, 99, 99])).toEqual([1, 5, 4]);
  expect(allot(10, [5, 3, 2, 0, 0], [1, 2, 1, 99, 99])).toEqual([1, 2, 1, 3, 3]);
  expect(allot(10, [1, 0], [3, 4])).toEqual([3, 4]);
  expect(allot(0, [1], [3])).toEqual([0]);
  expect(allot(5, [], [])).toEqual([]);
});

test('on 2,000 random cases: all places given, no room overrun, off by less than one where there is room', () => {
  const random = seededRandom(4);
  for (let turn = 0; turn < 2000; turn++) {
    const groups = 1 + randomBelow(6, random);
    const weights = Array.from({ length: groups }, () => (random() < 0.2 ? 0 : random()));
    const rooms = Array.from({ length: groups }, () => randomBelow(turn % 2 ? 12 : 1000, random));
    const places = randomBelow(30, random);
    const got = allot(places, weights, rooms);
    expect(got.reduce((a, b) => a + b, 0)).toBe(
      Math.min(
        places,
        rooms.reduce((a, b) => a + b, 0),
      ),
    );
    const total = weights.reduce((a, b) => a + b, 0);
    got.forEach((count, group) => {
      expect(Number.isInteger(count) && count >= 0 && count <= (rooms[group] ?? 0)).toBe(true);
      if (total > 0 && rooms.every((room) => room >= places)) expect(Math.abs(count - (places * (weights[group] ?? 0)) / total)).toBeLessThan(1);
    });
  }
});
