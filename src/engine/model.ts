// The model as the engine sees it: what can be had at once (fingerprint, adapter), and the encoder when it is needed.
import { RecommenderError } from '../base/errors.ts';
import type { ProgressCallback } from '../base/types.ts';
import { loadAsset, loadText, openModelCache } from '../encoder/assets.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { loadEncoder } from '../encoder/load-encoder.ts';
import { fingerprintOf, parseManifestText } from '../encoder/manifest.ts';
import { type AdapterData, identityAdapter, readAdapter } from '../language/correction.ts';
import type { EngineSettings } from '../protocol/engine-api.ts';

export interface Model {
  fingerprint: string;
  dimensions: number;
  adapter: AdapterData;
  /** Loads weights and runtime; the same promise for every caller until it fails. */
  encoder(onProgress?: ProgressCallback): Promise<Encoder>;
  /** The encoder if it is there already. */
  loaded(): Encoder | undefined;
  dispose(): Promise<void>;
}

export type ModelLoader = (settings: EngineSettings) => Promise<Model>;

/** @throws bad-manifest, asset-* when the folder is not a model */
export const loadModel: ModelLoader = async (settings) =>
  settings.modelKind === 'transformers' ? loadPipelineModel(settings) : loadManifestModel(settings);

async function loadManifestModel(settings: EngineSettings): Promise<Model> {
  const { modelUrl } = settings;
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
  return withEncoder(fingerprintOf(manifest), manifest.dimensions, adapter, (onProgress) =>
    loadEncoder({ modelUrl, manifest, cache, choice: settings.encoder, ...(onProgress ? { onProgress } : {}) }),
  );
}

async function loadPipelineModel(settings: EngineSettings): Promise<Model> {
  const { loadPipelineEncoder } = await import('../encoder/pipeline-encoder.ts');
  const encoder = await loadPipelineEncoder({ modelUrl: settings.modelUrl });
  return withEncoder(encoder.fingerprint, encoder.dimensions, identityAdapter(encoder.dimensions), () => Promise.resolve(encoder));
}

function withEncoder(
  fingerprint: string,
  dimensions: number,
  adapter: AdapterData,
  load: (onProgress?: ProgressCallback) => Promise<Encoder>,
): Model {
  let loading: Promise<Encoder> | undefined;
  let loaded: Encoder | undefined;
  const listeners = new Set<ProgressCallback>();
  return {
    fingerprint,
    dimensions,
    adapter,
    encoder: async (onProgress) => {
      if (onProgress) listeners.add(onProgress);
      loading ??= load((progress) => {
        for (const listener of listeners) listener(progress);
      });
      try {
        loaded = await loading;
        return loaded;
      } catch (error) {
        loading = undefined; // a later call may try again, the network permitting
        throw error;
      } finally {
        if (onProgress) listeners.delete(onProgress);
      }
    },
    loaded: () => loaded,
    dispose: async () => {
      const encoder = loaded ?? (await loading?.catch(() => undefined));
      loaded = undefined;
      loading = undefined;
      await encoder?.dispose();
    },
  };
}
