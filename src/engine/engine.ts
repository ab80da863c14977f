// Composition root: one runtime (store, status, model) and one catalogue open in it. Checks what it is given, and calls the rooms below.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import type { CataloguePreview, CatalogueSummary } from '../catalogue/types.ts';
import { MODEL_CACHE } from '../encoder/assets.ts';
import type { FairnessReport } from '../evaluation/fairness/types.ts';
import type { QualityOptions, QualityReport } from '../evaluation/measure-quality.ts';
import { suggestQuestions } from '../feedback/questions.ts';
import type { HeadHistory, HeadSummary } from '../head/record.ts';
import type { CatalogueMap } from '../index/catalogue-map.ts';
import type { CatalogueSource, EngineApi, EngineSettings, EngineStatus } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import type { RecommendationList, RecommendOptions, SearchOptions } from '../ranking/types.ts';
import { type KeptCatalogue, requestPersistence, type StorageReport } from '../store/storage-space.ts';
import * as args from './arguments.ts';
import { CatalogueManager } from './catalogue-manager.ts';
import { previewSource } from './catalogue-source.ts';
import { mapOf } from './insights.ts';
import { deleteKept, exportedData, exportedHeads, keptCatalogues, storageReport } from './kept-data.ts';
import { loadModel } from './model.ts';
import { type EngineDependencies, Runtime } from './runtime.ts';
import { CancellableTasks } from './tasks.ts';

const { check } = args;

interface Started {
  runtime: Runtime;
  catalogue: CatalogueManager;
  previews: CancellableTasks;
}

export class Engine implements EngineApi {
  readonly #dependencies: EngineDependencies;
  #started: Started | undefined;

  constructor(dependencies: Partial<EngineDependencies> = {}) {
    this.#dependencies = { loadModel, nowMs: () => performance.timeOrigin + performance.now(), random: Math.random, ...dependencies };
  }

  /** The engine may be started already: that start's catalogue, model and store are given up first. */
  async start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus> {
    check(args.Settings, settings, 'settings');
    check(args.Callback, onStatus, 'onStatus');
    check(args.Callback, onChange, 'onChange');
    await this.dispose();
    const runtime = await Runtime.start(settings, onStatus, onChange, this.#dependencies);
    this.#started = { runtime, catalogue: new CatalogueManager(runtime), previews: new CancellableTasks() };
    await runtime.readStoreStatus();
    return runtime.board.status;
  }

  async openCatalogue(source: CatalogueSource): Promise<CatalogueSummary> {
    return this.#catalogue.open(check(args.Source, source, 'source'));
  }

  async recommend(options: RecommendOptions): Promise<RecommendationList> {
    const startedMs = this.#dependencies.nowMs();
    const answer = await (await this.#catalogue.requireCorrected()).lists.recommend(options);
    return { ...answer, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async search(query: string, options: SearchOptions): Promise<RecommendationList> {
    check(args.Text, query, 'query');
    check(args.Search, options, 'options');
    const startedMs = this.#dependencies.nowMs();
    const opened = await this.#catalogue.requireCorrected();
    const answer = await opened.lists.search(query, options, () => opened.checkPack());
    return { ...answer, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void> {
    await this.#catalogue.requireOpen().rate(check(args.Text, itemId, 'itemId'), check(args.Rating, kind, 'kind'));
  }

  async ratings(): Promise<FeedbackEvent[]> {
    return this.#catalogue.requireOpen().lists.ratings();
  }

  async items(ids: readonly ItemId[]): Promise<Item[]> {
    const { lists } = this.#catalogue.requireOpen();
    return check(args.ItemIds, ids, 'ids').map((id) => lists.item(id));
  }

  async browse(from: number, count: number): Promise<Item[]> {
    check(args.Place, from, 'from');
    check(args.SliceSize, count, 'count');
    return this.#catalogue.requireOpen().scope.table.items.slice(from, from + count);
  }

  async previewCatalogue(source: CatalogueSource, name: string): Promise<CataloguePreview> {
    const { runtime, previews } = this.#requireStarted();
    check(args.Source, source, 'source');
    const { store, nowMs } = runtime;
    const preview = (signal: AbortSignal) => previewSource(source, { store, nowMs, signal, onProgress: () => undefined });
    return previews.run(preview, check(args.Text, name, 'name'));
  }

  async stopPreview(name: string): Promise<void> {
    this.#started?.previews.stop(check(args.Text, name, 'name'));
  }

  async catalogues(): Promise<KeptCatalogue[]> {
    return keptCatalogues(this.#runtime.store);
  }

  async deleteCatalogue(id: string): Promise<void> {
    check(args.Text, id, 'id');
    const { runtime, catalogue } = this.#requireStarted();
    await catalogue.closeById(id);
    const { fingerprint } = await runtime.model();
    await deleteKept(runtime.store, id, fingerprint);
    await runtime.readStoreStatus();
  }

  async train(budgetMs?: number): Promise<HeadSummary> {
    check(args.BudgetMs, budgetMs, 'budgetMs');
    return (await this.#catalogue.requireCorrected()).heads.train(budgetMs);
  }

  async stopTraining(): Promise<void> {
    await this.#started?.catalogue.opened?.heads.stop();
  }

  async heads(): Promise<HeadHistory> {
    return this.#catalogue.requireOpen().heads.history();
  }

  async restoreHead(id: string): Promise<void> {
    await this.#catalogue.requireOpen().heads.restore(check(args.Text, id, 'id'));
  }

  async suggestQuestions(count: number): Promise<Item[]> {
    check(args.QuestionCount, count, 'count');
    const { ranked, events } = (await this.#catalogue.requireCorrected()).lists;
    const ids = await suggestQuestions({ count, vectors: ranked, events: [...events.values()], random: this.#dependencies.random });
    return this.items(ids);
  }

  async fairness(): Promise<FairnessReport> {
    return this.#catalogue.requireOpen().fairness();
  }

  async stopMeasuring(): Promise<void> {
    this.#catalogue.opened?.stopMeasuring();
  }

  async measureQuality(options: QualityOptions): Promise<QualityReport> {
    return this.#catalogue.requireOpen().quality(check(args.Quality, options, 'options'));
  }

  async map(correction: 'before' | 'after'): Promise<CatalogueMap> {
    check(args.MapCorrection, correction, 'correction');
    return mapOf((await this.#catalogue.requireCorrected()).scope, correction);
  }

  async storage(): Promise<StorageReport> {
    return storageReport(this.#runtime.store);
  }

  async exportData(): Promise<Blob> {
    const { store, nowMs } = this.#runtime;
    return exportedData(store, nowMs(), (id) => exportedHeads(store, id));
  }

  async vectors(ids: readonly ItemId[]): Promise<Float32Array> {
    check(args.ItemIds, ids, 'ids');
    return (await this.#catalogue.requireCorrected()).lists.vectors(ids);
  }

  async stopEncoding(): Promise<void> {
    await this.#started?.catalogue.opened?.stopEncoding();
  }

  async resumeEncoding(): Promise<void> {
    this.#catalogue.requireOpen().resumeEncoding();
  }

  async encodeOnDevice(): Promise<void> {
    await this.#catalogue.requireOpen().encodeOnDevice();
  }

  async status(): Promise<EngineStatus> {
    const runtime = this.#runtime;
    await runtime.readStoreStatus();
    return runtime.board.status;
  }

  async requestPersistence(): Promise<boolean> {
    const granted = await requestPersistence();
    await this.#runtime.readStoreStatus();
    return granted;
  }

  async erase(): Promise<void> {
    const { runtime, catalogue } = this.#requireStarted();
    await catalogue.close();
    await runtime.disposeModel();
    await runtime.store.erase();
    await globalThis.caches?.delete(MODEL_CACHE).catch(() => false);
    runtime.board.update(IDLE_STATUS);
    await runtime.readStoreStatus();
  }

  async dispose(): Promise<void> {
    const started = this.#started;
    await started?.catalogue.dispose();
    await started?.runtime.dispose();
    this.#started = undefined;
  }

  /** @throws not-ready */
  get #runtime(): Runtime {
    return this.#requireStarted().runtime;
  }

  /** @throws not-ready */
  get #catalogue(): CatalogueManager {
    return this.#requireStarted().catalogue;
  }

  #requireStarted(): Started {
    if (!this.#started)
      throw new RecommenderError('not-ready', 'The recommender was disposed of or not started. Create one with createRecommender().');
    return this.#started;
  }
}
