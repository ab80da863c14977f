// Heads that are linear in user and item, so that the index can rank by them: the scaled cosine, and the cosine plus a learnt form of
// low rank.
import { itemsOf } from '../compute/batch.ts';
import type { Floats } from '../compute/cpu/dense.ts';
import { type HeadMath, type HeadPass, type PassContext, pairDots, scaling, takeFrom, viewOf } from './pass.ts';

/** y = s (u·v) + b: only the temperature and the offset are learnt, so it ranks as the cosine does. */
export const dotHead: HeadMath = {
  workspace: (_, { size, candidates }) => [size * candidates],

  bind({ shape, kernels, parameters, gradient, work }) {
    const cosines = takeFrom(work)();
    return {
      forward(batch, logits) {
        pairDots(kernels, batch, batch.users, batch.items, cosines, shape.dimensions, false);
        scaling.forward(parameters, cosines, logits, batch.size * batch.candidates);
      },
      backward(batch, dLogits) {
        scaling.backward(parameters, cosines, dLogits, gradient, batch.size * batch.candidates);
      },
    };
  },
};

/** y = s (u·v + (uᵀA)·(vᵀB)) + b */
export const bilinearHead: HeadMath = {
  workspace({ rank }, limits) {
    const pairs = limits.size * limits.candidates;
    const [userSide, itemSide] = [limits.size * rank, itemsOf(limits) * rank];
    return [pairs, pairs, userSide, itemSide, userSide, itemSide];
  },

  bind<T extends Floats>({ shape, kernels, parameters, gradient, work }: PassContext<T>): HeadPass<T> {
    const { dimensions: d, rank: r } = shape;
    const take = takeFrom(work);
    const [x, scaled, ua, vb, dUa, dVb] = [take(), take(), take(), take(), take(), take()];
    const [a, b, scalars] = split(parameters, d * r);
    const [dA, dB, dScalars] = split(gradient, d * r);
    return {
      forward(batch, logits) {
        kernels.multiply(batch.users, a, ua, batch.size, d, r, false);
        kernels.multiply(batch.items, b, vb, itemsOf(batch), d, r, false);
        pairDots(kernels, batch, batch.users, batch.items, x, d, false);
        pairDots(kernels, batch, ua, vb, x, r, true);
        scaling.forward(scalars, x, logits, batch.size * batch.candidates);
      },
      backward(batch, dLogits) {
        const { size, candidates, shared } = batch;
        const pairs = size * candidates;
        scaling.backward(scalars, x, dLogits, dScalars, pairs);
        const scale = Math.exp(scalars[0] as number);
        for (let p = 0; p < pairs; p++) scaled[p] = scale * (dLogits[p] as number);
        if (shared) {
          kernels.multiply(scaled, vb, dUa, size, candidates, r, false);
          dVb.fill(0, 0, candidates * r);
          kernels.addTransposedProduct(scaled, ua, dVb, size, candidates, r);
        } else {
          weighPairs(scaled, ua, vb, dUa, dVb, size, candidates, r);
        }
        kernels.addTransposedProduct(batch.users, dUa, dA, size, d, r);
        kernels.addTransposedProduct(batch.items, dVb, dB, itemsOf(batch), d, r);
      },
    };
  },
};

/** [A][B][logScale, b] */
function split<T extends Floats>(array: T, length: number): [T, T, T] {
  return [viewOf(array, 0, length), viewOf(array, length, length), viewOf(array, 2 * length, 2)];
}

/** Where each user i has items of its own: dUa[i] = Σ_j g[i, j] vb[i, j] and dVb[i, j] = g[i, j] ua[i], rows of length r. */
function weighPairs(g: Floats, ua: Floats, vb: Floats, dUa: Floats, dVb: Floats, size: number, candidates: number, r: number): void {
  dUa.fill(0, 0, size * r);
  for (let i = 0; i < size; i++) {
    for (let p = i * candidates; p < (i + 1) * candidates; p++) {
      const weight = g[p] as number;
      for (let c = 0; c < r; c++) {
        dUa[i * r + c] = (dUa[i * r + c] as number) + weight * (vb[p * r + c] as number);
        dVb[p * r + c] = weight * (ua[i * r + c] as number);
      }
    }
  }
}
