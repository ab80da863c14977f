// `createRecommender()` starts the worker and gives the page, the element and embedders its calls.
import { RecommenderError, shownValue, throwIfAborted } from '../base/errors.ts';
import type { CatalogueSource, EngineApi, EngineSettings, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { FORWARDED, type Recommender, type RecommenderEvents, type RecommenderOptions } from './recommender.ts';
import { defaultAssets, startWorker } from './start-worker.ts';
import { WorkerLink } from './worker-link.ts';

export { RecommenderError } from '../base/errors.ts';
export type { MeasureOptions, Recommender, RecommenderEvents, RecommenderOptions, TrainOptions } from './recommender.ts';

const DEFAULT_MODEL = 'models/multilingual-e5-small/';
const DEFAULT_QUICK_MODEL = 'models/multilingual-e5-small-instant/';
const DEFAULT_COUNT = 10;

/**
 * Starts the worker. Nothing of the model is fetched before a catalogue needs it. Only in a browser; importing is safe anywhere.
 * @throws bad-argument for an address that cannot be parsed, and outside a browser; worker-failed when the worker cannot start;
 *   storage-blocked when another tab holds older data open
 */
export async function createRecommender(options: RecommenderOptions = {}): Promise<Recommender> {
  if (typeof document === 'undefined') {
    throw new RecommenderError(
      'bad-argument',
      'createRecommender() was called where there is no document. Call it in the browser, not while rendering on a server.',
    );
  }
  const assets = folder('assetsUrl', options.assetsUrl ?? defaultAssets(), document.baseURI);
  const listeners: { [K in keyof RecommenderEvents]: Set<(value: RecommenderEvents[K]) => void> } = { status: new Set(), change: new Set() };
  let status: EngineStatus = IDLE_STATUS;
  const emit = <K extends keyof RecommenderEvents>(event: K, value: RecommenderEvents[K]): void => {
    for (const listener of listeners[event]) listener(value);
  };
  const onStatus = (next: EngineStatus): void => {
    status = next;
    emit('status', next);
  };
  const link = new WorkerLink(settingsOf(options, assets), { onStatus, onChange: () => emit('change', undefined) }, () => startWorker(assets));
  await link.start();
  let previews = 0;
  const stopMeasuring = (): Promise<void> => link.call((api) => api.stopMeasuring());
  return {
    ...forwarded(link),
    get status() {
      return status;
    },
    on: (event, listener) => {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    openCatalogue: async (source) => link.openCatalogue(toSource(source)),
    previewCatalogue: async (source, wanted = {}) => {
      const { signal } = optionsObject('previewCatalogue', wanted);
      const name = `preview ${++previews}`;
      return stoppable(
        'Reading the catalogue',
        signal,
        () => link.call((api) => api.previewCatalogue(toSource(source), name)),
        () => link.call((api) => api.stopPreview(name)),
      );
    },
    deleteCatalogue: (id) => link.deleteCatalogue(id),
    recommend: (wanted) => link.call((api) => api.recommend({ count: DEFAULT_COUNT, ...wanted })),
    search: (query, wanted) => link.call((api) => api.search(query, { count: DEFAULT_COUNT, ...wanted })),
    rate: async (itemId, kind) => {
      await link.call((api) => api.rate(itemId, kind));
      emit('change', undefined);
    },
    train: async (wanted = {}) => {
      const { budgetMs, signal } = optionsObject('train', wanted);
      return stoppable(
        'Training',
        signal,
        () => link.call((api) => api.train(budgetMs)),
        () => link.call((api) => api.stopTraining()),
      );
    },
    fairness: async (wanted = {}) => {
      const { signal } = optionsObject('fairness', wanted);
      return stoppable('Measuring', signal, () => link.call((api) => api.fairness()), stopMeasuring);
    },
    measureQuality: async (wanted) => {
      const { signal, ...options } = optionsObject('measureQuality', wanted);
      return stoppable('Measuring', signal, () => link.call((api) => api.measureQuality(options)), stopMeasuring);
    },
    erase: () => link.erase(),
    dispose: () => link.dispose(),
  };
}

type Forwarded = Pick<EngineApi, keyof typeof FORWARDED>;
type AnyCall = (...given: unknown[]) => Promise<unknown>;

/** The calls of `FORWARDED`. Surplus arguments, such as the event of a listener, are not sent. */
function forwarded(link: WorkerLink): Forwarded {
  const calls = Object.entries(FORWARDED).map(([name, count]): [string, AnyCall] => [
    name,
    (...given) => link.call((api) => (api[name as keyof Forwarded] as AnyCall)(...given.slice(0, count))),
  ]);
  return Object.fromEntries(calls) as unknown as Forwarded;
}

/** @throws bad-argument for null and whatever else is no object, and for a signal that is no AbortSignal */
function optionsObject<T extends { signal?: AbortSignal }>(call: string, given: T): T {
  const refuse = (what: string, value: unknown, advice: string) =>
    new RecommenderError('bad-argument', `The ${what} of ${call}() is ${shownValue(value)}. ${advice}`);
  if (typeof given !== 'object' || given === null) throw refuse('argument', given, 'Give an object of options.');
  const { signal } = given;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw refuse('signal', signal, 'Give the signal of an AbortController.');
  return given;
}

/** A signal cannot cross to the worker: it makes another call, which ends the first. The work itself says how it ended. */
async function stoppable<T>(what: string, signal: AbortSignal | undefined, work: () => Promise<T>, stop: () => Promise<void>): Promise<T> {
  throwIfAborted(signal, what);
  const onAbort = (): void => void stop().catch(() => undefined);
  signal?.addEventListener('abort', onAbort);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function settingsOf(options: RecommenderOptions, assets: URL): EngineSettings {
  return {
    modelUrl: folder('modelUrl', options.modelUrl ?? DEFAULT_MODEL, assets).href,
    modelKind: options.modelKind ?? 'manifest',
    encoder: options.encoder ?? 'auto',
    speed: options.speed ?? 'auto',
    quickModelUrl: quickModel(options, assets),
    databaseName: options.databaseName ?? 'kindred',
  };
}

/** The shipped instant table goes with the shipped model only. */
function quickModel(options: RecommenderOptions, assets: URL): string {
  if (options.quickModelUrl !== undefined) return folder('quickModelUrl', options.quickModelUrl, assets).href;
  return options.modelUrl === undefined ? new URL(DEFAULT_QUICK_MODEL, assets).href : '';
}

/** @throws bad-argument for an address that cannot be parsed */
function toSource(source: string | URL | File | CatalogueSource): CatalogueSource {
  if (typeof source === 'string' || source instanceof URL) return { kind: 'url', url: absolute('catalogue', source, document.baseURI).href };
  if (source instanceof File) return { kind: 'file', name: source.name, data: source };
  // The worker refuses what is no source.
  if (source?.kind !== 'url') return source;
  const { url, packUrl, headUrl } = source;
  return {
    kind: 'url',
    url: absolute('catalogue', url, document.baseURI).href,
    ...(packUrl === undefined ? {} : { packUrl: folder('packUrl', packUrl, document.baseURI).href }),
    ...(headUrl === undefined ? {} : { headUrl: absolute('headUrl', headUrl, document.baseURI).href }),
  };
}

function absolute(name: string, address: string | URL, base: string | URL): URL {
  if (URL.canParse(address, base)) return new URL(address, base);
  throw new RecommenderError(
    'bad-argument',
    `${name} is ${JSON.stringify(String(address))}, which is not an address. Give an absolute or relative URL.`,
  );
}

/** With a slash at the end: files are looked for below it. */
function folder(name: string, address: string | URL, base: string | URL): URL {
  const url = absolute(name, address, base);
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
