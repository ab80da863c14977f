// Training on the GPU with the same `Stepper` interface as on the CPU. This file only translates the options for the kernels. The CPU
// stepper is the oracle (gpu-stepper.browser.test.ts).
import { createGpuTrainer, type TrainCounts } from '../compute/webgpu/train.ts';
import type { TrainSpec } from '../compute/webgpu/train-plan.ts';
import { rowsOf } from './heads.ts';
import { checkParameters, resolveShape } from './layout.ts';
import { checkLoss } from './losses.ts';
import { ADAM_DEFAULTS, checkOptimiser } from './optimiser.ts';
import { checkRegularisation } from './regularise.ts';
import type { Stepper, StepperOptions } from './types.ts';

export interface GpuStepper extends Stepper {
  /** Kernel dispatches of one step; a command buffer holds up to 16 steps. */
  readonly dispatchesPerStep: number;
  /** Steps, dispatches, submissions and bytes moved since the start. */
  readonly counts: Readonly<TrainCounts>;
  takeLoss(): Promise<number>;
  parameters(): Promise<Float32Array>;
}

/**
 * Forward, loss, backward and update in 2 dispatches (bilinear, mlp: 4); one more each for several candidates a user, for regularisation
 * or clipping, and for clipping: 7 at most. Training set, parameters and optimiser state are on the device. Sums have a fixed order, so a
 * run repeats bit for bit on the same device; results on other devices and on the CPU differ by rounding.
 * Offsets (and `concat-linear`'s user part) get no slope from a ranking loss, where the true slope is 0.
 *
 * @param device stays the caller's
 * @throws out-of-memory when the set does not fit the device; device-lost; training-failed when the kernels do not compile;
 *   bad-argument, bad-head, bad-vector for options that do not fit together
 */
export async function createGpuStepper(device: GPUDevice, options: StepperOptions): Promise<GpuStepper> {
  const { set, initial, regularisation = {} } = options;
  checkParameters(options.shape, initial);
  checkLoss(options.loss);
  checkOptimiser(options.optimiser);
  checkRegularisation(regularisation, initial.length);
  const reference = (regularisation.proximal ?? 0) > 0 ? regularisation.reference : undefined;
  return createGpuTrainer(device, specOf(options), {
    users: set.users,
    items: set.items,
    initial,
    ...(reference && { reference: Float32Array.from(reference) }),
  });
}

function specOf({ shape, set, limits, initial, loss, optimiser, regularisation = {}, clipNorm }: StepperOptions): TrainSpec {
  const { kind, dimensions, rank, hidden } = resolveShape(shape);
  const { positiveWeight = 1, negativeWeight = 1 } = loss.kind === 'bce' ? loss : {};
  return {
    head: { kind, dimensions, width: Math.max(1, rank, hidden), count: initial.length },
    loss: { kind: loss.kind, positiveWeight, negativeWeight },
    optimiser: { momentum: 0, decay: 0, ...ADAM_DEFAULTS, ...optimiser, kind: optimiser.kind === 'sgd' ? 'sgd' : 'adam' },
    l2: regularisation.l2 ?? 0,
    proximal: regularisation.proximal ?? 0,
    clipNorm,
    limits,
    userCount: rowsOf(set.users, dimensions),
    itemCount: rowsOf(set.items, dimensions),
  };
}
