// The language correction of the open catalogue: fitted when items are encoded, fitted again with the catalogue's own translations,
// and stored for the next visit. A catalogue works without it: a failure here is said, and the correction before stays in use.
import { isAborted, messageOf, throwIfAborted } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { seededRandom } from '../base/random.ts';
import type { AdapterStatistics } from '../language/adapter.ts';
import { CORRECTION_VERSION, parseCorrection, serialiseCorrection } from '../language/correction/codec.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import type { FitTable, TranslatedRows } from '../language/table-correction.ts';
import { sampleTranslations } from '../language/translations.ts';
import { type CatalogueScope, keepIfSpace } from './catalogue-scope.ts';
import { encodeTranslations } from './encode-translations.ts';
import { untilAborted } from './tasks.ts';

/** Encoding them takes some minutes on a slow device, once. Only items of the part that no report judges by. */
const SAMPLE = { items: 240, languagesEach: 3, part: 'fit' } as const;
/** The same sample at every visit, so that its vectors are in the store. */
const SEED = 5;
/** With fewer items the held-out ones tell too little (`LEAST_HELD_OUT_ITEMS` in each half). */
const LEAST_ITEMS = 40;
/** A search waits for the encoding of so many texts, at most. */
const TEXTS_AT_ONCE = 8;

export interface RefitOptions {
  signal: AbortSignal;
  /** The catalogue's own translations, to learn from. Default: none. */
  translated?: TranslatedRows;
  /** Default `fitTable`. */
  fit?: FitTable;
}

/** Fits the correction to the rows where that is due, and stores it. @returns whether lists may differ from before @throws aborted */
export async function refitCorrection(scope: CatalogueScope, { signal, translated, fit }: RefitOptions): Promise<boolean> {
  const { table, model, board } = scope;
  const wantsStatistics = mayFetchStatistics(scope);
  // A correction that was fitted without the adapter's maps is fitted again once they can be fetched.
  const lacksMaps = wantsStatistics && model.hasMaps === true && isWithoutMaps(table.correction);
  if (!table.needsFit(translated) && !lacksMaps) return false;
  const { correctionVersion } = table;
  try {
    const covariances = wantsStatistics ? await fetchStatistics(scope, signal) : undefined;
    const isNew = await table.refitCorrection({
      ...(covariances ? { covariances } : {}),
      ...(translated ? { translated } : {}),
      ...(fit ? { fit } : {}),
      again: lacksMaps && covariances?.maps !== undefined,
      signal,
    });
    if (isNew) await storeCorrection(scope);
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    board.notice('encoding-failed', `Languages are corrected by what is there alone: ${messageOf(error)}`);
  }
  return table.correctionVersion !== correctionVersion;
}

/** The statistics (5 MB) are not fetched where vectors came from the owner and nothing else of the encoder is fetched. */
function mayFetchStatistics({ model, board, speed }: CatalogueScope): boolean {
  return model.covariances !== undefined && (model.transformer.loaded() !== undefined || (speed !== 'quick' && board.status.pack === null));
}

/** @returns undefined where they cannot be fetched, which is said: the shipped basis serves without them */
async function fetchStatistics({ model, board }: CatalogueScope, signal: AbortSignal): Promise<AdapterStatistics | undefined> {
  try {
    throwIfAborted(signal, 'Correcting languages');
    const statistics = model.covariances?.get();
    return statistics && (await untilAborted(statistics, signal, 'Correcting languages'));
  } catch (error) {
    if (signal.aborted) throw error;
    board.notice('encoding-failed', `Languages are corrected without the encoder's statistics: ${messageOf(error)}`);
    return undefined;
  }
}

/** Only the method `lda` uses maps. */
function isWithoutMaps({ method, languages }: LanguageCorrection): boolean {
  return method === 'lda' && ![...languages.values()].some((entry) => entry.shipped);
}

export interface LearningOptions {
  /** Resolves when nothing more urgent is under way; asked before every few texts. */
  waitUntilIdle: () => Promise<void>;
  signal: AbortSignal;
  /** Default `fitTable`. */
  fit?: FitTable;
}

/**
 * Encodes a bounded sample of the catalogue's own translations, a few texts at a time, and fits the correction again with it. Stopped,
 * it goes on at the next visit from what is stored. Does nothing where the transformer is not loaded (nothing is fetched for this),
 * where too few items have translations, and where the correction in use was fitted with some.
 * @returns whether corrected vectors changed
 * @throws aborted, encoder-*, asset-*
 */
export async function learnFromTranslations(scope: CatalogueScope, options: LearningOptions): Promise<boolean> {
  const { table, model } = scope;
  const { waitUntilIdle, signal } = options;
  if (!model.transformer.loaded() || table.refinedCount === 0 || table.correction.report.translatedItems > 0) return false;
  const translations = sampleTranslations(table.items, { ...SAMPLE, isOpen: (row) => table.isRefined(row) }, seededRandom(SEED));
  const isEnough = new Set(translations.map(({ item }) => item)).size >= LEAST_ITEMS;
  const translated = isEnough ? await encodeInTurns(scope, translations, options) : undefined;
  await waitUntilIdle();
  throwIfAborted(signal, 'Learning from translations');
  // Without translations this still fits again where the encoder's statistics were missing at the first fit.
  return refitCorrection(scope, { ...options, ...(translated && { translated }) });
}

async function encodeInTurns(
  { table, model, store, board }: CatalogueScope,
  translations: TranslatedRows['translations'],
  { waitUntilIdle, signal }: LearningOptions,
): Promise<TranslatedRows> {
  const { fingerprint, dimensions } = model;
  const vectors = new Float32Array(translations.length * dimensions);
  for (let from = 0; from < translations.length; from += TEXTS_AT_ONCE) {
    await waitUntilIdle();
    throwIfAborted(signal, 'Learning from translations');
    const some = await encodeTranslations({
      items: table.items,
      translations: translations.slice(from, from + TEXTS_AT_ONCE),
      fingerprint,
      dimensions,
      encoder: () => model.transformer.get(),
      store,
      signal,
      board,
    });
    vectors.set(some, from * dimensions);
  }
  return { translations, vectors };
}

/**
 * Names everything that a correction is fitted from: encoder, adapter with its statistics (also where they were not fetched), version of
 * the fit, and text and language of every row with the transformer's vector, in file order. @returns SHA-256, hex
 */
function correctionKey({ table, model }: CatalogueScope): Promise<string> {
  const { fingerprint, rankingFingerprint = '', statisticsFingerprint = '' } = model;
  const rows = table.keys.flatMap((key, row) => (table.isRefined(row) ? `${key} ${table.items[row]?.language ?? ''}` : []));
  return sha256Hex([`correction ${CORRECTION_VERSION}`, fingerprint, rankingFingerprint, statisticsFingerprint, ...rows].join('\n'));
}

/** Uses the stored correction where every row has its vector and it was fitted from these rows. Never throws. @returns whether it is used */
export async function installStoredCorrection(scope: CatalogueScope): Promise<boolean> {
  const { id, table, store } = scope;
  if (table.items.length === 0 || table.refinedCount < table.items.length) return false;
  try {
    const stored = await store.correction(id);
    if (!stored || stored.key !== (await correctionKey(scope))) return false;
    table.install(parseCorrection(stored.bytes));
    return true;
  } catch {
    return false; // damaged, or the store cannot be read: it is fitted again
  }
}

/** Stores the correction in use for the next visit. Never throws: that it is not stored is said. */
async function storeCorrection(scope: CatalogueScope): Promise<void> {
  const { id, table, store, board } = scope;
  const what = 'The fitted language correction is';
  const save = async (): Promise<void> => store.saveCorrection(id, { key: await correctionKey(scope), bytes: serialiseCorrection(table.correction) });
  await keepIfSpace(board, what, save).catch((error: unknown) => board.notice('store-memory', `${what} not kept: ${messageOf(error)}`));
}

/** For a correction that was fitted to wrong vectors. Never throws. */
export async function deleteStoredCorrection({ id, store }: Pick<CatalogueScope, 'id' | 'store'>): Promise<void> {
  await store.saveCorrection(id, undefined).catch(() => undefined);
}
