// L2 and the pull towards given parameters (a proximal term), added to loss and gradient.
import { RecommenderError } from '../base/errors.ts';
import type { DenseKernels, Floats } from '../compute/cpu/dense.ts';
import { viewOf } from './pass.ts';
import type { Regularisation, Segment } from './types.ts';

/** @throws bad-argument for a negative strength, or a proximal term without a reference of the right length */
export function checkRegularisation({ l2 = 0, proximal = 0, reference }: Regularisation, parameterCount: number): void {
  for (const [name, value] of Object.entries({ l2, proximal })) {
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new RecommenderError('bad-argument', `'${name}' must be a number from 0; got ${value}.`, { [name]: value });
    }
  }
  if (proximal > 0 && reference?.length !== parameterCount) {
    const message = `The proximal term needs ${parameterCount} reference parameters; got ${reference?.length ?? 'none'}.`;
    throw new RecommenderError('bad-argument', message, { parameterCount });
  }
}

/**
 * @param parameters [parameters] and @param gradient [parameters]: the live arrays
 * @param reference [parameters] of the same session, where there is a proximal term
 * @returns a function that adds the slopes to the gradient and returns l2/2 · Σ θ² (segments that decay) + proximal/2 · Σ (θ − reference)² (all)
 */
export function createRegulariser<T extends Floats>(
  { l2 = 0, proximal = 0 }: Regularisation,
  segments: readonly Segment[],
  kernels: DenseKernels<T>,
  parameters: T,
  gradient: T,
  reference: T | undefined,
): () => number {
  const views = ({ offset, length }: Segment) => ({ x: viewOf(parameters, offset, length), slopes: viewOf(gradient, offset, length), length });
  const decaying = l2 > 0 ? segments.filter(({ decays }) => decays).map(views) : [];
  return () => {
    let total = 0;
    for (const { x, slopes, length } of decaying) total += (l2 / 2) * kernels.pull(x, undefined, slopes, length, l2);
    if (proximal > 0 && reference) total += (proximal / 2) * kernels.pull(parameters, reference, gradient, parameters.length, proximal);
    return total;
  };
}
