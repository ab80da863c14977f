// The life of the open catalogue: opened in place of another, encoded in the background, helped by its owner's pack and
// head, closed. Holds at most one; what was open stays open when another cannot be.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackKind, Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { fairnessOf } from '../evaluation/fairness/catalogue-fairness.ts';
import { ItemTable } from '../index/item-table.ts';
import type { CatalogueSource, CatalogueSummary, FairnessReport } from '../protocol/engine-api.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { BackgroundEncoding } from './background-encoding.ts';
import { openCatalogueSource } from './catalogue-source.ts';
import { counts, type EncodingContext, loadStoredVectors } from './encoding.ts';
import { encodingContext, learningContext } from './encoding-context.ts';
import type { HeadKeeper } from './head-keeper.ts';
import { dropCorrection, installKeptCorrection } from './kept-correction.ts';
import { noteOpened } from './kept-data.ts';
import { Measuring } from './measuring.ts';
import { openHeads } from './open-heads.ts';
import { OpenedCatalogue } from './opened-catalogue.ts';
import { PackKeeper } from './pack-keeper.ts';
import type { Runtime } from './runtime.ts';
import { settleLanguages } from './settle-languages.ts';
import { loadShippedHead } from './shipped-head.ts';
import { resolveSpeed } from './speed.ts';
import { type LearningContext, TranslationLearning } from './translation-learning.ts';

/** A pack is compared with this device when the transformer is loaded anyway, at the latest after so much time. */
const PACK_CHECK_MS = 20_000;

export class CatalogueKeeper {
  /** Stopped when the catalogue is closed, as nothing of it is there to be measured. */
  readonly measuring = new Measuring();
  readonly #runtime: Runtime;
  readonly #encoding: BackgroundEncoding;
  readonly #learning: TranslationLearning;
  #opened: OpenedCatalogue | undefined;
  #pack: PackKeeper | undefined;
  #packTimer: ReturnType<typeof setTimeout> | undefined;
  #heads: HeadKeeper | undefined;
  /** Resolves when all learning that was stopped has stored its last texts. */
  #learned: Promise<unknown> = Promise.resolve();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.#encoding = new BackgroundEncoding({
      context: (signal) => this.#encodingContext(signal),
      onFault: (error) => runtime.reportFault(error),
      onEnd: () => runtime.readStoreStatus(),
      // An owner's head knows the space of the shipped correction alone.
      settle: async (context) => {
        const opened = this.#opened;
        return opened !== undefined && !opened.shipped && settleLanguages({ ...context, catalogueId: opened.id });
      },
      onSettled: () => this.#settled(),
      onDone: () => this.#learning.start(),
    });
    this.#learning = new TranslationLearning(() => this.#learningContext());
  }

  /** undefined: none is open. */
  get opened(): OpenedCatalogue | undefined {
    return this.#opened;
  }

  /** @throws not-ready */
  need(): OpenedCatalogue {
    if (!this.#opened) throw noneOpen();
    return this.#opened;
  }

  /** The open catalogue with every row corrected: what is asked next takes no long turn. @throws not-ready */
  async ready(): Promise<OpenedCatalogue> {
    const opened = this.need();
    await opened.table.ready();
    return opened;
  }

  /** undefined: no catalogue is open, or its heads are not there yet. */
  get heads(): HeadKeeper | undefined {
    return this.#heads;
  }

  /** @throws not-ready */
  needHeads(): HeadKeeper {
    if (!this.#heads) throw noneOpen();
    return this.#heads;
  }

  /** @throws catalogue-*, asset-*, storage-*, bad-manifest; what was open before is open then, and goes on */
  async open(source: CatalogueSource): Promise<CatalogueSummary> {
    const { store, board, nowMs } = this.#runtime;
    this.#stopLearning();
    this.#encoding.abandon(); // its last batch is stored while this goes on
    board.update({ phase: 'importing', progress: null, itemsPerSecond: 0, secondsLeft: null });
    const { signal } = new AbortController();
    try {
      const { items, summary, saved } = await openCatalogueSource(source, {
        store,
        nowMs,
        signal,
        onProgress: (progress) => board.progress(progress),
      });
      const { table, speed } = await this.#show(summary.id, items);
      if (summary.problems.some(({ severity }) => severity === 'error'))
        board.notice('catalogue-problems', `${summary.problemCount} problems in "${summary.id}"; good rows were taken.`);
      board.update({ catalogueId: summary.id, itemCount: items.length, progress: null, speed, topRefined: false, ...counts(table, speed) });
      await loadStoredVectors(this.#encodingContext(signal));
      await this.#takePack(source.kind === 'url' ? source.packUrl : undefined);
      await this.#takeHead(source.kind === 'url' ? source.headUrl : undefined, signal);
      if (!this.need().shipped) await installKeptCorrection({ catalogueId: summary.id, table, model: this.need().model, store });
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
      board.update({ phase: this.#opened ? 'ready' : 'failed', progress: null });
      if (this.#opened && !this.#heads) await this.#openHeads();
      if (this.#opened) this.#encoding.start();
      throw error;
    }
  }

  /** Durable when it resolves; as before when it cannot be stored. @param kind null: the rating is taken back */
  async rate(itemId: ItemId, kind: FeedbackKind | null): Promise<void> {
    const { store, board, nowMs } = this.#runtime;
    const opened = this.need();
    const { id, events } = opened;
    opened.item(itemId); // refuses an unknown one
    const before = events.get(itemId);
    const event = kind === null ? undefined : { itemId, kind, timeMs: nowMs() };
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

  /** @throws not-ready, aborted, encoder-* */
  async fairness(): Promise<FairnessReport> {
    const { store, board, random } = this.#runtime;
    const { table, model, speed } = this.need();
    const measure = async (signal: AbortSignal): Promise<FairnessReport> => {
      await table.ready({ signal });
      return fairnessOf({ table, model, speed, store, board, random, signal });
    };
    return this.measuring.run(measure).catch((error: unknown) => {
      this.#runtime.reportFault(error);
      throw error;
    });
  }

  /** Resolves when the batch in progress is stored. */
  async stopEncoding(): Promise<void> {
    this.#stopLearning();
    await Promise.all([this.#learned, this.#encoding.stop()]);
  }

  /** @throws not-ready */
  resumeEncoding(): void {
    this.need();
    this.#encoding.start();
  }

  /** Refuses the pack for good. @throws not-ready */
  async encodeOnDevice(): Promise<void> {
    this.need();
    await this.stopEncoding();
    await this.#pack?.refuse();
    this.#encodeForgotten();
  }

  /** The transformer is there: the pack may be compared with it. */
  checkPack(): void {
    void (this.#pack?.check() ?? Promise.resolve()).then(() => this.#learning.start());
  }

  async close(): Promise<void> {
    await this.#release();
    this.#opened?.table.dispose();
    this.#opened = undefined;
    const { board } = this.#runtime;
    const { encoder, store } = board.status;
    board.update({ ...IDLE_STATUS, encoder, store });
  }

  async dispose(): Promise<void> {
    await this.#release();
    this.#opened = undefined;
  }

  #stopLearning(): void {
    this.#learned = Promise.all([this.#learned, this.#learning.stop()]);
  }

  async #release(): Promise<void> {
    this.measuring.stop();
    this.#closePack();
    this.#heads?.dispose();
    this.#heads = undefined;
    await this.stopEncoding();
  }

  /** Puts a catalogue in the place of the one before, with the visitor's ratings and no vectors yet. */
  async #show(id: string, items: readonly Item[]): Promise<OpenedCatalogue> {
    const { store, board, settings, backends, nowMs } = this.#runtime;
    const [keys, model, events] = await Promise.all([
      Promise.all(items.map((item) => contentKey(itemText(item)))),
      this.#runtime.model(),
      store.events(id),
    ]);
    const backend = await backends.for(items.length * model.adapter.projectedDimensions, (text) => board.notice('stepped-down', text));
    const table = new ItemTable(items, keys, model.adapter, backend);
    this.measuring.stop();
    this.#heads?.dispose(); // a rating of the new catalogue is none of theirs
    this.#heads = undefined;
    this.#opened?.table.dispose();
    this.#opened = new OpenedCatalogue(id, table, model, resolveSpeed(settings.speed, model.quick !== undefined), events, nowMs);
    return this.#opened;
  }

  /** Vectors are others now: what was learned from the ones before is put aside, and lists are asked for again. */
  async #settled(): Promise<void> {
    if (this.#heads) await this.#openHeads();
    this.#runtime.onChange();
  }

  async #openHeads(): Promise<void> {
    this.#heads?.dispose();
    const { settings, store, board, nowMs, onChange } = this.#runtime;
    const opened = this.need();
    const idle = async (): Promise<void> => {
      await this.#encoding.settled();
      await this.#learning.settled(); // it changes the space that heads are trained in
      await opened.table.ready();
    };
    const { heads, read } = openHeads(opened, { settings, store, board, nowMs, onChange, idle });
    this.#heads = heads;
    await read;
  }

  /** @param headUrl undefined: the owner ships none */
  async #takeHead(headUrl: string | undefined, signal: AbortSignal): Promise<void> {
    if (headUrl === undefined) return;
    const { board } = this.#runtime;
    const opened = this.need();
    const notice = (text: string) => board.notice('head-unusable', text);
    opened.takeShipped(await loadShippedHead(headUrl, { model: opened.model, items: opened.table.items, signal, notice }));
  }

  async #takePack(packUrl: string | undefined): Promise<void> {
    const { store, board, random } = this.#runtime;
    const { id, table, model, speed } = this.need();
    this.#closePack();
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
    const { store, board, onChange } = this.#runtime;
    const { id, table, speed } = this.need();
    this.#stopLearning();
    void dropCorrection({ catalogueId: id, store });
    board.update({ ...counts(table, speed), topRefined: false });
    onChange();
    this.#encoding.start();
  }

  #encodingContext(signal: AbortSignal): EncodingContext {
    const opened = this.need();
    return encodingContext(this.#runtime, opened, () => this.#opened === opened, signal);
  }

  /** undefined: nothing is to be learned from translations now. */
  #learningContext(): LearningContext | undefined {
    const opened = this.#opened;
    if (!opened || opened.shipped || opened.speed === 'quick') return undefined;
    const onLearned = (): Promise<void> => (this.#opened === opened ? this.#settled() : Promise.resolve());
    return learningContext(this.#runtime, opened, { idle: () => this.#encoding.settled(), onLearned });
  }
}

function noneOpen(): RecommenderError {
  return new RecommenderError('not-ready', 'No catalogue is open. Call openCatalogue() first.');
}
