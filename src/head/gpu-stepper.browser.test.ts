// The GPU stepper against the CPU's, the oracle: every head with every loss, sizes that fill no tile, and what goes wrong.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Batch } from '../compute/batch.ts';
import { openForTest } from '../compute/testing/test-device.ts';
import type { WebGpuBackend } from '../compute/webgpu/webgpu-backend.ts';
import { createBatchSource } from './batches.ts';
import { createCpuStepper } from './cpu-stepper.ts';
import { createGpuStepper } from './gpu-stepper.ts';
import { score } from './heads.ts';
import { initialParameters, parameterCount, segmentsOf } from './layout.ts';
import { firstBatch, relativeError, SMALL_LOSSES, SMALL_SHAPES, smallSet, unitVectors, wideParameters } from './testing/small-sets.ts';
import { train } from './train.ts';
import type { HeadShape, LossSpec, OptimiserSpec, Stepper, StepperOptions } from './types.ts';

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await openForTest();
});
afterAll(() => backend.dispose());

const D = 33;
const SHAPES = [
  { kind: 'concat-linear', dimensions: D, users: 5 },
  { kind: 'dot', dimensions: D },
  { kind: 'bilinear', dimensions: D, rank: 3 },
  { kind: 'mlp', dimensions: D, hidden: 19 },
  { kind: 'linear-probe', dimensions: D, users: 5 },
] as const satisfies HeadShape[];
type Optimiser = { optimiser: OptimiserSpec; clipNorm?: number; rate: number };
const SGD: Optimiser = { optimiser: { kind: 'sgd', momentum: 0.9 }, rate: 0.02 };
const ADAM: Optimiser = { optimiser: { kind: 'adam' }, clipNorm: 0.05, rate: 0.01 };
const ADAMW: Optimiser = { optimiser: { kind: 'adamw', decay: 0.1, beta1: 0.8 }, rate: 0.01 };
const LOSSES: LossSpec[] = [{ kind: 'mse' }, { kind: 'bce', positiveWeight: 2 }, { kind: 'bpr', negatives: 3 }, { kind: 'softmax', negatives: 4 }];
const [CONCAT, DOT, BILINEAR, MLP, PROBE] = SHAPES;
// Every head with every loss by one optimiser, then the other two where they meet what decays and what does not.
const RUNS = [
  ...SHAPES.flatMap((shape) => LOSSES.map((loss) => ({ shape, loss, by: ADAM }))),
  { shape: CONCAT, loss: { kind: 'bce' }, by: ADAMW },
  { shape: BILINEAR, loss: { kind: 'mse' }, by: SGD },
  { shape: BILINEAR, loss: { kind: 'softmax' }, by: ADAMW },
  { shape: PROBE, loss: { kind: 'bpr', negatives: 2 }, by: SGD },
] as const;

const nameOf = ({ kind, users }: HeadShape): string => (users ? `${kind}, ${users} users` : kind);
const isRanking = ({ kind }: LossSpec): boolean => kind === 'bpr' || kind === 'softmax';

/** Options and 50 batches of 7 that both devices are given. */
function run50(
  shape: HeadShape,
  loss: LossSpec,
  { optimiser, clipNorm, rate }: Optimiser,
): { options: StepperOptions; batches: Batch[]; rate: number } {
  const set = smallSet({ persons: 5, items: 200, examples: 90, dimensions: D, seed: 8 });
  const source = createBatchSource(set, 200, { loss, batchSize: 7, random: seededRandom(4), personal: (shape.users ?? 1) > 1 });
  const batches: Batch[] = [];
  while (batches.length < 50) batches.push(...source.epoch());
  const initial = initialParameters(shape, seededRandom(6), 3);
  const regularisation = { l2: 0.01, proximal: 0.02, reference: initial };
  const options = { shape, set, limits: source.limits, initial, loss, optimiser, regularisation, ...(clipNorm !== undefined && { clipNorm }) };
  return { options, batches: batches.slice(0, 50), rate };
}

async function runAll(stepper: Stepper, batches: Batch[], rate: number): Promise<{ loss: number; parameters: Float32Array }> {
  for (const batch of batches) await stepper.step(batch, rate);
  const loss = await stepper.takeLoss();
  const parameters = await stepper.parameters();
  stepper.dispose();
  return { loss, parameters };
}

/** Parameters that this loss can teach: a ranking loss has nothing to say about what shifts all items of a user alike. */
function taught(shape: HeadShape, loss: LossSpec, parameters: Float32Array): number[] {
  const parts = segmentsOf(shape).filter(({ name }) => !isRanking(loss) || !/^(offset|user weights)/.test(name));
  return parts.flatMap(({ offset, length }) => Array.from(parameters.subarray(offset, offset + length)));
}

function bestTen(shape: HeadShape, parameters: Float32Array, items: Float32Array): number[] {
  const logits = score(shape, unitVectors(1, D, seededRandom(12)), items, parameters);
  return Array.from(logits.keys())
    .sort((a, b) => (logits[b] as number) - (logits[a] as number))
    .slice(0, 10);
}

for (const shape of SMALL_SHAPES) {
  test.each(SMALL_LOSSES)(`one step of ${nameOf(shape)} with $name has the CPU's slopes and loss`, async ({ loss, givenNegatives }) => {
    const set = smallSet({ persons: 3, items: 11, examples: 24, dimensions: shape.dimensions, seed: 5, givenNegatives });
    const { batch, limits } = firstBatch(set, shape, loss, 7);
    const count = parameterCount(shape);
    const initial = wideParameters(count, 9);
    const regularisation = { l2: 0.03, proximal: 0.02, reference: wideParameters(count, 10) };
    const options: StepperOptions = { shape, set, limits, initial, loss, optimiser: { kind: 'sgd' }, regularisation };
    const [gpu, cpu] = await Promise.all([
      runAll(await createGpuStepper(backend.device, options), [batch], 1),
      runAll(createCpuStepper(options), [batch], 1),
    ]);
    const moved = (parameters: Float32Array) => parameters.map((value, i) => value - (initial[i] as number));
    expect(Math.hypot(...moved(cpu.parameters))).toBeGreaterThan(1e-2);
    expect(relativeError(moved(gpu.parameters), moved(cpu.parameters))).toBeLessThan(2e-5);
    expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-5);
  });
}

// More candidates than threads, more columns than a tile, more parameters than one round of threads.
const LARGE = [
  { shape: { kind: 'bilinear', dimensions: 70, rank: 67 }, loss: { kind: 'softmax', negatives: 60 } },
  { shape: { kind: 'mlp', dimensions: 35, hidden: 34 }, loss: { kind: 'softmax', negatives: 60 } },
  { shape: { kind: 'mlp', dimensions: 35, hidden: 34 }, loss: { kind: 'mse' } },
  { shape: { kind: 'concat-linear', dimensions: 384, users: 200 }, loss: { kind: 'bpr', negatives: 70 } },
] as const satisfies { shape: HeadShape; loss: LossSpec }[];

test.each(LARGE)("one step of $shape.kind with $loss.kind has the CPU's slopes where every loop goes round", async ({ shape, loss }) => {
  const set = smallSet({ persons: 200, items: 90, examples: 200, dimensions: shape.dimensions, seed: 5 });
  const { batch, limits } = firstBatch(set, shape, loss, 20);
  const initial = wideParameters(parameterCount(shape), 9).map((value) => value / 10);
  const options: StepperOptions = { shape, set, limits, initial, loss, optimiser: { kind: 'sgd' }, regularisation: { l2: 0.001 } };
  const gpu = await runAll(await createGpuStepper(backend.device, options), [batch], 1);
  const cpu = await runAll(createCpuStepper(options), [batch], 1);
  const moved = (parameters: Float32Array) => parameters.map((value, i) => value - (initial[i] as number));
  expect(relativeError(moved(gpu.parameters), moved(cpu.parameters))).toBeLessThan(5e-5);
  expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-5);
});

test.each(RUNS)(
  "50 steps of 7 with 33 dimensions, $shape.kind, $loss.kind by $by.optimiser.kind: the CPU's parameters, loss and ten best of 200",
  async ({ shape, loss, by }) => {
    const { options, batches, rate } = run50(shape, loss, by);
    const gpu = await runAll(await createGpuStepper(backend.device, options), batches, rate);
    const cpu = await runAll(createCpuStepper(options), batches, rate);
    const [ours, theirs] = [taught(shape, loss, gpu.parameters), taught(shape, loss, cpu.parameters)];
    expect(relativeError(ours, taught(shape, loss, options.initial))).toBeGreaterThan(1e-2);
    expect(relativeError(ours, theirs)).toBeLessThan(1e-3);
    expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-4);
    expect(bestTen(shape, gpu.parameters, options.set.items)).toEqual(bestTen(shape, cpu.parameters, options.set.items));
  },
);

describe('a run', () => {
  const softmax: LossSpec = { kind: 'softmax', negatives: 4 };

  test('repeats itself bit for bit, loss and parameters', async () => {
    const { options, batches, rate } = run50(BILINEAR, softmax, ADAM);
    const first = await runAll(await createGpuStepper(backend.device, options), batches, rate);
    const second = await runAll(await createGpuStepper(backend.device, options), batches, rate);
    expect(second.parameters).toEqual(first.parameters);
    expect(second.loss).toBe(first.loss);
  });

  test('moves the set once, a batch a step, and nothing back before it is asked', async () => {
    const dispatched = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
    const { options, batches, rate } = run50(BILINEAR, softmax, ADAM);
    const stepper = await createGpuStepper(backend.device, options);
    const start = stepper.counts.bytesUp;
    expect(start).toBe(4 * ((5 + 200) * 36 + 2 * (2 * 36 * 4 + 4))); // rows are filled up to whole quads
    for (const batch of batches) await stepper.step(batch, rate);
    expect(stepper.counts.bytesDown).toBe(0);
    expect(stepper.dispatchesPerStep).toBe(7);
    await stepper.takeLoss();
    // 50 steps are three full submissions of 16 and what takeLoss found waiting.
    expect(stepper.counts).toMatchObject({ steps: 50, submissions: 4, dispatches: 50 * 7 });
    expect(dispatched).toHaveBeenCalledTimes(50 * 7);
    dispatched.mockRestore();
    const words = ({ size, itemRows, correction, excluded }: Batch) =>
      4 * size + itemRows.length + (correction?.length ?? 0) + Math.ceil((excluded?.length ?? 0) / 32);
    expect(stepper.counts.bytesUp - start).toBe(50 * 256 + batches.reduce((sum, batch) => sum + 4 * words(batch), 0));
    const before = stepper.counts.bytesDown;
    await stepper.parameters();
    expect(stepper.counts.bytesDown - before).toBe(4 * (2 * 36 * 4 + 4));
    stepper.dispose();
  });

  test('takeLoss is the mean since the last call, and NaN stays NaN', async () => {
    const { options, batches } = run50(BILINEAR, { kind: 'bce' }, SGD);
    const [gpu, cpu] = [await createGpuStepper(backend.device, options), createCpuStepper(options)];
    for (const few of [batches.slice(0, 3), batches.slice(3, 4)]) {
      for (const batch of few) {
        await gpu.step(batch, 0.1);
        cpu.step(batch, 0.1);
      }
      expect(await gpu.takeLoss()).toBeCloseTo(cpu.takeLoss(), 5);
    }
    expect(await gpu.takeLoss()).toBeNaN();
    await gpu.step({ ...(batches[0] as Batch), labels: new Float32Array(7).fill(Number.NaN) }, 0.1);
    expect(await gpu.takeLoss()).toBeNaN();
    gpu.dispose();
  });

  test('the training loop learns on it', async () => {
    const { options } = run50(BILINEAR, { kind: 'bce' }, ADAM);
    const { shape, set, initial, loss } = options;
    const losses: number[] = [];
    const result = await train({
      shape,
      set,
      initial,
      loss,
      optimiser: { kind: 'adam' },
      schedule: { peak: 0.02 },
      epochs: 8,
      batchSize: 32,
      seed: 2,
      eventEverySteps: 3,
      onEvent: (event) => losses.push(event.loss),
      createStepper: (wanted) => createGpuStepper(backend.device, wanted),
    });
    expect(result).toMatchObject({ endedBy: 'epochs', steps: 24 });
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] as number));
  });
});

describe('what a device cannot do', () => {
  const { options, batches } = run50(DOT, { kind: 'mse' }, SGD);
  const batch = batches[0] as Batch;

  test('a set over the binding limit is refused before a buffer is made', async () => {
    const small = { ...options, set: { ...options.set, items: new Float32Array(0) } };
    const huge = new Proxy(backend.device, {
      get: (device, name) => (name === 'limits' ? { ...limitsOf(device), maxStorageBufferBindingSize: 4 * 36 * 4 } : bound(device, name)),
    });
    await expect(createGpuStepper(huge, small)).rejects.toMatchObject({ code: 'out-of-memory', details: { name: 'users', needed: 4 * 5 * 36 } });
  });

  test('no kernel binds more than 8 storage buffers', async () => {
    const sizes: number[] = [];
    const counting = new Proxy(backend.device, {
      get: (device, name) => {
        if (name !== 'createBindGroupLayout') return bound(device, name);
        return (descriptor: GPUBindGroupLayoutDescriptor) => {
          sizes.push([...descriptor.entries].filter(({ buffer }) => buffer?.type !== 'uniform').length);
          return device.createBindGroupLayout(descriptor);
        };
      },
    });
    const mlp = run50(MLP, { kind: 'bce' }, ADAM);
    const stepper = await createGpuStepper(counting, mlp.options);
    stepper.dispose();
    expect(sizes).toHaveLength(stepper.dispatchesPerStep);
    expect(stepper.dispatchesPerStep).toBe(6);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8);
  });

  test('a batch beyond the limits and a step after dispose are bad arguments', async () => {
    const stepper = await createGpuStepper(backend.device, options);
    expect(() => stepper.step({ ...batch, size: 8 }, 0.1)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    stepper.dispose();
    expect(() => stepper.step(batch, 0.1)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    await expect(stepper.takeLoss()).rejects.toMatchObject({ code: 'bad-argument' });
  });

  test('a device that goes away makes every later call, and one in flight, fail with device-lost', async () => {
    const other = await openForTest();
    const stepper = await createGpuStepper(other.device, options);
    stepper.step(batch, 0.1);
    const inFlight = stepper.takeLoss().then(
      () => 'answered',
      (error: unknown) => error,
    );
    other.device.destroy();
    expect([expect.objectContaining({ code: 'device-lost' }), 'answered']).toContainEqual(await inFlight);
    await other.device.lost;
    expect(() => stepper.step(batch, 0.1)).toThrow(expect.objectContaining({ code: 'device-lost' }));
    await expect(stepper.takeLoss()).rejects.toMatchObject({ code: 'device-lost' });
    await expect(stepper.parameters()).rejects.toMatchObject({ code: 'device-lost' });
    await expect(createGpuStepper(other.device, options)).rejects.toMatchObject({ code: 'device-lost' });
    stepper.dispose();
  });
});

function limitsOf({ limits }: GPUDevice) {
  return { maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize };
}

/** A property of the device, methods still called on the device itself. */
function bound(device: GPUDevice, name: string | symbol): unknown {
  const value: unknown = Reflect.get(device, name, device);
  return typeof value === 'function' ? value.bind(device) : value;
}
