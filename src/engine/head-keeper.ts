// The heads of the opened catalogue: which one ranks, the history behind it, training in idle time or on request, and forgetting.
// It never ranks, stores no rating and knows no worker. No head in it ever knows a rating that no longer stands.
//
// How the engine uses it: `open` once the ratings are read; `ratingsChanged` after each rating is stored or taken back;
// `active` with the profile for every list (`headSearch`); `dispose` when the catalogue is closed.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, ItemId } from '../base/types.ts';
import { canonical, type ItemVectors, LEAST_LIKES, visitorTasks } from '../feedback/examples.ts';
import type { Head } from '../head/evaluate.ts';
import { fineTune, plainHead, type TrainingPoint } from '../head/fine-tune.ts';
import { createHeadRecord, type HeadRecord, parseHead, serialiseHead } from '../head/record.ts';
import type { Stepper, StepperOptions } from '../head/types.ts';
import { forgetRatings } from '../head/unlearn.ts';
import type { HeadHistory, HeadSummary, TrainingState } from '../protocol/engine-api.ts';
import type { Store } from '../store/store.ts';
import { START_ID, startSummary, summaryOf } from './head-history.ts';

/** New ratings after which training starts by itself. */
const TRAINS_AFTER = 5;
const BUDGET_MS = 10_000;
/** Records kept; the oldest that does not rank goes first. */
const MOST_RECORDS = 30;
/** Of every training: a head is a function of the ratings, the vectors and the start. */
const SEED = 1;

export interface HeadKeeperContext {
  catalogueId: string;
  store: Pick<Store, 'heads' | 'changeHeads'>;
  /** What is ranked by: corrected vectors, with features joined where the shipped head knows them (`RankedRows`). */
  vectors: ItemVectors;
  /** Fingerprint of the encoder: heads of others are kept and not used. */
  encoder: string;
  /** The head that came with the catalogue, made for the same encoder; undefined: the plain profile. */
  shipped?: Head | undefined;
  createStepper: (options: StepperOptions) => Stepper | Promise<Stepper>;
  /** Where the steps run; asked after a training. */
  device: () => HeadRecord['device'];
  /** Milliseconds since the epoch. */
  clock: () => number;
  /** Resolves when the worker has nothing more urgent to do. */
  idle: () => Promise<void>;
  trainsAfter?: number;
  onState: (state: TrainingState) => void;
  /** Another head ranks now: lists are out of date. */
  onChange: () => void;
  /** A training that started by itself failed; an English sentence. */
  onFailed: (text: string) => void;
}

interface Running {
  abort: AbortController;
  events: readonly FeedbackEvent[];
  done: Promise<HeadSummary>;
}

export class HeadKeeper {
  readonly #context: HeadKeeperContext;
  readonly #start: Head;
  readonly #trainsAfter: number;
  #events: FeedbackEvent[] = [];
  /** Oldest first, those of other encoders too. */
  #records: HeadRecord[] = [];
  #activeId: string | undefined;
  /** Keys of the ratings that stood at the last training, whatever came of it. */
  #trainedOn = new Set<string>();
  /** A training is owed, however few ratings are new. */
  #due = false;
  #running: Running | undefined;
  #background: Promise<void> | undefined;
  #tail: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(context: HeadKeeperContext) {
    this.#context = context;
    this.#start = context.shipped ?? plainHead(context.vectors.dimensions);
    this.#trainsAfter = context.trainsAfter ?? TRAINS_AFTER;
  }

  /**
   * Reads the history. Damaged heads, and those that know a rating which no longer stands, are deleted.
   * @param events all ratings of the catalogue
   */
  async open(events: readonly FeedbackEvent[]): Promise<void> {
    const { store, catalogueId } = this.#context;
    await this.#inTurn(async () => {
      this.#events = canonical(events);
      const { heads, activeId } = await store.heads(catalogueId);
      const parsed = await Promise.all(heads.map(({ text }) => parseHead(text).catch(unlessBadHead)));
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
   * After a rating was stored, changed or taken back. Heads that know one which no longer stands are deleted before it resolves, and
   * a training on it is stopped; a new one starts in idle time where a head went or enough ratings are new.
   * @param events all ratings of the catalogue
   */
  async ratingsChanged(events: readonly FeedbackEvent[]): Promise<void> {
    this.#events = canonical(events);
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
    const { store, catalogueId, onChange } = this.#context;
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
      records: [...this.#usable().map(summaryOf).reverse(), startSummary(this.#context.shipped)],
      activeId: this.#activeRecord()?.id ?? START_ID,
      newEvents: this.#newEvents(),
      trainsAfter: this.#trainsAfter,
    };
  }

  /** Resolves when no training that started by itself is waiting or under way. */
  async settled(): Promise<void> {
    while (this.#background) await this.#background;
  }

  dispose(): void {
    this.#disposed = true;
    this.#running?.abort.abort();
  }

  async #train(events: readonly FeedbackEvent[], budgetMs: number, signal: AbortSignal): Promise<HeadSummary> {
    const { vectors, encoder, createStepper, device, clock, onState } = this.#context;
    const startedMs = clock();
    const points: TrainingPoint[] = [];
    const tell = (running: boolean): void => onState({ running, startedMs, points: [...points] });
    tell(true);
    try {
      this.#due = false;
      this.#trainedOn = keysOf(events);
      const tasks = visitorTasks(events, vectors, SEED);
      const parent = this.#activeRecord();
      const stood = parent && stoodBefore(tasks.heldOut, parent.events);
      const onPoint = (point: TrainingPoint): void => {
        points.push(point);
        tell(true);
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
      tell(false);
    }
  }

  /** Keeps a record and, where it was installed, ranks by it. Nothing is kept of a training whose ratings changed meanwhile. */
  async #add(record: HeadRecord, parent: HeadRecord | undefined, signal: AbortSignal): Promise<void> {
    const { store, catalogueId, onChange } = this.#context;
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
   * Deletes heads that know what no longer stands, and these; the newest installed one that is left ranks then.
   * @returns whether any went
   */
  async #forget(damaged: readonly string[]): Promise<boolean> {
    const { store, catalogueId, onChange } = this.#context;
    const { kept, dropped } = forgetRatings(this.#records, this.#events);
    const remove = [...damaged, ...dropped.map(({ id }) => id)];
    if (remove.length === 0) return false;
    const lost = this.#activeId !== undefined && remove.includes(this.#activeId);
    const heir = kept.findLast((record) => record.installed && this.#fits(record))?.id;
    await store.changeHeads(catalogueId, { remove, ...(lost && { activeId: heir ?? null }) });
    this.#records = kept;
    if (lost) this.#activeId = heir;
    if (lost) onChange();
    return true;
  }

  #trainWhenIdle(): void {
    const enough = this.#events.filter(({ kind }) => kind === 'like').length >= LEAST_LIKES;
    if (this.#disposed || this.#background || !enough || !(this.#due || this.#newEvents() >= this.#trainsAfter)) return;
    this.#background = this.#trainOnce().finally(() => {
      this.#background = undefined;
      // What came while it trained, or stopped it.
      this.#trainWhenIdle();
    });
  }

  async #trainOnce(): Promise<void> {
    try {
      await this.#context.idle();
      if (!this.#disposed) await this.train();
    } catch (error) {
      const quiet = error instanceof RecommenderError && (error.code === 'aborted' || error.code === 'not-ready');
      if (!quiet) this.#context.onFailed(`The head was not trained: ${messageOf(error)}`);
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
    return encoder === this.#context.encoder && head.shape.dimensions === this.#context.vectors.dimensions;
  }

  #activeRecord(): HeadRecord | undefined {
    return this.#usable().find(({ id }) => id === this.#activeId);
  }

  /** Changes of the history one after the other, so that each sees what the one before left. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {});
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

function unlessBadHead(error: unknown): undefined {
  if (!(error instanceof RecommenderError) || error.code !== 'bad-head') throw error;
}
