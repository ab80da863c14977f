// Looks at catalogues that are under way, each by the name that its caller gave it, so that one can be ended.
import type { CataloguePreview, CatalogueSource } from '../protocol/engine-api.ts';
import { previewSource } from './catalogue-source.ts';
import type { Runtime } from './runtime.ts';

export class Previews {
  readonly #runtime: Runtime;
  readonly #running = new Map<string, AbortController>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** @param name unique among those under way. @throws aborted, and as previewSource */
  async read(source: CatalogueSource, name: string): Promise<CataloguePreview> {
    const { store, nowMs } = this.#runtime;
    const abort = new AbortController();
    this.#running.set(name, abort);
    try {
      return await previewSource(source, { store, nowMs, signal: abort.signal, onProgress: () => undefined });
    } finally {
      this.#running.delete(name);
    }
  }

  /** It rejects with `aborted`; one that is over, or never was, stays as it is. */
  stop(name: string): void {
    this.#running.get(name)?.abort();
  }
}
