// The engine as the worker calls it: opening that fails or is stopped leaves what was open, and odd arguments give errors with a code.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { ItemId } from '../base/types.ts';
import type { CatalogueSource, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { resolveSpeed } from './catalogue-scope.ts';
import { Engine } from './engine.ts';
import { BackgroundTask } from './tasks.ts';
import { smallModel } from './testing/small-encoder.ts';

const SETTINGS = { modelUrl: '', modelKind: 'manifest', encoder: 'auto', speed: 'auto', quickModelUrl: '', databaseName: 'engine' } as const;
const fileOf = (name: string, count: number): CatalogueSource => {
  const rows = Array.from({ length: count }, (_, i) => `${name}${i},${i % 2 ? 'de' : 'en'},${name} title ${i}`);
  return { kind: 'file', name, data: new Blob([`id,language,title\n${rows.join('\n')}`]) };
};

/** A started engine and the last status that it sent. */
async function started() {
  const told: { status: EngineStatus } = { status: IDLE_STATUS };
  const engine = new Engine({ loadModel: async () => smallModel() });
  await engine.start(
    SETTINGS,
    (next) => {
      told.status = next;
    },
    () => undefined,
  );
  const ready = () => vi.waitUntil(() => told.status.phase === 'ready' && told.status.encodedCount === told.status.itemCount, { timeout: 5000 });
  return { engine, told, ready };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** As of a file that was changed after it was chosen. */
function unreadable(): Blob {
  const blob = new Blob(['id']);
  return Object.assign(blob, { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('changed', 'NotReadableError')) }) });
}
const failing = (method: 'events' | 'setSetting' | 'loadVectors' | 'saveCatalogue') => () => {
  vi.spyOn(MemoryStore.prototype, method).mockRejectedValue(new RecommenderError('storage-unavailable', `${method} failed`));
};
const FAILURES: [string, string, CatalogueSource, () => void][] = [
  ['a bad address', 'asset-missing', { kind: 'url', url: 'https://shop.example/none.csv' }, () => undefined],
  ['a host that cannot be reached', 'asset-unreachable', { kind: 'url', url: 'https://away.example/a.csv' }, () => undefined],
  ['a connection that breaks off', 'asset-unreachable', { kind: 'url', url: 'https://broken.example/a.csv' }, () => undefined],
  ['a file that cannot be read', 'asset-missing', { kind: 'file', name: 'b.csv', data: unreadable() }, () => undefined],
  ['a damaged file', 'catalogue-format', { kind: 'file', name: 'b.json', data: new Blob(['{"items": [']) }, () => undefined],
  ['a catalogue that is not stored', 'asset-missing', { kind: 'stored', id: 'never seen' }, () => undefined],
  ['a store that fails at the ratings', 'storage-unavailable', fileOf('b', 4), failing('events')],
  ['a store that fails at the stored vectors', 'storage-unavailable', fileOf('b', 4), failing('loadVectors')],
  ['a store that fails at the items', 'storage-unavailable', fileOf('b', 4), failing('saveCatalogue')],
  ['a store that fails at noting what was opened', 'storage-unavailable', fileOf('b', 4), failing('setSetting')],
];

describe('a catalogue that cannot be opened', () => {
  const stubFetch = () =>
    vi.stubGlobal('fetch', async (url: string) => {
      if (url.includes('away')) throw new TypeError('no network');
      if (url.includes('broken')) return Object.assign(new Response('id'), { blob: () => Promise.reject(new TypeError('network error')) });
      return new Response('', { status: 404 });
    });

  test.each(FAILURES)('%s: the one before is open, encodes on, and answers as before', async (_, code, source, fail) => {
    stubFetch();
    const { engine, told, ready } = await started();
    await engine.openCatalogue(fileOf('a', 60));
    await engine.rate('a1' as ItemId, 'like');
    await vi.waitUntil(() => told.status.encodedCount >= 10);
    const counted = told.status.encodedCount;
    fail();
    await expect(engine.openCatalogue(source)).rejects.toMatchObject({ code });
    vi.restoreAllMocks();
    expect(told.status).toMatchObject({ catalogueId: 'a', itemCount: 60, speed: 'refined', pack: null });
    expect(told.status.encodedCount).toBeGreaterThanOrEqual(counted);
    await ready();
    expect(told.status.encodedCount).toBe(60);
    expect((await engine.ratings()).map(({ itemId }) => itemId)).toEqual(['a1']);
    const list = await engine.recommend({ count: 20 });
    expect(list.basis).toBe('profile');
    expect(list.items.every(({ item }) => item.id.startsWith('a'))).toBe(true);
    expect((await engine.heads()).activeId).toBe('start');
    await engine.dispose();
  });

  test.each(FAILURES)('%s, with none open: none is open, and the next one opens', async (_, code, source, fail) => {
    stubFetch();
    const { engine, told, ready } = await started();
    fail();
    await expect(engine.openCatalogue(source)).rejects.toMatchObject({ code });
    vi.restoreAllMocks();
    expect(told.status).toMatchObject({ phase: 'failed', catalogueId: null, itemCount: 0 });
    await expect(engine.ratings()).rejects.toMatchObject({ code: 'not-ready' });
    await engine.openCatalogue(fileOf('a', 6));
    await ready();
    expect(told.status).toMatchObject({ catalogueId: 'a', encodedCount: 6 });
    await engine.dispose();
  });

  test('an encoding that the reader stopped stays stopped', async () => {
    const { engine, told } = await started();
    await engine.openCatalogue(fileOf('a', 60));
    await engine.stopEncoding();
    const { encodedCount } = told.status;
    await expect(engine.openCatalogue({ kind: 'stored', id: 'never seen' })).rejects.toMatchObject({ code: 'asset-missing' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(told.status).toMatchObject({ phase: 'ready', encodedCount });
    await engine.dispose();
  });

  test('a full disk is said once, and the catalogue is used', async () => {
    for (const method of ['saveCatalogue', 'setSetting', 'appendVectors'] as const) {
      let calls = 0;
      vi.spyOn(MemoryStore.prototype, method).mockImplementation(async () => {
        throw new RecommenderError('storage-quota', `no space, asked ${++calls} times`);
      });
    }
    const { engine, told, ready } = await started();
    await engine.openCatalogue(fileOf('a', 30));
    await ready();
    const said = told.status.notices.filter(({ code, text }) => code === 'store-memory' && text.includes('no space')).map(({ text }) => text);
    expect(said).toEqual([
      'The catalogue is used but not kept: no space, asked 1 times',
      'The order of the catalogues is not kept: no space, asked 1 times',
      'New vectors are not kept: no space, asked 1 times',
    ]);
    await engine.dispose();
  });
});

describe('what stops an opening', () => {
  /** An engine with `a` open, and an opening of `b` that waits for the network until it is stopped. */
  async function opening() {
    vi.stubGlobal(
      'fetch',
      (_: string, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    );
    const all = await started();
    await all.engine.openCatalogue(fileOf('a', 12));
    await all.ready();
    const stopped = expect(all.engine.openCatalogue({ kind: 'url', url: 'https://shop.example/b.csv' })).rejects.toMatchObject({ code: 'aborted' });
    await vi.waitUntil(() => all.told.status.phase === 'importing');
    return { ...all, stopped };
  }

  test('while it goes on, the one before answers', async () => {
    const { engine, stopped } = await opening();
    await engine.rate('a2' as ItemId, 'like');
    expect((await engine.recommend({ count: 3 })).items).toHaveLength(3);
    await engine.dispose();
    await stopped;
  });

  test('opening another catalogue', async () => {
    const { engine, told, ready, stopped } = await opening();
    expect((await engine.openCatalogue(fileOf('c', 5))).id).toBe('c');
    await stopped;
    await ready();
    expect(told.status.catalogueId).toBe('c');
    await engine.dispose();
  });

  test.each<[string, (engine: Engine) => Promise<void>]>([
    ['deleting the open catalogue', (engine) => engine.deleteCatalogue('a')],
    ['deleting the one that is being opened', (engine) => engine.deleteCatalogue('https://shop.example/b.csv')],
    ['erasing', (engine) => engine.erase()],
  ])('%s', async (_, stop) => {
    const { engine, told, stopped } = await opening();
    await stop(engine);
    await stopped;
    expect(told.status).toMatchObject({ phase: 'idle', catalogueId: null, itemCount: 0 });
    await expect(engine.ratings()).rejects.toMatchObject({ code: 'not-ready' });
    await engine.dispose();
  });

  test('disposing, also while the model does not come', async () => {
    const engine = new Engine({ loadModel: () => new Promise(() => undefined) });
    await engine.start(
      SETTINGS,
      () => undefined,
      () => undefined,
    );
    const stopped = expect(engine.openCatalogue(fileOf('a', 3))).rejects.toMatchObject({ code: 'aborted' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    void engine.dispose(); // itself waits for the model, to dispose of it
    await stopped;
  });
});

test('started while already started: what the first start opened is given up, and no catalogue is open', async () => {
  const models = [smallModel(), smallModel()];
  const disposed = models.map((model) => vi.spyOn(model, 'dispose'));
  const engine = new Engine({ loadModel: async () => models.shift() as ReturnType<typeof smallModel> });
  const ignored = () => undefined;
  await engine.start(SETTINGS, ignored, ignored);
  await engine.openCatalogue(fileOf('a', 4));
  const stores = vi.spyOn(MemoryStore.prototype, 'dispose');
  await engine.start(SETTINGS, ignored, ignored);
  expect(disposed.map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  expect(stores).toHaveBeenCalledOnce();
  await expect(engine.browse(0, 1)).rejects.toMatchObject({ code: 'not-ready' });
  await engine.openCatalogue(fileOf('a', 4));
  expect(await engine.browse(0, 9)).toHaveLength(4);
  await engine.dispose();
});

test('a rating that is given while the same catalogue is opened again is not lost', async () => {
  const { engine, ready } = await started();
  await engine.openCatalogue(fileOf('a', 12));
  await ready();
  const events = vi.spyOn(MemoryStore.prototype, 'heads'); // read after the ratings
  const again = engine.openCatalogue(fileOf('a', 12));
  await vi.waitUntil(() => events.mock.calls.length > 0, { interval: 0 });
  await engine.rate('a3' as ItemId, 'like');
  await again;
  expect((await engine.ratings()).map(({ itemId }) => itemId)).toEqual(['a3']);
  await engine.dispose();
});

test('a preview that is stopped rejects with "aborted"; others, and later ones of its name, go on', async () => {
  const { engine } = await started();
  const source = { kind: 'file', name: 'shelf.csv', data: new Blob(['id,language,title\na,en,One']) } as const;
  const [first, second] = [engine.previewCatalogue(source, 'first'), engine.previewCatalogue(source, 'second')];
  await Promise.all([engine.stopPreview('first'), engine.stopPreview('none')]);
  await expect(first).rejects.toMatchObject({ code: 'aborted' });
  expect((await second).summary.itemCount).toBe(1);
  expect((await engine.previewCatalogue(source, 'first')).sample).toHaveLength(1);
  await engine.dispose();
});

test('a file may have any name', async () => {
  const { engine } = await started();
  const source = fileOf('sale 50% off.csv', 3);
  expect((await engine.previewCatalogue(source, 'p')).summary.itemCount).toBe(3);
  expect((await engine.openCatalogue(source)).id).toBe('sale 50% off.csv');
  expect((await engine.catalogues()).map(({ title }) => title)).toEqual(['sale 50% off.csv']);
  await engine.dispose();
});

describe('odd arguments', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const ODD: unknown[] = [undefined, null, Number.NaN, -1, 0.5, 1e308, 10n, '', 'none', Symbol('s'), {}, { big: 10n }, circular, [], [undefined]];
  const METHODS = [
    'openCatalogue',
    'recommend',
    'search',
    'rate',
    'items',
    'browse',
    'previewCatalogue',
    'stopPreview',
    'deleteCatalogue',
    'train',
    'restoreHead',
    'suggestQuestions',
    'measureQuality',
    'map',
    'vectors',
  ] as const;

  test.each(METHODS)('%s answers, or rejects with a code', async (method) => {
    const { engine, ready } = await started();
    await engine.openCatalogue(fileOf('a', 12));
    await ready();
    const call = Reflect.get(engine, method) as (...args: unknown[]) => Promise<unknown>;
    for (const first of [...ODD, 'a1', { count: 3 }, { kind: 'url' }, { kind: 'file', name: 'x', data: 'no blob' }, { log: 1 }]) {
      for (const second of [undefined, Symbol('s'), { count: 10n }, 'like', circular]) {
        const error = await call.apply(engine, [first, second]).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(RecommenderError);
      }
    }
    expect((await engine.items(['a1' as ItemId])).length + (await engine.catalogues()).length).toBeGreaterThan(0);
    await engine.dispose();
  });

  test('say which argument, its value, and what to give', async () => {
    const { engine } = await started();
    await engine.openCatalogue(fileOf('a', 3));
    const odd = <T>(value: unknown): T => value as T;
    const cases: [Promise<unknown>, string, string][] = [
      [engine.rate(odd(undefined), 'like'), 'bad-argument', 'itemId is undefined; give a text.'],
      [engine.rate('a1' as ItemId, odd('love')), 'bad-argument', 'kind is "love"; give "like" or "dislike" or "hide".'],
      [engine.rate('z' as ItemId, 'like'), 'unknown-item', 'The catalogue has no item "z". It may be an id of another catalogue.'],
      [engine.items(odd(['a1', 3])), 'bad-argument', 'ids.1 is 3; give a text.'],
      [engine.browse(Number.NaN, 1), 'bad-argument', 'from is NaN; give a whole number from 0 to 9,007,199,254,740,991.'],
      [engine.browse(0, 1001), 'bad-argument', 'count is 1001; give a whole number from 0 to 1,000.'],
      [engine.openCatalogue(odd({ kind: 'file', name: 'x', data: 'text' })), 'bad-argument', 'source.data is "text"; give a File or Blob.'],
      [engine.train(Number.NaN), 'bad-argument', 'budgetMs is NaN; give milliseconds.'],
      [engine.recommend(odd(undefined)), 'bad-argument', ''],
    ];
    for (const [call, code, message] of cases) {
      await expect(call).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    }
    await expect(new Engine().start(odd({}), odd(1), odd(2))).rejects.toMatchObject({ code: 'bad-argument' });
    await engine.dispose();
  });
});

test.each([1, 2, 3, 4])('calls in any order, many at once, never give a raw error and never hang (seed %d)', async (seed) => {
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  const random = seededRandom(seed);
  const { engine, told, ready } = await started();
  const CALLS: (() => Promise<unknown>)[] = [
    () => engine.openCatalogue(fileOf('a', 60)),
    () => engine.openCatalogue(fileOf('b', 30)),
    () => engine.openCatalogue({ kind: 'stored', id: 'a' }),
    () => engine.openCatalogue({ kind: 'url', url: 'https://shop.example/none.csv' }),
    () => engine.deleteCatalogue('b'),
    () => engine.erase(),
    ...[0, 1, 2, 3].map((row) => () => engine.rate(`a${row}` as ItemId, row === 0 ? null : 'like')),
    () => engine.recommend({ count: 5 }),
    () => engine.search('title 3', { count: 3 }),
    () => engine.stopEncoding(),
    () => engine.resumeEncoding(),
    () => engine.encodeOnDevice(),
    () => engine.train(200),
    () => engine.stopTraining(),
    () => engine.restoreHead('start'),
    () => engine.fairness(),
    () => engine.stopMeasuring(),
    () => engine.map('after'),
    () => engine.storage(),
    () => engine.suggestQuestions(3),
  ];
  const rawErrors: unknown[] = [];
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 250; i++) {
    const call = CALLS[Math.floor(random() * CALLS.length)]?.().catch((error: unknown) => {
      if (!(error instanceof RecommenderError)) rawErrors.push(error);
    });
    if (call) calls.push(call);
    if (random() < 0.4) await Promise.race([call, new Promise((resolve) => setTimeout(resolve, 5 + 30 * random()))]);
  }
  await Promise.all(calls);
  expect(rawErrors).toEqual([]);
  await engine.openCatalogue(fileOf('c', 20));
  await ready();
  expect(told.status).toMatchObject({ catalogueId: 'c', encodedCount: 20 });
  await engine.dispose();
});

describe('speed', () => {
  const strong = { saveData: false, memoryGb: 8 };

  test('auto: quick first, quick alone where data are saved or memory is short', () => {
    expect(resolveSpeed('auto', true, strong)).toBe('quick-then-refined');
    expect(resolveSpeed('auto', true, { saveData: false, memoryGb: undefined })).toBe('quick-then-refined');
    expect(resolveSpeed('auto', true, { ...strong, saveData: true })).toBe('quick');
    expect(resolveSpeed('auto', true, { ...strong, memoryGb: 1 })).toBe('quick');
  });

  test('a choice is kept, and without an instant table there is only the transformer', () => {
    expect(resolveSpeed('refined', true, { ...strong, saveData: true })).toBe('refined');
    expect(resolveSpeed('quick', true, strong)).toBe('quick');
    expect(resolveSpeed('quick', false, strong)).toBe('refined');
  });
});

describe('a task in the background', () => {
  test('runs once at a time; asked again, or started after a stop, it runs once more', async () => {
    let runs = 0;
    const task = new BackgroundTask(
      async (signal) => {
        runs++;
        await new Promise((resolve) => setTimeout(resolve));
        if (signal.aborted) throw new Error('stopped');
      },
      (error) => {
        throw error;
      },
    );
    task.start();
    task.start();
    await task.waitUntilIdle();
    expect(runs).toBe(1);
    task.start();
    task.start({ again: true });
    await task.waitUntilIdle();
    expect(runs).toBe(3);
    task.start();
    const stopped = task.stop();
    task.start();
    await stopped;
    await task.waitUntilIdle();
    expect(runs).toBe(5);
  });
});
