import { expect, test } from 'vitest';
import { deriveSeed, randomBelow, sampleWithout, seededRandom, shuffle } from './random.ts';

test('the same seed gives the same numbers, another seed others; mulberry32 by its published constants', () => {
  const first = seededRandom(1);
  // Values of the reference implementation for seed 1.
  expect([first(), first()].map((value) => value.toFixed(9))).toEqual(['0.627073941', '0.002735721']);
  expect(seededRandom(1)()).toBe(seededRandom(1)());
  expect(seededRandom(1)()).not.toBe(seededRandom(2)());
});

test('numbers are uniform enough: ten cells of 20,000 draws, chi-square below the 0.1 % point of 9 degrees', () => {
  const random = seededRandom(7);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 20_000; draw++) {
    const cell = randomBelow(10, random);
    counts[cell] = (counts[cell] as number) + 1;
  }
  expect(counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.88);
});

test('a shuffle keeps every value and reaches every order', () => {
  const random = seededRandom(3);
  const orders = new Set<string>();
  for (let turn = 0; turn < 200; turn++) orders.add(shuffle([1, 2, 3], random).join());
  expect(orders.size).toBe(6);
  expect(shuffle(Int32Array.of(4, 5, 6, 7), random).toSorted()).toEqual(Int32Array.of(4, 5, 6, 7));
});

test('a sample has no value twice, and asking for too many is refused', () => {
  const sample = sampleWithout(50, 50, seededRandom(5));
  expect(sample.toSorted()).toEqual(Int32Array.from({ length: 50 }, (_, at) => at));
  expect(new Set(sampleWithout(1000, 20, seededRandom(5))).size).toBe(20);
  expect(sampleWithout(3, 0, seededRandom(5))).toHaveLength(0);
  expect(() => sampleWithout(3, 4, seededRandom(5))).toThrow(/4 different numbers cannot be drawn from 3/);
});

test('derived seeds differ by seed and by purpose, and stay the same', () => {
  const seeds = [1, 2, 3].flatMap((seed) => ['', 'fit ease', 'fit bpr', 'bootstrap'].map((purpose) => deriveSeed(seed, purpose)));
  expect(new Set([...seeds, 1, 2, 3]).size).toBe(15);
  expect(deriveSeed(1, 'bootstrap')).toBe(deriveSeed(1, 'bootstrap'));
});
