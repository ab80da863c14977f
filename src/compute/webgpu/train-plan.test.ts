// Sizes of a training run, and what a device is too small for.
import { expect, test } from 'vitest';
import { planTraining, type TrainSpec } from './train-plan.ts';

const LIMITS = { maxStorageBufferBindingSize: 2 ** 27 };
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
  const padded = 4 * (2 * 384 * 4 + 1);
  const kept = (change: Partial<TrainSpec>) => {
    const plan = planTraining({ ...SPEC, ...change }, LIMITS);
    return [plan.bytes.kept / 4 / padded, plan.referenceAt / padded];
  };
  expect(kept({})).toEqual([2, 2]);
  expect(kept({ proximal: 1 })).toEqual([3, 2]);
  expect(kept({ proximal: 1, clipNorm: 1 })).toEqual([4, 3]);
  expect(kept({ optimiser: { ...SPEC.optimiser, kind: 'sgd' } })).toEqual([1, 1]);
});

test('a step runs the kernels that its head, loss, regularisation and clipping need, at most seven', () => {
  const kernels = (change: Partial<TrainSpec>) => planTraining({ ...SPEC, ...change }, LIMITS).kernels;
  const many = { limits: { size: 32, candidates: 40, shared: true } };
  expect(kernels({ head: { kind: 'dot', dimensions: 384, width: 1, count: 2 } })).toEqual(['loss', 'gradient']);
  expect(kernels({})).toEqual(['project', 'loss', 'backward', 'gradient']);
  expect(kernels({ ...many, l2: 1 })).toEqual(['project', 'score', 'loss', 'backward', 'gradient', 'reduce']);
  expect(kernels({ ...many, head: MLP, clipNorm: 1 })).toEqual(['hidden', 'score', 'loss', 'backward', 'gradient', 'reduce', 'update']);
});

test('the more a step computes, the fewer steps a submission carries, never none', () => {
  const steps = (size: number) => planTraining({ ...SPEC, head: MLP, limits: { size, candidates: size, shared: true } }, LIMITS).stepsPerSubmit;
  expect([steps(16), steps(64), steps(256)]).toEqual([16, 4, 1]);
});

test.each([
  { name: 'users', change: { userCount: 100_000 } },
  { name: 'items', change: { itemCount: 100_000 } },
  { name: 'low', change: { head: MLP, limits: { size: 1024, candidates: 1024, shared: true } } },
])('$name over the binding limit are refused by name', ({ name, change }) => {
  expect(() => planTraining({ ...SPEC, ...change }, LIMITS)).toThrow(
    expect.objectContaining({ code: 'out-of-memory', details: expect.objectContaining({ name }) }),
  );
});
