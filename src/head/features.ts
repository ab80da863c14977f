// Numeric attributes and categories as extra dimensions of the item vector, so that every head and the index use them as they
// use the text: x = [√(1 − share) · text; √share · features], both parts of unit length. u·v of two such vectors is then
// (1 − share) · cosine of the texts + share · cosine of the features, and an item without features just lacks that part.

import { RecommenderError } from '../base/errors.ts';
import { fnv1a } from '../base/hash.ts';
import { gaussian, seededRandom } from '../base/random.ts';
import type { Floats } from './types.ts';

/** What an item says besides its text; fields as in `Item`. */
export interface FeatureSource {
  categories: readonly string[];
  attributes?: Readonly<Record<string, number>>;
}

export interface FeatureOptions {
  /** Extra dimensions. Two different features then have a cosine of about ±1/√dimensions. 32 when absent. */
  dimensions?: number;
  /** Part of u·v that the features decide, 0 to 1. 0.2 when absent. */
  share?: number;
  /** Of all numbers together against all categories together. 0.5 when absent. */
  numericShare?: number;
  /** Of the projection. 1 when absent. */
  seed?: number;
}

/** Everything that turns an item's features into numbers; structured-cloneable and small. */
export interface FeatureProjection {
  dimensions: number;
  share: number;
  numericShare: number;
  seed: number;
  /** Mean and standard deviation of each attribute over the items that have it. */
  numerics: Readonly<Record<string, { mean: number; deviation: number }>>;
}

/** Standardised numbers are cut here, so that one wild value does not press all others together. */
const MAX_DEVIATIONS = 3;
/** Radians a standard deviation: ±3 lie opposite to each other. */
const ANGLE = Math.PI / (2 * MAX_DEVIATIONS);

/**
 * Fits the standardisation of each numeric attribute; one that never varies is left out.
 * @throws bad-argument for options out of range
 */
export function fitFeatures(items: readonly FeatureSource[], options: FeatureOptions = {}): FeatureProjection {
  const { dimensions = 32, share = 0.2, numericShare = 0.5, seed = 1 } = options;
  if (!(Number.isInteger(dimensions) && dimensions > 0 && share >= 0 && share <= 1 && numericShare >= 0 && numericShare <= 1)) {
    const message = `Features take whole dimensions from 1 and shares of 0 to 1; got ${dimensions}, ${share}, ${numericShare}.`;
    throw new RecommenderError('bad-argument', message, { dimensions, share, numericShare });
  }
  const values = new Map<string, number[]>();
  for (const { attributes = {} } of items) {
    for (const [name, value] of Object.entries(attributes)) {
      if (!Number.isFinite(value)) continue;
      const known = values.get(name);
      if (known) known.push(value);
      else values.set(name, [value]);
    }
  }
  const numerics: Record<string, { mean: number; deviation: number }> = {};
  for (const [name, list] of values) {
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / list.length);
    if (deviation > 0) numerics[name] = { mean, deviation };
  }
  return { dimensions, share, numericShare, seed, numerics };
}

/**
 * Joins the features to text vectors. Categories are a multi-hot vector. A number is standardised, cut at z = ±3 and laid on a
 * half circle as (cos, sin) of zπ/6, so that two items' cosine for it is cos((z − z')π/6): 1 for the same value, 0 three deviations
 * apart, and learnable as more or less; nothing where it is missing. Each name meets seeded rows of random numbers (a Gaussian
 * random projection; Dasgupta & Gupta 2003), so no list of names is kept and new categories need no fit. The sums over categories
 * and over numbers are made unit length, weighed √(1 − numericShare) and √numericShare, added, and made unit length again.
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

/** Features of a catalogue, those of items that say the same held once. */
export interface FeatureSets {
  /** [items] */
  setOf: Int32Array;
  /** [sets × projection.dimensions] as they are joined: of length √share, or zero where an item says nothing. */
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

/** What the text part of a joined vector is multiplied by. */
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
  const { dimensions, numericShare, numerics } = projection;
  const sumOf = (parts: readonly (readonly [name: string, value: number])[]): Float64Array => {
    const sum = new Float64Array(dimensions);
    for (const [name, value] of parts) {
      const row = rowOf(name);
      for (let j = 0; j < dimensions; j++) sum[j] = (sum[j] as number) + value * (row[j] as number);
    }
    return makeUnit(sum);
  };
  const categories = sumOf([...new Set(item.categories)].map((name) => [`category of ${name}`, 1] as const));
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

/** The random row of a name, remembered: normal with variance 1/dimensions. */
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
