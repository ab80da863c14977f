// The model as the engine sees it: fingerprint and adapter, loaded at once, and two encoders, loaded when they are needed: the instant
// one (a few MB, milliseconds a text) and the transformer.
import { RecommenderError, shownValue } from '../base/errors.ts';
import type { ProgressCallback } from '../base/types.ts';
import { loadAsset, loadText, openModelCache } from '../encoder/assets.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { InstantEncoder } from '../encoder/instant/instant-encoder.ts';
import { loadInstantEncoder } from '../encoder/instant/load-instant.ts';
import {
  type AdapterManifest,
  fingerprintOf,
  type ModelManifest,
  parseManifestText,
  rankingFingerprintOf,
  statisticsFingerprintOf,
} from '../encoder/manifest.ts';
import { loadRemoteEncoder } from '../encoder/remote-encoder.ts';
import { type AdapterData, type AdapterStatistics, identityAdapter, readAdapter, readAdapterStatistics } from '../language/adapter.ts';
import type { EngineSettings } from '../protocol/engine-api.ts';

export interface Model {
  /** Names weights, prefix and pooling. */
  fingerprint: string;
  /** Names weights, prefix, pooling and adapter. Default, without an adapter: `fingerprint`. */
  rankingFingerprint?: string;
  /** Of the transformer's vectors. */
  dimensions: number;
  adapter: AdapterData;
  /** The adapter's covariances and its maps, for fitting a correction; undefined: none are shipped. */
  covariances?: Lazy<AdapterStatistics> | undefined;
  /** Whether maps of languages come with the covariances. */
  hasMaps?: boolean;
  /** Names the covariances and what comes with them. */
  statisticsFingerprint?: string;
  transformer: Lazy<Encoder>;
  /** undefined: there is no instant table for this model. */
  quick: Lazy<InstantEncoder> | undefined;
  dispose(): Promise<void>;
}

/** Loaded at the first call of `get`, once for all callers. After a failure the next call tries again. */
export interface Lazy<T> {
  get(onProgress?: ProgressCallback): Promise<T>;
  /** undefined: not loaded yet. */
  loaded(): T | undefined;
}

export type ModelLoader = (settings: EngineSettings) => Promise<Model>;

/** @throws bad-argument for an address that is not absolute; bad-manifest, asset-* when the folder is not a model */
export const loadModel: ModelLoader = async (settings) =>
  settings.modelKind === 'transformers' ? loadPipelineModel(settings) : loadManifestModel(settings);

async function loadManifestModel(settings: EngineSettings): Promise<Model> {
  const { modelUrl, quickModelUrl } = settings;
  for (const [name, url] of Object.entries({ modelUrl, ...(quickModelUrl !== '' && { quickModelUrl }) })) {
    if (!URL.canParse(url)) throw new RecommenderError('bad-argument', `${name} is ${shownValue(url)}; give the absolute address of a folder.`);
  }
  const cache = await openModelCache();
  const manifestUrl = new URL('manifest.json', modelUrl).href;
  const manifest = parseManifestText(await loadText(manifestUrl, { cache }), manifestUrl);
  const about = manifest.adapter;
  const entry = about && manifest.files[about.ranking];
  if (about && !entry) throw new RecommenderError('bad-manifest', `${manifestUrl} names "${about.ranking}" without its size and SHA-256.`);
  const adapter =
    about && entry
      ? readAdapter(await loadAsset(new URL(about.ranking, modelUrl).href, entry, { cache }), about)
      : identityAdapter(manifest.dimensions);
  const covariances = about?.covariances === undefined ? undefined : lazy(() => loadCovariances(about, manifest, modelUrl, cache));
  const transformer = lazy<Encoder>((onProgress) => loadRemoteEncoder({ modelUrl, manifest, choice: settings.encoder }, onProgress));
  // The instant table lives in the adapter's space: without an adapter there is nothing it could be compared with.
  const quick =
    quickModelUrl && about
      ? lazy((onProgress) => loadInstantEncoder({ modelUrl: quickModelUrl, tokenizer: { manifest, modelUrl }, cache, onProgress }))
      : undefined;
  return {
    fingerprint: fingerprintOf(manifest),
    rankingFingerprint: rankingFingerprintOf(manifest),
    dimensions: manifest.dimensions,
    adapter,
    covariances,
    hasMaps: about?.maps !== undefined,
    statisticsFingerprint: statisticsFingerprintOf(manifest),
    transformer,
    quick,
    dispose: async () => transformer.loaded()?.dispose(),
  };
}

async function loadCovariances(
  about: AdapterManifest,
  { files }: ModelManifest,
  modelUrl: string,
  cache: Cache | undefined,
): Promise<AdapterStatistics> {
  return readAdapterStatistics(about, async (name) => {
    const entry = files[name];
    const url = new URL(name, modelUrl).href;
    if (!entry) throw new RecommenderError('bad-manifest', `The manifest names "${name}" without its size and SHA-256.`, { url });
    return loadAsset(url, entry, { cache });
  });
}

async function loadPipelineModel(settings: EngineSettings): Promise<Model> {
  const { loadPipelineEncoder } = await import('../encoder/pipeline-encoder.ts');
  const encoder = await loadPipelineEncoder({ modelUrl: settings.modelUrl });
  return {
    fingerprint: encoder.fingerprint,
    dimensions: encoder.dimensions,
    adapter: identityAdapter(encoder.dimensions),
    transformer: { get: () => Promise.resolve(encoder), loaded: () => encoder },
    quick: undefined,
    dispose: () => encoder.dispose(),
  };
}

export function lazy<T>(load: (onProgress: ProgressCallback) => Promise<T>): Lazy<T> {
  let loading: Promise<T> | undefined;
  let loaded: T | undefined;
  const listeners = new Set<ProgressCallback>();
  return {
    get: async (onProgress) => {
      if (onProgress) listeners.add(onProgress);
      loading ??= load((progress) => {
        for (const listener of listeners) listener(progress);
      });
      try {
        loaded = await loading;
        return loaded;
      } catch (error) {
        loading = undefined; // the next call tries again
        throw error;
      } finally {
        if (onProgress) listeners.delete(onProgress);
      }
    },
    loaded: () => loaded,
  };
}
