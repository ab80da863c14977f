// The fairness report of the open catalogue: its vectors before and after the correction, and a bounded sample of its own
// translations, encoded here. Saving data, the instant encoder reads everything and nothing is fetched for it.
import { messageOf, RecommenderError } from '../../base/errors.ts';
import { type RandomSource, seededRandom, shuffle } from '../../base/random.ts';
import { itemText } from '../../catalogue/text.ts';
import type { Model } from '../../engine/model.ts';
import type { ResolvedSpeed } from '../../engine/speed.ts';
import type { StatusBoard } from '../../engine/status-board.ts';
import type { ItemTable } from '../../index/item-table.ts';
import { correctRows } from '../../language/correction/apply.ts';
import { itemBias } from '../../language/correction/hubness.ts';
import { encodeTranslations, sampleTranslations, type Translation } from '../../language/translations.ts';
import type { Store } from '../../store/store.ts';
import { measureFairness } from './measure-fairness.ts';
import type { FairnessReport, FairnessVectors } from './types.ts';

/** A minute of encoding on a slow device, once. Items of the part that no correction is fitted to. */
const SAMPLE = { items: 60, languagesEach: 3, part: 'judge' } as const;
/** The same sample at every visit, so that its vectors are in the store. */
const SAMPLE_SEED = 3;
/** Items that the instant encoder reads again: its vectors are not kept as it gave them. */
const MOST_INSTANT = 5000;

export interface CatalogueFairnessContext {
  table: ItemTable;
  model: Model;
  speed: ResolvedSpeed;
  store: Store;
  board: StatusBoard;
  random: RandomSource;
  signal: AbortSignal;
}

interface States {
  before: FairnessVectors;
  after: FairnessVectors;
  translations: readonly Translation[];
}

/** @throws not-ready with fewer than two vectors, aborted, encoder-fault */
export async function fairnessOf(context: CatalogueFairnessContext): Promise<FairnessReport> {
  const { table, speed, board, random, signal } = context;
  try {
    const states = speed === 'quick' && table.refinedCount === 0 ? await instantStates(context) : await refinedStates(context);
    return await measureFairness({
      languages: table.items.map(({ language }) => language),
      categories: table.items.map(({ categories }) => categories),
      ...states,
      method: table.correction.method,
      random,
      signal,
      onProgress: (progress) => board.progress(progress),
    });
  } finally {
    if (!signal.aborted) board.update({ progress: null }); // else it is that of what ended this
  }
}

async function refinedStates(context: CatalogueFairnessContext): Promise<States> {
  const { table } = context;
  const { translations, vectors } = await refinedTranslations(context);
  // From here on nothing is awaited: rows and correction are of one moment.
  const after = rankedState(table);
  return {
    translations,
    before: { vectors: table.rawVectors(), dimensions: table.rawDimensions, translations: vectors },
    after: {
      ...after,
      translations: correctRows(
        table.correction,
        vectors,
        translations.map(({ language }) => language),
      ),
    },
  };
}

/** None where they cannot be had: the rest of the report needs none. Where data are saved the transformer is not fetched. */
async function refinedTranslations(context: CatalogueFairnessContext): Promise<{ translations: readonly Translation[]; vectors: Float32Array }> {
  const { table, model, speed, store, board, signal } = context;
  const none = { translations: [], vectors: new Float32Array(0) };
  if (speed === 'quick') return none;
  const translations = drawn(table, (row) => table.isRefined(row));
  try {
    const vectors = await encodeTranslations({
      items: table.items,
      translations,
      fingerprint: model.fingerprint,
      dimensions: model.dimensions,
      store,
      signal,
      encoder: async () => {
        const encoder = await model.transformer.get((progress) => board.progress(progress));
        board.update({ encoder: encoder.status });
        return encoder;
      },
      onProgress: (progress) => board.progress(progress),
      onNotKept: (reason) => board.notice('store-memory', reason),
    });
    return { translations, vectors };
  } catch (error) {
    if (signal.aborted || (error instanceof RecommenderError && (error.code === 'aborted' || error.code === 'encoder-fault'))) throw error;
    board.notice('encoding-failed', `Fairness is measured without translations: ${messageOf(error)}`);
    return none;
  }
}

/** Instant vectors are compared as they come and as they are ranked. */
async function instantStates({ table, model, random, signal, board }: CatalogueFairnessContext): Promise<States> {
  const encoder = await model.quick?.get((progress) => board.progress(progress));
  if (!encoder) throw new RecommenderError('not-ready', 'No item has a vector yet. Wait until some are encoded.');
  const { items } = table;
  const d = encoder.dimensions;
  const translations = drawn(table, (row) => table.isEncoded(row));
  const rows = [...new Set([...translations.map(({ item }) => item), ...shuffle([...items.keys()], random)])].slice(0, MOST_INSTANT);
  const textOf = (row: number, language?: string): string => {
    const item = items[row];
    return item ? itemText(item, language) : '';
  };
  const own = await encoder.encode(
    rows.map((row) => textOf(row)),
    { signal },
  );
  const translated = await encoder.encode(
    translations.map(({ item, language }) => textOf(item, language)),
    { signal },
  );
  const vectors = new Float32Array(items.length * d);
  rows.forEach((row, at) => {
    vectors.set(own.subarray(at * d, (at + 1) * d), row * d);
  });
  const corrected = translations.map(({ language }, at) => table.correctQuick(translated.subarray(at * d, (at + 1) * d), language));
  const after = rankedState(table); // after `correctQuick`, which may bring the correction up to date
  const k = after.dimensions;
  const translatedAfter = new Float32Array(translations.length * k);
  corrected.forEach((vector, at) => {
    translatedAfter.set(vector, at * k);
  });
  return { translations, before: { vectors, dimensions: d, translations: translated }, after: { ...after, translations: translatedAfter } };
}

const drawn = ({ items }: ItemTable, isOpen: (row: number) => boolean): Translation[] =>
  sampleTranslations(items, { ...SAMPLE, isOpen }, seededRandom(SAMPLE_SEED));

function rankedState(table: ItemTable): FairnessVectors {
  const vectors = table.rankedVectors();
  const { dimensions, correction } = table;
  return { vectors, dimensions, bias: itemBias(vectors, dimensions, correction.hubness) };
}
