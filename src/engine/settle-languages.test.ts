// What settling the languages fetches of the encoder's statistics, and what it does without them.
import { expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { ItemTable } from '../index/item-table.ts';
import type { AdapterStatistics } from '../language/adapter.ts';
import { readShippedMaps } from '../language/correction/shipped-maps.ts';
import { plantCatalogue, plantPrior } from '../language/correction/testing/planted.ts';
import type { PackState } from '../protocol/engine-api.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { installKeptCorrection } from './kept-correction.ts';
import type { Model } from './model.ts';
import { settleLanguages } from './settle-languages.ts';
import { StatusBoard } from './status-board.ts';

const TAGS = ['en', 'de', 'sw'];
const { raw, dimensions: d, languages } = plantCatalogue({ items: 20, tags: TAGS, bias: 1.5 });
const items = languages.map(
  (language, i): Item => ({ id: `i${i}` as ItemId, language: language ?? 'und', title: `title ${i}`, description: '', categories: [] }),
);
const prior = plantPrior(TAGS, d);
const projection = Float32Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));
const adapter = { dimensions: d, projectedDimensions: d, languages: TAGS, means: prior.means, projection };
const square = prior.covariances as AdapterStatistics;
/** A map of German that does nothing much. */
const maps = readShippedMaps(new Uint8Array(2 * 4 + 2 * d), { dimensions: d, languages: ['de'], rank: 1 });
const PACK: PackState = { state: 'used', items: 1, lowestCosine: null };

function modelWith({ loaded = false, get = async (): Promise<AdapterStatistics> => ({ ...square, maps }) } = {}) {
  const covariances = { get: vi.fn(get), loaded: () => undefined };
  const model: Model = {
    fingerprint: 'planted',
    rankingFingerprint: 'planted+adapter',
    statisticsFingerprint: 'maps',
    dimensions: d,
    adapter,
    covariances,
    hasMaps: true,
    transformer: { get: () => Promise.reject(new Error('no encoder is needed')), loaded: () => (loaded ? ({} as Encoder) : undefined) },
    quick: undefined,
    dispose: async () => undefined,
  };
  return { model, covariances };
}

async function visit(
  model: Model,
  {
    store = new MemoryStore('a test'),
    pack = null,
    speed,
    signal = new AbortController().signal,
  }: { store?: MemoryStore; pack?: PackState | null; speed?: 'quick'; signal?: AbortSignal } = {},
) {
  await store.saveCatalogue({ id: 'c', title: 'c', sourceHash: 'c', itemCount: items.length, importedAtMs: 0 }, items);
  const table = new ItemTable(
    items,
    items.map(({ id }) => id),
    adapter,
    createCpuBackend(),
  );
  table.setRefined([...items.keys()], raw);
  const board = new StatusBoard(
    () => undefined,
    () => 0,
  );
  board.update({ pack });
  const context = { catalogueId: 'c', table, model, store, board, signal, ...(speed ? { speed } : {}) };
  const installed = await installKeptCorrection(context);
  const changed = await settleLanguages(context);
  return { context, table, board, store, installed, changed, mapped: table.correction.languages.get('de')?.shipped !== undefined };
}

test('vectors of the device’s own are corrected with the encoder’s maps, even where the encoder is not loaded; a second visit fetches nothing', async () => {
  const first = modelWith();
  const { store, ...rest } = await visit(first.model);
  expect(rest).toMatchObject({ changed: true, mapped: true });
  const second = modelWith();
  expect(await visit(second.model, { store })).toMatchObject({ installed: true, changed: false, mapped: true });
  expect(second.covariances.get).not.toHaveBeenCalled();
});

test.each<[string, Parameters<typeof visit>[1]]>([
  ['the owner’s pack has the vectors', { pack: PACK }],
  ['only instant vectors are wanted', { speed: 'quick' }],
])('%s: nothing is fetched, and the shipped basis serves', async (_name, options) => {
  const { model, covariances } = modelWith();
  expect(await visit(model, options)).toMatchObject({ changed: true, mapped: false });
  expect(covariances.get).not.toHaveBeenCalled();
});

test('once the encoder is there a correction without maps is fitted again, once, and that one is kept', async () => {
  const { context, store, table } = await visit(modelWith().model, { pack: PACK });
  const { model, covariances } = modelWith({ loaded: true });
  expect(await settleLanguages({ ...context, model })).toBe(true);
  expect(table.correction.languages.get('de')?.shipped).toBeDefined();
  expect(await settleLanguages({ ...context, model })).toBe(false);
  expect(covariances.get).toHaveBeenCalledOnce();
  expect(await visit(modelWith().model, { store })).toMatchObject({ installed: true, mapped: true });
});

test('an encoder without maps is not asked again', async () => {
  const { model, covariances } = modelWith({ loaded: true, get: async () => square });
  const { context, changed } = await visit({ ...model, hasMaps: false });
  expect(changed).toBe(true);
  expect(await settleLanguages(context)).toBe(false);
  expect(covariances.get).toHaveBeenCalledOnce();
});

test('statistics that cannot be had are told, the shipped basis serves, and the next visit has them', async () => {
  const fails = modelWith({
    get: async () => {
      throw new RecommenderError('asset-unreachable', 'maps.i8 did not come');
    },
  });
  const { store, board, ...rest } = await visit(fails.model);
  expect(rest).toMatchObject({ changed: true, mapped: false });
  expect(board.status.notices.map(({ text }) => text)).toEqual(["Languages are corrected without the encoder's statistics: maps.i8 did not come"]);
  expect(await visit(modelWith().model, { store })).toMatchObject({ installed: true, changed: true, mapped: true });
});

test('a download that hangs does not hold up closing', async () => {
  const abort = new AbortController();
  const { model } = modelWith({ get: () => new Promise(() => undefined) });
  const settling = visit(model, { signal: abort.signal });
  setTimeout(() => abort.abort());
  await expect(settling).rejects.toMatchObject({ code: 'aborted' });
});

test('other maps than those a kept correction was fitted with: fitted again', async () => {
  const { store } = await visit(modelWith().model);
  const { model } = modelWith();
  expect(await visit({ ...model, statisticsFingerprint: 'other maps' }, { store })).toMatchObject({ installed: false, changed: true });
});
