// The fairness of an item table: its vectors before and after the correction, and a bounded sample of the catalogue's own
// translations, whose vectors the caller has.
import { type RandomSource, seededRandom, shuffle } from '../../base/random.ts';
import type { ProgressCallback } from '../../base/types.ts';
import { itemText } from '../../catalogue/text.ts';
import type { ItemTable } from '../../index/item-table.ts';
import { correctRows } from '../../language/correction/apply.ts';
import { itemBias } from '../../language/correction/hubness.ts';
import { sampleTranslations, type Translation } from '../../language/translations.ts';
import { measureFairness } from './measure-fairness.ts';
import type { FairnessReport, FairnessVectors } from './types.ts';

/** Encoding them takes a minute on a slow device, once. Only items of the part that no correction is fitted to. */
const SAMPLE = { items: 60, languagesEach: 3, part: 'judge' } as const;
/** The same sample at every visit, so that its vectors are in the store. */
const SAMPLE_SEED = 3;
/** The table does not keep instant vectors as the encoder gave them, so that they are made again, of so many items at most. */
const MOST_INSTANT = 5000;

/** What the correction is judged by: vectors before and after it. */
export interface FairnessStates {
  before: FairnessVectors;
  after: FairnessVectors;
  translations: readonly Translation[];
}

/** @param isOpen whether a row may be drawn */
export function drawTranslations({ items }: ItemTable, isOpen: (row: number) => boolean): Translation[] {
  return sampleTranslations(items, { ...SAMPLE, isOpen }, seededRandom(SAMPLE_SEED));
}

/** @throws not-ready with fewer than two vectors, aborted */
export function tableFairness(
  table: ItemTable,
  states: FairnessStates,
  options: { random: RandomSource; signal: AbortSignal; onProgress: ProgressCallback },
): Promise<FairnessReport> {
  const { items, correction } = table;
  return measureFairness({
    languages: items.map(({ language }) => language),
    categories: items.map(({ categories }) => categories),
    ...states,
    method: correction.method,
    ...options,
  });
}

/** Of the transformer's vectors. @param vectors of the translations, as the encoder gives them [translations × the encoder's dimensions] */
export function refinedStates(table: ItemTable, translations: readonly Translation[], vectors: Float32Array): FairnessStates {
  // `rankedState` first: it may bring the correction up to date.
  const after = rankedState(table);
  const languages = translations.map(({ language }) => language);
  return {
    translations,
    before: { vectors: table.rawVectors(), dimensions: table.rawDimensions, translations: vectors },
    after: { ...after, translations: correctRows(table.correction, vectors, languages) },
  };
}

/** Of instant vectors: as the encoder gives them, and as they are ranked. @param encode texts to vectors [texts × dimensions] */
export async function instantStates(
  table: ItemTable,
  { dimensions: d, encode }: { dimensions: number; encode: (texts: readonly string[]) => Promise<Float32Array> },
  random: RandomSource,
): Promise<FairnessStates> {
  const { items } = table;
  const translations = drawTranslations(table, (row) => table.isEncoded(row));
  const rows = [...new Set([...translations.map(({ item }) => item), ...shuffle([...items.keys()], random)])].slice(0, MOST_INSTANT);
  const textOf = (row: number, language?: string): string => {
    const item = items[row];
    return item ? itemText(item, language) : '';
  };
  const own = await encode(rows.map((row) => textOf(row)));
  const translated = await encode(translations.map(({ item, language }) => textOf(item, language)));
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

function rankedState(table: ItemTable): FairnessVectors {
  const vectors = table.rankedVectors();
  const { dimensions, correction } = table;
  return { vectors, dimensions, bias: itemBias(vectors, dimensions, correction.hubness) };
}
