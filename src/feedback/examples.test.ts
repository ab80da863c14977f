// What a visitor's head learns from: leave-one-out profiles, no leak of what is held out, the same from any order.
import { expect, test } from 'vitest';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { sortRatings, splitRatings, visitorTasks } from './examples.ts';
import { profileVector } from './profile.ts';
import { plantedVisitor, ratings } from './testing/planted.ts';

const world = plantedVisitor(1, { items: 100, dimensions: 8 });
const events = [
  ...ratings(world.liked, 'like'),
  ...ratings(world.others.slice(0, 3), 'dislike', 50),
  ...ratings(world.others.slice(3, 5), 'hide', 60),
];
const tasks = visitorTasks(events, world, 1);
const rowAt = (matrix: Float32Array, row: number): number[] => [...matrix.subarray(row * 8, (row + 1) * 8)];
const vectorOf = (id: ItemId): number[] => [...(world.vectorOf(id) ?? [])];
const idAt = (matrix: Float32Array, row: number): ItemId | undefined =>
  world.items.find(({ id }) => JSON.stringify(vectorOf(id)) === JSON.stringify(rowAt(matrix, row)))?.id;

test('every rating but those held out is one example, with the profile of all the others', () => {
  const { set, user } = tasks.whole;
  const learnt = sortRatings(tasks.learnt);
  expect(set.label).toEqual(Float32Array.from(learnt, ({ kind }) => (kind === 'like' ? 1 : 0)));
  expect(learnt.length + tasks.heldOut.length).toBe(events.length);
  learnt.forEach((event, example) => {
    expect(idAt(set.items, set.itemRow[example] ?? -1)).toBe(event.itemId);
    const others = learnt.filter((other) => other !== event);
    const expected = profileVector(others, (id) => world.vectorOf(id), 8);
    rowAt(set.users, set.userRow[example] ?? -1).forEach((value, j) => {
      expect(value).toBeCloseTo(expected?.[j] ?? Number.NaN, 5);
    });
  });
  expect(user).toEqual(profileVector(learnt, (id) => world.vectorOf(id), 8));
});

test('negatives are disliked, hidden or unrated items, never liked ones, never the example itself; held-out likes appear nowhere', () => {
  const { set, pool } = tasks.whole;
  const rated = new Map(events.map(({ itemId, kind }) => [itemId, kind]));
  const perExample = (set.negatives?.length ?? 0) / set.label.length;
  expect(perExample).toBe(24);
  set.negatives?.forEach((row, at) => {
    const id = idAt(set.items, row);
    expect(id && rated.get(id)).not.toBe('like');
    expect(row).not.toBe(set.itemRow[Math.floor(at / perExample)]);
  });
  const used = Array.from({ length: set.items.length / 8 }, (_, row) => idAt(set.items, row));
  for (const id of tasks.heldOut) expect(used).not.toContain(id);
  const pooled = Array.from({ length: pool.length / 8 }, (_, row) => idAt(pool, row) as ItemId);
  expect(pooled).toHaveLength(100 - events.length);
  expect(pooled.filter((id) => rated.has(id))).toEqual([]);
});

test('folds hold out every like that is learnt from once, and nothing else', () => {
  const out = tasks.folds.flatMap(({ heldOut }) => Array.from({ length: heldOut.length / 8 }, (_, row) => idAt(heldOut, row)));
  expect(out.sort()).toEqual(tasks.learnt.flatMap(({ itemId, kind }) => (kind === 'like' ? [itemId] : [])).sort());
});

test('the tasks do not depend on the order of ratings, nor the held-out likes on later ones', () => {
  expect(visitorTasks([...events].reverse(), world, 1)).toEqual(tasks);
  expect(visitorTasks(events, world, 2).whole.set.negatives).not.toEqual(tasks.whole.set.negatives);
  const many = plantedVisitor(2, { items: 2000 }).liked;
  let before = new Set<ItemId>();
  for (const count of [20, 40, 80, 160]) {
    const { heldOut } = splitRatings(ratings(many.slice(0, count), 'like'));
    const now = new Set(heldOut.map(({ itemId }) => itemId));
    expect([...before].filter((id) => !now.has(id))).toEqual([]);
    expect(now.size / count).toBeGreaterThan(0.05);
    expect(now.size / count).toBeLessThanOrEqual(1 / 3);
    before = now;
  }
});

test('three likes leave two to learn from; fewer, or likes without vectors, are too few', () => {
  const likes = (count: number): FeedbackEvent[] => ratings(world.liked.slice(0, count), 'like');
  expect(splitRatings(likes(3))).toMatchObject({ learnt: { length: 2 }, heldOut: { length: 1 } });
  expect(visitorTasks(likes(3), world, 1).folds).toEqual([]);
  expect(() => visitorTasks(likes(2), world, 1)).toThrow(expect.objectContaining({ code: 'not-ready' }));
  const blind = { ...world, vectorOf: () => undefined };
  expect(() => visitorTasks(likes(5), blind, 1)).toThrow(expect.objectContaining({ code: 'not-ready' }));
  const all = ratings([...world.liked, ...world.others], 'like');
  expect(() => visitorTasks(all, world, 1)).toThrow(expect.objectContaining({ code: 'not-ready' }));
});
