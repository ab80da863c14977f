import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { bootstrapMean, comparePaired, holm, perUserMeans } from './bootstrap.ts';

const values = (count: number, seed: number, shift = 0): Float64Array => {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, () => random() + shift);
};
const everyone = (list: Float64Array) => ({ users: Int32Array.from(list, (_, at) => at), values: list });

test('cases of one user are one value; NaN cases and users with nothing else are left out', () => {
  const means = perUserMeans(Float64Array.of(1, 0, Number.NaN, 0.5, Number.NaN), Int32Array.of(7, 2, 2, 7, 9));
  expect([...means.users]).toEqual([2, 7]);
  expect([...means.values]).toEqual([0, 0.75]);
});

test('the interval of 400 uniform values is near the normal one: mean ± 1.96 · sd / √n', () => {
  const list = values(400, 3);
  const mean = list.reduce((sum, value) => sum + value, 0) / 400;
  const sd = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 400);
  const { low, high, ...rest } = bootstrapMean(list, { random: seededRandom(1), resamples: 4000 });
  expect(rest).toEqual({ mean: expect.closeTo(mean, 12), users: 400 });
  expect(Math.abs(low - (mean - (1.96 * sd) / 20))).toBeLessThan(0.003);
  expect(Math.abs(high - (mean + (1.96 * sd) / 20))).toBeLessThan(0.003);
  const narrow = bootstrapMean(list, { random: seededRandom(1), resamples: 4000, level: 0.5 });
  expect(narrow.high - narrow.low).toBeLessThan((high - low) / 2);
});

test('a 95 % interval holds the true mean in about 95 of 100 samples', () => {
  let held = 0;
  for (let sample = 0; sample < 200; sample++) {
    const { low, high } = bootstrapMean(values(60, 1000 + sample), { random: seededRandom(sample), resamples: 300 });
    if (low <= 0.5 && 0.5 <= high) held += 1;
  }
  // Binomial(200, 0.95): 190 ± 3 sd, and percentile intervals are a little narrow.
  expect(held).toBeGreaterThanOrEqual(178);
  expect(held).toBeLessThanOrEqual(199);
});

test('the same seed gives the same interval; none without users, width 0 for one user', () => {
  const list = values(30, 4);
  expect(bootstrapMean(list, { random: seededRandom(2) })).toEqual(bootstrapMean(list, { random: seededRandom(2) }));
  expect(bootstrapMean(list, { random: seededRandom(2) })).not.toEqual(bootstrapMean(list, { random: seededRandom(3) }));
  expect(bootstrapMean(new Float64Array(0), { random: seededRandom(1) })).toEqual({
    mean: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    users: 0,
  });
  expect(bootstrapMean(Float64Array.of(0.25), { random: seededRandom(1) })).toEqual({
    mean: 0.25,
    low: 0.25,
    high: 0.25,
    users: 1,
  });
  expect(() => bootstrapMean(list, { random: seededRandom(1), resamples: 0 })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});

test('pairing: a small constant gain is certain, although the systems vary far more between users', () => {
  const base = values(100, 5);
  const better = base.map((value) => value + 0.01);
  const result = comparePaired(everyone(better), everyone(base), { random: seededRandom(1), resamples: 999 });
  expect(result.difference.mean).toBeCloseTo(0.01, 10);
  expect([result.difference.low > 0.0099, result.difference.high < 0.0101]).toEqual([true, true]);
  expect(result.p).toBe(1 / 1000);
  expect([result.wins, result.losses, result.ties]).toEqual([100, 0, 0]);
});

test('sign flips by hand: differences 1, 1, 1 are as far from 0 in 2 of 8 ways', () => {
  const { p } = comparePaired(everyone(Float64Array.of(2, 3, 4)), everyone(Float64Array.of(1, 2, 3)), {
    random: seededRandom(8),
    resamples: 20_000,
  });
  expect(Math.abs(p - 0.25)).toBeLessThan(0.01);
});

test('no difference gives p = 1; users of one side only do not count', () => {
  const same = comparePaired(everyone(values(20, 1)), everyone(values(20, 1)), { random: seededRandom(1), resamples: 100 });
  expect([same.p, same.ties, same.difference.mean]).toEqual([1, 20, 0]);
  const a = { users: Int32Array.of(1, 2, 5), values: Float64Array.of(1, 1, 1) };
  const b = { users: Int32Array.of(2, 3), values: Float64Array.of(0, 0) };
  expect(comparePaired(a, b, { random: seededRandom(1), resamples: 10 }).difference).toMatchObject({ mean: 1, users: 1 });
  expect(comparePaired(a, { users: Int32Array.of(9), values: Float64Array.of(0) }, { random: seededRandom(1) }).p).toBeNaN();
});

test('p is uniform when nothing differs: about one in ten below 0.1', () => {
  let below = 0;
  for (let turn = 0; turn < 300; turn++) {
    const { p } = comparePaired(everyone(values(30, 2 * turn)), everyone(values(30, 2 * turn + 1)), {
      random: seededRandom(turn),
      resamples: 200,
    });
    if (p <= 0.1) below += 1;
  }
  // Binomial(300, 0.1): 30 ± 3 sd
  expect(below).toBeGreaterThan(14);
  expect(below).toBeLessThan(46);
});

test('Holm by hand', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});
