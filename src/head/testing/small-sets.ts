// Small seeded training sets and batches for the tests of this room. No test framework in here.

import { gaussian, seededRandom } from '../../base/random.ts';
import type { Batch } from '../../compute/batch.ts';
import { createBatchSource } from '../batches.ts';
import type { HeadShape, LossSpec, TrainingSet } from '../types.ts';

/** A shape of each kind, small enough for finite differences over every parameter. */
export const SMALL_SHAPES: readonly HeadShape[] = [
  { kind: 'concat-linear', dimensions: 5 },
  { kind: 'concat-linear', dimensions: 5, users: 3 },
  { kind: 'dot', dimensions: 5 },
  { kind: 'bilinear', dimensions: 5, rank: 2 },
  { kind: 'mlp', dimensions: 5, hidden: 3 },
  { kind: 'linear-probe', dimensions: 5, users: 3 },
];

/** Every loss, in each form of batch that it can meet. */
export const SMALL_LOSSES: readonly { name: string; loss: LossSpec; givenNegatives?: number }[] = [
  { name: 'mse', loss: { kind: 'mse' } },
  { name: 'bce', loss: { kind: 'bce', positiveWeight: 2, negativeWeight: 0.5 } },
  { name: 'bpr, drawn', loss: { kind: 'bpr', negatives: 2 } },
  { name: 'bpr, given', loss: { kind: 'bpr', negatives: 3 }, givenNegatives: 3 },
  { name: 'softmax, in the batch', loss: { kind: 'softmax' } },
  { name: 'softmax, in the batch and drawn', loss: { kind: 'softmax', negatives: 3 } },
  { name: 'softmax, given', loss: { kind: 'softmax' }, givenNegatives: 2 },
];

/** Rows of unit length. @returns [rows × dimensions] */
export function unitVectors(rows: number, dimensions: number, random: () => number): Float32Array {
  const out = new Float32Array(rows * dimensions);
  for (let at = 0; at < out.length; at += dimensions) {
    const row = Float64Array.from({ length: dimensions }, () => gaussian(random));
    const length = Math.hypot(...row);
    out.set(
      row.map((value) => value / length),
      at,
    );
  }
  return out;
}

export interface SmallSetOptions {
  persons: number;
  items: number;
  examples: number;
  dimensions: number;
  seed: number;
  givenNegatives?: number | undefined;
}

/** Persons with a hidden taste (a random matrix of rank 2 between user and item); label 1 where taste says so. */
export function smallSet({ persons, items, examples, dimensions, seed, givenNegatives }: SmallSetOptions): TrainingSet {
  const random = seededRandom(seed);
  const set = {
    users: unitVectors(persons, dimensions, random),
    items: unitVectors(items, dimensions, random),
    userRow: Int32Array.from({ length: examples }, (_, e) => e % persons),
    itemRow: Int32Array.from({ length: examples }, () => Math.floor(random() * items)),
    weight: Float32Array.from({ length: examples }, () => 0.5 + random()),
  };
  const [left, right] = [unitVectors(2, dimensions, random), unitVectors(2, dimensions, random)];
  const at = (matrix: Float32Array, i: number, vectors: Float32Array, row: number): number => {
    let sum = 0;
    for (let j = 0; j < dimensions; j++) sum += (matrix[i * dimensions + j] as number) * (vectors[row * dimensions + j] as number);
    return sum;
  };
  const label = Float32Array.from({ length: examples }, (_, e) => {
    const [user, item] = [set.userRow[e] as number, set.itemRow[e] as number];
    const taste = [0, 1].reduce((sum, i) => sum + at(left, i, set.users, user) * at(right, i, set.items, item), 0);
    return taste > 0 ? 1 : 0;
  });
  const negatives = givenNegatives && Int32Array.from({ length: examples * givenNegatives }, () => Math.floor(random() * items));
  return { ...set, label, ...(negatives && { negatives }) };
}

/** The first batch of a set. */
export function firstBatch(set: TrainingSet, shape: HeadShape, loss: LossSpec, batchSize: number): { batch: Batch; limits: Batch } {
  const items = set.items.length / shape.dimensions;
  const source = createBatchSource(set, items, { loss, batchSize, random: seededRandom(3), personal: (shape.users ?? 1) > 1 });
  for (const batch of source.epoch()) return { batch, limits: { ...batch, ...source.limits } };
  throw new Error('The set has no batch.');
}

/** Parameters that are not near zero anywhere, so that every path carries a slope. */
export function wideParameters(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => 0.7 * gaussian(random));
}

/** ‖x − y‖ / ‖y‖ */
export function relativeError(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [difference, length] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    difference += ((x[i] as number) - (y[i] as number)) ** 2;
    length += (y[i] as number) ** 2;
  }
  return Math.sqrt(difference / length);
}
