// Starts the worker of the npm package. An embedder's bundler must not see the address of its script: it would copy
// the script without the files that belong to it. So the address is computed at run time, from the folder that also holds the models.
import { openWorker } from './open-worker.ts';

/** @param assets the package's `dist` folder, where the site serves it */
export function startWorker(assets: URL): Worker {
  return openWorker(new URL('kindred-worker.js', assets), { type: 'module', name: 'kindred' });
}

/** The package's own `dist`, for pages that import it unbundled. A bundled page must set `assetsUrl`. */
export function defaultAssets(): URL {
  const script = import.meta.url;
  return new URL('../dist/', script);
}
