import { expect, test } from 'vitest';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import { MAX_INTERESTS } from '../compute/interests.ts';
import { interestWeights, readerInterests } from './interests.ts';
import { HALF_LIFE_MS, SHARED_STRENGTH } from './user-vectors.ts';

const NOW = 1_800_000_000_000;
const event = (itemId: string, kind: FeedbackKind = 'like', ageMs = 0): FeedbackEvent => ({ itemId: itemId as ItemId, kind, timeMs: NOW - ageMs });
const read = (events: FeedbackEvent[], hasVector: (id: string) => boolean = () => true) =>
  readerInterests(events, hasVector, (id) => id.slice(0, 2), { nowMs: NOW });

test('likes first, newest first; ratings without a vector do not count; no more than a scan takes', () => {
  const events = [event('en1', 'like', 500), event('de1', 'dislike'), event('en2'), event('sw1'), event('de2', 'hide', 100)];
  expect(read(events, (id) => id !== 'sw1').map(({ place }) => place)).toEqual([2, 0, 1, 4]);
  const many = Array.from({ length: 100 }, (_, i) => event(`en${i}`, i % 2 ? 'like' : 'dislike', i));
  expect(read([...many, ...many.map((one) => ({ ...one, itemId: `${one.itemId}b` as ItemId }))])).toHaveLength(2 * MAX_INTERESTS);
});

test('a half-life halves a like; a lone dislike fades against fresh likes', () => {
  const [fresh, old] = interestWeights(read([event('en1'), event('en2', 'like', HALF_LIFE_MS)]), 'en');
  expect(old).toBeCloseTo((fresh as number) / 2, 10);
  const dislikeAfter = (ageMs: number): number => interestWeights(read([event('en1'), event('en2', 'dislike', ageMs)]), 'en')[1] as number;
  expect(dislikeAfter(10 * HALF_LIFE_MS)).toBeCloseTo(dislikeAfter(0) / 1024, 10);
});

test('likes of a language speak for it as far as there are many, and always add up to 1', () => {
  const likes = [...Array.from({ length: 20 }, (_, i) => event(`en${i}`)), event('de0')];
  const interests = read(likes);
  for (const group of ['en', 'de', undefined]) {
    const weights = interestWeights(interests, group);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
  }
  const german = interests.findIndex(({ itemId }) => itemId === 'de0');
  const [forGerman, forOthers] = [interestWeights(interests, 'de')[german] as number, interestWeights(interests, undefined)[german] as number];
  expect(forOthers).toBeCloseTo(1 / 21, 10);
  expect(forGerman).toBeCloseTo(1 / (1 + SHARED_STRENGTH) + (SHARED_STRENGTH / (1 + SHARED_STRENGTH)) * (1 / 21), 10);
});

test('without a like there are no weights', () => {
  expect(interestWeights(read([event('en1', 'dislike')]), 'en')).toEqual([]);
});
