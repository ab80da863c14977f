// Composition root: one model, one store, one opened catalogue; calls the rooms below in order and owns what lives long.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, FeedbackKind, Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/index.ts';
import { MODEL_CACHE } from '../encoder/assets.ts';
import { profileVector } from '../feedback/profile.ts';
import { detectByScript, loadDetector } from '../language/detect.ts';
import type {
  CatalogueSource,
  CatalogueSummary,
  EngineApi,
  EngineSettings,
  EngineStatus,
  LanguagePolicy,
  RecommendationList,
  RecommendOptions,
  SearchOptions,
} from '../protocol/engine-api.ts';
import { type Candidates, rankByProfile, rowFilter, startingSample, type WantedLanguages } from '../ranking/rank.ts';
import { openStore, requestPersistence, type Store } from '../store/index.ts';
import { openCatalogueSource } from './catalogue-source.ts';
import { type EncodingContext, encodePending, loadStoredVectors } from './encoding.ts';
import { ItemTable } from './item-table.ts';
import { loadModel, type Model, type ModelLoader } from './model.ts';
import { StatusBoard } from './status-board.ts';

export interface EngineDependencies {
  loadModel: ModelLoader;
  nowMs: () => number;
}

interface Opened {
  id: string;
  table: ItemTable;
  events: Map<ItemId, FeedbackEvent>;
  model: Model;
}

interface Started {
  settings: EngineSettings;
  store: Store;
  board: StatusBoard;
  model: Promise<Model>;
  onChange: () => void;
}

export class Engine implements EngineApi {
  readonly #dependencies: EngineDependencies;
  #started: Started | undefined;
  #opened: Opened | undefined;
  #encoding: { abort: AbortController; done: Promise<void> } | undefined;

  constructor(dependencies: EngineDependencies = { loadModel, nowMs: () => performance.timeOrigin + performance.now() }) {
    this.#dependencies = dependencies;
  }

  async start(settings: EngineSettings, onStatus: (status: EngineStatus) => void, onChange: () => void): Promise<EngineStatus> {
    const board = new StatusBoard(onStatus, this.#dependencies.nowMs);
    const model = this.#dependencies.loadModel(settings);
    model.catch(() => undefined); // said by the call that needs it
    const store = await openStore({
      name: settings.databaseName,
      onBlocked: () => board.notice('store-memory', 'Another tab holds an older version of the stored data open. Close it to go on.'),
    });
    this.#started = { settings, store, board, model, onChange };
    await this.#readStoreStatus();
    return board.status;
  }

  async openCatalogue(source: CatalogueSource): Promise<CatalogueSummary> {
    const started = this.#needStarted();
    const { store, board } = started;
    await this.stopEncoding();
    board.update({ phase: 'importing', progress: null, itemsPerSecond: 0, secondsLeft: null });
    const abort = new AbortController();
    try {
      const { items, summary } = await openCatalogueSource(source, {
        store,
        nowMs: this.#dependencies.nowMs,
        signal: abort.signal,
        onProgress: (progress) => board.progress(progress),
      });
      const [keys, model, events] = await Promise.all([
        Promise.all(items.map((item) => contentKey(itemText(item)))),
        started.model.catch(() => this.#retryModel(started)),
        store.events(summary.id),
      ]);
      const table = new ItemTable(items, keys, model.adapter);
      this.#opened = { id: summary.id, table, model, events: new Map(events.map((event) => [event.itemId, event])) };
      const errors = summary.problems.filter((problem) => problem.severity === 'error').length;
      if (errors > 0) board.notice('catalogue-problems', `${summary.problemCount} problems in "${summary.id}"; good rows were taken.`);
      board.update({ catalogueId: summary.id, itemCount: items.length, encodedCount: 0, progress: null });
      await loadStoredVectors(this.#encodingContext(abort.signal));
      board.update({ encodedCount: table.encodedCount });
      this.#startEncoding();
      return summary;
    } catch (error) {
      board.update({ phase: this.#opened ? 'ready' : 'failed', progress: null });
      throw error;
    }
  }

  async recommend(options: RecommendOptions): Promise<RecommendationList> {
    const startedMs = this.#dependencies.nowMs();
    const { table, events } = this.#needOpened();
    const count = checkCount(options.count);
    const candidates = this.#candidates(options.policy);
    const profile = profileVector([...events.values()], (id) => table.vectorOf(id), table.dimensions);
    const ranked = profile ? rankByProfile(table.index(), profile, count, candidates) : startingSample(count, candidates);
    return this.#list(ranked, profile ? 'profile' : 'sample', candidates, startedMs);
  }

  async search(query: string, options: SearchOptions): Promise<RecommendationList> {
    const text = query.normalize('NFC').trim();
    if (text === '') throw new RecommenderError('bad-argument', 'The search is empty. Type a few words in any language.');
    const count = checkCount(options.count);
    const { table, model } = this.#needOpened();
    const { board } = this.#needStarted();
    const encoder = await model.encoder((progress) => board.progress(progress));
    this.#showEncoder(model);
    const startedMs = this.#dependencies.nowMs();
    const raw = await this.#guard(encoder.encode([text]));
    const language = detectByScript(text) ?? (await loadDetector())(text) ?? 'und';
    const candidates = { ...this.#candidates(options.policy), seen: new Set<number>() };
    const ranked = table.index().search(table.correct(raw, language), count, rowFilter(candidates));
    return this.#list(ranked, 'profile', candidates, startedMs);
  }

  async rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void> {
    const { id, table, events } = this.#needOpened();
    const { store } = this.#needStarted();
    if (!table.rowOf.has(itemId)) throw unknownItem(itemId);
    const before = events.get(itemId);
    const event = kind === null ? undefined : { itemId, kind, timeMs: this.#dependencies.nowMs() };
    if (event) events.set(itemId, event);
    else events.delete(itemId);
    try {
      await store.saveEvent(id, itemId, event);
    } catch (error) {
      if (before) events.set(itemId, before);
      else events.delete(itemId);
      throw error;
    }
  }

  async ratings(): Promise<FeedbackEvent[]> {
    return [...this.#needOpened().events.values()].sort((a, b) => b.timeMs - a.timeMs);
  }

  async items(ids: readonly ItemId[]): Promise<Item[]> {
    const { table } = this.#needOpened();
    return ids.map((id) => {
      const row = table.rowOf.get(id);
      const item = row === undefined ? undefined : table.items[row];
      if (!item) throw unknownItem(id);
      return item;
    });
  }

  async vectors(ids: readonly ItemId[]): Promise<Float32Array> {
    const { table } = this.#needOpened();
    const out = new Float32Array(ids.length * table.dimensions);
    ids.forEach((id, i) => {
      const vector = table.vectorOf(id);
      if (!vector) throw table.rowOf.has(id) ? new RecommenderError('not-ready', `The item "${id}" has no vector yet.`) : unknownItem(id);
      out.set(vector, i * table.dimensions);
    });
    return out;
  }

  async stopEncoding(): Promise<void> {
    const running = this.#encoding;
    if (!running) return;
    running.abort.abort();
    await running.done;
  }

  async resumeEncoding(): Promise<void> {
    this.#needOpened();
    if (!this.#encoding) this.#startEncoding();
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
    const { store, board } = this.#needStarted();
    await this.stopEncoding();
    await this.#opened?.model.dispose();
    this.#opened = undefined;
    await store.erase();
    await globalThis.caches?.delete(MODEL_CACHE).catch(() => false);
    board.update({ phase: 'idle', catalogueId: null, itemCount: 0, encodedCount: 0, encoder: null, progress: null, notices: [] });
    await this.#readStoreStatus();
  }

  async dispose(): Promise<void> {
    await this.stopEncoding();
    const model = await this.#started?.model.catch(() => undefined);
    await model?.dispose();
    this.#started?.store.dispose();
    this.#started = undefined;
    this.#opened = undefined;
  }

  #startEncoding(): void {
    const { board } = this.#needStarted();
    const { table, model } = this.#needOpened();
    const abort = new AbortController();
    const run = async (): Promise<void> => {
      try {
        await encodePending(this.#encodingContext(abort.signal));
        board.update({ phase: 'ready', progress: null, secondsLeft: null });
      } catch (error) {
        this.#encodingEnded(error, table.encodedCount > 0);
      } finally {
        this.#encoding = undefined;
        this.#showEncoder(model);
        await this.#readStoreStatus().catch(() => undefined);
      }
    };
    this.#encoding = { abort, done: run() };
  }

  #encodingEnded(error: unknown, usable: boolean): void {
    const { board } = this.#needStarted();
    const phase = usable ? 'ready' : 'failed';
    if ((error instanceof RecommenderError && error.code === 'aborted') || (error instanceof DOMException && error.name === 'AbortError')) {
      board.update({ phase: 'ready', progress: null, secondsLeft: null });
      return;
    }
    board.notice('encoding-failed', messageOf(error));
    board.update({ phase, progress: null, secondsLeft: null });
    this.#reportFault(error);
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

  #retryModel(started: Started): Promise<Model> {
    started.model = this.#dependencies.loadModel(started.settings);
    return started.model;
  }

  #encodingContext(signal: AbortSignal): EncodingContext {
    const { store, board, settings, onChange } = this.#needStarted();
    const { table, model } = this.#needOpened();
    return {
      table,
      model,
      store,
      board,
      signal,
      nowMs: this.#dependencies.nowMs,
      lockName: `kindred-encode-${settings.databaseName}`,
      onVectors: () => {
        this.#showEncoder(model);
        onChange();
      },
    };
  }

  #showEncoder(model: Model): void {
    const encoder = model.loaded();
    const board = this.#started?.board;
    if (!encoder || !board || board.status.encoder) return;
    board.update({ encoder: encoder.status });
  }

  async #readStoreStatus(): Promise<void> {
    const { store, board } = this.#needStarted();
    const { kind, reason, persisted, usedBytes } = await store.status();
    board.update({ store: { kind, reason, persisted, usedBytes } });
    if (kind === 'memory') board.notice('store-memory', reason);
  }

  #candidates(policy: LanguagePolicy | undefined): Candidates {
    const { table, events } = this.#needOpened();
    const wanted: WantedLanguages = policy?.mode === 'only' ? policy.languages : undefined;
    const seen = new Set([...events.keys()].map((id) => table.rowOf.get(id) ?? -1));
    return { items: table.items, encoded: (row) => table.isEncoded(row), seen, wanted };
  }

  #list(
    ranked: readonly { row: number; score: number }[],
    basis: RecommendationList['basis'],
    candidates: Candidates,
    startedMs: number,
  ): RecommendationList {
    const allowed = rowFilter(basis === 'sample' ? { ...candidates, encoded: () => true } : candidates);
    let considered = 0;
    for (let row = 0; row < candidates.items.length; row++) if (allowed(row)) considered++;
    return {
      items: ranked.flatMap(({ row, score }) => {
        const item = candidates.items[row];
        return item ? [{ item, score }] : [];
      }),
      basis,
      candidates: considered,
      elapsedMs: this.#dependencies.nowMs() - startedMs,
    };
  }

  #needStarted(): Started {
    if (!this.#started) throw new RecommenderError('not-ready', 'The recommender was disposed of or not started. Create one with createRecommender().');
    return this.#started;
  }

  #needOpened(): Opened {
    if (!this.#opened) throw new RecommenderError('not-ready', 'No catalogue is open. Call openCatalogue() first.');
    return this.#opened;
  }
}

function checkCount(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= 1000) return count;
  throw new RecommenderError('bad-argument', `count is ${count}; it must be a whole number from 1 to 1,000.`, { count });
}

function unknownItem(id: string): RecommenderError {
  return new RecommenderError('unknown-item', `The catalogue has no item "${id}". It may be an id of another catalogue.`, { id });
}
