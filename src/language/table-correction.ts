// How the language correction meets a catalogue: the first correction, by the shipped adapter alone; the rows that another is fitted on;
// and instant vectors carried into its space. Pure but for the fit's turns of the event loop.
import { groupBy } from '../base/group-by.ts';
import type { ProgressCallback } from '../base/types.ts';
import { type AdapterData, type AdapterStatistics, priorOf } from './adapter.ts';
import { correctRows, correctShared, correctStated } from './correction/apply.ts';
import { adapterCorrection } from './correction/build.ts';
import { fitCorrection } from './correction/fit.ts';
import type { LanguageCorrection } from './correction/types.ts';
import type { Translation } from './translations.ts';

/** Dimensions of instant vectors, assumed while there is none: a search may bring the first one. */
const INSTANT_WIDTH = 128;

/** Which encoder a row's vector is from: the instant one or the transformer. */
export type VectorSource = 'quick' | 'refined';

/** Rows with the transformer's vector, and their stated languages. */
export interface FittingRows {
  /** [rows × the encoder's dimensions] */
  raw: Float32Array;
  languages: readonly (string | undefined)[];
  /** Rows with the same number are texts of one item. */
  groups?: readonly number[];
}

/** Rows of the catalogue with their numbers. */
export interface DrawnRows extends FittingRows {
  rows: readonly number[];
}

/** The correction that is used until one is fitted. @param quickWidth dimensions of instant vectors that are to be carried into its space */
export function firstCorrection(adapter: AdapterData, { raw, languages }: FittingRows, quickWidth?: number): LanguageCorrection {
  return adapterCorrection({ raw, languages, dimensions: adapter.dimensions }, priorOf(adapter), quickWidth);
}

/**
 * Vectors as an item table has them before a correction is fitted: what an owner's head is trained on.
 * @param raw [rows × dimensions] @returns [rows × projectedDimensions], unit length
 */
export function firstVectors(adapter: AdapterData, raw: Float32Array, languages: readonly (string | undefined)[]): Float32Array {
  return correctStated(firstCorrection(adapter, { raw, languages }), raw, languages);
}

/**
 * Takes the languages out of instant vectors. They live in the adapter's projected space, so nothing is shipped for them.
 * @param vectors [rows × width]
 */
export function quickCorrection(vectors: Float32Array, width: number, languages: readonly (string | undefined)[]): LanguageCorrection {
  return adapterCorrection({ raw: vectors, languages, dimensions: width }, undefined);
}

/** Texts of items in other languages than their own, with vectors [translations × the encoder's dimensions]. */
export interface TranslatedRows {
  translations: readonly Translation[];
  vectors: Float32Array;
}

export type FitTable = typeof fitTable;

export interface RefitOptions {
  /** Without them the shipped basis is used: instant vectors cannot be carried into another one. */
  covariances?: AdapterStatistics;
  /** Texts to learn from; they are never ranked. */
  translated?: TranslatedRows;
  /** Fit even if nothing has changed. */
  again?: boolean;
  /** Default `fitTable`. */
  fit?: FitTable;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}

/** The full choice between methods and dimensions. @throws aborted, bad-vector */
export function fitTable(
  adapter: AdapterData,
  rows: FittingRows,
  quickWidth: number | undefined,
  options: RefitOptions,
): Promise<LanguageCorrection> {
  const prior = priorOf(adapter, options.covariances);
  const { projection, projectedDimensions } = adapter;
  const width = quickWidth ?? Math.min(INSTANT_WIDTH, projectedDimensions);
  return fitCorrection(
    { ...rows, dimensions: adapter.dimensions },
    {
      ...(prior ? { prior } : {}),
      // Without the covariances, instant vectors can be carried into the shipped basis only.
      ...(prior && !options.covariances ? { method: 'lda' as const } : {}),
      ...(prior ? { shared: { projection, projectedDimensions, width } } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.onProgress ? { onProgress: options.onProgress } : {}),
    },
  );
}

/** Whether instant vectors can be carried into the space of this correction. */
export function carriesQuick({ bridge }: LanguageCorrection, width: number): boolean {
  return bridge?.width === width;
}

/**
 * Instant vectors, less their language and in the corrected space.
 * @param quick of `quickCorrection` @param vectors [rows × width] @returns [rows × dimensions], unit length
 */
export function correctQuickRows(
  correction: LanguageCorrection,
  quick: LanguageCorrection,
  vectors: Float32Array,
  languages: readonly (string | undefined)[],
): Float32Array {
  return correctShared(correction, correctStated(quick, vectors, languages));
}

/**
 * Rows of both encoders, less their language.
 * @param rows [rows × inputDimensions] as they came; an instant vector fills the first values
 * @param about source and stated language of each row; `believed`: every row has its stated language (`correctStated`)
 * @returns [rows × dimensions], unit length; zero for a row without a source
 */
export function correctSources(
  correction: LanguageCorrection,
  rows: Float32Array,
  about: {
    sources: readonly (VectorSource | undefined)[];
    languages: readonly (string | undefined)[];
    quick: LanguageCorrection | undefined;
    believed: boolean;
  },
): Float32Array {
  const { sources, languages, quick, believed } = about;
  const { inputDimensions, dimensions: d } = correction;
  const out = new Float32Array(sources.length * d);
  const replace = (source: VectorSource, width: number, correct: (vectors: Float32Array, tags: (string | undefined)[]) => Float32Array): void => {
    const places = sources.flatMap((own, place) => (own === source ? place : []));
    if (places.length === 0) return;
    const vectors = new Float32Array(places.length * width);
    places.forEach((place, i) => {
      vectors.set(rows.subarray(place * inputDimensions, place * inputDimensions + width), i * width);
    });
    const corrected = correct(
      vectors,
      places.map((place) => languages[place]),
    );
    places.forEach((place, i) => {
      out.set(corrected.subarray(i * d, (i + 1) * d), place * d);
    });
  };
  replace('refined', inputDimensions, (vectors, tags) => (believed ? correctStated : correctRows)(correction, vectors, tags));
  if (quick) replace('quick', quick.inputDimensions, (vectors, tags) => correctQuickRows(correction, quick, vectors, tags));
  return out;
}

/**
 * Rows to fit on where not all can be held in float32. Every language has about the same number of them, so that none is left out.
 * @param rows numbers of rows with a vector @returns at most `most`, rising
 */
export function drawRows(rows: readonly number[], languageOf: (row: number) => string | undefined, most: number): number[] {
  if (rows.length <= most) return [...rows];
  const byLanguage = groupBy(rows, languageOf);
  // Small languages give all their rows; what they leave of their share goes to the larger ones.
  let left = most;
  let languages = byLanguage.size;
  const drawn: number[] = [];
  for (const own of [...byLanguage.values()].sort((a, b) => a.length - b.length)) {
    const share = Math.min(own.length, Math.floor(left / languages));
    for (let i = 0; i < share; i++) drawn.push(own[Math.floor((i * own.length) / share)] as number);
    left -= share;
    languages--;
  }
  return drawn.sort((a, b) => a - b);
}
