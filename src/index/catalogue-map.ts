// The catalogue as a map: every item is a point in the plane, near the items that resemble it. UMAP (McInnes et al. 2018) for small
// catalogues, principal components for large ones; both in turns of the event loop.
import { UMAP } from 'umap-js';
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import type { Item, ItemId, ProgressCallback } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { topK } from '../compute/cpu/top-k.ts';
import { leadingComponents } from '../language/correction/matrix.ts';

/** With fewer items UMAP has too few neighbours; with more, its layout takes too long. */
const UMAP_ITEMS = { least: 15, most: 3000 } as const;
const NEIGHBOURS = 15;

export interface MapOptions {
  dimensions: number;
  /** Uniform in [0, 1); the same sequence gives the same map. */
  random: () => number;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}

export interface PlaneMap {
  /** [rows], −1 to 1; the wider axis fills the range, the other keeps its proportion. */
  x: Float32Array;
  /** [rows] */
  y: Float32Array;
  method: 'umap' | 'pca';
}

/** A map of the items that have vectors; rows of `x` and `y` are those of `ids`. */
export interface CatalogueMap extends PlaneMap {
  ids: ItemId[];
}

/**
 * @param vectors [rows × dimensions], unit length
 * @throws bad-argument (no row, or lengths that do not fit), aborted
 */
export async function planeMap(vectors: Float32Array, options: MapOptions): Promise<PlaneMap> {
  const { dimensions, signal } = options;
  throwIfAborted(signal, 'Drawing the map');
  const rows = vectors.length / dimensions;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new RecommenderError('bad-argument', `A map needs rows of ${dimensions} values; there are ${vectors.length} values.`, {
      dimensions,
      values: vectors.length,
    });
  }
  const small = rows >= UMAP_ITEMS.least && rows <= UMAP_ITEMS.most;
  const points = small ? await umapPoints(vectors, rows, options) : await principalPoints(vectors, rows, options);
  return { ...scaled(points), method: small ? 'umap' : 'pca' };
}

async function umapPoints(vectors: Float32Array, rows: number, { dimensions, random, signal, onProgress }: MapOptions): Promise<number[][]> {
  const pace = createPacer({ what: 'Drawing the map', signal });
  const { indices, distances } = await nearest(vectors, rows, dimensions, pace);
  const umap = new UMAP({ nComponents: 2, nNeighbors: Math.min(NEIGHBOURS, rows - 1), minDist: 0.15, random });
  umap.setPrecomputedKNN(indices, distances);
  const epochs = umap.initializeFit(Array.from({ length: rows }, (_, row) => Array.from(vectors.subarray(row * dimensions, (row + 1) * dimensions))));
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    onProgress?.({ done: epoch, total: epochs, unit: 'steps' });
    await pace();
  }
  return umap.getEmbedding();
}

/** Each row's nearest rows by 1 − cosine, itself first, as UMAP expects them. */
async function nearest(
  vectors: Float32Array,
  rows: number,
  d: number,
  pace: () => Promise<void> | undefined,
): Promise<{ indices: number[][]; distances: number[][] }> {
  const k = Math.min(NEIGHBOURS, rows - 1);
  const indices: number[][] = [];
  const distances: number[][] = [];
  const scores = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let other = 0; other < rows; other++) {
      scores[other] = other === row ? 1 : -Math.max(0, 1 - dot(vectors, row * d, vectors, other * d, d));
    }
    const near = topK(scores, k);
    indices.push(near.map(({ row: other }) => other));
    distances.push(near.map(({ score }) => Math.max(0, -score)));
    await pace();
  }
  return { indices, distances };
}

/** Coordinates along the two directions of most variance. */
async function principalPoints(vectors: Float32Array, rows: number, { dimensions: d, random, signal }: MapOptions): Promise<number[][]> {
  const pace = createPacer({ what: 'Drawing the map', signal });
  const mean = new Float64Array(d);
  for (let at = 0; at < vectors.length; at++) mean[at % d] = (mean[at % d] as number) + (vectors[at] as number) / rows;
  const covariance = new Float64Array(d * d);
  const centred = new Float64Array(d);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < d; j++) centred[j] = (vectors[row * d + j] as number) - (mean[j] as number);
    for (let i = 0; i < d; i++) {
      const value = centred[i] as number;
      for (let j = i; j < d; j++) covariance[i * d + j] = (covariance[i * d + j] as number) + value * (centred[j] as number);
    }
    await pace();
  }
  const whole = Float32Array.from(covariance, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    return (covariance[Math.min(i, j) * d + Math.max(i, j)] as number) / rows;
  });
  // Right singular vectors of a symmetric matrix are its eigenvectors. The prior is random and has weight 0: it only starts the search.
  const axes = leadingComponents(
    whole,
    d,
    Float32Array.from({ length: d }, () => random() - 0.5),
    0,
    2,
  );
  const along = (row: number, axis: number): number => {
    let sum = 0;
    if (axis * d < axes.length)
      for (let j = 0; j < d; j++) sum += ((vectors[row * d + j] as number) - (mean[j] as number)) * (axes[axis * d + j] as number);
    return sum;
  };
  return Array.from({ length: rows }, (_, row) => [along(row, 0), along(row, 1)]);
}

/** A map of the items that have vectors. @param rows [items × dimensions], zero for items without @throws not-ready, aborted */
export async function catalogueMap(items: readonly Item[], rows: Float32Array, options: MapOptions): Promise<CatalogueMap> {
  const { dimensions: d } = options;
  const present = items.flatMap((_, row) => (dot(rows, row * d, rows, row * d, d) > 0 ? [row] : []));
  if (present.length === 0) throw new RecommenderError('not-ready', 'No item has a vector yet. Wait for the status "ready".');
  const vectors = new Float32Array(present.length * d);
  for (const [at, row] of present.entries()) vectors.set(rows.subarray(row * d, (row + 1) * d), at * d);
  return { ids: present.flatMap((row) => items[row]?.id ?? []), ...(await planeMap(vectors, options)) };
}

function scaled(points: readonly number[][]): { x: Float32Array; y: Float32Array } {
  const valuesOf = (axis: number): number[] => points.map((point) => point[axis] ?? 0);
  const range = (values: readonly number[]): { middle: number; half: number } => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
    return { middle: (low + high) / 2, half: (high - low) / 2 };
  };
  const [horizontal, vertical] = [range(valuesOf(0)), range(valuesOf(1))];
  const half = Math.max(horizontal.half, vertical.half) || 1;
  const toUnit = (axis: number, { middle }: { middle: number }): Float32Array =>
    Float32Array.from(valuesOf(axis), (value) => (value - middle) / half);
  return { x: toUnit(0, horizontal), y: toUnit(1, vertical) };
}
