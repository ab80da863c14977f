// The language adapter that ships with an encoder: means and a projection of its vectors, and statistics for a fit. The page and the
// command line read its files by the same functions.
import { RecommenderError } from '../base/errors.ts';
import { project } from '../compute/cpu/linear.ts';
import { readShippedMaps, type ShippedMaps } from './correction/shipped-maps.ts';
import type { LanguagePrior } from './correction/types.ts';

export interface AdapterData {
  dimensions: number;
  projectedDimensions: number;
  languages: readonly string[];
  /** [languages × dimensions], mean raw vector of each language. */
  means: Float32Array;
  /** [dimensions × projectedDimensions] */
  projection: Float32Array;
}

/** The part of the adapter that only a fit needs. */
export interface AdapterStatistics {
  /** S_w and S_b [dimensions × dimensions], of mapped rows where there are maps. */
  withinItem: Float32Array;
  betweenItem: Float32Array;
  maps?: ShippedMaps;
  /** Mean raw vectors [tags × dimensions] of languages beyond the adapter's. */
  more?: { languages: readonly string[]; means: Float32Array };
}

/** Fields of a model's manifest that name the files of the statistics. */
export interface StatisticsManifest {
  dimensions: number;
  covariances?: string | undefined;
  maps?: string | undefined;
  mapLanguages?: readonly string[] | undefined;
  mapRank?: number | undefined;
  means?: string | undefined;
  meanLanguages?: readonly string[] | undefined;
}

/** Cuts the adapter's file into means and projection. @throws bad-manifest when the size does not fit */
export function readAdapter(
  bytes: Uint8Array<ArrayBuffer>,
  about: { dimensions: number; projectedDimensions: number; languages: readonly string[] },
): AdapterData {
  const { dimensions, projectedDimensions, languages } = about;
  const meansLength = languages.length * dimensions;
  const all = floats(bytes, meansLength + dimensions * projectedDimensions, 'The language adapter');
  return { dimensions, projectedDimensions, languages, means: all.slice(0, meansLength), projection: all.slice(meansLength) };
}

/** @param load bytes of a file of the model's folder @throws bad-manifest when a size does not fit */
export async function readAdapterStatistics(
  about: StatisticsManifest,
  load: (name: string) => Promise<Uint8Array> | Uint8Array,
): Promise<AdapterStatistics> {
  const { dimensions: d, covariances: name = '', maps, mapLanguages = [], mapRank = 0, means, meanLanguages = [] } = about;
  const optional = (file: string | undefined) => (file === undefined ? undefined : load(file));
  const [squares, mapBytes, meanBytes] = await Promise.all([load(name), optional(maps), optional(means)]);
  const all = floats(squares, 2 * d * d, name);
  return {
    withinItem: all.subarray(0, d * d),
    betweenItem: all.subarray(d * d),
    ...(mapBytes ? { maps: readShippedMaps(mapBytes, { dimensions: d, languages: mapLanguages, rank: mapRank }) } : {}),
    ...(meanBytes ? { more: { languages: meanLanguages, means: floats(meanBytes, meanLanguages.length * d, means ?? '') } } : {}),
  };
}

function floats(bytes: Uint8Array, length: number, name: string): Float32Array {
  if (bytes.byteLength === length * 4) return new Float32Array(bytes.slice().buffer);
  throw new RecommenderError(
    'bad-manifest',
    `${name} has ${bytes.byteLength} bytes instead of ${length * 4}. Take the model's folder from the package again.`,
    { name },
  );
}

/** An adapter that only centres, for encoders without a shipped one. */
export function identityAdapter(dimensions: number): AdapterData {
  const projection = new Float32Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) projection[i * dimensions + i] = 1;
  return { dimensions, projectedDimensions: dimensions, languages: [], means: new Float32Array(0), projection };
}

/** Raw vectors in the adapter's space; no mean is taken out and rows are not made unit length. @returns [rows × projectedDimensions] */
export function projectRows(adapter: AdapterData, raw: Float32Array): Float32Array {
  return project(raw, adapter.projection, raw.length / adapter.dimensions, adapter.dimensions, adapter.projectedDimensions);
}

/**
 * The adapter as the prior of a correction.
 * @param statistics for a fit @returns undefined for an adapter without languages: it projects nothing either
 */
export function priorOf(adapter: AdapterData, statistics?: AdapterStatistics): LanguagePrior | undefined {
  if (adapter.languages.length === 0) return undefined;
  const { dimensions, languages, means, projection, projectedDimensions } = adapter;
  const prior: LanguagePrior = { dimensions, languages, means, basis: { projection, width: projectedDimensions } };
  if (!statistics) return prior;
  const { maps, more, ...covariances } = statistics;
  const found = { ...prior, covariances, ...(maps ? { maps } : {}) };
  if (!more) return found;
  const allMeans = new Float32Array(means.length + more.means.length);
  allMeans.set(means);
  allMeans.set(more.means, means.length);
  return { ...found, languages: [...languages, ...more.languages], means: allMeans };
}
