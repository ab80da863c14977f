// Where heads are trained, with steppers whose steps take a stated time on a clock that only they move.
import { expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { Batch } from '../compute/batch.ts';
import { type ChooseStepperOptions, chooseStepper } from './choose-stepper.ts';
import { createCpuStepper } from './cpu-stepper.ts';
import type { Stepper, StepperOptions } from './types.ts';

const device = { label: 'a device that nothing here calls' } as GPUDevice;

interface Timed {
  firstMs?: number;
  stepMs: number;
  /** What waiting for the queue costs. */
  lossMs?: number;
  loss?: number;
}

/** Options with two timed steppers, and a log of what was done. */
function withTimes(cpu: Timed, gpu: Timed) {
  let now = 0;
  const log: string[] = [];
  const stepperOf = (name: string, { firstMs = 0, stepMs, lossMs = 0, loss = 0.5 }: Timed): Stepper => {
    let steps = 0;
    return {
      step: () => {
        now += steps++ === 0 ? firstMs + stepMs : stepMs;
        log.push(`${name} step`);
      },
      takeLoss: () => {
        now += lossMs;
        return loss;
      },
      parameters: () => new Float32Array(2),
      dispose: () => void log.push(`${name} disposed`),
    };
  };
  const options: ChooseStepperOptions = {
    device,
    isSoftware: false,
    createCpu: () => stepperOf('cpu', cpu),
    createGpu: async () => stepperOf('gpu', gpu),
    training: {
      shape: { kind: 'dot', dimensions: 4 },
      limits: { size: 3, candidates: 1, shared: false },
      loss: { kind: 'bce' },
      optimiser: { kind: 'adam' },
    },
    clock: () => now,
  };
  const steps = (name: string) => log.filter((line) => line === `${name} step`).length;
  return { options, log, steps };
}

test('the faster one is taken; compiling in the first step does not count, waiting for the queue does', async () => {
  const { options, log } = withTimes({ stepMs: 3 }, { firstMs: 900, stepMs: 0.5, lossMs: 4 });
  const choice = await chooseStepper(options);
  expect(choice).toMatchObject({ where: 'gpu', cpuMs: 3, gpuMs: 1 });
  expect(choice.reason).toBe('Heads train on the GPU: a step took 1.00 ms there and 3.00 ms on the CPU.');
  expect(log.filter((line) => line.endsWith('disposed'))).toEqual(['cpu disposed', 'gpu disposed']);
  const slow = await chooseStepper(withTimes({ stepMs: 3 }, { stepMs: 0.5, lossMs: 40 }).options);
  expect(slow).toMatchObject({ where: 'cpu', gpuMs: 5.5 });
  expect(slow.reason).toBe('Heads train on the CPU: a step took 3.00 ms there and 5.50 ms on the GPU.');
});

test('the factory that comes back makes the stepper of the device that was chosen', async () => {
  const seen: unknown[] = [];
  const { options } = withTimes({ stepMs: 3 }, { stepMs: 1 });
  const createGpu: ChooseStepperOptions['createGpu'] = async (given, wanted) => {
    seen.push([given, wanted.shape.kind]);
    return (options.createGpu as NonNullable<ChooseStepperOptions['createGpu']>)(given, wanted);
  };
  const { createStepper } = await chooseStepper({ ...options, createGpu });
  await createStepper({ shape: { kind: 'mlp', dimensions: 2 } } as StepperOptions);
  expect(seen).toEqual([
    [device, 'dot'],
    [device, 'mlp'],
  ]);
});

test.each([
  { missing: 'a device', change: { device: undefined }, why: 'there is no WebGPU device' },
  { missing: 'hardware', change: { isSoftware: true }, why: 'the WebGPU adapter computes in software' },
  { missing: 'a GPU path', change: { createGpu: undefined }, why: 'training has no WebGPU path here' },
])('without $missing nothing is measured', async ({ change, why }) => {
  const { options, log } = withTimes({ stepMs: 3 }, { stepMs: 1 });
  const { device: given, createGpu, ...rest } = { ...options, ...change };
  const choice = await chooseStepper({ ...rest, ...(given && { device: given }), ...(createGpu && { createGpu }) });
  expect(choice).toEqual({ where: 'cpu', createStepper: options.createCpu, reason: `Heads train on the CPU: ${why}.` });
  expect(log).toEqual([]);
});

test('a GPU that fails, or computes nonsense, leaves the CPU', async () => {
  const { options } = withTimes({ stepMs: 3 }, { stepMs: 1 });
  const lost = await chooseStepper({ ...options, createGpu: () => Promise.reject(new RecommenderError('device-lost', 'The GPU device was lost.')) });
  expect(lost).toMatchObject({ where: 'cpu', reason: 'Heads train on the CPU: the GPU could not be measured (The GPU device was lost).' });
  const { options: wrong, log } = withTimes({ stepMs: 3 }, { stepMs: 1, loss: Number.NaN });
  expect(await chooseStepper(wrong)).toMatchObject({ where: 'cpu' });
  expect(log).toContain('gpu disposed');
});

test('slow steps end the measurement early', async () => {
  const { options, steps } = withTimes({ stepMs: 90 }, { stepMs: 1 });
  expect(await chooseStepper(options)).toMatchObject({ where: 'gpu', cpuMs: 90 });
  expect([steps('cpu'), steps('gpu')]).toEqual([2 + 3, 2 + 8]);
});

test('an abort between steps ends it and disposes what was made', async () => {
  const { options, log } = withTimes({ stepMs: 3 }, { stepMs: 1 });
  const abort = new AbortController();
  const createCpu = async (wanted: StepperOptions): Promise<Stepper> => {
    const made = await options.createCpu(wanted);
    const takeLoss = () => {
      abort.abort();
      return made.takeLoss();
    };
    return { ...made, takeLoss };
  };
  await expect(chooseStepper({ ...options, createCpu, signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
  expect(log.at(-1)).toBe('cpu disposed');
});

test.each([
  { shape: { kind: 'bilinear', dimensions: 6, rank: 2 }, limits: { size: 4, candidates: 7, shared: true }, loss: { kind: 'softmax' } },
  { shape: { kind: 'bilinear', dimensions: 6, rank: 1 }, limits: { size: 4, candidates: 3, shared: false }, loss: { kind: 'softmax' } },
  { shape: { kind: 'mlp', dimensions: 6, hidden: 3 }, limits: { size: 4, candidates: 3, shared: false }, loss: { kind: 'bpr', negatives: 2 } },
  { shape: { kind: 'linear-probe', dimensions: 6, users: 9 }, limits: { size: 4, candidates: 1, shared: false }, loss: { kind: 'bce' } },
] as const)('what is measured is a real step of $shape.kind with $loss.kind', async ({ shape, limits, loss }) => {
  const trials: [StepperOptions, Batch][] = [];
  const { options } = withTimes({ stepMs: 1 }, { stepMs: 1 });
  const training = { shape, limits, loss, optimiser: { kind: 'sgd', momentum: 0.9 }, clipNorm: 10 } as const;
  const createCpu = (wanted: StepperOptions): Stepper => {
    const real = createCpuStepper(wanted);
    const step = (given: Batch, rate: number): void => {
      trials.push([wanted, given]);
      real.step(given, rate);
    };
    return { ...real, step };
  };
  expect(await chooseStepper({ ...options, createCpu, training })).toMatchObject({ where: 'cpu' });
  expect(trials).toHaveLength(2 + 8);
  expect(trials[0]).toMatchObject([training, limits]);
});
