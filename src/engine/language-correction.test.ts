// The language correction of an open catalogue: what is fetched for a fit, what a second visit spares, what translations teach.
import { describe, expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { ItemTable } from '../index/item-table.ts';
import type { AdapterStatistics } from '../language/adapter.ts';
import { identityAdapter } from '../language/adapter.ts';
import { readShippedMaps } from '../language/correction/shipped-maps.ts';
import { plantCatalogue, plantPrior } from '../language/correction/testing/planted.ts';
import { fitTable } from '../language/table-correction.ts';
import type { PackState } from '../protocol/engine-api.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { deleteKept } from './kept-data.ts';
import { deleteStoredCorrection, installStoredCorrection, learnFromTranslations, refitCorrection } from './language-correction.ts';
import type { Model } from './model.ts';
import { BackgroundTask } from './tasks.ts';
import { scopeWith, smallModel } from './testing/small-encoder.ts';

const go = new AbortController().signal;

describe('statistics of the encoder', () => {
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
    const scope = scopeWith({ table, model, store, ...(speed ? { speed } : {}) });
    const { board } = scope;
    board.update({ pack });
    const installed = await installStoredCorrection(scope);
    const changed = await refitCorrection(scope, { signal });
    return { scope, table, board, store, installed, changed, mapped: table.correction.languages.get('de')?.shipped !== undefined };
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
    const { scope, store, table } = await visit(modelWith().model, { pack: PACK });
    const { model, covariances } = modelWith({ loaded: true });
    expect(await refitCorrection({ ...scope, model }, { signal: go })).toBe(true);
    expect(table.correction.languages.get('de')?.shipped).toBeDefined();
    expect(await refitCorrection({ ...scope, model }, { signal: go })).toBe(false);
    expect(covariances.get).toHaveBeenCalledOnce();
    expect(await visit(modelWith().model, { store })).toMatchObject({ installed: true, mapped: true });
  });

  test('an encoder without maps is not asked again', async () => {
    const { model, covariances } = modelWith({ loaded: true, get: async () => square });
    const { scope, changed } = await visit({ ...model, hasMaps: false });
    expect(changed).toBe(true);
    expect(await refitCorrection(scope, { signal: go })).toBe(false);
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
});

describe('stored for the next visit', () => {
  const { raw, dimensions, languages } = plantCatalogue({ items: 20, tags: ['en', 'de', 'sw'], bias: 1.5 });
  const items = languages.map(
    (language, i): Item => ({ id: `i${i}` as ItemId, language: language ?? 'und', title: `title ${i}`, description: '', categories: [] }),
  );
  const unused = async () => {
    throw new Error('no encoder is needed');
  };
  const model: Model = {
    fingerprint: 'planted',
    rankingFingerprint: 'planted+adapter',
    dimensions,
    adapter: identityAdapter(dimensions),
    transformer: { get: unused, loaded: () => undefined },
    quick: undefined,
    dispose: async () => undefined,
  };

  async function storeOf(catalogue: readonly Item[]): Promise<MemoryStore> {
    const store = new MemoryStore('a test');
    await store.saveCatalogue({ id: 'c', title: 'c', sourceHash: 'c', itemCount: catalogue.length, importedAtMs: 0 }, catalogue);
    return store;
  }

  /** Opens the catalogue, as far as rows have vectors, and fits its correction. */
  async function visit(
    store: MemoryStore,
    { catalogue = items, by = model, encoded = catalogue.length }: { catalogue?: readonly Item[]; by?: Model; encoded?: number } = {},
  ) {
    const keys = await Promise.all(catalogue.map((item) => contentKey(itemText(item))));
    const table = new ItemTable(catalogue, keys, by.adapter, createCpuBackend());
    const scope = scopeWith({ table, model: by, store });
    table.setRefined([...catalogue.keys()].slice(0, encoded), raw.slice(0, encoded * dimensions));
    const installed = await installStoredCorrection(scope);
    const atOnce = table.vectorOf('i1' as ItemId)?.slice();
    const fit = vi.fn(fitTable);
    const changed = await refitCorrection(scope, { signal: go, fit });
    return { table, board: scope.board, installed, atOnce, changed, fits: fit.mock.calls.length };
  }

  test('the second visit is corrected at once by what the first fitted, and fits nothing', async () => {
    const store = await storeOf(items);
    const first = await visit(store);
    expect(first).toMatchObject({ installed: false, fits: 1, changed: true });
    const second = await visit(store);
    expect(second).toMatchObject({ installed: true, fits: 0, changed: false });
    expect(second.atOnce).toEqual(first.table.vectorOf('i1' as ItemId));
    expect(second.table.correction.report.criterion).toBe('neighbours'); // not the shipped one, which chooses nothing
    expect(second.table.correction).toEqual(first.table.correction);
    expect(second.board.status.notices).toEqual([]);
  });

  const changedItem = (change: Partial<Item>): Item[] => items.map((item, row) => (row === 4 ? { ...item, ...change } : item));

  test.each<[string, Parameters<typeof visit>[1]]>([
    ['another text', { catalogue: changedItem({ title: 'another' }) }],
    ['another language', { catalogue: changedItem({ language: 'fr' }) }],
    ['an item less', { catalogue: items.slice(0, -1) }],
    ['another order', { catalogue: [items[1] as Item, items[0] as Item, ...items.slice(2)] }],
    ['another encoder', { by: { ...model, fingerprint: 'another' } }],
    ['another adapter', { by: { ...model, rankingFingerprint: 'another' } }],
  ])('%s: fitted again, and that is kept', async (_name, change) => {
    const store = await storeOf(items);
    await visit(store);
    expect(await visit(store, change)).toMatchObject({ installed: false, fits: 1 });
    expect(await visit(store, change)).toMatchObject({ installed: true, fits: 0 });
  });

  test('while rows lack their vectors nothing kept is used', async () => {
    const store = await storeOf(items);
    await visit(store);
    expect(await visit(store, { encoded: 50 })).toMatchObject({ installed: false, fits: 1 });
  });

  test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
    ['cut off', (bytes) => bytes.slice(0, -40)],
    ['of another kind', (bytes) => bytes.fill(7, 0, 8)],
    ['holding NaN', (bytes) => bytes.fill(0xff, -4)],
    ['empty', () => new Uint8Array()],
  ])('kept bytes %s: fitted again, kept again, and nothing is lost', async (_name, damage) => {
    const store = await storeOf(items);
    await visit(store);
    const kept = await store.correction('c');
    if (!kept) throw new Error('nothing was kept');
    await store.saveCorrection('c', { key: kept.key, bytes: damage(kept.bytes.slice()) });
    expect(await visit(store)).toMatchObject({ installed: false, fits: 1 });
    expect(await store.correction('c')).toEqual(kept);
    expect(await store.loadItems('c')).toEqual(items);
  });

  test('a store that refuses to read or to write costs a fit; a full disk is said', async () => {
    const store = await storeOf(items);
    await visit(store);
    vi.spyOn(store, 'correction').mockRejectedValueOnce(new RecommenderError('storage-unavailable', 'the disk fails'));
    vi.spyOn(store, 'saveCorrection').mockRejectedValueOnce(new RecommenderError('storage-quota', 'no space is left'));
    const { table, board, ...rest } = await visit(store);
    expect(rest).toMatchObject({ installed: false, fits: 1, changed: true });
    expect(table.correction.report.criterion).toBe('neighbours');
    expect(board.status.notices).toEqual([{ code: 'store-memory', text: 'The fitted language correction is not kept: no space is left' }]);
  });

  test('it goes with its catalogue, with everything, and with vectors that were wrong', async () => {
    const ends = [
      (store: MemoryStore) => deleteKept(store, 'c', model.fingerprint),
      (store: MemoryStore) => store.erase(),
      (store: MemoryStore) => deleteStoredCorrection({ id: 'c', store }),
    ];
    for (const end of ends) {
      const store = await storeOf(items);
      await visit(store);
      expect(await store.correction('c')).toBeDefined();
      await end(store);
      expect(await store.correction('c')).toBeUndefined();
    }
  });

  test('a fit that fails keeps nothing, and the correction before stays', async () => {
    const store = await storeOf(items);
    const table = new ItemTable(
      items,
      items.map(() => ''),
      model.adapter,
      createCpuBackend(),
    );
    const scope = scopeWith({ table, model, store });
    table.setRefined([...items.keys()], raw);
    await table.ready();
    const { correction } = table;
    const fit = async () => {
      throw new RecommenderError('bad-vector', 'all rows are equal');
    };
    expect(await refitCorrection(scope, { signal: go, fit })).toBe(false);
    expect(table.correction).toBe(correction);
    expect(await store.correction('c')).toBeUndefined();
    expect(scope.board.status.notices[0]?.text).toContain('all rows are equal');
  });
});

describe('learning from translations', () => {
  const itemsOf = (count: number): Item[] =>
    Array.from({ length: count }, (_, i) => ({
      id: `i${i}` as ItemId,
      language: 'en',
      title: `title ${i}`,
      description: '',
      categories: [],
      translations: { de: { title: `Titel ${i}`, description: '' }, sw: { title: `kichwa ${i}`, description: '' } },
    }));
  const items = itemsOf(120);

  /** A catalogue whose rows are encoded and whose correction is fitted, all with one store. */
  async function encodedCatalogue({
    catalogue = items,
    store = new MemoryStore('a test'),
  }: {
    catalogue?: readonly Item[];
    store?: MemoryStore;
  } = {}) {
    const model = smallModel();
    const encoder = await model.transformer.get();
    const encode = vi.spyOn(encoder, 'encode');
    const texts = catalogue.map((item) => itemText(item));
    const table = new ItemTable(catalogue, await Promise.all(texts.map(contentKey)), model.adapter, createCpuBackend());
    table.setRefined([...catalogue.keys()], await encoder.encode(texts));
    encode.mockClear();
    await store.saveCatalogue({ id: 'c', title: 'c', sourceHash: 'c', itemCount: catalogue.length, importedAtMs: 0 }, catalogue);
    const fit = vi.fn(fitTable);
    const scope = scopeWith({ table, model, store });
    const installed = await installStoredCorrection(scope);
    await refitCorrection(scope, { signal: go, fit });
    fit.mockClear();
    const options = { waitUntilIdle: async () => undefined, signal: go, fit };
    return { scope, options, table, store, board: scope.board, encode, fit, installed, model };
  }
  const textsOf = (encode: { mock: { calls: readonly (readonly unknown[])[] } }): number =>
    encode.mock.calls.reduce((sum, [texts]) => sum + (Array.isArray(texts) ? texts.length : 0), 0);

  test('translations are encoded a few at a time and fitted once; the next visit has the correction and learns nothing', async () => {
    const { scope, options, table, store, board, encode, fit } = await encodedCatalogue();
    const phase = board.status;
    expect(await learnFromTranslations(scope, options)).toBe(true);
    expect(table.correction.report).toMatchObject({ criterion: 'translations' });
    const { translatedItems } = table.correction.report;
    expect(textsOf(encode)).toBe(2 * translatedItems);
    expect(encode.mock.calls.every(([texts]) => texts.length <= 8)).toBe(true);
    expect(fit).toHaveBeenCalledOnce();
    expect(board.status).toBe(phase); // nothing of it shows
    expect(await learnFromTranslations(scope, options)).toBe(false);

    const next = await encodedCatalogue({ store });
    expect(next.installed).toBe(true);
    expect(next.table.correction).toEqual(table.correction);
    expect(await learnFromTranslations(next.scope, next.options)).toBe(false);
    expect(textsOf(next.encode)).toBe(0);
  });

  test('stopped, it keeps what it has, and goes on from there', async () => {
    const first = await encodedCatalogue();
    const abort = new AbortController();
    let turns = 0;
    const waitUntilIdle = async () => {
      if (++turns === 6) abort.abort();
    };
    await expect(learnFromTranslations(first.scope, { ...first.options, waitUntilIdle, signal: abort.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(textsOf(first.encode)).toBe(5 * 8);
    expect(first.fit).not.toHaveBeenCalled();
    const second = await encodedCatalogue({ store: first.store });
    await learnFromTranslations(second.scope, second.options);
    expect(textsOf(second.encode)).toBe(2 * second.table.correction.report.translatedItems - 5 * 8);
  });

  test('it waits for everything else', async () => {
    const { scope, options, encode } = await encodedCatalogue();
    let release = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    const learned = vi.fn();
    const onError = vi.fn();
    const learning = new BackgroundTask(
      async (signal) => learned(await learnFromTranslations(scope, { ...options, waitUntilIdle: () => busy, signal })),
      onError,
    );
    learning.start();
    learning.start();
    await new Promise((resolve) => setTimeout(resolve));
    expect(textsOf(encode)).toBe(0);
    release();
    await learning.waitUntilIdle();
    expect(learned.mock.calls).toEqual([[true]]);
    expect(onError).not.toHaveBeenCalled();
  });

  test('nothing is fetched for it, and few translations are left alone', async () => {
    const { scope, options, model, encode } = await encodedCatalogue();
    const get = vi.fn(model.transformer.get);
    expect(await learnFromTranslations({ ...scope, model: { ...model, transformer: { get, loaded: () => undefined } } }, options)).toBe(false);
    expect(get).not.toHaveBeenCalled();
    expect(textsOf(encode)).toBe(0);
    const few = await encodedCatalogue({ catalogue: itemsOf(30) });
    expect(await learnFromTranslations(few.scope, few.options)).toBe(false);
    expect(textsOf(few.encode)).toBe(0);
  });

  test('with few translations nothing is fitted before what is more urgent is done', async () => {
    const { scope, options, model, table, fit } = await encodedCatalogue({ catalogue: itemsOf(30) });
    table.install({ ...table.correction, method: 'lda' });
    const prior = model.adapter;
    let release = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    const square = new Float32Array(prior.dimensions ** 2);
    for (let i = 0; i < prior.dimensions; i++) square[i * (prior.dimensions + 1)] = 1;
    const covariances = { get: vi.fn(async () => ({ withinItem: square, betweenItem: square })), loaded: () => undefined };
    const mappedModel = { ...model, covariances, hasMaps: true };
    const ended = learnFromTranslations({ ...scope, model: mappedModel }, { ...options, waitUntilIdle: () => busy });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(covariances.get).not.toHaveBeenCalled();
    release();
    await ended;
    expect(covariances.get).toHaveBeenCalledOnce();
    expect(fit).not.toHaveBeenCalled(); // no maps came: there is nothing to fit again with
  });

  test('a fault of the encoder is told and changes nothing; a stop is no fault', async () => {
    const { scope, options, table, encode } = await encodedCatalogue();
    const { correction } = table;
    encode.mockRejectedValueOnce(new Error('the device was lost'));
    const onError = vi.fn();
    const learning = new BackgroundTask(async (signal) => {
      await learnFromTranslations(scope, { ...options, signal });
    }, onError);
    learning.start();
    await learning.waitUntilIdle();
    expect(onError).toHaveBeenCalledOnce();
    learning.start();
    await learning.stop();
    expect(onError).toHaveBeenCalledOnce();
    expect(table.correction).toBe(correction);
  });
});
