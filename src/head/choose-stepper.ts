// Decides where heads are trained: on the GPU only where a step of this shape and batch has been measured to be faster there.
// A GPU that fails while it is measured costs nothing but the measurement.
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { gaussian, seededRandom } from '../base/random.ts';
import { type Batch, itemsOf } from '../compute/batch.ts';
import { parameterCount, resolveShape } from './layout.ts';
import type { Stepper, StepperOptions, TrainingSet } from './types.ts';

export type StepperFactory = (options: StepperOptions) => Stepper | Promise<Stepper>;

/** All that the cost of a step depends on. */
export type PlannedTraining = Pick<StepperOptions, 'shape' | 'limits' | 'loss' | 'optimiser' | 'regularisation' | 'clipNorm'>;

export interface ChooseStepperOptions {
  /** Absent: the CPU. */
  device?: GPUDevice;
  /** Of the device's adapter; it computes on the CPU then, slower than the CPU path does. */
  isSoftware: boolean;
  createCpu: StepperFactory;
  createGpu?: (device: GPUDevice, options: StepperOptions) => Promise<Stepper>;
  /** The training that is to run: its steps are timed. */
  training: PlannedTraining;
  /** Milliseconds; performance.now when absent. */
  clock?: () => number;
  signal?: AbortSignal;
}

export interface StepperChoice {
  where: 'cpu' | 'gpu';
  createStepper: StepperFactory;
  /** One sentence, for the status. */
  reason: string;
  /** Of one step, where both were measured. */
  cpuMs?: number;
  gpuMs?: number;
}

/** Steps before the clock starts: they compile, and fill caches. */
const WARM_UP_STEPS = 2;
const TIMED_STEPS = 8;
/** The timed steps of a device end after this long. */
const MOST_MS = 200;

/**
 * @returns the factory for `train`, and why it was chosen
 * @throws aborted; bad-argument for a shape that is none; whatever the CPU throws
 */
export async function chooseStepper(options: ChooseStepperOptions): Promise<StepperChoice> {
  const { device, isSoftware, createCpu, createGpu, signal } = options;
  const onCpu = (why: string, times = {}): StepperChoice => ({
    where: 'cpu',
    createStepper: createCpu,
    reason: `Heads train on the CPU: ${why}.`,
    ...times,
  });
  if (!device) return onCpu('there is no WebGPU device');
  if (isSoftware) return onCpu('the WebGPU adapter computes in software');
  if (!createGpu) return onCpu('training has no WebGPU path here');
  const trial = trialOf(options.training);
  const createOnDevice = (wanted: StepperOptions) => createGpu(device, wanted);
  const cpuMs = await stepMs(createCpu, trial, options);
  let gpuMs: number;
  try {
    gpuMs = await stepMs(createOnDevice, trial, options);
  } catch (error) {
    throwIfAborted(signal, 'Choosing a device');
    return onCpu(`the GPU could not be measured (${messageOf(error).replace(/\.$/, '')})`);
  }
  const times = { cpuMs, gpuMs };
  const measured = { cpu: `${cpuMs.toFixed(2)} ms`, gpu: `${gpuMs.toFixed(2)} ms` };
  if (!(gpuMs < cpuMs)) return onCpu(`a step took ${measured.cpu} there and ${measured.gpu} on the GPU`, times);
  const reason = `Heads train on the GPU: a step took ${measured.gpu} there and ${measured.cpu} on the CPU.`;
  return { where: 'gpu', createStepper: createOnDevice, reason, ...times };
}

interface Trial {
  options: StepperOptions;
  batch: Batch;
}

/** Mean milliseconds of a step, waiting for the device included. */
async function stepMs(
  create: StepperFactory,
  { options, batch }: Trial,
  { clock = () => performance.now(), signal }: ChooseStepperOptions,
): Promise<number> {
  const pace = createPacer({ what: 'Choosing a device', clock, signal });
  const stepper = await create(options);
  const run = async (steps: number): Promise<number> => {
    const startMs = clock();
    let done = 0;
    while (done < steps && (done === 0 || clock() - startMs < MOST_MS)) {
      throwIfAborted(signal, 'Choosing a device');
      await stepper.step(batch, 1e-3);
      done++;
      await pace();
    }
    const loss = await stepper.takeLoss();
    if (!Number.isFinite(loss)) throw new RecommenderError('training-failed', `the loss of a trial step was ${loss}`);
    return (clock() - startMs) / done;
  };
  try {
    await run(WARM_UP_STEPS);
    return await run(TIMED_STEPS);
  } finally {
    stepper.dispose();
  }
}

/** A seeded set just large enough for one batch of the largest size. */
function trialOf({ shape, limits, loss, optimiser, regularisation, clipNorm }: PlannedTraining): Trial {
  const { dimensions } = resolveShape(shape);
  const { size } = limits;
  const random = seededRandom(1);
  const rows = (count: number) => Float32Array.from({ length: count * dimensions }, () => gaussian(random) / Math.sqrt(dimensions));
  const upTo = (count: number) => Int32Array.from({ length: count }, (_, i) => i);
  const ones = new Float32Array(size).fill(1);
  const items = itemsOf(limits);
  const set: TrainingSet = {
    users: rows(size),
    items: rows(items),
    userRow: upTo(size),
    itemRow: upTo(size).map((i) => i % items),
    label: ones,
    weight: ones,
  };
  const initial = Float32Array.from({ length: parameterCount(shape) }, () => 0.1 * gaussian(random));
  const batch: Batch = {
    ...limits,
    userRows: set.userRow,
    itemRows: upTo(items),
    persons: new Int32Array(size),
    labels: ones,
    weights: ones,
  };
  const extras = { ...(regularisation && { regularisation }), ...(clipNorm !== undefined && { clipNorm }) };
  return { options: { shape, set, limits, initial, loss, optimiser, ...extras }, batch };
}
