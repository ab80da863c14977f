// Composition root: one runtime (store, status, model) and one catalogue open in it; calls the rooms below in order.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item } from '../base/types.ts';
import { MODEL_CACHE } from '../encoder/assets.ts';
import { suggestQuestions } from '../feedback/questions.ts';
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
  HeadSummary,
  KeptCatalogue,
  QualityOptions,
  QualityReport,
  RecommendationList,
  RecommendOptions,
  SearchOptions,
  StorageReport,
} from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { requestPersistence } from '../store/storage-space.ts';
import { BudgetMs, Callback, Correction, checked, Id, Ids, Options, Quality, Query, Rating, Settings, Source } from './arguments.ts';
import { CatalogueKeeper } from './catalogue-keeper.ts';
import { mapOf, qualityOf } from './insights.ts';
import { deleteKept, exportedData, exportedHeads, keptCatalogues, storageReport } from './kept-data.ts';
import { loadModel } from './model.ts';
import { Previews } from './previews.ts';
import { type EngineDependencies, Runtime } from './runtime.ts';
import { searchText } from './text-search.ts';

const MOST_BROWSED = 1000;

interface Started {
  runtime: Runtime;
  catalogue: CatalogueKeeper;
  previews: Previews;
}

export class Engine implements EngineApi {
  readonly #dependencies: EngineDependencies;
  #started: Started | undefined;

  constructor(dependencies: Partial<EngineDependencies> = {}) {
    this.#dependencies = { loadModel, nowMs: () => performance.timeOrigin + performance.now(), random: Math.random, ...dependencies };
  }

  async start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus> {
    checked('settings', Settings, settings);
    checked('onStatus', Callback, onStatus);
    checked('onChange', Callback, onChange);
    const runtime = await Runtime.start(settings, onStatus, onChange, this.#dependencies);
    this.#started = { runtime, catalogue: new CatalogueKeeper(runtime), previews: new Previews(runtime) };
    await runtime.readStoreStatus();
    return runtime.board.status;
  }

  async openCatalogue(source: CatalogueSource): Promise<CatalogueSummary> {
    checked('source', Source, source);
    return this.#catalogue.open(source);
  }

  async recommend(options: RecommendOptions): Promise<RecommendationList> {
    const startedMs = this.#dependencies.nowMs();
    const answer = await (await this.#catalogue.ready()).recommend(options);
    return { ...answer, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async search(query: string, options: SearchOptions): Promise<RecommendationList> {
    checked('query', Query, query);
    checked('options', Options, options);
    const { runtime, catalogue } = this.#needStarted();
    const startedMs = this.#dependencies.nowMs();
    const answer = await searchText(query, options, {
      opened: await catalogue.ready(),
      board: runtime.board,
      onFault: (error) => runtime.reportFault(error),
      onTransformer: () => catalogue.checkPack(),
    });
    return { ...answer, elapsedMs: this.#dependencies.nowMs() - startedMs };
  }

  async rate(itemId: string, kind: FeedbackKind | null): Promise<void> {
    await this.#catalogue.rate(checked('itemId', Id, itemId), checked('kind', Rating, kind));
  }

  async ratings(): Promise<FeedbackEvent[]> {
    return this.#catalogue.need().ratings();
  }

  async items(ids: readonly string[]): Promise<Item[]> {
    const opened = this.#catalogue.need();
    return checked('ids', Ids, ids).map((id) => opened.item(id));
  }

  async browse(from: number, count: number): Promise<Item[]> {
    const whole = (value: number): boolean => Number.isInteger(value) && value >= 0;
    if (!whole(from) || !whole(count) || count > MOST_BROWSED) {
      throw new RecommenderError(
        'bad-argument',
        `browse(${from}, ${count}): give whole numbers from 0, and at most ${MOST_BROWSED} items at a time.`,
        { from, count },
      );
    }
    return this.#catalogue.need().table.items.slice(from, from + count);
  }

  async previewCatalogue(source: CatalogueSource, name: string): Promise<CataloguePreview> {
    checked('source', Source, source);
    return this.#needStarted().previews.read(source, checked('name', Id, name));
  }

  async stopPreview(name: string): Promise<void> {
    this.#started?.previews.stop(name);
  }

  async catalogues(): Promise<KeptCatalogue[]> {
    return keptCatalogues(this.#runtime.store);
  }

  async deleteCatalogue(id: string): Promise<void> {
    checked('id', Id, id);
    const { runtime, catalogue } = this.#needStarted();
    if (catalogue.opened?.id === id) await catalogue.close();
    const { fingerprint } = await runtime.model();
    await deleteKept(runtime.store, id, fingerprint);
    await runtime.readStoreStatus();
  }

  async train(budgetMs?: number): Promise<HeadSummary> {
    checked('budgetMs', BudgetMs, budgetMs);
    await this.#catalogue.ready();
    return this.#catalogue.needHeads().train(budgetMs);
  }

  async stopTraining(): Promise<void> {
    await this.#started?.catalogue.heads?.stop();
  }

  async heads(): Promise<HeadHistory> {
    return this.#catalogue.needHeads().history();
  }

  async restoreHead(id: string): Promise<void> {
    await this.#catalogue.needHeads().restore(checked('id', Id, id));
  }

  async suggestQuestions(count: number): Promise<Item[]> {
    const { ranked, events } = await this.#catalogue.ready();
    const ids = await suggestQuestions({ count, vectors: ranked, events: [...events.values()], random: this.#dependencies.random });
    return this.items(ids);
  }

  async fairness(): Promise<FairnessReport> {
    return this.#catalogue.fairness();
  }

  async stopMeasuring(): Promise<void> {
    this.#catalogue.measuring.stop();
  }

  async measureQuality(options: QualityOptions): Promise<QualityReport> {
    checked('options', Quality, options);
    const { table } = this.#catalogue.need();
    return this.#catalogue.measuring.run(async (signal) => {
      await table.ready({ signal });
      return qualityOf(table, options, signal);
    });
  }

  async map(correction: 'before' | 'after'): Promise<CatalogueMap> {
    checked('correction', Correction, correction);
    return mapOf((await this.#catalogue.ready()).table, correction, this.#runtime.board);
  }

  async storage(): Promise<StorageReport> {
    return storageReport(this.#runtime.store);
  }

  async exportData(): Promise<Blob> {
    const { store, nowMs } = this.#runtime;
    return exportedData(store, nowMs(), (id) => exportedHeads(store, id));
  }

  async vectors(ids: readonly string[]): Promise<Float32Array> {
    return (await this.#catalogue.ready()).vectors(checked('ids', Ids, ids));
  }

  async stopEncoding(): Promise<void> {
    await this.#started?.catalogue.stopEncoding();
  }

  async resumeEncoding(): Promise<void> {
    this.#catalogue.resumeEncoding();
  }

  async encodeOnDevice(): Promise<void> {
    await this.#catalogue.encodeOnDevice();
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
    const { runtime, catalogue } = this.#needStarted();
    runtime.forgetModel(); // its encoders are gone with it
    const model = catalogue.opened?.model;
    await catalogue.close();
    await model?.dispose();
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
    return this.#needStarted().runtime;
  }

  /** @throws not-ready */
  get #catalogue(): CatalogueKeeper {
    return this.#needStarted().catalogue;
  }

  #needStarted(): Started {
    if (!this.#started)
      throw new RecommenderError('not-ready', 'The recommender was disposed of or not started. Create one with createRecommender().');
    return this.#started;
  }
}
