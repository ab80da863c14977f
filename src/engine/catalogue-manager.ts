// Holds at most one open catalogue. Another is prepared beside it and takes its place only when nothing can fail any more.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { CatalogueSource, CatalogueSummary } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { catalogueIdOf } from './catalogue-source.ts';
import { OpenCatalogue } from './open-catalogue.ts';
import type { Runtime } from './runtime.ts';

interface Opening {
  id: string;
  life: AbortController;
  /** Resolves when it has ended, and those before it. */
  done: Promise<unknown>;
}

export class CatalogueManager {
  readonly #runtime: Runtime;
  #opened: OpenCatalogue | undefined;
  #opening: Opening | undefined;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** undefined: no catalogue is open. */
  get opened(): OpenCatalogue | undefined {
    return this.#opened;
  }

  /** @throws not-ready */
  requireOpen(): OpenCatalogue {
    if (!this.#opened) throw new RecommenderError('not-ready', 'No catalogue is open. Call openCatalogue() first.');
    return this.#opened;
  }

  /** The open catalogue with every row corrected, so that the next call takes no long turn. @throws not-ready, aborted */
  async requireCorrected(): Promise<OpenCatalogue> {
    const opened = this.requireOpen();
    await opened.scope.table.ready();
    return opened;
  }

  /**
   * Stops the opening of another catalogue. When it fails, the catalogue that was open stays open, encodes on, and answers as before.
   * @throws catalogue-*, asset-*, storage-*, bad-manifest, encoder-mismatch; aborted when another is opened or this one is closed meanwhile
   */
  open(source: CatalogueSource): Promise<CatalogueSummary> {
    const before = this.#opening;
    before?.life.abort();
    const opening: Opening = { id: catalogueIdOf(source), life: new AbortController(), done: Promise.resolve() };
    this.#opening = opening;
    const result = this.#open(source, opening);
    opening.done = Promise.allSettled([before?.done, result]);
    return result;
  }

  async #open(source: CatalogueSource, opening: Opening): Promise<CatalogueSummary> {
    const { board } = this.#runtime;
    this.#opened?.pause();
    board.update({ phase: 'importing', progress: null, itemsPerSecond: 0, secondsLeft: null });
    try {
      const next = await OpenCatalogue.prepare(this.#runtime, source, opening.life);
      this.#replaceBy(next);
      return next.summary;
    } catch (error) {
      if (this.#opening === opening) {
        this.#opening = undefined;
        board.update({ phase: this.#opened ? 'ready' : 'failed', progress: null });
        this.#opened?.resume();
      } else throwIfAborted(opening.life.signal, 'Opening the catalogue');
      throw error;
    }
  }

  #replaceBy(next: OpenCatalogue): void {
    const before = this.#opened;
    this.#opening = undefined;
    if (before?.scope.id === next.scope.id) next.copyRatings(before);
    this.#opened = next;
    void before?.dispose();
    next.show();
  }

  /** Closes the open catalogue where it has this id, and stops opening it. */
  async closeById(id: string): Promise<void> {
    if (this.#opened?.scope.id === id || this.#opening?.id === id) await this.close();
  }

  /** Also stops the opening of another. Resolves when nothing writes to the store any more. */
  async close(): Promise<void> {
    await this.dispose();
    const { board } = this.#runtime;
    const { encoder, store } = board.status;
    board.update({ ...IDLE_STATUS, encoder, store });
  }

  async dispose(): Promise<void> {
    const [opened, opening] = [this.#opened, this.#opening];
    this.#opened = undefined;
    this.#opening = undefined;
    opening?.life.abort();
    await Promise.all([opened?.dispose(), opening?.done]);
  }
}
