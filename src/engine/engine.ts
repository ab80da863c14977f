// Composition root: one model, one store, one opened catalogue; calls the rooms below in order and owns what lives long.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/index.ts';
import { MODEL_CACHE } from '../encoder/assets.ts';
import { detectByScript, loadDetector } from '../language/detect.ts';
import type {
  CatalogueMap,
  CataloguePreview,
  CatalogueSource,
  CatalogueSummary,
  EngineApi,
  EngineSettings,
  EngineStatus,
  FairnessReport,
  HeadHistory,
  HeadRecord,
  KeptCatalogue,
  QualityOptions,
  QualityReport,
  RecommendationList,
  RecommendOptions,
  SearchOptions,
  StorageReport,
} from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { openStore, requestPersistence, type Store } from '../store/index.ts';
import { Backends } from './backends.ts';
import { BackgroundEncoding } from './background-encoding.ts';
import { openCatalogueSource, previewSource } from './catalogue-source.ts';
import { counts, type EncodingContext, loadStoredVectors } from './encoding.ts';
import type { HeadKeeper } from './head-keeper.ts';
import { fairnessOf, mapOf, qualityOf } from './insights.ts';
import { ItemTable } from './item-table.ts';
import { deleteKept, exportedData, exportedHeads, keptCatalogues, noteOpened, storageReport } from './kept-data.ts';
import { loadModel, type Model, type ModelLoader } from './model.ts';
import { openHeads } from './open-heads.ts';
import { OpenedCatalogue } from './opened-catalogue.ts';
import { PackKeeper } from './pack-keeper.ts';
import { suggestQuestions } from './questions.ts';
import { settleLanguages } from './settle-languages.ts';
import { loadShippedHead } from './shipped-head.ts';
import { resolveSpeed } from './speed.ts';
import { StatusBoard } from './status-board.ts';

const MOST_BROWSED = 1000;
/** A pack is compared with this device when the transformer is loaded anyway, at the latest after so much time. */
const PACK_CHECK_MS = 20_000;

export interface EngineDependencies {
  loadModel: ModelLoader;
  nowMs: () => number;
  /** Uniform in [0, 1). */
  random: () => number;
}

interface Started {
  settings: EngineSettings;
  store: Store;
  board: StatusBoard;
  model: Promise<Model> | undefined;
  onChange: () => void;
}

export class Engine implements EngineApi {
  readonly #dependencies: EngineDependencies;
  #started: Started | undefined;
  #opened: OpenedCatalogue | undefined;
  readonly #backends = new Backends();
  readonly #encoding = new BackgroundEncoding({
    context: (signal) => this.#encodingContext(signal),
    onFault: (error) => this.#reportFault(error),
    onEnd: () => this.#readStoreStatus(),
    // An owner's head knows the space of the shipped correction alone.
    settle: async ({ table, model, board, signal }) => !this.#opened?.shipped && settleLanguages(table, model, board, signal),
    onSettled: () => this.#settled(),
  });
  #pack: PackKeeper | undefined;
  #heads: HeadKeeper | undefined;
  #packTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(dependencies: Partial<EngineDependencies> = {}) {
    this.#dependencies = { loadModel, nowMs: () => performance.timeOrigin + performance.now(), random: Math.random, ...dependencies };
  }

  async start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus> {
    const board = new StatusBoard(onStatus, this.#dependencies.nowMs);
    const store = await openStore({
      name: settings.databaseName,
      onBlocked: () => board.notice('store-memory', 'Another tab holds an older version of the stored data open. Close it to go on.'),
    });
    this.#started = { settings, store, board, model: undefined, onChange };
    this.#loadModel(this.#started).catch(() => undefined); // said by the call that needs it
    await this.#readStoreStatus();
    return board.status;
  }

  async openCatalogue(source: CatalogueSource): Promise<CatalogueSummary> {
    const started = this.#needStarted();
    const { store, board } = started;
    this.#encoding.abandon(); // its last batch is stored while this goes on
    board.update({ phase: 'importing', progress: null, itemsPerSecond: 0, secondsLeft: null });
    const abort = new AbortController();
    try {
      const { items, summary, saved } = await openCatalogueSource(source, {
        store,
        nowMs: this.#dependencies.nowMs,
        signal: abort.signal,
        onProgress: (progress) => board.progress(progress),
      });
      const [keys, model, events] = await Promise.all([
        Promise.all(items.map((item) => contentKey(itemText(item)))),
        this.#loadModel(started),
        store.events(summary.id),
      ]);
      const table = new ItemTable(items, keys, model.adapter, await this.#backends.for(items.length * model.adapter.projectedDimensions, (text) => board.notice('stepped-down', text)));
      this.#opened?.table.dispose();
      const speed = resolveSpeed(started.settings.speed, model.quick !== undefined);
      this.#opened = new OpenedCatalogue(summary.id, table, model, speed, events, this.#dependencies.nowMs);
      const errors = summary.problems.filter((problem) => problem.severity === 'error').length;
      if (errors > 0) board.notice('catalogue-problems', `${summary.problemCount} problems in "${summary.id}"; good rows were taken.`);
      board.update({ catalogueId: summary.id, itemCount: items.length, progress: null, speed, topRefined: false, ...counts(table, speed) });
      await loadStoredVectors(this.#encodingContext(abort.signal));
      await this.#takePack(source.kind === 'url' ? source.packUrl : undefined);
      await this.#takeHead(source.kind === 'url' ? source.headUrl : undefined, abort.signal);
      board.update({ ...counts(table, speed), topRefined: table.rowsToRefine().length === 0 });
      await this.#openHeads();
      await noteOpened(store, summary.id);
      this.#encoding.start(); // last: a device that fails at once must find the catalogue open
      await saved.catch((error: unknown) => {
        if (!(error instanceof RecommenderError) || error.code !== 'storage-quota') throw error;
        board.notice('store-memory', `The catalogue is used but not kept: ${error.message}`);
      });
      return summary;
    } catch (error) {
      // What was open before stays open and goes on.
      board.update({ phase: this.#opened ? 'ready' : 'failed', progress: null });
      if (this.#opened) this.#encoding.start();
      throw error;
    }
  }

  async recommend(options: RecommendOptions): Promise<RecommendationList> {
    const startedMs = this.#dependencies.nowMs();
    const answer = await this.#needOpened().recommend(options);
    return { ...answer, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async search(query: string, options: SearchOptions): Promise<RecommendationList> {
    const text = query.normalize('NFC').trim();
    if (text === '') throw new RecommenderError('bad-argument', 'The search is empty. Type a few words in any language.');
    const opened = this.#needOpened();
    const startedMs = this.#dependencies.nowMs();
    const language = detectByScript(text) ?? (await loadDetector())(text) ?? 'und';
    const { vector, queryEncoder } = await this.#queryVector(opened, text, language, options.quick ?? false);
    const answer = await opened.nearest(vector, options);
    return { ...answer, queryEncoder, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void> {
    const { store, board } = this.#needStarted();
    const opened = this.#needOpened();
    const { id, events } = opened;
    opened.item(itemId); // refuses an unknown one
    const before = events.get(itemId);
    const event = kind === null ? undefined : { itemId, kind, timeMs: this.#dependencies.nowMs() };
    if (event) events.set(itemId, event);
    else events.delete(itemId);
    // The top may hold other rows now; the encoding looks again before its next slice.
    if (board.status.topRefined) board.update({ topRefined: opened.table.rowsToRefine().length === 0 });
    try {
      await store.saveEvent(id, itemId, event);
      await this.#heads?.ratingsChanged([...events.values()]);
    } catch (error) {
      if (before) events.set(itemId, before);
      else events.delete(itemId);
      throw error;
    }
  }

  async ratings(): Promise<FeedbackEvent[]> {
    return this.#needOpened().ratings();
  }

  async items(ids: readonly ItemId[]): Promise<Item[]> {
    const opened = this.#needOpened();
    return ids.map((id) => opened.item(id));
  }

  async browse(from: number, count: number): Promise<Item[]> {
    const whole = (value: number): boolean => Number.isInteger(value) && value >= 0;
    if (!whole(from) || !whole(count) || count > MOST_BROWSED) {
      throw new RecommenderError('bad-argument', `browse(${from}, ${count}): give whole numbers from 0, and at most ${MOST_BROWSED} items at a time.`, { from, count });
    }
    return this.#needOpened().table.items.slice(from, from + count);
  }

  async previewCatalogue(source: CatalogueSource): Promise<CataloguePreview> {
    const { store } = this.#needStarted();
    return previewSource(source, { store, nowMs: this.#dependencies.nowMs, signal: new AbortController().signal, onProgress: () => undefined });
  }

  async catalogues(): Promise<KeptCatalogue[]> {
    return keptCatalogues(this.#needStarted().store);
  }

  async deleteCatalogue(id: string): Promise<void> {
    const started = this.#needStarted();
    if (this.#opened?.id === id) await this.#closeCatalogue();
    const { fingerprint } = await this.#loadModel(started);
    await deleteKept(started.store, id, fingerprint);
    await this.#readStoreStatus();
  }

  async train(budgetMs?: number): Promise<HeadRecord> {
    return this.#needHeads().train(budgetMs);
  }

  async stopTraining(): Promise<void> {
    await this.#heads?.stop();
  }

  async heads(): Promise<HeadHistory> {
    return this.#needHeads().history();
  }

  async restoreHead(id: string): Promise<void> {
    await this.#needHeads().restore(id);
  }

  async suggestQuestions(count: number): Promise<Item[]> {
    const { table, events } = this.#needOpened();
    const ids = await suggestQuestions({ count, vectors: table, events: [...events.values()], random: this.#dependencies.random });
    return this.items(ids);
  }

  async fairness(): Promise<FairnessReport> {
    return fairnessOf(this.#needOpened().table, this.#dependencies.random);
  }

  async measureQuality(options: QualityOptions): Promise<QualityReport> {
    return qualityOf(this.#needOpened().table, options);
  }

  async map(correction: 'before' | 'after'): Promise<CatalogueMap> {
    return mapOf(this.#needOpened().table, correction, this.#needStarted().board);
  }

  async storage(): Promise<StorageReport> {
    return storageReport(this.#needStarted().store);
  }

  async exportData(): Promise<Blob> {
    return exportedData(this.#needStarted().store, this.#dependencies.nowMs(), (id) => exportedHeads(this.#needStarted().store, id));
  }

  async vectors(ids: readonly ItemId[]): Promise<Float32Array> {
    return this.#needOpened().vectors(ids);
  }

  async stopEncoding(): Promise<void> {
    await this.#encoding.stop();
  }

  async resumeEncoding(): Promise<void> {
    this.#needOpened();
    this.#encoding.start();
  }

  async encodeOnDevice(): Promise<void> {
    this.#needOpened();
    await this.stopEncoding();
    await this.#pack?.refuse();
    this.#encodeForgotten();
  }

  async status(): Promise<EngineStatus> {
    await this.#readStoreStatus();
    return this.#needStarted().board.status;
  }

  async requestPersistence(): Promise<boolean> {
    const granted = await requestPersistence();
    await this.#readStoreStatus();
    return granted;
  }

  async erase(): Promise<void> {
    const started = this.#needStarted();
    const { store, board } = started;
    started.model = undefined; // its encoders are gone with it
    await this.#opened?.model.dispose();
    await this.#closeCatalogue();
    await store.erase();
    await globalThis.caches?.delete(MODEL_CACHE).catch(() => false);
    board.update(IDLE_STATUS);
    await this.#readStoreStatus();
  }

  async dispose(): Promise<void> {
    this.#closePack();
    this.#heads?.dispose();
    await this.stopEncoding();
    const model = await this.#started?.model?.catch(() => undefined);
    await model?.dispose();
    this.#started?.store.dispose();
    this.#started = undefined;
    this.#opened = undefined;
  }

  async #closeCatalogue(): Promise<void> {
    await this.stopEncoding();
    this.#closePack();
    this.#heads?.dispose();
    this.#heads = undefined;
    this.#opened?.table.dispose();
    this.#opened = undefined;
    const { board } = this.#needStarted();
    const { encoder, store } = board.status;
    board.update({ ...IDLE_STATUS, encoder, store });
  }

  /** Vectors are others now: what was learned from the ones before is put aside, and lists are asked for again. */
  async #settled(): Promise<void> {
    if (this.#heads) await this.#openHeads();
    this.#needStarted().onChange();
  }

  async #openHeads(): Promise<void> {
    this.#heads?.dispose();
    const { nowMs } = this.#dependencies;
    const { heads, read } = openHeads(this.#needOpened(), { ...this.#needStarted(), nowMs, idle: () => this.#encoding.settled() });
    this.#heads = heads;
    await read;
  }

  /** @param headUrl undefined: the owner ships none */
  async #takeHead(headUrl: string | undefined, signal: AbortSignal): Promise<void> {
    if (headUrl === undefined) return;
    const { board } = this.#needStarted();
    const opened = this.#needOpened();
    const notice = (text: string) => board.notice('head-unusable', text);
    opened.takeShipped(await loadShippedHead(headUrl, { model: opened.model, ids: opened.table.items.map(({ id }) => id), signal, notice }));
  }

  async #takePack(packUrl: string | undefined): Promise<void> {
    const { store, board } = this.#needStarted();
    const { id, table, model, speed } = this.#needOpened();
    this.#closePack();
    const { random } = this.#dependencies;
    const pack = new PackKeeper({ catalogueId: id, packUrl, table, model, store, board, random, onDropped: () => this.#encodeForgotten() });
    this.#pack = pack;
    await pack.take();
    // Where data are saved the transformer is never fetched, and so nothing is compared.
    if (speed !== 'quick' && (await pack.needsCheck())) this.#packTimer = setTimeout(() => void pack.check(), PACK_CHECK_MS);
  }

  #closePack(): void {
    clearTimeout(this.#packTimer);
    this.#pack?.dispose();
    this.#pack = undefined;
  }

  /** After rows lost their vectors: the status says so, and they are encoded. */
  #encodeForgotten(): void {
    const { board, onChange } = this.#needStarted();
    const { table, speed } = this.#needOpened();
    board.update({ ...counts(table, speed), topRefined: false });
    onChange();
    this.#encoding.start();
  }

  #reportFault(error: unknown): void {
    if (!(error instanceof RecommenderError) || error.code !== 'encoder-fault') return;
    this.#needStarted().board.update({ fault: { code: error.code, message: error.message } });
  }

  async #guard<T>(run: Promise<T>): Promise<T> {
    try {
      return await run;
    } catch (error) {
      this.#reportFault(error);
      throw error;
    }
  }

  /** Once; again after a failure, and after everything was erased. */
  #loadModel(started: Started): Promise<Model> {
    started.model ??= this.#dependencies.loadModel(started.settings).catch((error: unknown) => {
      started.model = undefined;
      throw error;
    });
    return started.model;
  }

  #encodingContext(signal: AbortSignal): EncodingContext {
    const { store, board, settings, onChange } = this.#needStarted();
    const opened = this.#needOpened();
    const { table, model, speed } = opened;
    return {
      table,
      model,
      store,
      board,
      speed,
      signal,
      nowMs: this.#dependencies.nowMs,
      lockName: `kindred-encode-${settings.databaseName}`,
      isOpen: () => this.#opened === opened,
      topRows: () => opened.topRows(),
      onChange,
    };
  }

  async #queryVector(
    { table, model, speed }: OpenedCatalogue,
    text: string,
    language: string,
    quick: boolean,
  ): Promise<{ vector: Float32Array; queryEncoder: 'quick' | 'refined' }> {
    const { board } = this.#needStarted();
    if (model.quick && (quick || speed === 'quick')) {
      const encoder = await model.quick.get((progress) => board.progress(progress));
      return { vector: table.correctQuick(encoder.encodeNow(text), language), queryEncoder: 'quick' };
    }
    const encoder = await model.transformer.get((progress) => board.progress(progress));
    board.update({ encoder: encoder.status });
    void this.#pack?.check();
    return { vector: table.correct(await this.#guard(encoder.encode([text])), language), queryEncoder: 'refined' };
  }

  async #readStoreStatus(): Promise<void> {
    const { store, board } = this.#needStarted();
    const { kind, reason, persisted, usedBytes } = await store.status();
    board.update({ store: { kind, reason, persisted, usedBytes } });
    if (kind === 'memory') board.notice('store-memory', reason);
  }

  #needStarted(): Started {
    if (!this.#started) throw new RecommenderError('not-ready', 'The recommender was disposed of or not started. Create one with createRecommender().');
    return this.#started;
  }

  #needHeads(): HeadKeeper {
    if (!this.#heads) throw new RecommenderError('not-ready', 'No catalogue is open. Call openCatalogue() first.');
    return this.#heads;
  }

  #needOpened(): OpenedCatalogue {
    if (!this.#opened) throw new RecommenderError('not-ready', 'No catalogue is open. Call openCatalogue() first.');
    return this.#opened;
  }
}
