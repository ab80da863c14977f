// Forward and backward pass of a head over one batch, on any `DenseKernels`: the interface of all heads. Losses are elsewhere.
import { RecommenderError } from '../base/errors.ts';
import type { BatchSize } from '../compute/batch.ts';
import type { DenseKernels, Floats } from '../compute/cpu/dense.ts';
import type { ResolvedShape } from './layout.ts';

/** The vectors of a batch. Pairs are ordered as in `Batch`. */
export interface PassBatch<T extends Floats> {
  size: number;
  candidates: number;
  shared: boolean;
  /** [size × dimensions] */
  users: T;
  /** [shared ? candidates : size × candidates, × dimensions] */
  items: T;
  /** [size] */
  persons: Int32Array;
}

export interface HeadPass<T extends Floats> {
  /** Fills logits [size × candidates] from the current parameters. */
  forward(batch: PassBatch<T>, logits: T): void;
  /** Adds d loss / d parameters to the gradient. @param dLogits [size × candidates] of the batch that went forward last */
  backward(batch: PassBatch<T>, dLogits: T): void;
}

export interface PassContext<T extends Floats> {
  shape: ResolvedShape;
  kernels: DenseKernels<T>;
  /** [parameters] */
  parameters: T;
  /** [parameters] */
  gradient: T;
  /** Arrays of the lengths that `workspace` asked for, in that order. */
  work: readonly T[];
}

/** The arithmetic of one kind of head. */
export interface HeadMath {
  /** Lengths of the arrays that a pass needs for batches up to the limits. */
  workspace(shape: ResolvedShape, limits: BatchSize): number[];
  bind<T extends Floats>(context: PassContext<T>): HeadPass<T>;
}

export function viewOf<T extends Floats>(array: T, offset: number, length: number): T {
  return array.subarray(offset, offset + length) as T;
}

/** Hands out the work arrays in order. */
export function takeFrom<T extends Floats>(work: readonly T[]): () => T {
  let next = 0;
  return () => {
    const array = work[next++];
    if (!array) throw new RecommenderError('bad-argument', `A head's pass needs more than ${work.length} work arrays; use its workspace().`);
    return array;
  };
}

/** The part s x + b that dot, bilinear and mlp share; `scalars` is [logScale][b]. */
export const scaling = {
  forward(scalars: Floats, x: Floats, logits: Floats, pairs: number): void {
    const scale = Math.exp(scalars[0] as number);
    const offset = scalars[1] as number;
    for (let p = 0; p < pairs; p++) logits[p] = scale * (x[p] as number) + offset;
  },

  /** Adds to [d logScale][d b]: d y / d logScale = s x. */
  backward(scalars: Floats, x: Floats, dLogits: Floats, dScalars: Floats, pairs: number): void {
    let product = 0;
    let sum = 0;
    for (let p = 0; p < pairs; p++) {
      const g = dLogits[p] as number;
      product += g * (x[p] as number);
      sum += g;
    }
    dScalars[0] = (dScalars[0] as number) + product * Math.exp(scalars[0] as number);
    dScalars[1] = (dScalars[1] as number) + sum;
  },
};

/** out[pair] = u · v, or += with `add`, over rows of length k: vectors or their projections. */
export function pairDots<T extends Floats>(kernels: DenseKernels<T>, batch: PassBatch<T>, users: T, items: T, out: T, k: number, add: boolean): void {
  const { size, candidates, shared } = batch;
  if (shared) kernels.multiplyTransposed(users, items, out, size, k, candidates, add);
  else kernels.rowDots(users, items, out, size * candidates, k, candidates, add);
}
