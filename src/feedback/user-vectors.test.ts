import { describe, expect, test } from 'vitest';
import { gaussian, randomBelow, seededRandom } from '../base/random.ts';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import { profileVector } from './profile.ts';
import { userVectorSource } from './user-vectors.ts';

const userVectors = (...args: Parameters<typeof userVectorSource>) => userVectorSource(...args).without([]);
const DAY = 24 * 3_600_000;
const NOW = 1_000 * DAY;
const vectors: Record<string, Float32Array> = { 'en:x': Float32Array.of(1, 0), 'de:y': Float32Array.of(0, 1), 'en:y': Float32Array.of(0, 1) };
const languageOf = (id: string): string => id.slice(0, 2);
const event = (id: string, kind: FeedbackKind = 'like', ageMs = 0): FeedbackEvent => ({ itemId: id as ItemId, kind, timeMs: NOW - ageMs });
const of = (events: FeedbackEvent[], options: { halfLifeMs?: number; strength?: number } = {}) =>
  userVectors(events, languageOf, (id) => vectors[id], 2, { nowMs: NOW, halfLifeMs: 10 * DAY, strength: 1, ...options });
const near = (vector: Float32Array | undefined, ...expected: number[]) => {
  expect(vector).toHaveLength(expected.length);
  for (const [j, value] of expected.entries()) expect(vector?.[j]).toBeCloseTo(value, 5);
};

describe('decay', () => {
  test('a like counts half after its half-life', () => {
    const vectorsOf = of([event('en:x'), event('en:y', 'like', 10 * DAY)]);
    near(vectorsOf?.shared, 2 / Math.sqrt(5), 1 / Math.sqrt(5));
    expect(vectorsOf?.likes).toEqual(new Map([['en', 1.5]]));
  });

  test('a rating of the future counts as one of now, and without a half-life none ages', () => {
    near(of([event('en:x'), event('en:y', 'like', -10 * DAY)])?.shared, Math.SQRT1_2, Math.SQRT1_2);
    near(of([event('en:x'), event('en:y', 'like', 900 * DAY)], { halfLifeMs: Number.POSITIVE_INFINITY })?.shared, Math.SQRT1_2, Math.SQRT1_2);
  });

  test('likes of the same age, however old, give the direction of new ones', () => {
    near(of([event('en:x', 'like', 50 * DAY), event('en:y', 'like', 50 * DAY)])?.shared, Math.SQRT1_2, Math.SQRT1_2);
  });
});

describe('shrinkage', () => {
  test('(n·own + k·shared) / (n + k)', () => {
    const { shared, byLanguage } = of([event('en:x'), event('de:y')], { strength: 2 }) ?? {};
    near(shared, Math.SQRT1_2, Math.SQRT1_2);
    const raw = [1 + 2 * Math.SQRT1_2, 2 * Math.SQRT1_2];
    const length = Math.hypot(...raw);
    near(byLanguage?.get('en'), (raw[0] as number) / length, (raw[1] as number) / length);
    near(byLanguage?.get('de'), (raw[1] as number) / length, (raw[0] as number) / length);
  });

  test('strength 0 is the language alone; more likes bring a language nearer to its own', () => {
    near(of([event('en:x'), event('de:y')], { strength: 0 })?.byLanguage.get('en'), 1, 0);
    const first = (count: number) =>
      of([...Array.from({ length: count }, () => event('en:x')), event('de:y')], { strength: 3 })?.byLanguage.get('en')?.[0] ?? 0;
    expect(first(1)).toBeLessThan(first(2));
    expect(first(2)).toBeLessThan(first(8));
  });
});

test('a language with dislikes only has no vector of its own, but its dislikes count in the shared one', () => {
  const { shared, byLanguage } = of([event('en:x'), event('de:y', 'dislike')]) ?? {};
  expect([...(byLanguage?.keys() ?? [])]).toEqual(['en']);
  near(shared, 1 / Math.hypot(1, 0.5), -0.5 / Math.hypot(1, 0.5));
});

test('an old dislike fades against a fresh like, also where it is alone; of the same age it does not', () => {
  const pair: Record<string, Float32Array> = { a: Float32Array.of(1, 0), b: Float32Array.of(0, 1) };
  const second = (likeAgeMs: number, dislikeAgeMs: number): number =>
    userVectors(
      [event('a', 'like', likeAgeMs), event('b', 'dislike', dislikeAgeMs)],
      () => 'en',
      (id) => pair[id],
      2,
      { nowMs: NOW, halfLifeMs: DAY },
    )?.shared[1] as number;
  expect(second(0, 0)).toBeLessThan(-0.4);
  expect(Math.abs(second(0, 10 * DAY))).toBeLessThan(0.001);
  expect(second(10 * DAY, 10 * DAY)).toBeCloseTo(second(0, 0), 6);
  expect(second(10 * DAY, 0)).toBeCloseTo(second(0, 0), 6);
});

test('nothing without a like that has a vector, nor when all cancels out', () => {
  expect(of([])).toBeUndefined();
  expect(of([event('en:x', 'dislike'), event('fr:unknown')])).toBeUndefined();
  const pair: Record<string, Float32Array> = { a: Float32Array.of(0.5, 0), b: Float32Array.of(1, 0) };
  expect(
    userVectors(
      [event('a'), event('b', 'dislike')],
      () => 'en',
      (id) => pair[id],
      2,
      { nowMs: NOW },
    ),
  ).toBeUndefined();
});

test.each([
  [{ halfLifeMs: 0 }, /halfLifeMs is 0/],
  [{ strength: -1 }, /strength is -1/],
  [{ strength: Number.POSITIVE_INFINITY }, /strength is Infinity/],
])('%o is refused', (options, message) => {
  expect(() => of([event('en:x')], options)).toThrowError(message);
});

describe('on random ratings', () => {
  const random = seededRandom(11);
  const DIMENSIONS = 16;
  const rows = Array.from({ length: 40 }, () => {
    const row = Float32Array.from({ length: DIMENSIONS }, () => gaussian(random));
    return row.map((value) => value / Math.hypot(...row));
  });
  const vectorOf = (id: string) => rows[Number(id.slice(3))];
  const kinds: FeedbackKind[] = ['like', 'dislike', 'hide', 'like'];
  const events = Array.from({ length: 30 }, (_, i) =>
    event(`${['en', 'de', 'sw'][i % 3]}:${i}`, kinds[randomBelow(4, random)], randomBelow(400, random) * DAY),
  );
  const options = { nowMs: NOW, halfLifeMs: 60 * DAY };

  test('without ageing, the shared vector is the profile', () => {
    const { shared } = userVectors(events, languageOf, vectorOf, DIMENSIONS, { nowMs: NOW, halfLifeMs: Number.POSITIVE_INFINITY }) ?? {};
    near(shared, ...(profileVector(events, vectorOf, DIMENSIONS) ?? []));
  });

  test('leaving events out equals never having had them', () => {
    const source = userVectorSource(events, languageOf, vectorOf, DIMENSIONS, options);
    for (const left of [[0], [7], [3, 4, 29], [...events.keys()].slice(1)]) {
      const fresh = userVectors(
        events.filter((_, place) => !left.includes(place)),
        languageOf,
        vectorOf,
        DIMENSIONS,
        options,
      );
      const rest = source.without(left);
      expect(rest === undefined).toBe(fresh === undefined);
      expect(new Set(rest?.byLanguage.keys())).toEqual(new Set(fresh?.byLanguage.keys()));
      if (fresh) near(rest?.shared, ...fresh.shared);
      for (const [language, vector] of fresh?.byLanguage ?? []) near(rest?.byLanguage.get(language), ...vector);
    }
  });
});
