// Numeric attributes and categories as extra dimensions of the item vector, so that every head and the index use them like text:
// x = [√(1 − share) · text; √share · features], text and features of unit length. u·v of two such vectors is
// (1 − share) · cosine of the texts + share · cosine of the features. An item without features has zeros there.

import { RecommenderError } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { fnv1a } from '../base/hash.ts';
import { gaussian, seededRandom } from '../base/random.ts';
import type { Floats } from './types.ts';

/** The features of an item; fields as in `Item`. */
export interface FeatureSource {
  categories: readonly string[];
  attributes?: Readonly<Record<string, number>>;
}

export interface FeatureOptions {
  /** Extra dimensions. Two different features have a cosine of about ±1/√dimensions. Default 32. */
  dimensions?: number;
  /** Weight of the features in u·v, 0 to 1. Default 0.2. */
  share?: number;
  /** Weight of all numbers against all categories, 0 to 1. Default 0.5. */
  numericShare?: number;
  /** Seed of the projection. Default 1. */
  seed?: number;
  /** Names of categories that do not count. Default none. */
  withoutCategories?: readonly string[];
}

/** Everything that turns an item's features into numbers; structured-cloneable and small. */
export interface FeatureProjection {
  dimensions: number;
  share: number;
  numericShare: number;
  seed: number;
  /** Mean and standard deviation of each attribute over the items that have it. */
  numerics: Readonly<Record<string, { mean: number; deviation: number }>>;
  /** Names of categories that do not count; absent: all count. */
  withoutCategories?: readonly string[];
}

/** Standardised numbers are clipped to ± this, so that one outlier does not make all other values look the same. */
const MAX_DEVIATIONS = 3;
/** Radians per standard deviation: −3 and +3 are opposite. */
const ANGLE = Math.PI / (2 * MAX_DEVIATIONS);

/**
 * Fits the standardisation of each numeric attribute; one that never varies is left out.
 * @throws bad-argument for options out of range
 */
export function fitFeatures(items: readonly FeatureSource[], options: FeatureOptions = {}): FeatureProjection {
  const { dimensions = 32, share = 0.2, numericShare = 0.5, seed = 1, withoutCategories = [] } = options;
  if (!(Number.isInteger(dimensions) && dimensions > 0 && share >= 0 && share <= 1 && numericShare >= 0 && numericShare <= 1)) {
    const message = `Features take whole dimensions from 1 and shares of 0 to 1; got ${dimensions}, ${share}, ${numericShare}.`;
    throw new RecommenderError('bad-argument', message, { dimensions, share, numericShare });
  }
  const numbers = items.flatMap(({ attributes = {} }) => Object.entries(attributes).filter(([, value]) => Number.isFinite(value)));
  const numerics: Record<string, { mean: number; deviation: number }> = {};
  for (const [name, entries] of groupBy(numbers, ([name]) => name)) {
    const list = entries.map(([, value]) => value);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    if (deviation > 0) numerics[name] = { mean, deviation };
  }
  return { dimensions, share, numericShare, seed, numerics, ...(withoutCategories.length > 0 && { withoutCategories }) };
}

/**
 * Joins the features to text vectors. Categories are a multi-hot vector. A number is standardised, clipped to z = ±3 and placed on a
 * half circle as (cos, sin) of zπ/6: two items' cosine is cos((z − z')π/6), 1 for the same value, 0 at three deviations apart. A missing
 * number adds nothing. Each name is projected by seeded random rows (Gaussian random projection; Dasgupta & Gupta 2003), so no list of
 * names is kept and new categories need no fit. The sums over categories and over numbers are scaled to unit length, weighted by
 * √(1 − numericShare) and √numericShare, added, and scaled to unit length again.
 * @param text [items × textDimensions], unit length
 * @returns [items × (textDimensions + projection.dimensions)], unit length where an item has features, else √(1 − share)
 * @throws bad-vector when the number of rows is not that of the items
 */
export function appendFeatures(
  projection: FeatureProjection,
  text: Float32Array,
  textDimensions: number,
  items: readonly FeatureSource[],
): Float32Array {
  if (text.length !== items.length * textDimensions) {
    throw new RecommenderError('bad-vector', `${text.length} values are not ${items.length} rows of ${textDimensions} dimensions.`);
  }
  const width = textDimensions + projection.dimensions;
  const out = new Float32Array(items.length * width);
  const { setOf, sets } = featureSets(projection, items);
  for (const [row, set] of setOf.entries())
    joinRow(projection, text.subarray(row * textDimensions, (row + 1) * textDimensions), sets, set, out, row * width);
  return out;
}

/** Features of a catalogue; items with the same features share one set. */
export interface FeatureSets {
  /** [items] */
  setOf: Int32Array;
  /** [sets × projection.dimensions] of length √share, or zero for items without features */
  sets: Float32Array;
}

/** The part that `appendFeatures` adds to each row. */
export function featureSets(projection: FeatureProjection, items: readonly FeatureSource[]): FeatureSets {
  const rows = nameRows(projection);
  const numbers = new Map<string, number>();
  const different: Float64Array[] = [];
  const setOf = Int32Array.from(items, (item) => {
    const key = JSON.stringify([item.categories, Object.keys(projection.numerics).map((name) => item.attributes?.[name])]);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, different.length);
    return different.push(featuresOf(item, projection, rows)) - 1;
  });
  const { dimensions: d, share } = projection;
  const sets = new Float32Array(different.length * d);
  for (const [set, features] of different.entries())
    sets.set(
      features.map((value) => Math.sqrt(share) * value),
      set * d,
    );
  return { setOf, sets };
}

/** Factor of the text part of a joined vector. */
export function textScaleOf({ share }: Pick<FeatureProjection, 'share'>): number {
  return Math.sqrt(1 - share);
}

/** [√(1 − share) · text; the set's features]. @param text [d], unit length @param out the joined row goes to `at` */
export function joinRow(projection: FeatureProjection, text: Float32Array, sets: Float32Array, set: number, out: Float32Array, at: number): void {
  const { dimensions: d } = projection;
  const scale = textScaleOf(projection);
  for (let j = 0; j < text.length; j++) out[at + j] = scale * (text[j] as number);
  out.set(sets.subarray(set * d, (set + 1) * d), at + text.length);
}

function featuresOf(item: FeatureSource, projection: FeatureProjection, rowOf: (name: string) => Float64Array): Float64Array {
  const { dimensions, numericShare, numerics, withoutCategories = [] } = projection;
  const sumOf = (parts: readonly (readonly [name: string, value: number])[]): Float64Array => {
    const sum = new Float64Array(dimensions);
    for (const [name, value] of parts) {
      const row = rowOf(name);
      for (let j = 0; j < dimensions; j++) sum[j] = (sum[j] as number) + value * (row[j] as number);
    }
    return makeUnit(sum);
  };
  const counted = [...new Set(item.categories)].filter((name) => !withoutCategories.includes(name));
  const categories = sumOf(counted.map((name) => [`category of ${name}`, 1] as const));
  const numbers = sumOf(
    Object.entries(item.attributes ?? {}).flatMap(([name, value]) => {
      const fitted = numerics[name];
      if (!fitted || !Number.isFinite(value)) return [];
      const standard = Math.max(-MAX_DEVIATIONS, Math.min(MAX_DEVIATIONS, (value - fitted.mean) / fitted.deviation));
      const angle = standard * ANGLE;
      return [[`cosine of ${name}`, Math.cos(angle)] as const, [`sine of ${name}`, Math.sin(angle)] as const];
    }),
  );
  const [numeric, categorical] = [Math.sqrt(numericShare), Math.sqrt(1 - numericShare)];
  return makeUnit(categories.map((value, j) => categorical * value + numeric * (numbers[j] as number)));
}

/** Makes x unit length in place; zero stays zero. */
function makeUnit<T extends Floats>(x: T): T {
  let square = 0;
  for (const value of x) square += value * value;
  if (square > 0) for (let j = 0; j < x.length; j++) x[j] = (x[j] as number) / Math.sqrt(square);
  return x;
}

/** Returns the random row of a name, normal with variance 1/dimensions; each is drawn once. */
function nameRows({ dimensions, seed }: FeatureProjection): (name: string) => Float64Array {
  const known = new Map<string, Float64Array>();
  return (name) => {
    let row = known.get(name);
    if (!row) {
      const random = seededRandom(fnv1a(name, seed));
      row = Float64Array.from({ length: dimensions }, () => gaussian(random) / Math.sqrt(dimensions));
      known.set(name, row);
    }
    return row;
  };
}
