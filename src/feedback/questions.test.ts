// Questions against chance on planted tastes, and what may never be asked.
import { expect, test } from 'vitest';
import { seededRandom, shuffle } from '../base/random.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { heldOutNdcg } from '../head/evaluate.ts';
import { plainHead } from '../head/fine-tune.ts';
import { profileVector } from './profile.ts';
import { suggestQuestions } from './questions.ts';
import { type PlantedVisitor, ratings, topicVisitor } from './testing/planted.ts';

/** Mean nDCG of the likes that were not asked about, by the profile of the answers. */
function learnt(visitor: PlantedVisitor, asked: readonly ItemId[], before: readonly FeedbackEvent[]): number {
  const liked = new Set(visitor.liked);
  const answers = asked.map((itemId, i): FeedbackEvent => ({ itemId, kind: liked.has(itemId) ? 'like' : 'dislike', timeMs: 100 + i }));
  const events = [...before, ...answers];
  const rated = new Set(events.map(({ itemId }) => itemId));
  const rows = (ids: readonly ItemId[]): Float32Array =>
    Float32Array.from(ids.filter((id) => !rated.has(id)).flatMap((id) => [...(visitor.vectorOf(id) ?? [])]));
  const user = profileVector(events, (id) => visitor.vectorOf(id), visitor.dimensions) ?? new Float32Array(visitor.dimensions);
  const found = heldOutNdcg(plainHead(visitor.dimensions), { user, heldOut: rows(visitor.liked), pool: rows(visitor.others) });
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

test.each([0, 2])('five answers teach more than five random ones, with %i likes before, over 20 visitors', async (known) => {
  let [chosen, drawn] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const visitor = topicVisitor(seed);
    const before = ratings(visitor.liked.slice(0, known), 'like');
    const rated = new Set(before.map(({ itemId }) => itemId));
    const asked = await suggestQuestions({ count: 5, vectors: visitor, events: before, random: seededRandom(seed) });
    const chance = shuffle(
      visitor.items.flatMap(({ id }) => (rated.has(id) ? [] : [id])),
      seededRandom(seed + 50),
    ).slice(0, 5);
    chosen += learnt(visitor, asked, before) / 20;
    drawn += learnt(visitor, chance, before) / 20;
  }
  expect(chosen).toBeGreaterThan(1.15 * drawn);
});

test('asks about each item once, about no rated one, and only about allowed ones with vectors', async () => {
  const visitor = topicVisitor(1, { items: 60 });
  const events = ratings(visitor.liked.slice(0, 3), 'like');
  const vectors = { ...visitor, vectorOf: (id: ItemId) => (id === 'item-7' ? undefined : visitor.vectorOf(id)) };
  const asked = await suggestQuestions({ count: 100, vectors, events, allowed: (id) => id !== 'item-8', random: seededRandom(1) });
  const never = new Set<string>(['item-7', 'item-8', ...events.map(({ itemId }) => itemId)]);
  expect([...asked].sort()).toEqual(
    visitor.items
      .map(({ id }) => id)
      .filter((id) => !never.has(id))
      .sort(),
  );
});

test('an item right beside an asked one is not asked next', async () => {
  const rows: Record<string, Float32Array> = {
    a: Float32Array.of(1, 0),
    a2: Float32Array.of(1, 0),
    a3: Float32Array.of(1, 0),
    b: Float32Array.of(0, 1),
  };
  const vectors = { dimensions: 2, items: Object.keys(rows).map((id) => ({ id: id as ItemId })), vectorOf: (id: ItemId) => rows[id] };
  expect(await suggestQuestions({ count: 2, vectors, events: [], random: seededRandom(1) })).toEqual(['a', 'b']);
});

test('a count out of range is refused, and it can be stopped', async () => {
  const vectors = topicVisitor(1, { items: 60 });
  for (const count of [0, 101, 1.5]) {
    await expect(suggestQuestions({ count, vectors, events: [], random: seededRandom(1) })).rejects.toMatchObject({ code: 'bad-argument' });
  }
  const signal = AbortSignal.abort();
  await expect(suggestQuestions({ count: 2, vectors, events: [], random: seededRandom(1), signal })).rejects.toMatchObject({ code: 'aborted' });
});
