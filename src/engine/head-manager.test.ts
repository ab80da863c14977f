// Training, history and forgetting on a planted taste, with the store in memory and everything else injected.
import { describe, expect, test, vi } from 'vitest';
import { seededRandom, shuffle } from '../base/random.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import type { openDevice } from '../compute/webgpu/device.ts';
import { profileVector } from '../feedback/profile.ts';
import { type PlantedVisitor, plantedVisitor, ratings } from '../feedback/testing/planted.ts';
import { createCpuStepper } from '../head/cpu-stepper.ts';
import { type Head, heldOutNdcg } from '../head/evaluate.ts';
import { plainHead } from '../head/fine-tune.ts';
import type { Stepper, StepperOptions } from '../head/types.ts';
import type { TrainingState } from '../protocol/engine-api.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { HeadManager, type HeadOptions } from './head-manager.ts';
import { basisId, TrainingDevice } from './open-heads.ts';
import { StatusBoard } from './runtime.ts';

const world = plantedVisitor(1);
const likes = ratings(world.liked.slice(0, 24), 'like');
const dislikes = ratings(world.others.slice(0, 4), 'dislike', 100);

type More = Partial<HeadOptions> & { store?: MemoryStore };

/** Heads whose clock goes 1 ms a look, and what they said. */
function headsWith({ store = new MemoryStore('a test'), ...more }: More = {}) {
  let nowMs = 1000;
  const states: TrainingState[] = [];
  const said = { changes: 0 };
  const board = new StatusBoard(
    ({ training }) => {
      if (training && training !== states.at(-1)) states.push(training);
    },
    () => 0,
  );
  const onChange = (): void => {
    said.changes++;
  };
  const heads = new HeadManager(
    { id: 'c', store, board, nowMs: () => nowMs++, onChange },
    { vectors: world, encoder: 'e', createStepper: createCpuStepper, device: () => 'cpu', waitUntilIdle: async () => {}, trainsAfter: 1000, ...more },
  );
  return { heads, states, said, board, store };
}

async function openedHeads(events: readonly FeedbackEvent[], more: More = {}) {
  const all = headsWith(more);
  await all.heads.open(events);
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
  const { heads, states, said, store } = await openedHeads(events);
  expect(heads.active).toEqual(plainHead(world.dimensions));
  const made = await heads.train();
  expect(made).toMatchObject({ installed: true, parentId: 'start', examples: 28, device: 'cpu', origin: 'trained' });
  expect(made.heldOutNdcg).toBeGreaterThan(made.parentNdcg ?? 1);
  expect(trueNdcg(heads.active, world, events)).toBeGreaterThan(1.05 * trueNdcg(plainHead(world.dimensions), world, events));
  expect(said.changes).toBe(1);
  expect(states[0]).toMatchObject({ running: true, points: [] });
  expect(states.at(-1)).toMatchObject({ running: false });
  expect(states.at(-1)?.points.length).toBeGreaterThan(50);
  expect(states.at(-1)?.points.filter(({ heldOutNdcg }) => heldOutNdcg !== null).length).toBeGreaterThanOrEqual(10);
  expect(heads.history()).toMatchObject({ activeId: made.id, newEvents: 0, records: [{ id: made.id }, { id: 'start', kind: 'profile' }] });

  const again = await openedHeads(events, { store });
  expect(again.heads.history()).toEqual({ ...heads.history() });
  expect(again.heads.active).toEqual(heads.active);
});

test('unlearning: after a rating is taken back the head is, bit for bit, the one trained without it', async () => {
  for (const gone of [11, 25]) {
    const events = [...likes, ...dislikes];
    const left = events.filter((_, at) => at !== gone);
    const { heads, store } = await openedHeads(events);
    const before = await heads.train();
    expect(before.installed).toBe(true);
    await heads.ratingsChanged(left);
    expect(heads.history().records.map(({ id }) => id)).not.toContain(before.id);
    expect(JSON.stringify(await store.heads('c'))).not.toContain(`\\"itemId\\":\\"${events[gone]?.itemId}\\"`);
    await heads.waitUntilIdle();

    const fresh = await openedHeads(left);
    const expected = await fresh.heads.train();
    expect(expected.installed).toBe(true);
    const [found] = heads.history().records;
    expect(found).toMatchObject({ id: expected.id, examplesHash: expected.examplesHash, installed: expected.installed });
    expect(new Uint32Array(heads.active.parameters.slice().buffer)).toEqual(new Uint32Array(fresh.heads.active.parameters.slice().buffer));
  }
});

test('the order in which ratings come does not matter', async () => {
  const first = await (await openedHeads([...likes, ...dislikes])).heads.train();
  const second = await (await openedHeads([...dislikes, ...likes].reverse())).heads.train();
  expect(second.id).toBe(first.id);
});

test('a poisoned batch, likes of random items, is nearly always refused, and on the whole does little harm', async () => {
  let [refused, gain] = [0, 0];
  for (let seed = 1; seed <= 8; seed++) {
    const visitor = plantedVisitor(seed);
    const good = ratings(visitor.liked.slice(0, 10), 'like');
    const { heads } = await openedHeads(good, { vectors: visitor });
    await heads.train();
    const before = heads.active;
    const anything = shuffle([...visitor.liked.slice(10), ...visitor.others], seededRandom(seed + 100));
    const poisoned = [...good, ...ratings(anything.slice(0, 20), 'like', 1000)];
    await heads.ratingsChanged(poisoned);
    const made = await heads.train();
    if (!made.installed) refused++;
    expect(heads.active === before).toBe(!made.installed);
    gain += trueNdcg(heads.active, visitor, poisoned) - trueNdcg(before, visitor, poisoned);
  }
  expect(refused).toBeGreaterThanOrEqual(6);
  expect(gain).toBeGreaterThan(-0.04);
});

test('any head of the history can be restored, also after a reload; an unknown one is refused', async () => {
  const { heads, said, store } = await openedHeads([...likes, ...dislikes]);
  const made = await heads.train();
  await heads.restore('start');
  expect(heads.active).toEqual(plainHead(world.dimensions));
  expect(said.changes).toBe(2);
  const again = await openedHeads([...likes, ...dislikes], { store });
  expect(again.heads.isTrained).toBe(false);
  await again.heads.restore(made.id);
  expect(again.heads.isTrained).toBe(true);
  await expect(heads.restore('f'.repeat(64))).rejects.toMatchObject({ code: 'bad-head' });
});

test('trains by itself after enough new ratings, once', async () => {
  const { heads, states } = await openedHeads([], { trainsAfter: 5 });
  const trainings = (): number => states.filter(({ running }) => !running).length;
  for (const count of [1, 2, 3, 4]) await heads.ratingsChanged(likes.slice(0, count));
  await heads.waitUntilIdle();
  expect(trainings()).toBe(0);
  expect(heads.history()).toMatchObject({ newEvents: 4, trainsAfter: 5 });
  await heads.ratingsChanged(likes.slice(0, 5));
  await heads.waitUntilIdle();
  expect(trainings()).toBe(1);
  await heads.ratingsChanged(likes.slice(0, 9));
  await heads.waitUntilIdle();
  expect(trainings()).toBe(1);
  expect(heads.history().newEvents).toBe(4);
});

test('one training at a time; stopping and a rating taken back meanwhile leave the head in use', async () => {
  const { heads } = await openedHeads(likes);
  const [first, second] = [heads.train(), heads.train()];
  expect(second).toBe(first);
  const rejected = expect(first).rejects.toMatchObject({ code: 'aborted' });
  await heads.stop();
  await rejected;
  expect(heads.history().records).toHaveLength(1);

  const stale = expect(heads.train()).rejects.toMatchObject({ code: 'aborted' });
  await heads.ratingsChanged(likes.slice(1));
  await stale;
  await heads.waitUntilIdle();
  expect(heads.history().records[0]).toMatchObject({ examples: 23 });
});

test('too few likes are said, a spent budget installs nothing, a failing device is reported', async () => {
  const few = await openedHeads(likes.slice(0, 2));
  await expect(few.heads.train()).rejects.toMatchObject({ code: 'not-ready' });
  const hasty = await openedHeads(likes);
  expect(await hasty.heads.train(20)).toMatchObject({ installed: false, reason: expect.stringContaining('20 ms') });
  expect(hasty.heads.isTrained).toBe(false);
  const broken = await openedHeads(likes, {
    trainsAfter: 1,
    createStepper: () => {
      throw new Error('no device');
    },
  });
  await broken.heads.waitUntilIdle();
  expect(broken.board.status.notices).toEqual([{ code: 'training-failed', text: 'The head was not trained: no device' }]);
});

test('a damaged head in the store is deleted on opening; one of another encoder is kept and not used', async () => {
  const { heads, store } = await openedHeads([...likes, ...dislikes]);
  const made = await heads.train();
  const other = await openedHeads([...likes, ...dislikes], { store, encoder: 'other' });
  expect(other.heads.history()).toMatchObject({ activeId: 'start', records: [{ id: 'start' }] });
  expect((await store.heads('c')).heads).toHaveLength(1);
  await store.changeHeads('c', { save: [{ id: made.id, createdMs: 1, text: '{}' }] });
  const again = await openedHeads([...likes, ...dislikes], { store });
  expect(again.heads.isTrained).toBe(false);
  expect((await store.heads('c')).heads).toEqual([]);
});

test('after dispose nothing trains', async () => {
  const { heads, states } = await openedHeads(likes, { trainsAfter: 1000 });
  heads.dispose();
  await heads.ratingsChanged(ratings(world.liked, 'like'));
  await heads.waitUntilIdle();
  await expect(heads.train()).rejects.toMatchObject({ code: 'not-ready' });
  expect(states).toEqual([]);
});

describe('the device of a training', () => {
  const gpu = { adapterInfo: { vendor: 'a test' } } as unknown as GPUDevice;
  const opened: Awaited<ReturnType<typeof openDevice>> = {
    device: gpu,
    description: 'a test',
    limits: { maxStorageBufferBindingSize: 0, maxBufferSize: 0 },
    hasTimestamps: false,
    hasPackedDot: false,
    lostReason: () => undefined,
    dispose: () => undefined,
  };
  const costsOf = ({ shape, limits, loss, optimiser, clipNorm, regularisation }: StepperOptions) => ({
    shape,
    limits,
    loss,
    optimiser,
    clipNorm,
    proximal: regularisation?.proximal,
  });

  test('is chosen by steps of the very training that runs: its shape, loss, optimiser and batch', async () => {
    const timed: StepperOptions[] = [];
    const asked: StepperOptions[] = [];
    const recording = (options: StepperOptions): Stepper => {
      timed.push(options);
      return createCpuStepper(options);
    };
    const device = new TrainingDevice(true, { open: async () => opened, createCpu: recording, createGpu: async (_, options) => recording(options) });
    const { heads } = await openedWith(device, asked);
    await heads.train();
    const [first] = asked;
    if (!first) throw new Error('nothing was trained');
    // What fineTune runs: a direction of rank 1 over the plain head, softmax, SGD.
    expect(costsOf(first)).toMatchObject({
      shape: { kind: 'bilinear', rank: 1, dimensions: world.dimensions },
      loss: { kind: 'softmax' },
      optimiser: { kind: 'sgd', momentum: 0.9 },
    });
    expect(timed.slice(0, 2).map(costsOf)).toEqual([costsOf(first), costsOf(first)]); // once on each device
    expect(timed.slice(2)).toEqual(asked);
  });

  test('without a GPU nothing is timed; a GPU that is lost leaves WASM', async () => {
    const made: string[] = [];
    const createCpu = (options: StepperOptions): Stepper => {
      made.push('wasm');
      return createCpuStepper(options);
    };
    const createGpu = vi.fn(async (_: GPUDevice, options: StepperOptions) => createCpuStepper(options));
    const none = new TrainingDevice(true, { open: async () => ({ reason: 'none' }), createCpu, createGpu });
    await (await openedWith(none, [])).heads.train();
    expect(createGpu).not.toHaveBeenCalled();
    expect(none.kind).toBe('wasm');
    const refused = new TrainingDevice(false, { open: () => Promise.reject(new Error('not to be opened')), createCpu, createGpu });
    await (await openedWith(refused, [])).heads.train();
    expect(refused.kind).toBe('wasm');
  });

  function openedWith(device: TrainingDevice, asked: StepperOptions[]) {
    const createStepper = (options: StepperOptions) => {
      asked.push(options);
      return device.createStepper(options);
    };
    return openedHeads([...likes, ...dislikes], { createStepper, device: () => device.kind });
  }
});

const basis = (...values: number[]) => basisId({ method: 'lda', dimensions: 2, projection: Float32Array.of(...values) });

test('a basis is told from another one, and known again when it comes from the store', () => {
  expect(basis(1, 0, 0, 1)).toBe(basis(1, 0, 0, 1));
  const turned = [basis(1, 0, 0, 1), basis(0, 1, 1, 0), basis(-1, 0, 0, 1), basis(1, 0, 0, 0.9999999)];
  expect(new Set(turned).size).toBe(turned.length);
  const plain = { dimensions: 2, projection: undefined };
  expect(basisId({ ...plain, method: 'centre' })).not.toBe(basisId({ ...plain, method: 'shift' }));
});
