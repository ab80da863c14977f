// One recommender for each pair of assets and catalogue, so that several elements on a page share a worker and a model.
// It outlives an element that is moved, and is disposed of some time after the last element has left.
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';
import type { CatalogueSummary } from '../protocol/engine-api.ts';
import type { CatalogueRequest } from './attributes.ts';

export interface OpenRecommender {
  recommender: Recommender;
  summary: CatalogueSummary;
}

export interface Lease {
  opened: Promise<OpenRecommender>;
  /** Call once, when the element has left the page or wants another catalogue. */
  release(): void;
}

export type RecommenderFactory = (options: RecommenderOptions) => Promise<Recommender>;

interface Entry {
  opened: Promise<OpenRecommender>;
  leases: number;
  cancelDisposal: (() => void) | undefined;
}

export interface PoolOptions {
  /** How long a recommender without elements is kept, in milliseconds. */
  keepMs: number;
  /** Runs `run` after `ms`; returns a function that cancels it. */
  later: (run: () => void, ms: number) => () => void;
}

export class RecommenderPool {
  readonly #options: PoolOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Opens the catalogue, or shares what is open or being opened. A failed one is forgotten: the next lease tries again. */
  lease(request: CatalogueRequest, create: RecommenderFactory): Lease {
    const key = JSON.stringify([request.assetsUrl ?? null, request.source.url]);
    let entry = this.#entries.get(key);
    if (!entry) {
      const made: Entry = { opened: open(request, create), leases: 0, cancelDisposal: undefined };
      made.opened.catch(() => this.#forget(key, made));
      this.#entries.set(key, made);
      entry = made;
    }
    const held = entry;
    held.cancelDisposal?.();
    held.cancelDisposal = undefined;
    held.leases++;
    let released = false;
    return {
      opened: held.opened,
      release: () => {
        if (released) return;
        released = true;
        if (--held.leases > 0) return;
        held.cancelDisposal = this.#options.later(() => this.#end(key, held), this.#options.keepMs);
      },
    };
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #end(key: string, entry: Entry): void {
    this.#forget(key, entry);
    entry.opened.then(({ recommender }) => recommender.dispose()).catch(() => undefined); // opening failed: there is nothing to dispose of
  }
}

async function open({ assetsUrl, source, encoder, speed }: CatalogueRequest, create: RecommenderFactory): Promise<OpenRecommender> {
  const recommender = await create({ encoder, speed, ...(assetsUrl === undefined ? {} : { assetsUrl }) });
  try {
    return { recommender, summary: await recommender.openCatalogue(source) };
  } catch (error) {
    await recommender.dispose();
    throw error;
  }
}

/** The pool of the page. 30 s is longer than a page takes to move an element, and short enough that the memory is soon free again. */
export const pagePool = new RecommenderPool({
  keepMs: 30_000,
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
