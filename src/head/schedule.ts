// The learning rate of each step: warm-up, then constant, linear or cosine decay (Loshchilov & Hutter 2017, without restarts).
import { RecommenderError } from '../base/errors.ts';
import type { ScheduleSpec } from './types.ts';

/** @throws bad-argument */
export function checkSchedule({ peak, warmUpSteps = 0, floor = 0 }: ScheduleSpec): void {
  const fine = peak > 0 && peak < Number.POSITIVE_INFINITY && warmUpSteps >= 0 && floor >= 0 && floor <= peak;
  if (!fine) {
    const message = `A schedule takes a peak above 0, warm-up steps from 0 and a floor from 0 to the peak; got ${peak}, ${warmUpSteps}, ${floor}.`;
    throw new RecommenderError('bad-argument', message, { peak, warmUpSteps, floor });
  }
}

/**
 * @param step from 0 @param steps of the whole training
 * @returns peak · (step + 1) / warmUpSteps during the warm-up, `floor` at the last step where the rate decays
 */
export function learningRateAt({ peak, warmUpSteps = 0, decay = 'constant', floor = 0 }: ScheduleSpec, step: number, steps: number): number {
  if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
  const progress = Math.min(1, (step - warmUpSteps) / Math.max(1, steps - 1 - warmUpSteps));
  if (decay === 'linear') return peak + (floor - peak) * progress;
  if (decay === 'cosine') return floor + ((peak - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
  return peak;
}
