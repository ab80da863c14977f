// One training step on the processor: gather, forward, loss, backward, clip, update. The same code runs in plain TypeScript
// (float32, and float64 for gradient checks) and on WASM kernels; sums keep their order, so a run can be repeated bit for bit.
import { cpuSession, type DenseSessionFactory, type Floats } from '../compute/cpu/dense.ts';
import { HEAD_MATH } from './heads.ts';
import { parameterCount, resolveShape, segmentsOf } from './layout.ts';
import { lossAndSlopes } from './losses.ts';
import { createOptimiser, stateArrays } from './optimiser.ts';
import { itemsOf } from './pass.ts';
import { addRegularisation } from './regularise.ts';
import type { Batch, Stepper, StepperOptions } from './types.ts';

/** A stepper whose parts can be called alone. */
export interface CpuStepper<T extends Floats> extends Stepper {
  step(batch: Batch, learningRate: number): void;
  takeLoss(): number;
  parameters(): Float32Array;
  /** Loss of a batch; afterwards `gradient` holds its slopes, not clipped. */
  lossAndGradient(batch: Batch): number;
  /** [parameters] the live arrays, not copies */
  readonly live: T;
  readonly gradient: T;
  dispose(): void;
}

/** Plain TypeScript, float32. @throws bad-argument, bad-head as `train` */
export function createCpuStepper(options: StepperOptions): CpuStepper<Float32Array> {
  return createDenseStepper(options, cpuSession);
}

/** @param session where the arrays lie and the kernels run @throws out-of-memory; bad-argument for a shape that is none */
export function createDenseStepper<T extends Floats>(options: StepperOptions, session: DenseSessionFactory<T>): CpuStepper<T> {
  const { set, limits, loss, regularisation = {}, clipNorm } = options;
  const shape = resolveShape(options.shape);
  const d = shape.dimensions;
  const count = parameterCount(options.shape);
  const pairs = limits.size * limits.candidates;
  const states = Array.from({ length: stateArrays(options.optimiser) }, () => count);
  const math = HEAD_MATH[shape.kind];
  const lengths = [count, count, limits.size * d, itemsOf(limits) * d, pairs, pairs, ...states, ...math.workspace(shape, limits)];
  const { kernels, arrays } = session(lengths);
  const [parameters, gradient, users, items, logits, dLogits, first, ...rest] = arrays as [T, T, T, T, T, T, T, ...T[]];
  const second = states.length > 1 ? rest.shift() : undefined;
  parameters.set(options.initial);
  const segments = segmentsOf(options.shape);
  const optimiser = createOptimiser(options.optimiser, segments, kernels, parameters, gradient, [first, second as T]);
  const pass = math.bind({ shape, kernels, parameters, gradient, work: rest });
  let [lossSum, lossCount] = [0, 0];

  const lossAndGradient = (batch: Batch): number => {
    gather(set.users, batch.userRows, users, d);
    gather(set.items, batch.itemRows, items, d);
    const { size, candidates, shared, persons } = batch;
    const inputs = { size, candidates, shared, persons, users, items };
    pass.forward(inputs, logits);
    const value = lossAndSlopes(loss, batch, logits, dLogits);
    gradient.fill(0);
    pass.backward(inputs, dLogits);
    return value + addRegularisation(regularisation, segments, parameters, gradient);
  };

  return {
    live: parameters,
    gradient,
    lossAndGradient,
    step(batch, learningRate) {
      lossSum += lossAndGradient(batch);
      lossCount++;
      if (clipNorm !== undefined) {
        const norm = Math.sqrt(kernels.sumOfSquares(gradient, count));
        if (norm > clipNorm) kernels.scale(gradient, clipNorm / norm, count);
      }
      optimiser.update(learningRate);
    },
    takeLoss() {
      const mean = lossSum / lossCount;
      [lossSum, lossCount] = [0, 0];
      return mean;
    },
    parameters: () => Float32Array.from(parameters),
    dispose() {},
  };
}

/** Copies rows of `from` [n × d] to the front of `to`. */
function gather(from: Float32Array, rows: Int32Array, to: Floats, d: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * d;
    to.set(from.subarray(at, at + d), i * d);
  }
}
