// A linear map per language that moves its centred and projected texts onto their translations: it removes what centring leaves.
import { groupBy } from '../../base/group-by.ts';
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';
import type { Translations } from './covariances.ts';
import { addOuterProducts, cholesky, mirror, solveLower, solveLowerTransposed } from './matrix.ts';

/** The prior, that a map is the identity, weighs as much as so many translated rows of a language. */
export const MAP_STRENGTH = 800;
/** Languages with fewer translated rows get no map: it would be within a tenth of the identity. */
const LEAST_ROWS = 100;
/** A map is d² numbers: only the languages with most rows get one. */
const MOST_MAPS = 32;

/**
 * Languages that get a map, most rows first, with the positions of their rows.
 * @param languages tag of each position
 */
export function languagesToMap(languages: readonly (string | undefined)[], items: Translations): Map<string, number[]> {
  const largest = [...groupBy(items.flat(), (place) => languages[place])]
    .flatMap(([tag, places]) => (tag !== undefined && places.length >= LEAST_ROWS ? [[tag, places] as const] : []))
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return new Map(largest.slice(0, MOST_MAPS));
}

/**
 * Ridge regression of each language's rows z on the unit mean t of the item's rows in all languages, shrunk to the
 * identity: D = (Zᵀ Z + k V)⁻¹ Zᵀ (T − c Z), M = I + D / c, with V the mean of z² a dimension (the basis makes dimensions nearly
 * uncorrelated), c the mean of t · z and k = `MAP_STRENGTH`.
 * @param rows [places × d], unit length, projected
 * @param wanted places of each language's rows, as `languagesToMap` gives them
 * @returns [d × d] by language, to be applied as z M
 */
export function fitMaps(
  rows: Float32Array,
  d: number,
  items: Translations,
  wanted: ReadonlyMap<string, readonly number[]>,
): Map<string, Float32Array> {
  const { targets, spread, cosine } = targetsOf(rows, d, items);
  const maps = new Map<string, Float32Array>();
  if (!(cosine > 0)) return maps;
  // In coordinates z / √V the ridge is the same in every dimension: D̃ = (Z̃ᵀ Z̃ + k I)⁻¹ Z̃ᵀ (T − c Z), D = V^-1/2 D̃.
  const scale = Float32Array.from(spread, (v) => (v > 0 ? 1 / Math.sqrt(v) : 0));
  for (const [tag, places] of wanted) {
    const z = new Float32Array(places.length * d);
    const residual = new Float32Array(places.length * d);
    places.forEach((place, i) => {
      for (let j = 0; j < d; j++) {
        const value = rows[place * d + j] as number;
        z[i * d + j] = value * (scale[j] as number);
        residual[i * d + j] = (targets[place * d + j] as number) - cosine * value;
      }
    });
    const change = places.length < d ? ridgeByRows(z, residual, d) : ridgeByDimensions(z, residual, d);
    if (change) maps.set(tag, mapOf(change, d, scale, cosine));
  }
  return maps;
}

/**
 * `targets` [positions × d]: unit mean of the item's rows, at each of its rows. The own row is included: without it two languages could
 * swap places. `spread` [d]: mean of z² a dimension. `cosine`: mean cosine of rows with their targets.
 */
function targetsOf(rows: Float32Array, d: number, items: Translations) {
  const targets = new Float32Array(rows.length);
  const spread = new Float64Array(d);
  let cosines = 0;
  let count = 0;
  for (const item of items) {
    const sum = new Float32Array(d);
    for (const place of item) for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + (rows[place * d + j] as number);
    const unit = normalizeRows(sum, d);
    for (const place of item) {
      const target = targets.subarray(place * d, (place + 1) * d);
      target.set(unit);
      for (let j = 0; j < d; j++) {
        const value = rows[place * d + j] as number;
        spread[j] = (spread[j] as number) + value * value;
      }
      cosines += dot(target, 0, rows, place * d, d);
      count++;
    }
  }
  return { targets, spread: spread.map((value) => value / count), cosine: cosines / count };
}

/** (Zᵀ Z + k I)⁻¹ Zᵀ R. @param z, r [n × d] @returns [d × d] */
function ridgeByDimensions(z: Float32Array, r: Float32Array, d: number): Float64Array | undefined {
  const left = new Float64Array(d * d);
  addOuterProducts(left, z, z, d, true);
  mirror(left, d);
  for (let i = 0; i < d; i++) left[i * d + i] = (left[i * d + i] as number) + MAP_STRENGTH;
  const right = new Float64Array(d * d);
  addOuterProducts(right, z, r, d, false);
  const lower = cholesky(left, d);
  return lower && solveLowerTransposed(lower, solveLower(lower, right, d, d), d, d);
}

/** The same as Zᵀ (Z Zᵀ + k I)⁻¹ R: cheaper for fewer rows than dimensions. */
function ridgeByRows(z: Float32Array, r: Float32Array, d: number): Float64Array | undefined {
  const n = z.length / d;
  const left = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = a; b < n; b++) left[a * n + b] = dot(z, a * d, z, b * d, d);
  mirror(left, n);
  for (let i = 0; i < n; i++) left[i * n + i] = (left[i * n + i] as number) + MAP_STRENGTH;
  const lower = cholesky(left, n);
  if (!lower) return undefined;
  const solved = Float32Array.from(solveLowerTransposed(lower, solveLower(lower, Float64Array.from(r), n, d), n, d));
  const change = new Float64Array(d * d);
  addOuterProducts(change, z, solved, d, false);
  return change;
}

/** I + V^-1/2 D̃ / c */
function mapOf(change: Float64Array, d: number, scale: Float32Array, c: number): Float32Array {
  const map = new Float32Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) map[i * d + j] = ((change[i * d + j] as number) * (scale[i] as number)) / c + (i === j ? 1 : 0);
  }
  return map;
}
