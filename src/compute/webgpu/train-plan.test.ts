// Sizes of a training run, and what a device is too small for.
import { expect, test } from 'vitest';
import { planTraining, type TrainSpec } from './train-plan.ts';

const LIMITS = { maxStorageBufferBindingSize: 2 ** 27, maxComputeWorkgroupStorageSize: 16384, maxComputeWorkgroupsPerDimension: 65535 };
const SPEC: TrainSpec = {
  head: { kind: 'bilinear', dimensions: 384, width: 16, count: 2 * 384 * 16 + 2 },
  loss: { kind: 'bce', positiveWeight: 1, negativeWeight: 1 },
  optimiser: { kind: 'adam', momentum: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 },
  l2: 0,
  proximal: 0,
  clipNorm: undefined,
  limits: { size: 32, candidates: 1, shared: false },
  userCount: 100,
  itemCount: 1000,
};
const MLP = { kind: 'mlp', dimensions: 384, width: 64, count: 3 * 384 * 64 + 2 * 64 + 2 } as const;

test('arrays that a run does not need take no room and move those behind them', () => {
  const { count } = SPEC.head;
  const kept = (change: Partial<TrainSpec>) => {
    const plan = planTraining({ ...SPEC, ...change }, LIMITS);
    return [plan.bytes.kept / 4 / count, plan.referenceAt / count];
  };
  expect(kept({})).toEqual([2, 2]);
  expect(kept({ proximal: 1 })).toEqual([3, 2]);
  expect(kept({ proximal: 1, clipNorm: 1 })).toEqual([4, 3]);
  expect(kept({ optimiser: { ...SPEC.optimiser, kind: 'sgd' } })).toEqual([1, 1]);
});

test('dispatches are two, one more for a hidden layer and one more for clipping', () => {
  const dispatches = (change: Partial<TrainSpec>) => planTraining({ ...SPEC, ...change }, LIMITS).dispatchesPerStep;
  expect([dispatches({}), dispatches({ clipNorm: 1 }), dispatches({ head: MLP }), dispatches({ head: MLP, clipNorm: 1 })]).toEqual([2, 3, 3, 4]);
});

test('the more a step computes, the fewer steps a submission carries, never none', () => {
  const steps = (size: number) => planTraining({ ...SPEC, head: MLP, limits: { size, candidates: size, shared: true } }, LIMITS).stepsPerSubmit;
  expect([steps(16), steps(64), steps(256)]).toEqual([16, 4, 1]);
});

test.each([
  { name: 'users', change: { userCount: 100_000 } },
  { name: 'items', change: { itemCount: 100_000 } },
  { name: 'hidden', change: { head: MLP, limits: { size: 1024, candidates: 1024, shared: true } } },
])('$name over the binding limit are refused by name', ({ name, change }) => {
  expect(() => planTraining({ ...SPEC, ...change }, LIMITS)).toThrow(expect.objectContaining({ code: 'out-of-memory', details: expect.objectContaining({ name }) }));
});

test('vectors beyond the workgroup memory and batches beyond the grid are refused', () => {
  const long = { kind: 'dot', dimensions: 5000, width: 1, count: 2 } as const;
  expect(() => planTraining({ ...SPEC, head: long }, LIMITS)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => planTraining({ ...SPEC, limits: { size: 70_000, candidates: 1, shared: false } }, LIMITS)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});
