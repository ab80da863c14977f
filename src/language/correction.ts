// Frees vectors from their language. A multilingual encoder's vectors mostly tell which language a text is in; here
// each language's mean is taken out and the rest is projected where translations agree (../docs, "How it works").
//
// With x a raw vector, m its language's mean and P the adapter's projection: v = unit((x − m) P) = unit(xP − mP).
// The projection is linear, so xP is computed once a row and means are kept projected: a new mean costs no projection.
import { RecommenderError } from '../base/errors.ts';
import { normalizeRows, project } from '../compute/cpu/linear.ts';
import { fallbacks } from './tags.ts';

/**
 * Items that weigh as much as the prior (n items give their own mean the weight n / (n + k)): where a mean of that very
 * language is shipped, and where only the average of all languages can be had. Measured on 29 languages of 18 items: with
 * k = 5 the reader's own language fills 0.5 % of a top 10, with 15 1.6 %, with 30 4.3 %; fair is 3.4 %. A mean of few items
 * holds part of each of them, so that subtracting it pushes items of one language apart.
 */
export const PRIOR_STRENGTH = { shipped: 20, unknown: 5 } as const;

export interface AdapterData {
  dimensions: number;
  projectedDimensions: number;
  languages: readonly string[];
  /** [languages × dimensions], mean raw vector of each language. */
  means: Float32Array;
  /** [dimensions × projectedDimensions] */
  projection: Float32Array;
}

/** Cuts the adapter's file in its two parts. @throws bad-manifest when the size does not fit */
export function readAdapter(
  bytes: Uint8Array<ArrayBuffer>,
  about: { dimensions: number; projectedDimensions: number; languages: readonly string[] },
): AdapterData {
  const { dimensions, projectedDimensions, languages } = about;
  const meansLength = languages.length * dimensions;
  const projectionLength = dimensions * projectedDimensions;
  if (bytes.byteLength !== (meansLength + projectionLength) * 4) {
    throw new RecommenderError(
      'bad-manifest',
      `The language adapter has ${bytes.byteLength} bytes instead of ${(meansLength + projectionLength) * 4}.`,
    );
  }
  const all = new Float32Array(bytes.slice().buffer);
  return { ...about, means: all.slice(0, meansLength), projection: all.slice(meansLength) };
}

/** An adapter that only centres, for encoders without a shipped one. */
export function identityAdapter(dimensions: number): AdapterData {
  const projection = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) projection[i * dimensions + i] = 1;
  return { dimensions, projectedDimensions: dimensions, languages: [], means: new Float32Array(0), projection };
}

export interface LanguageMeans {
  /** Projected mean of each language that has items, shrunk. */
  byLanguage: ReadonlyMap<string, Float32Array>;
  /** For a language without items: the shipped prior moved to this catalogue's domain. */
  priorOf(language: string): Float32Array;
}

/** Projects raw vectors; rows are not made unit length, because a mean is still to be taken out. */
export function projectRows(adapter: AdapterData, raw: Float32Array): Float32Array {
  return project(raw, adapter.projection, raw.length / adapter.dimensions, adapter.dimensions, adapter.projectedDimensions);
}

/**
 * Language means with shrinkage: (n·own + k·prior) / (n + k), k of PRIOR_STRENGTH. The prior is the shipped mean of that
 * language plus the average shift between this catalogue and the texts the shipped means were taken from (weighted by
 * items); an unknown language has the average of the shipped means for it.
 * @param projected [rows × projectedDimensions]
 * @param languages BCP-47 tag of each row; `undefined` for a row without a vector yet
 */
export function fitLanguageMeans(adapter: AdapterData, projected: Float32Array, languages: readonly (string | undefined)[]): LanguageMeans {
  const d = adapter.projectedDimensions;
  const shipped = shippedMeans(adapter);
  const sums = new Map<string, { sum: Float64Array; count: number }>();
  languages.forEach((language, row) => {
    if (language === undefined) return;
    let entry = sums.get(language);
    if (!entry) {
      entry = { sum: new Float64Array(d), count: 0 };
      sums.set(language, entry);
    }
    entry.count++;
    for (let j = 0; j < d; j++) entry.sum[j] = (entry.sum[j] as number) + (projected[row * d + j] as number);
  });
  const shift = new Float64Array(d);
  let total = 0;
  for (const [language, { sum, count }] of sums) {
    const prior = shipped.meanOf(language);
    total += count;
    for (let j = 0; j < d; j++) shift[j] = (shift[j] as number) + (sum[j] as number) - count * (prior[j] as number);
  }
  const priorOf = (language: string): Float32Array =>
    shipped.meanOf(language).map((value, j) => value + (total > 0 ? (shift[j] as number) / total : 0));
  const byLanguage = new Map<string, Float32Array>();
  for (const [language, { sum, count }] of sums) {
    const k = shipped.knows(language) ? PRIOR_STRENGTH.shipped : PRIOR_STRENGTH.unknown;
    byLanguage.set(
      language,
      priorOf(language).map((value, j) => ((sum[j] as number) + k * value) / (count + k)),
    );
  }
  return { byLanguage, priorOf };
}

/**
 * Takes each row's language mean out and makes it unit length; rows whose language is undefined stay as they are.
 * @param projected [rows × d] @returns a new matrix of the same shape
 */
export function centreRows(projected: Float32Array, d: number, languages: readonly (string | undefined)[], means: LanguageMeans): Float32Array {
  const out = projected.slice();
  languages.forEach((language, row) => {
    if (language === undefined) return;
    const mean = means.byLanguage.get(language) ?? means.priorOf(language);
    const centred = out.subarray(row * d, (row + 1) * d);
    for (let j = 0; j < d; j++) centred[j] = (centred[j] as number) - (mean[j] as number);
    normalizeRows(centred, d);
  });
  return out;
}

interface ShippedMeans {
  knows(language: string): boolean;
  /** Projected mean of the language or the nearest more general tag; the average of all for an unknown one. */
  meanOf(language: string): Float32Array;
}

function shippedMeans(adapter: AdapterData): ShippedMeans {
  const d = adapter.projectedDimensions;
  const projected = projectRows(adapter, adapter.means);
  const grand = new Float32Array(d);
  const count = adapter.languages.length;
  for (let i = 0; i < projected.length; i++) grand[i % d] = (grand[i % d] as number) + (projected[i] as number) / count;
  const rows = new Map(adapter.languages.map((language, i) => [language, projected.subarray(i * d, (i + 1) * d)]));
  const find = (language: string) =>
    fallbacks(language)
      .map((tag) => rows.get(tag))
      .find((row) => row !== undefined);
  return { knows: (language) => find(language) !== undefined, meanOf: (language) => find(language) ?? grand };
}
