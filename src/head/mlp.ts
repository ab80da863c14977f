// y = s (u·v) + silu([u; v; u∘v]ᵀ W + b₁)·w₂ + b: one hidden layer beside the cosine. Not linear in v: it re-scores a
// shortlist, the index cannot rank by it. The three row blocks of W are multiplied one by one, so [u; v; u∘v] is never stored.
import { type BatchSize, itemsOf } from '../compute/batch.ts';
import type { Floats } from '../compute/cpu/dense.ts';
import { type HeadMath, type HeadPass, type PassBatch, type PassContext, pairDots, scaling, takeFrom, viewOf } from './pass.ts';

export const mlpHead: HeadMath = {
  workspace({ dimensions: d, hidden: h }, limits) {
    const pairs = limits.size * limits.candidates;
    const [userSide, itemSide] = [limits.size * h, itemsOf(limits) * h];
    return [pairs, pairs, blockPairs(limits) * d, pairs * h, pairs * h, pairs * h, pairs * h, userSide, limits.shared ? itemSide : 0];
  },

  bind<T extends Floats>({ shape, kernels, parameters, gradient, work }: PassContext<T>): HeadPass<T> {
    const { dimensions: d, hidden: h } = shape;
    const take = takeFrom(work);
    const [cosines, ones, products] = [take(), take(), take()];
    const [before, gates, after, dBefore] = [take(), take(), take(), take()];
    const [userSide, itemSide] = [take(), take()];
    const value = split(parameters, d * h, h);
    const slope = split(gradient, d * h, h);
    ones.fill(1);

    /** Calls with u∘v of some pairs in `products`: all at once, or user by user where the items are shared. */
    const eachBlock = (batch: PassBatch<T>, work: (first: number, pairs: number) => void): void => {
      const { size, candidates, shared, users, items } = batch;
      const pairs = blockPairs(batch);
      for (let first = 0; first < size * candidates; first += pairs) {
        const user = shared ? viewOf(users, (first / candidates) * d, d) : users;
        kernels.rowProducts(user, items, products, pairs, d, candidates);
        work(first, pairs);
      }
    };

    return {
      forward(batch, logits) {
        const { size, candidates, shared, users, items } = batch;
        const pairs = size * candidates;
        pairDots(kernels, batch, users, items, cosines, d, false);
        scaling.forward(value.scalars, cosines, logits, pairs);
        kernels.multiply(users, value.user, userSide, size, d, h, false);
        if (shared) kernels.multiply(items, value.item, itemSide, candidates, d, h, false);
        else kernels.multiply(items, value.item, before, pairs, d, h, false);
        eachBlock(batch, (first, count) => {
          kernels.multiply(products, value.product, viewOf(before, first * h, count * h), count, d, h, !shared);
        });
        addSides(before, value.offsets, userSide, shared ? itemSide : undefined, batch, h);
        kernels.silu(before, gates, after, pairs * h);
        kernels.multiplyTransposed(after, value.output, logits, pairs, h, 1, true);
      },

      backward(batch, dLogits) {
        const { size, candidates, shared, users, items } = batch;
        const pairs = size * candidates;
        scaling.backward(value.scalars, cosines, dLogits, slope.scalars, pairs);
        kernels.multiply(dLogits, after, slope.output, 1, pairs, h, true);
        kernels.siluBackward(dLogits, value.output, before, gates, dBefore, pairs, h);
        kernels.multiply(ones, dBefore, slope.offsets, 1, pairs, h, true);
        for (let i = 0; i < size; i++) {
          const rows = viewOf(dBefore, i * candidates * h, candidates * h);
          kernels.multiply(ones, rows, viewOf(userSide, i * h, h), 1, candidates, h, false);
        }
        kernels.addTransposedProduct(users, userSide, slope.user, size, d, h);
        if (shared) {
          // Seen as [size × (candidates · h)], the sum over users is one row.
          kernels.multiply(ones, dBefore, itemSide, 1, size, candidates * h, false);
          kernels.addTransposedProduct(items, itemSide, slope.item, candidates, d, h);
        } else {
          kernels.addTransposedProduct(items, dBefore, slope.item, pairs, d, h);
        }
        eachBlock(batch, (first, count) => {
          kernels.addTransposedProduct(products, viewOf(dBefore, first * h, count * h), slope.product, count, d, h);
        });
      },
    };
  },
};

/** Pairs whose u∘v are held at a time. */
function blockPairs({ size, candidates, shared }: BatchSize): number {
  return shared ? candidates : size * candidates;
}

function split<T extends Floats>(array: T, block: number, h: number) {
  return {
    user: viewOf(array, 0, block),
    item: viewOf(array, block, block),
    product: viewOf(array, 2 * block, block),
    offsets: viewOf(array, 3 * block, h),
    output: viewOf(array, 3 * block + h, h),
    scalars: viewOf(array, 3 * block + 2 * h, 2),
  };
}

/** before[pair] += offsets + the user's side + the item's side where that is given; rows of length h. */
function addSides(before: Floats, offsets: Floats, userSide: Floats, itemSide: Floats | undefined, batch: BatchSize, h: number): void {
  const { size, candidates } = batch;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < candidates; j++) {
      const at = (i * candidates + j) * h;
      for (let c = 0; c < h; c++) {
        const ofItem = itemSide ? (itemSide[j * h + c] as number) : 0;
        before[at + c] = (before[at + c] as number) + (userSide[i * h + c] as number) + (offsets[c] as number) + ofItem;
      }
    }
  }
}
