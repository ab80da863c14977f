import { expect, test } from 'vitest';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import { PROFILE_WEIGHTS, profileVector } from './profile.ts';

const vectors: Record<string, Float32Array> = { x: Float32Array.of(1, 0), y: Float32Array.of(0, 1), z: Float32Array.of(0.6, 0.8) };
const event = (id: string, kind: FeedbackKind): FeedbackEvent => ({ itemId: id as ItemId, kind, timeMs: 0 });
const profile = (...events: FeedbackEvent[]) => profileVector(events, (id) => vectors[id], 2);
const rounded = (vector: Float32Array | undefined) => vector && [...vector].map((value) => Math.round(value * 1e3) / 1e3);

test('likes alone: the mean direction, whatever their number', () => {
  expect(rounded(profile(event('x', 'like')))).toEqual([1, 0]);
  expect(rounded(profile(event('x', 'like'), event('y', 'like')))).toEqual(rounded(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2)));
  expect(rounded(profile(event('x', 'like'), event('x', 'like'), event('y', 'like')))).toEqual([0.894, 0.447]);
});

test('a dislike pushes away with half the weight of a like, "not interested" with a fifth', () => {
  expect(PROFILE_WEIGHTS).toEqual({ like: 1, dislike: -0.5, hide: -0.2 });
  expect(rounded(profile(event('x', 'like'), event('y', 'dislike')))).toEqual([0.894, -0.447]);
  expect(rounded(profile(event('x', 'like'), event('y', 'hide')))).toEqual([0.981, -0.196]);
});

test('no profile without a liked item that has a vector', () => {
  expect(profile()).toBeUndefined();
  expect(profile(event('x', 'dislike'))).toBeUndefined();
  expect(profile(event('unknown', 'like'))).toBeUndefined();
});

test('likes and dislikes that cancel out give none', () => {
  const cancel = profileVector(
    [event('a', 'like'), event('b', 'dislike')],
    (id) => (id === 'a' ? Float32Array.of(0.5, 0) : Float32Array.of(1, 0)),
    2,
  );
  expect(cancel).toBeUndefined();
});
