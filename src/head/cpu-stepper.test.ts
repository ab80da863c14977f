// Where a stepper keeps its vectors, and on which kernels it runs, must not be seen in what it learns.
import { afterEach, expect, test, vi } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { createCpuStepper, createWasmStepper } from './cpu-stepper.ts';
import { initialParameters } from './layout.ts';
import { firstBatch, relativeError, smallSet } from './testing/small-sets.ts';
import type { Stepper, StepperOptions } from './types.ts';

afterEach(() => vi.restoreAllMocks());

const shape = { kind: 'bilinear', dimensions: 24, rank: 4 } as const;
const loss = { kind: 'softmax', negatives: 5 } as const;
const set = smallSet({ persons: 4, items: 30, examples: 60, dimensions: 24, seed: 3 });
const { batch, limits } = firstBatch(set, shape, loss, 12);
const options: StepperOptions = {
  shape,
  set,
  limits,
  loss,
  initial: initialParameters(shape, seededRandom(1)),
  optimiser: { kind: 'adam' },
  clipNorm: 0.1,
};

async function trained(stepper: Stepper): Promise<Float32Array> {
  for (let i = 0; i < 5; i++) await stepper.step(batch, 0.05);
  return stepper.parameters();
}

test('on WASM it learns what it learns in plain TypeScript, and what it has learnt is its own', async () => {
  const stepper = await createWasmStepper(options);
  const [fast, plain] = [await trained(stepper), await trained(createCpuStepper(options))];
  expect(relativeError(fast, plain)).toBeLessThan(1e-5);
  expect(fast).not.toEqual(plain);
  expect(relativeError(plain, options.initial)).toBeGreaterThan(0.1);
  const kept = fast.slice();
  stepper.step(batch, 0.05);
  expect(fast).toEqual(kept);
});

test('without SIMD it learns in plain TypeScript', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await trained(await createWasmStepper(options))).toEqual(await trained(createCpuStepper(options)));
});

test('vectors too many to be held are read from the set', async () => {
  const items = new Float32Array(2 ** 23 + 8);
  items.set(set.items);
  const large = { ...options, set: { ...set, items } };
  const stepper = await createWasmStepper(large);
  expect(stepper.live.buffer.byteLength).toBeLessThan(2 ** 20);
  expect(await trained(stepper)).toEqual(await trained(await createWasmStepper(options)));
});

test('the loss is the mean since it was last taken', async () => {
  const stepper = await createWasmStepper({ ...options, optimiser: { kind: 'sgd' } });
  const expected = stepper.lossAndGradient(batch);
  stepper.step(batch, 0);
  stepper.step(batch, 0);
  expect(stepper.takeLoss()).toBe(expected);
  expect(stepper.takeLoss()).toBeNaN();
});
