// Leaving a rating out against the profile of the others.
import { expect, test } from 'vitest';
import { leaveOneOut } from './leave-one-out.ts';
import { profileVector } from './profile.ts';
import { plantedVisitor, ratings } from './testing/planted.ts';

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
