// `createRecommender()`: the door for the page, the element and embedders.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { ItemId } from '../base/types.ts';
import type { CatalogueSource, EngineSettings, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import type { Recommender, RecommenderEvents, RecommenderOptions, TrainOptions } from './recommender.ts';
import { defaultAssets, startWorker } from './start-worker.ts';
import { WorkerLink } from './worker-link.ts';

export { RecommenderError } from '../base/errors.ts';
export type { MeasureOptions, Recommender, RecommenderEvents, RecommenderOptions, TrainOptions } from './recommender.ts';

const DEFAULT_MODEL = 'models/multilingual-e5-small/';
const DEFAULT_QUICK_MODEL = 'models/multilingual-e5-small-instant/';
const DEFAULT_COUNT = 10;

/**
 * Starts the worker. Nothing of the model is fetched before a catalogue needs it. Only in a browser; importing is safe anywhere.
 * @throws bad-argument for an address that is none, and outside a browser; worker-failed when the worker cannot start;
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
  const tell = <K extends keyof RecommenderEvents>(event: K, value: RecommenderEvents[K]): void => {
    for (const listener of listeners[event]) listener(value);
  };
  const onStatus = (next: EngineStatus): void => {
    status = next;
    tell('status', next);
  };
  const link = new WorkerLink(settingsOf(options, assets), { onStatus, onChange: () => tell('change', undefined) }, () => startWorker(assets));
  await link.start();
  return {
    get status() {
      return status;
    },
    on: (event, listener) => {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    rate: async (itemId, kind) => {
      await link.call((api) => api.rate(itemId as ItemId, kind));
      tell('change', undefined);
    },
    dispose: () => link.dispose(),
    ...recommending(link),
    ...catalogues(link),
    ...training(link),
    ...looking(link),
  };
}

type Recommending = 'recommend' | 'search' | 'ratings' | 'items' | 'browse' | 'vectors' | 'suggestQuestions';

function recommending(link: WorkerLink): Pick<Recommender, Recommending> {
  return {
    recommend: (wanted) => link.call((api) => api.recommend({ count: DEFAULT_COUNT, ...wanted })),
    search: (query, wanted) => link.call((api) => api.search(query, { count: DEFAULT_COUNT, ...wanted })),
    ratings: () => link.call((api) => api.ratings()),
    items: (list) => link.call((api) => api.items(idsOf(list))),
    browse: (from, count) => link.call((api) => api.browse(from, count)),
    vectors: (list) => link.call((api) => api.vectors(idsOf(list))),
    suggestQuestions: (count) => link.call((api) => api.suggestQuestions(count)),
  };
}

type Catalogues = 'openCatalogue' | 'previewCatalogue' | 'catalogues' | 'deleteCatalogue' | 'encodeOnDevice' | 'stopEncoding' | 'resumeEncoding';

function catalogues(link: WorkerLink): Pick<Recommender, Catalogues> {
  let previews = 0;
  return {
    openCatalogue: (source) => link.openCatalogue(toSource(source)),
    previewCatalogue: (source, { signal } = {}) => {
      const name = `preview ${++previews}`;
      return stoppable(
        'Reading the catalogue',
        signal,
        () => link.call((api) => api.previewCatalogue(toSource(source), name)),
        () => link.call((api) => api.stopPreview(name)),
      );
    },
    catalogues: () => link.call((api) => api.catalogues()),
    deleteCatalogue: (id) => link.deleteCatalogue(id),
    encodeOnDevice: () => link.call((api) => api.encodeOnDevice()),
    stopEncoding: () => link.call((api) => api.stopEncoding()),
    resumeEncoding: () => link.call((api) => api.resumeEncoding()),
  };
}

function training(link: WorkerLink): Pick<Recommender, 'train' | 'stopTraining' | 'heads' | 'restoreHead'> {
  const stopTraining = (): Promise<void> => link.call((api) => api.stopTraining());
  return {
    train: ({ budgetMs, signal }: TrainOptions = {}) => stoppable('Training', signal, () => link.call((api) => api.train(budgetMs)), stopTraining),
    stopTraining,
    heads: () => link.call((api) => api.heads()),
    restoreHead: (id) => link.call((api) => api.restoreHead(id)),
  };
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

type Looking = 'fairness' | 'measureQuality' | 'map' | 'storage' | 'exportData' | 'requestPersistence' | 'erase';

function looking(link: WorkerLink): Pick<Recommender, Looking> {
  const stop = (): Promise<void> => link.call((api) => api.stopMeasuring());
  return {
    fairness: ({ signal } = {}) => stoppable('Measuring', signal, () => link.call((api) => api.fairness()), stop),
    measureQuality: ({ signal, ...options }) => stoppable('Measuring', signal, () => link.call((api) => api.measureQuality(options)), stop),
    map: (correction) => link.call((api) => api.map(correction)),
    storage: () => link.call((api) => api.storage()),
    exportData: () => link.call((api) => api.exportData()),
    requestPersistence: () => link.call((api) => api.requestPersistence()),
    erase: () => link.erase(),
  };
}

const idsOf = (list: readonly (ItemId | string)[]): ItemId[] => list.map((id) => id as ItemId);

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

/** @throws bad-argument for an address that is none */
function toSource(source: string | URL | File | CatalogueSource): CatalogueSource {
  if (typeof source === 'string' || source instanceof URL) return { kind: 'url', url: absolute('catalogue', source, document.baseURI).href };
  if (source instanceof File) return { kind: 'file', name: source.name, data: source };
  if (source.kind !== 'url') return source;
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
  throw new RecommenderError('bad-argument', `${name} is ${JSON.stringify(String(address))}, which is no address. Give an absolute or relative URL.`);
}

/** With a slash at the end: files are looked for below it. */
function folder(name: string, address: string | URL, base: string | URL): URL {
  const url = absolute(name, address, base);
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
