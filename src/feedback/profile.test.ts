import { expect, test } from 'vitest';
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import { leaveOneOut, profileVector } from './profile.ts';
import { plantedVisitor, ratings } from './testing/planted.ts';
import { PROFILE_WEIGHTS } from './user-vectors.ts';

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

const world = plantedVisitor(3, { items: 60, dimensions: 8 });
const vectorOf = (id: (typeof world.items)[number]['id']) => world.vectorOf(id);

test('each rating left out gives the profile of the others, kinds with a single rating too', () => {
  const events = [
    ...ratings(world.liked, 'like'),
    ...ratings(world.others.slice(0, 3), 'dislike', 50),
    ...ratings(world.others.slice(3, 4), 'hide', 60),
  ];
  const without = leaveOneOut(events, vectorOf, 8);
  for (const event of events) {
    const others = events.filter((other) => other !== event);
    const expected = profileVector(others, vectorOf, 8);
    without(event)?.forEach((value, j) => {
      expect(value).toBeCloseTo(expected?.[j] ?? Number.NaN, 5);
    });
    expect(without(event)).toHaveLength(8);
  }
});

test('no profile is left without the only like; a rating whose item has no vector changes nothing', () => {
  const [like, blind] = [...ratings(world.liked.slice(0, 1), 'like'), ...ratings(world.others.slice(0, 1), 'dislike', 5)];
  if (!like || !blind) throw new Error('The planted world is too small.');
  expect(leaveOneOut([like], vectorOf, 8)(like)).toBeUndefined();
  const seen = leaveOneOut([like, blind], (id) => (id === blind.itemId ? undefined : vectorOf(id)), 8);
  expect([...(seen(blind) ?? [])]).toEqual([...(profileVector([like], vectorOf, 8) ?? [])].map((value) => expect.closeTo(value, 5)));
});
