// One training run on a GPU. The training set, the parameters and the optimiser state stay there. Batches go up, several steps per
// submission; nothing comes back until the caller asks for the loss or the parameters.
import { messageOf, RecommenderError } from '../../base/errors.ts';
import type { Batch, BatchSize } from '../batch.ts';
import { deviceLost, openDevice } from './device.ts';
import { PARAMS_STRIDE } from './kernels/kernel.ts';
import { createTrainKernels, type TrainBuffers, type TrainKernels } from './kernels/train.ts';
import { write } from './shard.ts';
import { packBatch, type TrainRates } from './train-batch.ts';
import { padParameters, padVectors, unpadParameters } from './train-layout.ts';
import { planTraining, type TrainPlan, type TrainSpec } from './train-plan.ts';

/** Work and traffic with the device since the run began. */
export interface TrainCounts {
  steps: number;
  dispatches: number;
  submissions: number;
  bytesUp: number;
  bytesDown: number;
}

interface GpuTrainer {
  readonly dispatchesPerStep: number;
  readonly counts: Readonly<TrainCounts>;
  /** Queues a step; waits only while two submissions are unfinished. @throws device-lost, bad-argument after dispose */
  step(batch: Batch, learningRate: number): void | Promise<void>;
  /** Mean loss of the steps since the last call; NaN stays NaN. @throws device-lost */
  takeLoss(): Promise<number>;
  /** [parameters] a copy. @throws device-lost */
  parameters(): Promise<Float32Array>;
  dispose(): void;
}

interface TrainData {
  /** [userCount × dimensions] */
  users: Float32Array;
  /** [itemCount × dimensions] */
  items: Float32Array;
  /** [count] */
  initial: Float32Array;
  /** [count] needed where the spec has a proximal term */
  reference?: Float32Array;
}

/**
 * @param device stays the caller's
 * @throws out-of-memory when the device is too small for the run; device-lost; training-failed when its driver does not compile
 *   the kernels
 */
export async function createGpuTrainer(device: GPUDevice, spec: TrainSpec, data: TrainData): Promise<GpuTrainer> {
  const open = await openDevice({ device });
  if ('reason' in open) throw deviceLost(open.reason);
  const plan = planTraining(spec, device.limits);
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const params = device.createBuffer({
    label: 'train params',
    size: plan.stepsPerSubmit * PARAMS_STRIDE,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  const buffers = createBuffers(device, plan);
  const [memory, invalid] = [device.popErrorScope(), device.popErrorScope()];
  const compiled = createTrainKernels(device, plan, spec.head.kind, params, buffers).catch((error: unknown) => messageOf(error));
  const [refused, wrong, kernels] = await Promise.all([memory, invalid, compiled]).catch((error) => {
    throw deviceLost(messageOf(error), error);
  });
  const lost = open.lostReason();
  if (lost !== undefined) throw deviceLost(lost);
  if (!refused && !wrong && typeof kernels !== 'string') {
    const run = new TrainingRun({ device, spec, plan, params, buffers, kernels, lostReason: open.lostReason });
    run.upload(data);
    return run;
  }
  destroyAll(params, buffers);
  if (refused) throw new RecommenderError('out-of-memory', `The GPU refused the memory that training needs (${refused.message}). Train on the CPU.`);
  const why = wrong?.message ?? kernels;
  throw new RecommenderError('training-failed', `The training kernels do not compile on this device: ${why}. Train on the CPU.`);
}

function createBuffers(device: GPUDevice, { bytes }: TrainPlan): TrainBuffers {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const make = (name: keyof TrainPlan['bytes']): GPUBuffer => device.createBuffer({ label: `train ${name}`, size: bytes[name], usage });
  return {
    users: make('users'),
    items: make('items'),
    batch: make('batch'),
    parameters: make('parameters'),
    low: make('low'),
    pairs: make('pairs'),
    kept: make('kept'),
    rows: make('rows'),
    sums: make('sums'),
  };
}

function destroyAll(params: GPUBuffer, buffers: TrainBuffers): void {
  for (const buffer of [params, ...Object.values(buffers)]) buffer.destroy();
}

interface RunParts {
  device: GPUDevice;
  spec: TrainSpec;
  plan: TrainPlan;
  params: GPUBuffer;
  buffers: TrainBuffers;
  kernels: TrainKernels;
  lostReason: () => string | undefined;
}

class TrainingRun implements GpuTrainer {
  readonly dispatchesPerStep: number;
  readonly counts: TrainCounts = { steps: 0, dispatches: 0, submissions: 0, bytesUp: 0, bytesDown: 0 };
  readonly #parts: RunParts;
  readonly #words: Uint32Array;
  readonly #params: Uint32Array;
  #queued: BatchSize[] = [];
  #usedWords = 0;
  #unreadSteps = 0;
  #lastSubmission: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.dispatchesPerStep = parts.plan.kernels.length;
    const { batchWords, stepsPerSubmit } = parts.plan;
    this.#words = new Uint32Array(batchWords * stepsPerSubmit);
    this.#params = new Uint32Array((stepsPerSubmit * PARAMS_STRIDE) / 4);
  }

  upload({ users, items, initial, reference }: TrainData): void {
    const { buffers, plan, spec } = this.#parts;
    const { head } = spec;
    this.#write(buffers.users, 0, padVectors(users, head.dimensions));
    this.#write(buffers.items, 0, padVectors(items, head.dimensions));
    this.#write(buffers.parameters, 0, padParameters(head, initial));
    if (reference) this.#write(buffers.kept, 4 * plan.referenceAt, padParameters(head, reference));
  }

  step(batch: Batch, learningRate: number): void | Promise<void> {
    this.#checkAlive();
    this.#checkSize(batch);
    this.counts.steps++;
    this.#unreadSteps++;
    const at = (this.#queued.length * PARAMS_STRIDE) / 4;
    const params = this.#params.subarray(at, at + PARAMS_STRIDE / 4);
    this.#usedWords = packBatch(batch, this.#rates(learningRate), this.#words, this.#usedWords, params);
    this.#queued.push({ size: batch.size, candidates: batch.candidates, shared: batch.shared });
    if (this.#queued.length < this.#parts.plan.stepsPerSubmit) return;
    const before = this.#lastSubmission;
    this.#submit();
    return before;
  }

  async takeLoss(): Promise<number> {
    this.#checkAlive();
    const steps = this.#unreadSteps;
    this.#unreadSteps = 0;
    const losses = await this.#read('sums', this.#parts.plan.losses, true);
    return losses.reduce((sum, share) => sum + share, 0) / steps;
  }

  async parameters(): Promise<Float32Array> {
    this.#checkAlive();
    const { plan, spec } = this.#parts;
    return unpadParameters(spec.head, await this.#read('parameters', plan.bytes.parameters / 4));
  }

  dispose(): void {
    this.#disposed = true;
    destroyAll(this.#parts.params, this.#parts.buffers);
  }

  /** Bias corrections of Adam (Kingma & Ba 2015, section 3) at the next step. */
  #rates(learningRate: number): TrainRates {
    const { kind, beta1, beta2, decay } = this.#parts.spec.optimiser;
    const time = this.counts.steps;
    const isAdam = kind === 'adam';
    return {
      rate: isAdam ? learningRate / (1 - beta1 ** time) : learningRate,
      unbias: isAdam ? 1 / (1 - beta2 ** time) : 1,
      keep: 1 - learningRate * decay,
    };
  }

  #submit(): void {
    const { device } = this.#parts;
    const encoder = device.createCommandEncoder({ label: 'train' });
    this.#encodeQueued(encoder);
    device.queue.submit([encoder.finish()]);
    // A loss of the device shows at the next call; here it must not become an unhandled rejection.
    this.#lastSubmission = device.queue.onSubmittedWorkDone().then(undefined, () => undefined);
  }

  /** All queued steps in one pass: a dispatch sees what those before it wrote. */
  #encodeQueued(encoder: GPUCommandEncoder): void {
    if (this.#queued.length === 0) return;
    const { buffers, params, kernels } = this.#parts;
    this.#write(buffers.batch, 0, this.#words.subarray(0, this.#usedWords));
    this.#write(params, 0, this.#params.subarray(0, (this.#queued.length * PARAMS_STRIDE) / 4));
    const pass = encoder.beginComputePass({ label: 'train' });
    for (const [i, batch] of this.#queued.entries()) kernels.encodeStep(pass, batch, i * PARAMS_STRIDE);
    pass.end();
    this.counts.submissions++;
    this.counts.dispatches += this.#queued.length * this.dispatchesPerStep;
    this.#queued = [];
    this.#usedWords = 0;
  }

  /** @returns the first `length` floats of a buffer after all queued steps, then set to 0 with `clear` */
  async #read(name: keyof TrainBuffers, length: number, clear = false): Promise<Float32Array> {
    const { device, buffers, lostReason } = this.#parts;
    const size = 4 * length;
    const staging = device.createBuffer({ label: 'train read', size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder({ label: 'train read' });
    this.#encodeQueued(encoder);
    encoder.copyBufferToBuffer(buffers[name], 0, staging, 0, size);
    if (clear) encoder.clearBuffer(buffers[name], 0, size);
    device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ);
      const values = new Float32Array(staging.getMappedRange().slice(0));
      this.counts.bytesDown += size;
      return values;
    } catch (error) {
      throw deviceLost(lostReason() ?? messageOf(error), error);
    } finally {
      staging.destroy();
    }
  }

  #write(buffer: GPUBuffer, offset: number, data: Uint32Array | Float32Array): void {
    write(this.#parts.device, buffer, offset, data);
    this.counts.bytesUp += data.byteLength;
  }

  #checkSize({ size, candidates, shared }: Batch): void {
    const { limits } = this.#parts.spec;
    if (size <= limits.size && candidates <= limits.candidates && shared === limits.shared) return;
    const message = `A batch of ${size} × ${candidates} does not fit the limits ${limits.size} × ${limits.candidates}. Make the stepper with larger ones.`;
    throw new RecommenderError('bad-argument', message, { size, candidates });
  }

  #checkAlive(): void {
    if (this.#disposed) throw new RecommenderError('bad-argument', 'This stepper was disposed. Make a new one.');
    const lost = this.#parts.lostReason();
    if (lost !== undefined) throw deviceLost(lost);
  }
}
