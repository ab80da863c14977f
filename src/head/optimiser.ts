// SGD with momentum, Adam and AdamW over the flat parameters, on any dense kernels. The learning rate comes with each update.
import { RecommenderError } from '../base/errors.ts';
import type { DenseKernels, Floats } from '../compute/cpu/dense.ts';
import { viewOf } from './pass.ts';
import type { OptimiserSpec, Segment } from './types.ts';

export interface Optimiser {
  update(learningRate: number): void;
}

/** Kingma & Ba 2015. */
export const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** Arrays of as many values as there are parameters that an optimiser keeps between updates. */
export function stateArrays(spec: OptimiserSpec): number {
  return spec.kind === 'sgd' ? 1 : 2;
}

/** @throws bad-argument */
export function checkOptimiser(spec: OptimiserSpec): void {
  const refuse = (want: string, name: string, value: number): never => {
    throw new RecommenderError('bad-argument', `The optimiser '${spec.kind}' takes ${want} for '${name}'; got ${value}.`, { [name]: value });
  };
  const all = { ...ADAM_DEFAULTS, momentum: 0, decay: 0, ...spec };
  for (const name of ['momentum', 'beta1', 'beta2'] as const) {
    if (!(all[name] >= 0 && all[name] < 1)) refuse('a number from 0 to below 1', name, all[name]);
  }
  if (!(all.epsilon > 0)) refuse('a number above 0', 'epsilon', all.epsilon);
  if (!(all.decay >= 0 && all.decay < Number.POSITIVE_INFINITY)) refuse('a number from 0', 'decay', all.decay);
}

/**
 * @param parameters [parameters] changed in place by each update, from @param gradient [parameters]
 * @param state as many zeroed arrays as `stateArrays` says, each [parameters]
 */
export function createOptimiser<T extends Floats>(
  spec: OptimiserSpec,
  segments: readonly Segment[],
  kernels: DenseKernels<T>,
  parameters: T,
  gradient: T,
  [first, second]: readonly [T, T?],
): Optimiser {
  if (spec.kind === 'sgd' || !second) {
    const momentum = spec.kind === 'sgd' ? (spec.momentum ?? 0) : 0;
    return { update: (learningRate) => kernels.momentum(parameters, gradient, first, parameters.length, learningRate, momentum) };
  }
  const { beta1, beta2, epsilon } = { ...ADAM_DEFAULTS, ...spec };
  const parts = decayRuns(spec.kind === 'adamw' ? spec.decay : 0, segments, parameters.length).map(({ offset, length, decay }) => {
    const view = (array: T) => viewOf(array, offset, length);
    return { decay, length, views: [view(parameters), view(gradient), view(first), view(second)] as const };
  });
  let time = 0;
  return {
    update(learningRate) {
      time++;
      for (const { decay, length, views } of parts) kernels.adam(...views, length, { learningRate, beta1, beta2, epsilon, decay, time });
    },
  };
}

/** Runs of parameters with the same decay; one run where nothing decays. */
function decayRuns(decay: number, segments: readonly Segment[], count: number): { offset: number; length: number; decay: number }[] {
  if (decay === 0) return [{ offset: 0, length: count, decay }];
  return segments.map(({ offset, length, decays }) => ({ offset, length, decay: decays ? decay : 0 }));
}
