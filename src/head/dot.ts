// y = s (u·v) + b: only the temperature and the offset are learnt, so it never ranks differently from the cosine.
import { type HeadMath, pairDots, scaling, takeFrom } from './pass.ts';

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
