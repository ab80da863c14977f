// Starts the worker of the built page and of kindred.js. The npm package has start-worker.package.ts in its place.
import { openWorker } from './open-worker.ts';

/** Has the constructor of `Worker`, and only keeps the arguments. */
class WorkerScript {
  readonly url: URL;
  readonly options: WorkerOptions;

  constructor(url: URL, options: WorkerOptions) {
    this.url = url;
    this.options = options;
  }
}

/** Vite bundles a worker where it reads `new Worker(new URL('…', import.meta.url)`: hence the parameter's name. */
function scriptFrom(Worker: typeof WorkerScript): WorkerScript {
  return new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name: 'kindred' });
}

/** @param _assets folder that holds `models/`; this build's worker lies beside its other scripts instead */
export function startWorker(_assets: URL): Worker {
  const { url, options } = scriptFrom(WorkerScript);
  return openWorker(url, options);
}

/** The folder above the script: the build puts scripts into `assets/`, beside `models/`. */
export function defaultAssets(): URL {
  return import.meta.env.DEV ? new URL('/', location.href) : new URL(/* @vite-ignore */ '../', import.meta.url);
}
