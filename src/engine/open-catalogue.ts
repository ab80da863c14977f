// One catalogue with everything that works on it: lists, ratings, encoding in the background, the owner's pack and head, the reader's
// heads. It is prepared beside the one that is open, then shown, and disposed of when it is closed or replaced.
import { isAborted, messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, ItemId, ProgressCallback } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { ItemTable } from '../index/item-table.ts';
import type { CatalogueSource, CatalogueSummary, FairnessReport, QualityOptions, QualityReport } from '../protocol/engine-api.ts';
import { catalogueFeatures, rowFeatures } from '../ranking/ranked-rows.ts';
import { CatalogueLists } from './catalogue-lists.ts';
import { type CatalogueScope, keepIfSpace, resolveSpeed } from './catalogue-scope.ts';
import { type LoadedCatalogue, loadCatalogue } from './catalogue-source.ts';
import { counts, encodePending, loadStoredVectors } from './encoding.ts';
import type { HeadManager } from './head-manager.ts';
import { fairnessOf, qualityOf } from './insights.ts';
import { noteOpened } from './kept-data.ts';
import { deleteStoredCorrection, installStoredCorrection, learnFromTranslations, refitCorrection } from './language-correction.ts';
import { openHeads } from './open-heads.ts';
import { OwnerPack } from './owner-pack.ts';
import { CatalogueBoard, type Runtime } from './runtime.ts';
import { loadShippedHead, type ShippedHead } from './shipped-head.ts';
import { BackgroundTask, CancellableTasks, untilAborted } from './tasks.ts';

/** A pack is compared with this device when the transformer is loaded for other work, at the latest after this time. */
const PACK_CHECK_MS = 20_000;

export class OpenCatalogue {
  readonly scope: CatalogueScope;
  readonly lists: CatalogueLists;
  readonly summary: CatalogueSummary;
  readonly #runtime: Runtime;
  /** Aborted at the end of the catalogue's life; `scope.signal` is its signal. */
  readonly #life: AbortController;
  readonly #board: CatalogueBoard;
  readonly #pack: OwnerPack;
  readonly #encoding = new BackgroundTask(
    (signal) => this.#encode(signal),
    (error) => this.scope.board.reportFault(error),
  );
  readonly #learning = new BackgroundTask(
    (signal) => this.#learn(signal),
    (error) => this.scope.board.reportFault(error),
  );
  readonly #measuring = new CancellableTasks();
  #heads: HeadManager | undefined;
  #comparesPack = false;
  #packTimer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the reader stopped the encoding. */
  #isStopped = false;
  #setShown = (): void => undefined;
  readonly #shown = new Promise<void>((resolve) => {
    this.#setShown = resolve;
  });

  private constructor(
    runtime: Runtime,
    { scope, board, life, summary }: { scope: CatalogueScope; board: CatalogueBoard; life: AbortController; summary: CatalogueSummary },
    { events, shipped, packUrl }: { events: readonly FeedbackEvent[]; shipped: ShippedHead | undefined; packUrl: string | undefined },
  ) {
    this.scope = scope;
    this.summary = summary;
    this.lists = new CatalogueLists(scope, events, shipped);
    this.#runtime = runtime;
    this.#life = life;
    this.#board = board;
    this.#pack = new OwnerPack(scope, packUrl, () => this.#encodeAgain());
  }

  /**
   * Does everything that can fail, and changes nothing of what is open. Status and notices wait until `show`.
   * Until the catalogue before is disposed of, two tables are in memory, each of `ItemTable.bytes`.
   * @param life aborted by the caller to stop this, and at the end of the catalogue's life
   * @throws catalogue-*, asset-*, storage-*, bad-manifest, encoder-mismatch, aborted
   */
  static async prepare(runtime: Runtime, source: CatalogueSource, life: AbortController): Promise<OpenCatalogue> {
    const { store, board: page, nowMs } = runtime;
    const { signal } = life;
    const onProgress: ProgressCallback = (progress) => {
      if (!signal.aborted) page.progress(progress);
    };
    const loaded = await loadCatalogue(source, { store, nowMs, signal, onProgress });
    let table: ItemTable | undefined;
    try {
      const { items, summary } = loaded;
      const [keys, model, events] = await Promise.all([
        Promise.all(items.map((item) => contentKey(itemText(item)))),
        untilAborted(runtime.model(), signal, 'Opening the catalogue'),
        store.events(summary.id),
      ]);
      const board = new CatalogueBoard(page, signal, nowMs);
      const { packUrl, headUrl } = source.kind === 'url' ? source : {};
      const shipped = headUrl === undefined ? undefined : await loadShippedHead(headUrl, items, { model, board, signal });
      // An owner's head ranks in the space that it was trained in; without one, categories and numbers count by the product's own rule.
      const projection = shipped ? shipped.features : catalogueFeatures(items);
      const backend = await runtime.backendFor(items.length * (model.adapter.projectedDimensions + (projection?.dimensions ?? 0)));
      table = new ItemTable(items, keys, model.adapter, backend, {}, projection && rowFeatures(projection, items));
      const scope: CatalogueScope = {
        id: summary.id,
        table,
        model,
        speed: resolveSpeed(runtime.settings.speed, model.quick !== undefined),
        settings: runtime.settings,
        store,
        board,
        signal,
        nowMs,
        random: runtime.random,
        onChange: () => {
          if (!signal.aborted) runtime.onChange();
        },
      };
      const opened = new OpenCatalogue(runtime, { scope, board, life, summary }, { events, shipped, packUrl });
      await opened.#prepare(loaded);
      return opened;
    } catch (error) {
      life.abort();
      table?.dispose();
      await loaded.saved.catch(() => undefined); // nothing is written after this has ended
      throw error;
    }
  }

  async #prepare({ saved }: LoadedCatalogue): Promise<void> {
    const { scope } = this;
    const { id, board, speed, store, signal } = scope;
    await loadStoredVectors(scope, signal);
    await this.#pack.load();
    // Where data are saved the transformer is never fetched, so that nothing is compared.
    this.#comparesPack = speed !== 'quick' && (await this.#pack.needsCheck());
    // An owner's head knows only the space of the shipped correction.
    if (!this.lists.shipped) await installStoredCorrection(scope);
    await this.#openHeads();
    await keepIfSpace(board, 'The catalogue is used but', () => saved);
    await keepIfSpace(board, 'The order of the catalogues is', () => noteOpened(store, id));
    throwIfAborted(signal, 'Opening the catalogue');
  }

  /** The page shows this catalogue from now on, and it is encoded. Cannot fail. */
  show(): void {
    const { id, table, speed } = this.scope;
    const { problems, problemCount } = this.summary;
    this.#board.update({
      catalogueId: id,
      itemCount: table.items.length,
      progress: null,
      speed,
      topRefined: table.rowsToRefine().length === 0,
      ...counts(table, speed),
    });
    if (problems.some(({ severity }) => severity === 'error'))
      this.#board.notice('catalogue-problems', `${problemCount} problems in "${id}"; good rows were taken.`);
    this.#board.show();
    if (this.#comparesPack) this.#packTimer = setTimeout(() => this.checkPack(), PACK_CHECK_MS);
    this.#setShown();
    this.#startEncoding();
  }

  /** Stops encoding and says nothing more, because the page shows how another catalogue is opened. Lists and ratings go on. */
  pause(): void {
    this.#board.hide();
    void this.#stopTasks();
  }

  /** Undoes `pause`, when the other catalogue could not be opened. */
  resume(): void {
    this.#board.show();
    if (!this.#isStopped) this.#startEncoding();
  }

  /** Frees the table at once. Resolves when the batch in progress is stored. */
  async dispose(): Promise<void> {
    this.#life.abort();
    this.#measuring.stop();
    clearTimeout(this.#packTimer);
    this.#heads?.dispose();
    this.scope.table.dispose();
    await this.#stopTasks();
  }

  get heads(): HeadManager {
    if (!this.#heads) throw new RecommenderError('not-ready', 'The catalogue is still being opened.');
    return this.#heads;
  }

  /** Durable when it resolves; as before when it cannot be stored. @param kind null: the rating is taken back */
  async rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void> {
    const { id, table, store, board, nowMs } = this.scope;
    const { events } = this.lists;
    this.lists.item(itemId); // refuses an unknown one
    const before = events.get(itemId);
    const event = kind === null ? undefined : { itemId, kind, timeMs: nowMs() };
    const set = (value: FeedbackEvent | undefined): void => {
      if (value) events.set(itemId, value);
      else events.delete(itemId);
    };
    set(event);
    // Other rows may be at the top of the list now. The encoding reads it again before its next slice.
    if (board.status.topRefined) board.update({ topRefined: table.rowsToRefine().length === 0 });
    try {
      await store.saveEvent(id, itemId, event);
      await this.#heads?.ratingsChanged([...events.values()]);
    } catch (error) {
      set(before);
      throw error;
    }
  }

  /** Takes over the ratings that were given while this catalogue, open before under the same id, was prepared. */
  copyRatings({ lists }: OpenCatalogue): void {
    const { events } = this.lists;
    events.clear();
    for (const [id, event] of lists.events) if (this.scope.table.rowOf.has(id)) events.set(id, event);
    this.#heads?.ratingsChanged([...events.values()]).catch((error: unknown) => this.#board.notice('head-unusable', messageOf(error)));
  }

  /** @throws not-ready, aborted, encoder-* */
  async fairness(): Promise<FairnessReport> {
    try {
      return await this.#measure((signal) => fairnessOf(this.scope, signal));
    } catch (error) {
      this.scope.board.reportFault(error);
      throw error;
    }
  }

  /** @throws interactions-format, evaluation-empty, not-ready, aborted */
  quality(options: QualityOptions): Promise<QualityReport> {
    return this.#measure((signal) => qualityOf(this.scope, options, signal));
  }

  stopMeasuring(): void {
    this.#measuring.stop();
  }

  #measure<T>(measure: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#measuring.run(async (signal) => {
      await this.scope.table.ready({ signal });
      return measure(signal);
    });
  }

  /** Resolves when the batch in progress is stored. */
  stopEncoding(): Promise<void> {
    this.#isStopped = true;
    return this.#stopTasks();
  }

  resumeEncoding(): void {
    this.#startEncoding();
  }

  /** Refuses the pack for good. */
  async encodeOnDevice(): Promise<void> {
    await this.#stopTasks();
    await this.#pack.refuse();
    this.#encodeAgain();
  }

  /** Compares the pack with the transformer, then learns from translations. */
  checkPack(): void {
    void this.#pack.check().then(() => this.#startLearning());
  }

  async #stopTasks(): Promise<void> {
    await Promise.all([this.#learning.stop(), this.#encoding.stop()]);
  }

  /** While it runs, another run follows, because rows may have lost their vectors since it looked. */
  #startEncoding(): void {
    if (this.scope.signal.aborted) return;
    this.#isStopped = false;
    this.#encoding.start({ again: true });
  }

  async #encode(signal: AbortSignal): Promise<void> {
    const { scope } = this;
    const { table, board } = scope;
    try {
      await encodePending(scope, { signal, topRows: () => this.#topRows(signal) });
      board.update({ phase: 'ready', progress: null, secondsLeft: null, topRefined: table.rowsToRefine().length === 0 });
      // An owner's head knows only the space of the shipped correction.
      if (!this.lists.shipped && (await refitCorrection(scope, { signal }))) await this.#onVectorsChanged();
      this.#startLearning();
    } catch (error) {
      const isStopped = signal.aborted || isAborted(error);
      board.update({ phase: isStopped || table.encodedCount > 0 ? 'ready' : 'failed', progress: null, secondsLeft: null });
      if (!isStopped) {
        board.notice('encoding-failed', messageOf(error));
        board.reportFault(error);
      }
    } finally {
      await this.#runtime.readStoreStatus().catch(() => undefined);
    }
  }

  async #topRows(signal: AbortSignal): Promise<number[]> {
    await this.scope.table.ready({ signal });
    return this.lists.topRows();
  }

  #startLearning(): void {
    const { signal, speed } = this.scope;
    if (!signal.aborted && !this.lists.shipped && speed !== 'quick') this.#learning.start();
  }

  async #learn(signal: AbortSignal): Promise<void> {
    if (await learnFromTranslations(this.scope, { signal, waitUntilIdle: () => this.#encoding.waitUntilIdle() })) await this.#onVectorsChanged();
  }

  /** Corrected vectors are others now: heads that were trained on the ones before are put aside, and lists are asked for again. */
  async #onVectorsChanged(): Promise<void> {
    if (this.scope.signal.aborted) return;
    await this.#openHeads();
    this.scope.onChange();
  }

  /** In the space that vectors are in now. */
  async #openHeads(): Promise<void> {
    this.#heads?.dispose();
    const waitUntilIdle = async (): Promise<void> => {
      await this.#shown;
      await this.#encoding.waitUntilIdle();
      await this.#learning.waitUntilIdle(); // it changes the space that heads are trained in
      await this.scope.table.ready();
    };
    const { heads, read } = openHeads(this.scope, this.lists, waitUntilIdle);
    this.#heads = heads;
    await read;
  }

  /** Rows lost their vectors: the status says so, and they are encoded. */
  #encodeAgain(): void {
    const { table, speed, board, onChange, signal } = this.scope;
    if (signal.aborted) return;
    void this.#learning.stop();
    void deleteStoredCorrection(this.scope);
    board.update({ ...counts(table, speed), topRefined: false });
    onChange();
    this.#startEncoding();
  }
}
