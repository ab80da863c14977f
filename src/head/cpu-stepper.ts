// One training step on the CPU: gather, forward, loss, backward, clip, update. The same code runs in plain TypeScript (float32, and
// float64 for gradient checks) and on WASM kernels. Sums have a fixed order, so a run repeats bit for bit.
import { type Batch, itemsOf } from '../compute/batch.ts';
import { cpuSession, type DenseSessionFactory, type Floats } from '../compute/cpu/dense.ts';
import { loadWasmSessions } from '../compute/wasm/dense-session.ts';
import { HEAD_MATH } from './heads.ts';
import { parameterCount, type ResolvedShape, resolveShape, segmentsOf } from './layout.ts';
import { isRanking, lossAndSlopes } from './losses.ts';
import { createOptimiser, stateArrays } from './optimiser.ts';
import { createRegulariser } from './regularise.ts';
import type { Stepper, StepperOptions } from './types.ts';

/** Sets of at most this many values (32 MB) are copied into the session; larger ones stay where they are. */
const RESIDENT_VALUES = 2 ** 23;

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

/**
 * WASM kernels on one memory that holds everything a step reads or writes; plain TypeScript where the engine has no SIMD. Results
 * are those of `createCpuStepper` but for rounding, and repeat bit for bit.
 * @throws out-of-memory; bad-argument, bad-head as `train`
 */
export async function createWasmStepper(options: StepperOptions): Promise<CpuStepper<Float32Array>> {
  return createDenseStepper(options, (await loadWasmSessions()) ?? cpuSession);
}

/** @param session where the arrays lie and the kernels run @throws out-of-memory; bad-argument when kind and sizes of the shape do not fit */
export function createDenseStepper<T extends Floats>(options: StepperOptions, session: DenseSessionFactory<T>): CpuStepper<T> {
  const { set, loss, clipNorm } = options;
  const shape = resolveShape(options.shape);
  const d = shape.dimensions;
  const memory = openMemory(options, shape, session);
  const { kernels, parameters, gradient, users, items, logits, dLogits, allUsers, allItems } = memory;
  const segments = segmentsOf(options.shape);
  const untaught = isRanking(loss) ? segments.filter(({ ranks }) => !ranks) : [];
  const optimiser = createOptimiser(options.optimiser, segments, kernels, parameters, gradient, memory.states);
  const regularise = createRegulariser(options.regularisation ?? {}, segments, kernels, parameters, gradient, memory.reference);
  const pass = HEAD_MATH[shape.kind].bind({ shape, kernels, parameters, gradient, work: memory.work });
  let [lossSum, lossCount] = [0, 0];

  const lossAndGradient = (batch: Batch): number => {
    if (allUsers) kernels.gather(allUsers, batch.userRows, users, d);
    else gather(set.users, batch.userRows, users, d);
    if (allItems) kernels.gather(allItems, batch.itemRows, items, d);
    else gather(set.items, batch.itemRows, items, d);
    const { size, candidates, shared, persons } = batch;
    const inputs = { size, candidates, shared, persons, users, items };
    pass.forward(inputs, logits);
    const value = lossAndSlopes(loss, batch, logits, dLogits);
    gradient.fill(0);
    pass.backward(inputs, dLogits);
    for (const { offset, length } of untaught) gradient.fill(0, offset, offset + length);
    return value + regularise();
  };

  return {
    live: parameters,
    gradient,
    lossAndGradient,
    step(batch, learningRate) {
      lossSum += lossAndGradient(batch);
      lossCount++;
      if (clipNorm !== undefined) {
        const norm = Math.sqrt(kernels.sumOfSquares(gradient, gradient.length));
        if (norm > clipNorm) kernels.scale(gradient, clipNorm / norm, gradient.length);
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

/** Everything a step reads or writes, in one session: start, reference and vectors are copied in once. */
function openMemory<T extends Floats>(options: StepperOptions, shape: ResolvedShape, session: DenseSessionFactory<T>) {
  const { set, limits, initial, regularisation = {} } = options;
  const d = shape.dimensions;
  const count = parameterCount(options.shape);
  const pairs = limits.size * limits.candidates;
  const reference = (regularisation.proximal ?? 0) > 0 ? regularisation.reference : undefined;
  const states = stateArrays(options.optimiser);
  const resident = set.users.length + set.items.length <= RESIDENT_VALUES;
  const batch = [limits.size * d, itemsOf(limits) * d, pairs, pairs];
  const kept = [count, states > 1 ? count : 0, reference ? count : 0, ...(resident ? [set.users.length, set.items.length] : [0, 0])];
  const { kernels, arrays } = session([count, count, ...batch, ...kept, ...HEAD_MATH[shape.kind].workspace(shape, limits)]);
  const [parameters, gradient, users, items, logits, dLogits, ...others] = arrays as [T, T, T, T, T, T, ...T[]];
  const [first, second, ownReference, allUsers, allItems, ...work] = others as [T, T, T, T, T, ...T[]];
  parameters.set(initial);
  if (reference) ownReference.set(reference);
  if (resident) {
    allUsers.set(set.users);
    allItems.set(set.items);
  }
  return {
    ...{ kernels, parameters, gradient, users, items, logits, dLogits, work },
    states: (states > 1 ? [first, second] : [first]) as [T, T?],
    reference: reference && ownReference,
    ...(resident && { allUsers, allItems }),
  };
}

/** Copies rows of `from` [n × d] to the front of `to`. */
function gather(from: Float32Array, rows: Int32Array, to: Floats, d: number): void {
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * d;
    to.set(from.subarray(at, at + d), i * d);
  }
}
