// Heads that are linear in their inputs: ŷ = σ(αᵀ[u; v] + b), and logistic regression on item vectors for each user.
import type { Floats } from '../compute/cpu/dense.ts';
import { type HeadMath, type HeadPass, type PassContext, takeFrom, viewOf } from './pass.ts';

/**
 * y = α_u·u + α_v·v + b. With one α for all (`users` 1), α_u·u + b is the same for every item of a user, so the head ranks
 * the items alike for EVERY user: it learns what is liked in general. One α per user ranks personally.
 */
export const concatLinearHead: HeadMath = affineHead(true);

/** y = w·v + b per user, without the user's vector. */
export const linearProbeHead: HeadMath = affineHead(false);

function affineHead(readsUser: boolean): HeadMath {
  return {
    workspace: () => [1],

    bind<T extends Floats>({ shape, kernels, parameters, gradient, work }: PassContext<T>): HeadPass<T> {
      const d = shape.dimensions;
      const sum = takeFrom(work)();
      const parts = Array.from({ length: shape.users }, (_, person) => ({
        value: split(parameters, person, d, readsUser),
        slope: split(gradient, person, d, readsUser),
      }));
      const partsOf = (persons: Int32Array, i: number) => parts[persons[i] as number] as (typeof parts)[number];
      return {
        forward({ size, candidates, shared, users, items, persons }, logits) {
          for (let i = 0; i < size; i++) {
            const { value } = partsOf(persons, i);
            if (readsUser) kernels.rowDots(value.user, viewOf(users, i * d, d), sum, 1, d, 1, false);
            const own = (readsUser ? (sum[0] as number) : 0) + (value.offset[0] as number);
            const rows = shared ? items : viewOf(items, i * candidates * d, candidates * d);
            kernels.multiplyTransposed(rows, value.item, viewOf(logits, i * candidates, candidates), candidates, d, 1, false);
            for (let p = i * candidates; p < (i + 1) * candidates; p++) logits[p] = (logits[p] as number) + own;
          }
        },
        backward({ size, candidates, shared, users, items, persons }, dLogits) {
          for (let i = 0; i < size; i++) {
            const { slope } = partsOf(persons, i);
            const g = viewOf(dLogits, i * candidates, candidates);
            const rows = shared ? items : viewOf(items, i * candidates * d, candidates * d);
            kernels.multiply(g, rows, slope.item, 1, candidates, d, true);
            let total = 0;
            for (let j = 0; j < candidates; j++) total += g[j] as number;
            slope.offset[0] = (slope.offset[0] as number) + total;
            sum[0] = total;
            if (readsUser) kernels.multiply(sum, viewOf(users, i * d, d), slope.user, 1, 1, d, true);
          }
        },
      };
    },
  };
}

/** One person's parameters: ([α_u])[α_v][b]. */
function split<T extends Floats>(array: T, person: number, d: number, readsUser: boolean) {
  const own = readsUser ? d : 0;
  const at = person * (own + d + 1);
  return { user: viewOf(array, at, own), item: viewOf(array, at + own, d), offset: viewOf(array, at + own + d, 1) };
}
