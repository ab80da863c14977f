// The GPU stepper against the CPU's, the oracle: every head with every loss, sizes that fill no tile, and what goes wrong.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { openForTest } from '../compute/webgpu/test-device.ts';
import type { WebGpuBackend } from '../compute/webgpu/webgpu-backend.ts';
import { createBatchSource } from './batches.ts';
import { createCpuStepper } from './cpu-stepper.ts';
import { createGpuStepper } from './gpu-stepper.ts';
import { score } from './heads.ts';
import { initialParameters, parameterCount, segmentsOf } from './layout.ts';
import { firstBatch, relativeError, SMALL_LOSSES, SMALL_SHAPES, smallSet, unitVectors, wideParameters } from './testing.ts';
import type { Batch, HeadShape, LossSpec, OptimiserSpec, Stepper, StepperOptions } from './types.ts';

let backend: WebGpuBackend;
beforeAll(async () => {
  backend = await openForTest();
});
afterAll(() => backend.dispose());

const D = 33;
const SHAPES: HeadShape[] = [
  { kind: 'concat-linear', dimensions: D, users: 5 },
  { kind: 'dot', dimensions: D },
  { kind: 'bilinear', dimensions: D, rank: 3 },
  { kind: 'mlp', dimensions: D, hidden: 19 },
  { kind: 'linear-probe', dimensions: D, users: 5 },
];
const OPTIMISERS: Record<string, { optimiser: OptimiserSpec; clipNorm?: number; rate: number }> = {
  sgd: { optimiser: { kind: 'sgd', momentum: 0.9 }, rate: 0.02 },
  adam: { optimiser: { kind: 'adam' }, clipNorm: 0.05, rate: 0.01 },
  adamw: { optimiser: { kind: 'adamw', decay: 0.1, beta1: 0.8 }, rate: 0.01 },
};
const LOSSES: { loss: LossSpec; by: keyof typeof OPTIMISERS }[] = [
  { loss: { kind: 'mse' }, by: 'sgd' },
  { loss: { kind: 'bce', positiveWeight: 2 }, by: 'adam' },
  { loss: { kind: 'bpr', negatives: 3 }, by: 'adamw' },
  { loss: { kind: 'softmax', negatives: 4 }, by: 'adam' },
];

const nameOf = ({ kind, users }: HeadShape): string => (users ? `${kind}, ${users} users` : kind);
const isRanking = ({ kind }: LossSpec): boolean => kind === 'bpr' || kind === 'softmax';

/** Options and 50 batches of 7 that both devices are given. */
function run50(shape: HeadShape, loss: LossSpec, by: string): { options: StepperOptions; batches: Batch[]; rate: number } {
  const set = smallSet({ persons: 5, items: 200, examples: 90, dimensions: D, seed: 8 });
  const source = createBatchSource(set, 200, { loss, batchSize: 7, random: seededRandom(4), personal: (shape.users ?? 1) > 1 });
  const batches: Batch[] = [];
  while (batches.length < 50) batches.push(...source.epoch());
  const initial = initialParameters(shape, seededRandom(6), 3);
  const { optimiser, clipNorm, rate } = OPTIMISERS[by] ?? { optimiser: { kind: 'adam' }, rate: 0.01 };
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
  return Array.from(logits.keys()).sort((a, b) => (logits[b] as number) - (logits[a] as number)).slice(0, 10);
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

describe('50 steps of 7 examples with 33 dimensions', () => {
  for (const shape of SHAPES) {
    test.each(LOSSES)(`${nameOf(shape)}, $loss.kind by $by: the CPU's parameters, loss and ten best of 200`, async ({ loss, by }) => {
      const { options, batches, rate } = run50(shape, loss, by);
      const gpu = await runAll(await createGpuStepper(backend.device, options), batches, rate);
      const cpu = await runAll(createCpuStepper(options), batches, rate);
      const [ours, theirs] = [taught(shape, loss, gpu.parameters), taught(shape, loss, cpu.parameters)];
      expect(relativeError(ours, taught(shape, loss, options.initial))).toBeGreaterThan(1e-2);
      expect(relativeError(ours, theirs)).toBeLessThan(1e-3);
      expect(Math.abs(gpu.loss / cpu.loss - 1)).toBeLessThan(1e-4);
      expect(bestTen(shape, gpu.parameters, options.set.items)).toEqual(bestTen(shape, cpu.parameters, options.set.items));
    });
  }
});
