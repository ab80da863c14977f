// Search as you type: which searches are run, in what order their answers are shown, and when hits are announced.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineStatus, LanguagePolicy } from '../protocol/engine-api.ts';
import { FakeHost } from '../ui/testing/fake-host.ts';
import { FakeRecommender } from '../ui/testing/fake-recommender.ts';
import { PAUSE_MS, SearchController } from './search-controller.ts';

let fake: FakeRecommender;
let host: FakeHost;
let search: SearchController;
let state: { recommender: FakeRecommender; policy: LanguagePolicy; status: EngineStatus };
const failed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  failed.mockReset();
  fake = new FakeRecommender();
  fake.setStatus({ speed: 'quick-then-refined' });
  state = { recommender: fake, policy: { mode: 'any' }, status: fake.status };
  host = new FakeHost();
  search = new SearchController(host, state, { count: 12, onError: failed });
});

afterEach(() => {
  vi.useRealTimers();
});

function be(change: Partial<EngineStatus>): void {
  fake.setStatus(change);
  state.status = fake.status;
  host.requestUpdate();
}

/** The test decides when, and in which order, searches answer. */
function gate(): () => Promise<void> {
  let open = (): void => undefined;
  fake.searchGate = new Promise((resolve) => {
    open = resolve;
  });
  return async () => {
    fake.searchGate = null;
    open();
    await vi.advanceTimersByTimeAsync(0);
  };
}

const idsShown = (): string[] | undefined => search.shown?.list?.items.map(({ item }) => item.id);

test('while one search runs, only the newest query waits', async () => {
  const open = gate();
  for (const text of ['k', 'ki', 'kil', 'kili', 'kilim']) search.type(text);
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.calls).toEqual(['search k quick']);
  await open();
  expect(fake.calls).toEqual(['search k quick', 'search kilim quick']);
  expect(search.shown?.query).toBe('kilim');
  expect(idsShown()).toEqual(['craft-tr']);
});

test('after a pause the transformer reads the query, and the hits are announced once', async () => {
  search.type('k');
  await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  search.type('kilim ');
  search.type('kilim'); // the same words
  await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  expect(fake.calls).toEqual(['search k quick', 'search kilim quick']);
  expect(search.announced).toBeNull();
  await vi.advanceTimersByTimeAsync(1);
  expect(fake.calls.at(-1)).toBe('search kilim');
  expect(search.shown?.list?.queryEncoder).toBe('refined');
  expect(search.announced).toBe(1);
  search.type('kilim d');
  expect(search.announced).toBeNull();
});

test('a transformer that is not loaded is not loaded by a pause', async () => {
  for (const encoder of [null, state.status.encoder && { ...state.status.encoder, rung: 'instant' as const }]) {
    fake.calls.length = 0;
    search.clear();
    be({ encoder });
    search.type('kilim');
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(fake.calls).toEqual(['search kilim quick']);
    expect(search.announced).toBe(1);
  }
});

test('Enter loads the transformer and shows quick hits until it answers', async () => {
  be({ encoder: null });
  const open = gate();
  search.submit('kilim');
  expect(fake.calls).toEqual(['search kilim quick', 'search kilim']);
  expect(search.shown).toEqual({ query: 'kilim', list: null });
  await open();
  expect(search.shown?.list?.queryEncoder).toBe('refined');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(fake.calls).toHaveLength(2);
});

test('a key during a long refined search is answered, and the late answer is dropped', async () => {
  search.type('kilim');
  await vi.advanceTimersByTimeAsync(0);
  const open = gate();
  search.submit('kilim');
  fake.searchGate = null;
  search.type('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(search.shown?.query).toBe('a');
  await open();
  expect(search.shown?.query).toBe('a');
});

test('quick only: Enter and pause stay with the instant encoder', async () => {
  be({ speed: 'quick' });
  search.type('kilim');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  search.submit('kilim');
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.calls).toEqual(['search kilim quick', 'search kilim']);
  expect(search.shown?.list?.queryEncoder).toBe('quick');
});

test('refined only: nothing on a key, the transformer after a pause or on Enter', async () => {
  be({ speed: 'refined' });
  search.type('kilim');
  await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  expect(fake.calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(fake.calls).toEqual(['search kilim']);
  be({ encoder: null });
  search.type('azulejos');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(fake.calls).toHaveLength(1);
  search.submit('azulejos');
  expect(fake.calls.slice(1)).toEqual(['search azulejos']);
});

test('words typed before there are vectors are searched as soon as there are', async () => {
  be({ quickCount: 0, encodedCount: 0, encoder: null });
  search.type('kilim');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(fake.calls).toEqual([]);
  be({ quickCount: 14 });
  await vi.advanceTimersByTimeAsync(0);
  expect(fake.calls).toEqual(['search kilim quick']);
  expect(search.announced).toBe(1);
});

test('other languages: searched again, and an answer for the old ones is dropped', async () => {
  search.refresh();
  expect(fake.calls).toEqual([]);
  search.type('a');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  const before = search.announced;
  const open = gate();
  search.type('ag');
  state.policy = { mode: 'only', languages: ['pt'] };
  search.refresh();
  await open();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(fake.calls.at(-1)).toBe('search ag');
  expect(idsShown()).toEqual([]);
  expect(search.announced).toBe(0);
  expect(before).toBeGreaterThan(5);
});

test('clearing: no results are shown, nor a late answer', async () => {
  search.type('kilim');
  await vi.advanceTimersByTimeAsync(0);
  const open = gate();
  search.type('a');
  search.type('  ');
  expect(search.shown).toBeNull();
  await open();
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect(search.shown).toBeNull();
  expect(search.announced).toBeNull();
  expect(fake.calls).toEqual(['search kilim quick', 'search a quick']);
});

test('an error is shown, unless newer words were typed', async () => {
  const refuse = vi.spyOn(fake, 'search').mockRejectedValue(new Error('no table'));
  search.type('k');
  search.type('ki');
  await vi.advanceTimersByTimeAsync(0);
  expect(failed).toHaveBeenCalledOnce();
  expect(refuse).toHaveBeenCalledTimes(2);
  expect(search.shown).toBeNull();
});
