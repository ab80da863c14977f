// `createRecommender()`: the door for the page, the element and embedders.
import type { ItemId } from '../base/types.ts';
import type { CatalogueSource, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import type { Recommender, RecommenderEvents, RecommenderOptions } from './recommender.ts';
import { WorkerLink } from './worker-link.ts';

export { RecommenderError } from '../base/errors.ts';
export type { Recommender, RecommenderEvents, RecommenderOptions } from './recommender.ts';

const DEFAULT_MODEL = 'models/multilingual-e5-small/';
const DEFAULT_QUICK_MODEL = 'models/multilingual-e5-small-instant/';
const DEFAULT_COUNT = 10;

/**
 * Starts the worker. Nothing of the model is fetched before a catalogue needs it.
 * @throws worker-failed when the worker cannot start; storage-blocked when another tab holds older data open
 */
export async function createRecommender(options: RecommenderOptions = {}): Promise<Recommender> {
  const assets = folder(new URL(options.assetsUrl ?? defaultAssets(), document.baseURI));
  const listeners: { [K in keyof RecommenderEvents]: Set<(value: RecommenderEvents[K]) => void> } = { status: new Set(), change: new Set() };
  let status: EngineStatus = IDLE_STATUS;
  const link = new WorkerLink(
    {
      modelUrl: folder(new URL(options.modelUrl ?? DEFAULT_MODEL, assets)).href,
      modelKind: options.modelKind ?? 'manifest',
      encoder: options.encoder ?? 'auto',
      speed: options.speed ?? 'auto',
      quickModelUrl: quickModel(options, assets),
      databaseName: options.databaseName ?? 'kindred',
    },
    {
      onStatus: (next) => {
        status = next;
        for (const listener of listeners.status) listener(next);
      },
      onChange: () => {
        for (const listener of listeners.change) listener(undefined);
      },
    },
    () => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'kindred' }),
  );
  await link.start();
  const ids = (list: readonly (ItemId | string)[]): ItemId[] => list.map((id) => id as ItemId);
  return {
    get status() {
      return status;
    },
    openCatalogue: (source) => link.openCatalogue(toSource(source)),
    recommend: (wanted) => link.call((api) => api.recommend({ count: DEFAULT_COUNT, ...wanted })),
    search: (query, wanted) => link.call((api) => api.search(query, { count: DEFAULT_COUNT, ...wanted })),
    rate: async (itemId, kind) => {
      await link.call((api) => api.rate(itemId as ItemId, kind));
      for (const listener of listeners.change) listener(undefined);
    },
    ratings: () => link.call((api) => api.ratings()),
    items: (list) => link.call((api) => api.items(ids(list))),
    stopEncoding: () => link.call((api) => api.stopEncoding()),
    resumeEncoding: () => link.call((api) => api.resumeEncoding()),
    encodeOnDevice: () => link.call((api) => api.encodeOnDevice()),
    requestPersistence: () => link.call((api) => api.requestPersistence()),
    vectors: (list) => link.call((api) => api.vectors(ids(list))),
    erase: () => link.call((api) => api.erase()),
    on: (event, listener) => {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    dispose: () => link.dispose(),
  };
}

function toSource(source: string | URL | File | CatalogueSource): CatalogueSource {
  if (typeof source === 'string' || source instanceof URL) return { kind: 'url', url: new URL(source, document.baseURI).href };
  if (source instanceof File) return { kind: 'file', name: source.name, data: source };
  return source;
}

/** The folder above the script: the build puts scripts into `assets/`, beside `models/`. */
function defaultAssets(): URL {
  return import.meta.env.DEV ? new URL('/', location.href) : new URL('../', import.meta.url);
}

/** The shipped instant table goes with the shipped model only. */
function quickModel(options: RecommenderOptions, assets: URL): string {
  if (options.quickModelUrl !== undefined) return folder(new URL(options.quickModelUrl, assets)).href;
  return options.modelUrl === undefined ? new URL(DEFAULT_QUICK_MODEL, assets).href : '';
}

function folder(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
