// The heads of the open catalogue: which one ranks, the history behind it, training in idle time or on request, and forgetting.
// It never ranks, stores no rating and knows no worker. No head in it was trained on a rating that was changed or taken back.
//
// How the engine uses it: `open` once the ratings are read; `ratingsChanged` after each rating is stored or taken back;
// `active` with the profile for every list (`headSearch`); `dispose` when the catalogue is closed.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { type ItemVectors, LEAST_LIKES, type ListScorer, sortRatings, visitorTasks } from '../feedback/examples.ts';
import type { Head } from '../head/evaluate.ts';
import { fineTune, plainHead, type TrainingPoint } from '../head/fine-tune.ts';
import type { HeadHistory, HeadSummary } from '../head/record.ts';
import { createHeadRecord, type HeadRecord, parseHead, serialiseHead } from '../head/record.ts';
import type { Stepper, StepperOptions } from '../head/types.ts';
import { forgetRatings } from '../head/unlearn.ts';
import type { CatalogueScope } from './catalogue-scope.ts';

/** Id of the head that everybody starts with. */
const START_ID = 'start';

/** Default of `HeadOptions.trainsAfter`. */
const TRAINS_AFTER = 5;
const BUDGET_MS = 10_000;
/** Records kept. The oldest that does not rank is deleted first. */
const MOST_RECORDS = 30;
/** The same for every training, so that a head depends on the ratings, the vectors and the start alone. */
const SEED = 1;

export interface HeadOptions {
  /** What is ranked by: corrected vectors, with features joined where the shipped head knows them (`RankedRows`). */
  vectors: ItemVectors;
  /** Scores as the list has them: a head is installed only if the list that would be shown is no worse. */
  listScorer?: ListScorer;
  /** Names the space of `vectors`: heads of another space are kept and not used. */
  encoder: string;
  /** The head that came with the catalogue, made for the same space; undefined: the plain profile. */
  shipped?: Head | undefined;
  createStepper: (options: StepperOptions) => Stepper | Promise<Stepper>;
  /** Where the steps run; asked after a training. */
  device: () => HeadRecord['device'];
  /** Resolves when the worker has nothing more urgent to do. */
  waitUntilIdle: () => Promise<void>;
  /** New ratings after which training starts by itself. Default 5. */
  trainsAfter?: number;
}

interface Running {
  abort: AbortController;
  events: readonly FeedbackEvent[];
  done: Promise<HeadSummary>;
}

export class HeadManager {
  readonly #scope: Pick<CatalogueScope, 'id' | 'store' | 'board' | 'nowMs' | 'onChange'>;
  readonly #options: HeadOptions;
  readonly #start: Head;
  readonly #trainsAfter: number;
  #events: FeedbackEvent[] = [];
  /** Oldest first, those of other encoders too. */
  #records: HeadRecord[] = [];
  #activeId: string | undefined;
  /** Keys of the ratings that the last training used, whether or not its head was installed. */
  #trainedOn = new Set<string>();
  /** A training is due, however few ratings are new. */
  #due = false;
  #running: Running | undefined;
  #background: Promise<void> | undefined;
  /** The last change of the history that was asked for. */
  #lastChange: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(scope: Pick<CatalogueScope, 'id' | 'store' | 'board' | 'nowMs' | 'onChange'>, options: HeadOptions) {
    this.#scope = scope;
    this.#options = options;
    this.#start = options.shipped ?? plainHead(options.vectors.dimensions);
    this.#trainsAfter = options.trainsAfter ?? TRAINS_AFTER;
  }

  /**
   * Reads the history. Damaged heads, and those trained on a rating that no longer stands, are deleted.
   * @param events all ratings of the catalogue
   */
  async open(events: readonly FeedbackEvent[]): Promise<void> {
    const { id: catalogueId, store } = this.#scope;
    await this.#inTurn(async () => {
      this.#events = sortRatings(events);
      const { heads, activeId } = await store.heads(catalogueId);
      const parsed = await Promise.all(heads.map(({ text }) => parseHead(text).catch(ignoreBadHead)));
      this.#records = parsed.flatMap((record) => record ?? []);
      const sound = new Set(this.#records.map(({ id }) => id));
      const damaged = heads.flatMap(({ id }) => (sound.has(id) ? [] : [id]));
      this.#activeId = activeId;
      await this.#forget(damaged);
      this.#trainedOn = keysOf(this.#usable().at(-1)?.events ?? []);
    });
    this.#trainWhenIdle();
  }

  /** The head that ranks. */
  get active(): Head {
    return this.#activeRecord()?.head ?? this.#start;
  }

  /** Whether a trained head ranks. */
  get isTrained(): boolean {
    return this.#activeRecord() !== undefined;
  }

  /**
   * After a rating was stored, changed or taken back. Heads that were trained on a rating that no longer stands are deleted before it
   * resolves, and a training on it is stopped. A new training starts in idle time where a head was deleted or enough ratings are new.
   * @param events all ratings of the catalogue
   */
  async ratingsChanged(events: readonly FeedbackEvent[]): Promise<void> {
    this.#events = sortRatings(events);
    const running = this.#running;
    const stale = running !== undefined && !allStand(running.events, this.#events);
    if (stale) running.abort.abort();
    const forgot = await this.#inTurn(() => this.#forget([]));
    this.#due ||= stale || forgot;
    this.#trainWhenIdle();
  }

  /**
   * Trains on all ratings now; one training at a time: a second call gets the first one's result.
   * @returns its record, installed or not
   * @throws not-ready below three likes with vectors or after dispose; aborted; training-failed; what the store and the device throw
   */
  train(budgetMs = BUDGET_MS): Promise<HeadSummary> {
    if (this.#disposed) return Promise.reject(new RecommenderError('not-ready', 'The catalogue was closed. Open it again to train.'));
    if (this.#running) return this.#running.done;
    const abort = new AbortController();
    const events = this.#events;
    const done = this.#train(events, budgetMs, abort.signal).finally(() => {
      this.#running = undefined;
    });
    this.#running = { abort, events, done };
    return done;
  }

  /** Stops the training under way; the head in use stays. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#running?.abort.abort();
    await this.#running?.done.catch(() => {});
  }

  /** @param id of the history @throws bad-head when it is unknown */
  async restore(id: string): Promise<void> {
    const { id: catalogueId, store, onChange } = this.#scope;
    await this.#inTurn(async () => {
      const known = id === START_ID || this.#usable().some((record) => record.id === id);
      if (!known) throw new RecommenderError('bad-head', `The history has no head "${id}". Take one of heads().`, { id });
      await store.changeHeads(catalogueId, { activeId: id === START_ID ? null : id });
      this.#activeId = id === START_ID ? undefined : id;
    });
    onChange();
  }

  history(): HeadHistory {
    return {
      records: [...this.#usable().map(summaryOf).reverse(), startSummary(this.#options.shipped)],
      activeId: this.#activeRecord()?.id ?? START_ID,
      newEvents: this.#newEvents(),
      trainsAfter: this.#trainsAfter,
    };
  }

  /** Resolves when no training that started by itself is waiting or under way. */
  async waitUntilIdle(): Promise<void> {
    while (this.#background) await this.#background;
  }

  dispose(): void {
    this.#disposed = true;
    this.#running?.abort.abort();
  }

  async #train(events: readonly FeedbackEvent[], budgetMs: number, signal: AbortSignal): Promise<HeadSummary> {
    const { nowMs: clock, board } = this.#scope;
    const { vectors, listScorer, encoder, createStepper, device } = this.#options;
    const startedMs = clock();
    const points: TrainingPoint[] = [];
    const report = (running: boolean): void => board.update({ training: { running, startedMs, points: [...points] } });
    report(true);
    try {
      this.#due = false;
      this.#trainedOn = keysOf(events);
      const tasks = visitorTasks(events, vectors, SEED, listScorer);
      const parent = this.#activeRecord();
      const stood = parent && stoodBefore(tasks.heldOut, parent.events);
      const onPoint = (point: TrainingPoint): void => {
        points.push(point);
        report(true);
      };
      const tuned = await fineTune({
        start: this.#start,
        parent: parent?.head ?? this.#start,
        ...tasks,
        ...(stood && { stood }),
        seed: SEED,
        createStepper,
        budgetMs,
        clock,
        signal,
        onPoint,
      });
      const { candidate: head, installed, reason, heldOutNdcg, parentNdcg } = tuned;
      const times = { createdMs: clock(), elapsedMs: clock() - startedMs };
      const record = await createHeadRecord({
        parentId: parent?.id ?? null,
        encoder,
        head,
        events,
        seed: SEED,
        heldOutNdcg,
        parentNdcg,
        installed,
        reason,
        device: device(),
        points,
        ...times,
      });
      await this.#add(record, parent, signal);
      return summaryOf(record);
    } finally {
      report(false);
    }
  }

  /** Stores a record and, where it is installed, ranks by it. Nothing is stored of a training whose ratings changed meanwhile. */
  async #add(record: HeadRecord, parent: HeadRecord | undefined, signal: AbortSignal): Promise<void> {
    const { id: catalogueId, store, onChange } = this.#scope;
    const taken = await this.#inTurn(async () => {
      const stale = forgetRatings([record], this.#events).dropped.length > 0 || (parent && !this.#records.includes(parent));
      if (signal.aborted || stale) throw new RecommenderError('aborted', 'Training was stopped, because a rating that it used was changed.');
      const all = [...this.#records.filter(({ id }) => id !== record.id), record];
      const ranks = record.installed && this.#activeRecord() === parent;
      const keeps = ranks ? record.id : this.#activeId;
      const old = all.slice(0, Math.max(0, all.length - MOST_RECORDS)).flatMap(({ id }) => (id === keeps ? [] : [id]));
      const { id, createdMs } = record;
      await store.changeHeads(catalogueId, { save: [{ id, createdMs, text: serialiseHead(record) }], remove: old, ...(ranks && { activeId: id }) });
      this.#records = all.filter((one) => !old.includes(one.id));
      if (ranks) this.#activeId = id;
      return ranks;
    });
    if (taken) onChange();
  }

  /**
   * Deletes heads that were trained on a rating that no longer stands, and damaged ones. If the head that ranks is among them, the
   * newest installed one that is left ranks next.
   * @param damaged ids @returns whether any was deleted
   */
  async #forget(damaged: readonly string[]): Promise<boolean> {
    const { id: catalogueId, store, onChange } = this.#scope;
    const { kept, dropped } = forgetRatings(this.#records, this.#events);
    const remove = [...damaged, ...dropped.map(({ id }) => id)];
    if (remove.length === 0) return false;
    const lost = this.#activeId !== undefined && remove.includes(this.#activeId);
    const next = kept.findLast((record) => record.installed && this.#fits(record))?.id;
    await store.changeHeads(catalogueId, { remove, ...(lost && { activeId: next ?? null }) });
    this.#records = kept;
    if (lost) this.#activeId = next;
    if (lost) onChange();
    return true;
  }

  #trainWhenIdle(): void {
    const enough = this.#events.filter(({ kind }) => kind === 'like').length >= LEAST_LIKES;
    if (this.#disposed || this.#background || !enough || !(this.#due || this.#newEvents() >= this.#trainsAfter)) return;
    this.#background = this.#trainOnce().finally(() => {
      this.#background = undefined;
      // Ratings that came while it trained, or that stopped it.
      this.#trainWhenIdle();
    });
  }

  async #trainOnce(): Promise<void> {
    try {
      await this.#options.waitUntilIdle();
      if (!this.#disposed) await this.train();
    } catch (error) {
      const quiet = error instanceof RecommenderError && (error.code === 'aborted' || error.code === 'not-ready');
      if (!quiet) this.#scope.board.notice('training-failed', `The head was not trained: ${messageOf(error)}`);
    }
  }

  #newEvents(): number {
    return [...keysOf(this.#events)].filter((key) => !this.#trainedOn.has(key)).length;
  }

  /** Records whose head scores these vectors, oldest first. */
  #usable(): HeadRecord[] {
    return this.#records.filter((record) => this.#fits(record));
  }

  #fits({ encoder, head }: HeadRecord): boolean {
    return encoder === this.#options.encoder && head.shape.dimensions === this.#options.vectors.dimensions;
  }

  #activeRecord(): HeadRecord | undefined {
    return this.#usable().find(({ id }) => id === this.#activeId);
  }

  /** Runs changes of the history one after the other, so that each sees the result of the one before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#lastChange.then(work);
    this.#lastChange = result.catch(() => {});
    return result;
  }
}

function keysOf(events: readonly FeedbackEvent[]): Set<string> {
  return new Set(events.map(({ itemId, kind, timeMs }) => JSON.stringify([itemId, kind, timeMs])));
}

function allStand(events: readonly FeedbackEvent[], now: readonly FeedbackEvent[]): boolean {
  const standing = keysOf(now);
  return [...keysOf(events)].every((key) => standing.has(key));
}

function stoodBefore(ids: readonly ItemId[], events: readonly FeedbackEvent[]): boolean[] {
  const liked = new Set(events.flatMap(({ itemId, kind }) => (kind === 'like' ? [itemId] : [])));
  return ids.map((id) => liked.has(id));
}

function ignoreBadHead(error: unknown): undefined {
  if (!(error instanceof RecommenderError) || error.code !== 'bad-head') throw error;
}

/** A record as the page sees it: structured-cloneable, without parameters. */
function summaryOf(record: HeadRecord): HeadSummary {
  const { encoder: _, seed: __, head, events, parentId, points, ...rest } = record;
  return {
    ...rest,
    parentId: parentId ?? START_ID,
    kind: head.shape.kind,
    origin: 'trained',
    examples: events.length,
    points: points.map((point) => ({ ...point })),
  };
}

/** @param shipped undefined: the plain profile */
function startSummary(shipped: Head | undefined): HeadSummary {
  return {
    id: START_ID,
    parentId: null,
    kind: shipped?.shape.kind ?? 'profile',
    origin: 'shipped',
    createdMs: 0,
    examples: 0,
    examplesHash: '',
    heldOutNdcg: null,
    parentNdcg: null,
    installed: true,
    reason: shipped ? 'The head that came with the catalogue.' : 'The mean of what is liked, without a trained head.',
    device: 'cpu',
    elapsedMs: 0,
    points: [],
  };
}
