// Training, history and forgetting on a planted taste, with the store in memory and everything else injected.
import { expect, test } from 'vitest';
import { seededRandom, shuffle } from '../base/random.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { profileVector } from '../feedback/profile.ts';
import { type PlantedVisitor, plantedVisitor, ratings } from '../feedback/testing/planted.ts';
import { createCpuStepper } from '../head/cpu-stepper.ts';
import { type Head, heldOutNdcg } from '../head/evaluate.ts';
import { plainHead } from '../head/fine-tune.ts';
import type { TrainingState } from '../protocol/engine-api.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { HeadKeeper, type HeadKeeperContext } from './head-keeper.ts';

const world = plantedVisitor(1);
const likes = ratings(world.liked.slice(0, 24), 'like');
const dislikes = ratings(world.others.slice(0, 4), 'dislike', 100);

/** A keeper whose clock goes 1 ms a look, and what it said. */
function keeperOf(more: Partial<HeadKeeperContext> = {}) {
  let nowMs = 1000;
  const states: TrainingState[] = [];
  const said = { changes: 0, failures: [] as string[] };
  const context: HeadKeeperContext = {
    catalogueId: 'c',
    store: new MemoryStore('a test'),
    vectors: world,
    encoder: 'e',
    createStepper: createCpuStepper,
    device: () => 'cpu',
    clock: () => nowMs++,
    idle: async () => {},
    trainsAfter: 1000,
    onState: (state) => states.push(state),
    onChange: () => {
      said.changes++;
    },
    onFailed: (text) => said.failures.push(text),
    ...more,
  };
  return { keeper: new HeadKeeper(context), states, said, context };
}

async function opened(events: readonly FeedbackEvent[], more: Partial<HeadKeeperContext> = {}) {
  const all = keeperOf(more);
  await all.keeper.open(events);
  return all;
}

/** Mean nDCG of likes that were never rated, against all other unrated items. */
function trueNdcg(head: Head, visitor: PlantedVisitor, events: readonly FeedbackEvent[]): number {
  const rated = new Set(events.map(({ itemId }) => itemId));
  const rows = (ids: readonly ItemId[]): Float32Array =>
    Float32Array.from(ids.filter((id) => !rated.has(id)).flatMap((id) => [...(visitor.vectorOf(id) ?? [])]));
  const user = profileVector(events, (id) => visitor.vectorOf(id), visitor.dimensions) ?? new Float32Array(visitor.dimensions);
  const found = heldOutNdcg(head, { user, heldOut: rows(visitor.liked), pool: rows(visitor.others) });
  return found.reduce((sum, value) => sum + value, 0) / found.length;
}

test('a trained head finds likes nobody rated better than the profile, and is used, recorded and read back', async () => {
  const events = [...likes, ...dislikes];
  const { keeper, states, said, context } = await opened(events);
  expect(keeper.active).toEqual(plainHead(world.dimensions));
  const made = await keeper.train();
  expect(made).toMatchObject({ installed: true, parentId: 'start', examples: 28, device: 'cpu', origin: 'trained' });
  expect(made.heldOutNdcg).toBeGreaterThan(made.parentNdcg ?? 1);
  expect(trueNdcg(keeper.active, world, events)).toBeGreaterThan(1.05 * trueNdcg(plainHead(world.dimensions), world, events));
  expect(said.changes).toBe(1);
  expect(states[0]).toMatchObject({ running: true, points: [] });
  expect(states.at(-1)).toMatchObject({ running: false });
  expect(states.at(-1)?.points.length).toBeGreaterThan(50);
  expect(states.at(-1)?.points.filter(({ heldOutNdcg }) => heldOutNdcg !== null).length).toBeGreaterThanOrEqual(10);
  expect(keeper.history()).toMatchObject({ activeId: made.id, newEvents: 0, records: [{ id: made.id }, { id: 'start', kind: 'profile' }] });

  const again = await opened(events, { store: context.store });
  expect(again.keeper.history()).toEqual({ ...keeper.history() });
  expect(again.keeper.active).toEqual(keeper.active);
});

test('unlearning: after a rating is taken back the head is, bit for bit, the one trained without it', async () => {
  for (const gone of [11, 25]) {
    const events = [...likes, ...dislikes];
    const left = events.filter((_, at) => at !== gone);
    const { keeper, context } = await opened(events);
    const before = await keeper.train();
    expect(before.installed).toBe(true);
    await keeper.ratingsChanged(left);
    expect(keeper.history().records.map(({ id }) => id)).not.toContain(before.id);
    expect(JSON.stringify(await context.store.heads('c'))).not.toContain(`\\"itemId\\":\\"${events[gone]?.itemId}\\"`);
    await keeper.settled();

    const fresh = await opened(left);
    const expected = await fresh.keeper.train();
    expect(expected.installed).toBe(true);
    const [found] = keeper.history().records;
    expect(found).toMatchObject({ id: expected.id, examplesHash: expected.examplesHash, installed: expected.installed });
    expect(new Uint32Array(keeper.active.parameters.slice().buffer)).toEqual(new Uint32Array(fresh.keeper.active.parameters.slice().buffer));
  }
});

test('the order in which ratings come does not matter', async () => {
  const first = await (await opened([...likes, ...dislikes])).keeper.train();
  const second = await (await opened([...dislikes, ...likes].reverse())).keeper.train();
  expect(second.id).toBe(first.id);
});

test('a poisoned batch, likes of random items, is nearly always refused, and on the whole does little harm', async () => {
  let [refused, gain] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const visitor = plantedVisitor(seed);
    const good = ratings(visitor.liked.slice(0, 10), 'like');
    const { keeper } = await opened(good, { vectors: visitor });
    await keeper.train();
    const before = keeper.active;
    const anything = shuffle([...visitor.liked.slice(10), ...visitor.others], seededRandom(seed + 100));
    const poisoned = [...good, ...ratings(anything.slice(0, 20), 'like', 1000)];
    await keeper.ratingsChanged(poisoned);
    const made = await keeper.train();
    if (!made.installed) refused++;
    expect(keeper.active === before).toBe(!made.installed);
    gain += trueNdcg(keeper.active, visitor, poisoned) - trueNdcg(before, visitor, poisoned);
  }
  expect(refused).toBeGreaterThanOrEqual(6);
  expect(gain).toBeGreaterThan(-0.04);
});

test('any head of the history can be restored, also after a reload; an unknown one is refused', async () => {
  const { keeper, said, context } = await opened([...likes, ...dislikes]);
  const made = await keeper.train();
  await keeper.restore('start');
  expect(keeper.active).toEqual(plainHead(world.dimensions));
  expect(said.changes).toBe(2);
  const again = await opened([...likes, ...dislikes], { store: context.store });
  expect(again.keeper.isTrained).toBe(false);
  await again.keeper.restore(made.id);
  expect(again.keeper.isTrained).toBe(true);
  await expect(keeper.restore('f'.repeat(64))).rejects.toMatchObject({ code: 'bad-head' });
});

test('trains by itself after enough new ratings, once', async () => {
  const { keeper, states } = await opened([], { trainsAfter: 5 });
  const trainings = (): number => states.filter(({ running }) => !running).length;
  for (const count of [1, 2, 3, 4]) await keeper.ratingsChanged(likes.slice(0, count));
  await keeper.settled();
  expect(trainings()).toBe(0);
  expect(keeper.history()).toMatchObject({ newEvents: 4, trainsAfter: 5 });
  await keeper.ratingsChanged(likes.slice(0, 5));
  await keeper.settled();
  expect(trainings()).toBe(1);
  await keeper.ratingsChanged(likes.slice(0, 9));
  await keeper.settled();
  expect(trainings()).toBe(1);
  expect(keeper.history().newEvents).toBe(4);
});

test('one training at a time; stopping and a rating taken back meanwhile leave the head in use', async () => {
  const { keeper } = await opened(likes);
  const [first, second] = [keeper.train(), keeper.train()];
  expect(second).toBe(first);
  const rejected = expect(first).rejects.toMatchObject({ code: 'aborted' });
  await keeper.stop();
  await rejected;
  expect(keeper.history().records).toHaveLength(1);

  const stale = expect(keeper.train()).rejects.toMatchObject({ code: 'aborted' });
  await keeper.ratingsChanged(likes.slice(1));
  await stale;
  await keeper.settled();
  expect(keeper.history().records[0]).toMatchObject({ examples: 23 });
});

test('too few likes are said, a spent budget installs nothing, a failing device is reported', async () => {
  const few = await opened(likes.slice(0, 2));
  await expect(few.keeper.train()).rejects.toMatchObject({ code: 'not-ready' });
  const hasty = await opened(likes);
  expect(await hasty.keeper.train(20)).toMatchObject({ installed: false, reason: expect.stringContaining('20 ms') });
  expect(hasty.keeper.isTrained).toBe(false);
  const broken = await opened(likes, {
    trainsAfter: 1,
    createStepper: () => {
      throw new Error('no device');
    },
  });
  await broken.keeper.settled();
  expect(broken.said.failures).toEqual(['The head was not trained: no device']);
});

test('a damaged head in the store is deleted on opening; one of another encoder is kept and not used', async () => {
  const { keeper, context } = await opened([...likes, ...dislikes]);
  const made = await keeper.train();
  const other = await opened([...likes, ...dislikes], { store: context.store, encoder: 'other' });
  expect(other.keeper.history()).toMatchObject({ activeId: 'start', records: [{ id: 'start' }] });
  expect((await context.store.heads('c')).heads).toHaveLength(1);
  await context.store.changeHeads('c', { save: [{ id: made.id, createdMs: 1, text: '{}' }] });
  const again = await opened([...likes, ...dislikes], { store: context.store });
  expect(again.keeper.isTrained).toBe(false);
  expect((await context.store.heads('c')).heads).toEqual([]);
});

test('after dispose nothing trains', async () => {
  const { keeper, states } = await opened(likes, { trainsAfter: 1000 });
  keeper.dispose();
  await keeper.ratingsChanged(ratings(world.liked, 'like'));
  await keeper.settled();
  await expect(keeper.train()).rejects.toMatchObject({ code: 'not-ready' });
  expect(states).toEqual([]);
});
