// The training loop: learns a planted taste, repeats bit for bit, keeps the best held-out parameters, stops when asked.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { createCpuStepper } from './cpu-stepper.ts';
import { initialParameters } from './layout.ts';
import { smallSet } from './testing/small-sets.ts';
import { train } from './train.ts';
import type { HeadShape, TrainingEvent, TrainOptions } from './types.ts';

const set = smallSet({ persons: 12, items: 40, examples: 300, dimensions: 6, seed: 5 });
const bilinear: HeadShape = { kind: 'bilinear', dimensions: 6, rank: 2 };
const options = (more: Partial<TrainOptions> = {}): TrainOptions => {
  const shape = more.shape ?? bilinear;
  return {
    shape,
    set,
    initial: initialParameters(shape, seededRandom(1)),
    loss: { kind: 'bce' },
    optimiser: { kind: 'adam' },
    schedule: { peak: 0.02, warmUpSteps: 5, decay: 'cosine' },
    epochs: 30,
    batchSize: 32,
    seed: 2,
    createStepper: createCpuStepper,
    ...more,
  };
};
const shapes: HeadShape[] = [
  bilinear,
  { kind: 'mlp', dimensions: 6, hidden: 8 },
  { kind: 'concat-linear', dimensions: 6, users: 12 },
  { kind: 'linear-probe', dimensions: 6, users: 12 },
];

test.each(shapes)('$kind: the loss falls', async (shape) => {
  const events: TrainingEvent[] = [];
  await train(options({ shape, onEvent: (event) => events.push(event) }));
  const mean = (list: TrainingEvent[]): number => list.reduce((sum, { loss }) => sum + loss, 0) / list.length;
  expect(mean(events.slice(-10))).toBeLessThan(0.8 * mean(events.slice(0, 10)));
  expect(events.at(-1)?.step).toBe(events.at(-1)?.steps);
});

test('the same options give the same parameters bit for bit, another seed others', async () => {
  const [first, second, other] = [await train(options()), await train(options()), await train(options({ seed: 3 }))];
  expect(second.parameters).toEqual(first.parameters);
  expect(other.parameters).not.toEqual(first.parameters);
});

test('parameters of the best held-out score are returned, and training ends when it stays away', async () => {
  const scores = [0.5, 0.7, 0.6, 0.6, 0.6, 0.9];
  const seen: Float32Array[] = [];
  const evaluate = (parameters: Float32Array): number => {
    seen.push(parameters.slice());
    return scores[seen.length - 1] ?? 0;
  };
  const result = await train(options({ heldOut: { evaluate, everyEpochs: 1, patience: 3 } }));
  expect(result.endedBy).toBe('patience');
  expect(result.heldOut).toEqual({ start: 0.5, best: 0.7 });
  expect(result.parameters).toEqual(seen[1]);
});

test('the start is returned when nothing was better', async () => {
  const initial = initialParameters(bilinear, seededRandom(1));
  let calls = 0;
  const result = await train(options({ initial, heldOut: { evaluate: () => (calls++ === 0 ? 0.5 : 0.4), patience: 2 } }));
  expect(result.parameters).toEqual(initial);
});

test('a score that does not choose is reported alone: training goes on and the last parameters are returned', async () => {
  const scores: (number | undefined)[] = [];
  const onEvent = ({ heldOut }: TrainingEvent): void => void scores.push(...(heldOut === undefined ? [] : [heldOut]));
  const result = await train(options({ heldOut: { evaluate: () => 0.5, everyEpochs: 10, patience: 1, chooses: false }, onEvent }));
  expect(scores).toEqual([0.5, 0.5, 0.5]);
  expect(result).toEqual(await train(options()));
});

test('an abort, a spent budget and a score that is no number end it', async () => {
  const controller = new AbortController();
  const aborted = train(options({ signal: controller.signal, onEvent: () => controller.abort() }));
  await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
  let nowMs = 0;
  const result = await train(options({ timeBudgetMs: 10, clock: () => (nowMs += 3) }));
  expect(result.endedBy).toBe('time');
  const initial = initialParameters(bilinear, seededRandom(1));
  const kept = initial.slice();
  const failed = train(options({ initial, heldOut: { evaluate: () => Number.NaN } }));
  await expect(failed).rejects.toMatchObject({ code: 'training-failed' });
  expect(initial).toEqual(kept);
});
