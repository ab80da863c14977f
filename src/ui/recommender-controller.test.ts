// When a list is asked for: after the visitor's actions, with each batch at speed `refined`, else at most twice.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineStatus } from '../protocol/engine-api.ts';
import { REFRESH_MS, RecommenderController } from './recommender-controller.ts';
import { FakeHost } from './testing/fake-host.ts';
import { FakeRecommender } from './testing/fake-recommender.ts';

let fake: FakeRecommender;
let state: RecommenderController;
const failed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  failed.mockReset();
  fake = new FakeRecommender();
  state = new RecommenderController(new FakeHost(), { count: 4, onError: failed });
});

afterEach(() => {
  expect(failed).not.toHaveBeenCalled();
  vi.useRealTimers();
});

async function open(status: Partial<EngineStatus>, likes: string[] = []): Promise<void> {
  fake.setStatus(status);
  for (const id of likes) await fake.rate(id, 'like');
  state.attach(fake);
  await state.opened();
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
}

const lists = (): number => fake.calls.filter((call) => call === 'recommend').length;
const QUICK = { speed: 'quick-then-refined', quickCount: 14, encodedCount: 0, topRefined: false } as const;

test('refined: batches renew the list, once a second at most', async () => {
  await open({ speed: 'refined', encodedCount: 0, quickCount: 0, topRefined: false });
  expect(lists()).toBe(1);
  for (let done = 1; done <= 10; done++) {
    fake.setStatus({ encodedCount: done, quickCount: done });
    fake.change();
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(lists()).toBe(5); // at 0, 1, 2 and 3 s
  fake.setStatus({ topRefined: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(state.improved).toBe(false);
});

test('quick: batches and changes leave the list alone', async () => {
  await open(QUICK, ['sea-en']);
  for (let done = 1; done <= 10; done++) {
    fake.setStatus({ encodedCount: done });
    fake.change();
    await vi.advanceTimersByTimeAsync(REFRESH_MS);
  }
  expect(lists()).toBe(1);
});

test('quick: renewed when the quick pass ends, if anything is liked', async () => {
  await open({ ...QUICK, quickCount: 0 }, ['sea-en']);
  fake.setStatus({ quickCount: 14 });
  fake.change();
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(lists()).toBe(2);
  expect(state.improved).toBe(false);
});

test('quick: without likes the start stays as it is', async () => {
  await open({ ...QUICK, quickCount: 0 });
  fake.setStatus({ quickCount: 14 });
  fake.setStatus({ topRefined: true });
  fake.change();
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(lists()).toBe(1);
  expect(state.improved).toBe(false);
});

test('quick: the refined top is shown once, marked until the reader’s next action', async () => {
  await open(QUICK, ['sea-en']);
  fake.setStatus({ topRefined: true });
  fake.change();
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(lists()).toBe(2);
  expect(state.improved).toBe(true);
  fake.setStatus({ encodedCount: 14, phase: 'ready' });
  await vi.advanceTimersByTimeAsync(REFRESH_MS);
  expect(lists()).toBe(2);
  state.setPolicy({ mode: 'only', languages: ['de'] });
  await vi.advanceTimersByTimeAsync(0);
  expect(lists()).toBe(3);
  expect(state.improved).toBe(false);
});

test('quick: an own rating renews the list once; one from elsewhere as well', async () => {
  await open(QUICK);
  await state.rate('sea-en', 'like');
  await vi.advanceTimersByTimeAsync(2 * REFRESH_MS);
  expect(lists()).toBe(2);
  await fake.rate('food-de', 'like');
  await vi.advanceTimersByTimeAsync(2 * REFRESH_MS);
  expect(lists()).toBe(3);
  expect([...state.ratings.keys()]).toEqual(['sea-en', 'food-de']);
});

test('a catalogue that is opened refined is no improvement', async () => {
  fake.setStatus({ ...QUICK, quickCount: 0 });
  await fake.rate('sea-en', 'like');
  state.attach(fake);
  state.clear();
  fake.setStatus({ quickCount: 14, encodedCount: 14, topRefined: true });
  await state.opened();
  expect(lists()).toBe(1);
  expect(state.improved).toBe(false);
});
