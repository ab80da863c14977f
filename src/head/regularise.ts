// L2 and the pull towards given parameters (a proximal term), added to loss and gradient.
import { RecommenderError } from '../base/errors.ts';
import type { Floats, Regularisation, Segment } from './types.ts';

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

/** Adds the slopes to the gradient. @returns l2/2 · Σ θ² (segments that decay) + proximal/2 · Σ (θ − reference)² (all) */
export function addRegularisation(spec: Regularisation, segments: readonly Segment[], parameters: Floats, gradient: Floats): number {
  const { l2 = 0, proximal = 0, reference } = spec;
  let total = 0;
  if (l2 > 0) {
    for (const { offset, length, decays } of segments) {
      if (decays) total += pull(l2, parameters, gradient, offset, offset + length);
    }
  }
  if (proximal > 0 && reference) total += pull(proximal, parameters, gradient, 0, parameters.length, reference);
  return total;
}

function pull(strength: number, parameters: Floats, gradient: Floats, from: number, to: number, reference?: Floats): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const distance = (parameters[i] as number) - (reference ? (reference[i] as number) : 0);
    sum += distance * distance;
    gradient[i] = (gradient[i] as number) + strength * distance;
  }
  return (strength / 2) * sum;
}
