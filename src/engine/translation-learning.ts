// What the catalogue's own translations teach the language correction: a bounded sample is encoded when there is nothing else to do, a
// few texts at a time, and the correction is fitted again with it. Stopped, it goes on at the next visit from what is stored; nothing
// of it shows but better lists.
import { isAborted, throwIfAborted } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { FitTable, TranslatedRows } from '../language/table-correction.ts';
import { sampleTranslations } from '../language/translations.ts';
import type { Store } from '../store/store.ts';
import { encodeTranslations } from './encode-translations.ts';
import type { Model } from './model.ts';
import { settleLanguages } from './settle-languages.ts';
import type { StatusBoard } from './status-board.ts';

/** Some minutes of encoding on a slow device, once. Items of the part that nothing is judged by. */
const SAMPLE = { items: 240, languagesEach: 3, part: 'fit' } as const;
/** The same sample at every visit, so that its vectors are in the store. */
const SEED = 5;
/** With fewer items the held-out ones tell too little (`LEAST_HELD_OUT_ITEMS` in each half). */
const LEAST_ITEMS = 40;
/** Texts encoded between two looks at what else there is to do: a search waits for no more. */
const TEXTS_AT_ONCE = 8;

export interface LearningContext {
  catalogueId: string;
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  /** Resolves when nothing more urgent is under way; asked before every few texts. */
  idle: () => Promise<void>;
  /** Told every error but an abort. */
  onFault: (error: unknown) => void;
  /** Vectors are others now. */
  onLearned: () => Promise<void>;
  /** Default `fitTable`. */
  fit?: FitTable;
}

export class TranslationLearning {
  readonly #context: () => LearningContext | undefined;
  #running: { abort: AbortController; done: Promise<void> } | undefined;

  /** @param context of the open catalogue; undefined: nothing is to be learned now */
  constructor(context: () => LearningContext | undefined) {
    this.#context = context;
  }

  /** Nothing happens while it runs, or where there is nothing to learn. Never throws. */
  start(): void {
    const context = this.#context();
    if (this.#running || !context) return;
    const abort = new AbortController();
    const done = learnFromTranslations(context, abort.signal)
      .then((learned) => (learned ? context.onLearned() : undefined))
      .catch((error: unknown) => {
        if (!abort.signal.aborted && !isAborted(error)) context.onFault(error);
      })
      .finally(() => {
        if (this.#running?.abort === abort) this.#running = undefined;
      });
    this.#running = { abort, done };
  }

  /** What was encoded stays stored. Resolves when the texts in progress are done. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    await running?.done;
  }

  /** Resolves when nothing is being learned. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running.done;
  }
}

/**
 * Does nothing where the transformer is not loaded (nothing is fetched for this), where too few items have translations, and where the
 * correction in use was fitted with some.
 * @returns whether vectors are others now
 * @throws aborted, encoder-*, asset-*
 */
export async function learnFromTranslations(context: LearningContext, signal: AbortSignal): Promise<boolean> {
  const { table, model } = context;
  if (!model.transformer.loaded() || table.refinedCount === 0 || table.correction.report.translatedItems > 0) return false;
  const translations = sampleTranslations(table.items, { ...SAMPLE, isOpen: (row) => table.isRefined(row) }, seededRandom(SEED));
  // With too few to learn from, the encoder's statistics may still not have been there when the correction was fitted.
  if (new Set(translations.map(({ item }) => item)).size < LEAST_ITEMS) {
    await context.idle();
    throwIfAborted(signal, 'Learning from translations');
    return settleLanguages({ ...context, signal });
  }
  const translated = await encodeInTurns(context, translations, signal);
  await context.idle();
  throwIfAborted(signal, 'Learning from translations');
  return settleLanguages({ ...context, translated, signal });
}

async function encodeInTurns(
  { table, model, store, board, idle }: LearningContext,
  translations: TranslatedRows['translations'],
  signal: AbortSignal,
): Promise<TranslatedRows> {
  const { fingerprint, dimensions } = model;
  const vectors = new Float32Array(translations.length * dimensions);
  for (let from = 0; from < translations.length; from += TEXTS_AT_ONCE) {
    await idle();
    throwIfAborted(signal, 'Learning from translations');
    const some = await encodeTranslations({
      items: table.items,
      translations: translations.slice(from, from + TEXTS_AT_ONCE),
      fingerprint,
      dimensions,
      encoder: () => model.transformer.get(),
      store,
      signal,
      onNotKept: (reason) => board.notice('store-memory', reason),
    });
    vectors.set(some, from * dimensions);
  }
  return { translations, vectors };
}
