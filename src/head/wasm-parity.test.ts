// Training on WASM kernels ends where plain TypeScript ends, and each repeats itself bit for bit.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { cpuSession, type DenseSessionFactory } from '../compute/cpu/dense.ts';
import { loadWasmSessions } from '../compute/wasm/dense-session.ts';
import { createDenseStepper } from './cpu-stepper.ts';
import { score } from './heads.ts';
import { initialParameters } from './layout.ts';
import { relativeError, SMALL_LOSSES, smallSet } from './testing/small-sets.ts';
import { train } from './train.ts';
import type { HeadShape, OptimiserSpec, TrainingSet } from './types.ts';

const wasmSessions = await loadWasmSessions();
if (!wasmSessions) throw new Error('This engine has no SIMD in WebAssembly.');
const wasm: DenseSessionFactory<Float32Array> = wasmSessions;

const DIMENSIONS = 38;
const SHAPES: readonly HeadShape[] = [
  { kind: 'concat-linear', dimensions: DIMENSIONS, users: 5 },
  { kind: 'dot', dimensions: DIMENSIONS },
  { kind: 'bilinear', dimensions: DIMENSIONS, rank: 6 },
  { kind: 'mlp', dimensions: DIMENSIONS, hidden: 11 },
  { kind: 'linear-probe', dimensions: DIMENSIONS, users: 5 },
];

/** 50 steps of batches of 16; the last batch of an epoch is smaller. */
async function trained(
  shape: HeadShape,
  set: TrainingSet,
  { loss }: (typeof SMALL_LOSSES)[number],
  optimiser: OptimiserSpec,
  session: DenseSessionFactory<Float32Array>,
) {
  const ranking = loss.kind === 'bpr' || loss.kind === 'softmax';
  const examples = ranking ? set.label.filter((label) => label > 0).length : set.label.length;
  const epochs = Math.ceil(50 / Math.ceil(examples / 16));
  const { parameters, steps } = await train({
    shape,
    set,
    initial: initialParameters(shape, seededRandom(4)),
    loss,
    optimiser,
    schedule: { peak: 0.01, warmUpSteps: 5, decay: 'cosine' },
    regularisation: { l2: 1e-3, proximal: 1e-2, reference: initialParameters(shape, seededRandom(5)) },
    clipNorm: 1,
    epochs,
    batchSize: 16,
    seed: 8,
    createStepper: (options) => createDenseStepper(options, session),
  });
  expect(steps).toBeGreaterThanOrEqual(50);
  return parameters;
}

for (const shape of SHAPES) {
  describe(shape.kind, () => {
    for (const lossCase of SMALL_LOSSES) {
      test(lossCase.name, async () => {
        const set = smallSet({ persons: 5, items: 60, examples: 150, dimensions: DIMENSIONS, seed: 2, givenNegatives: lossCase.givenNegatives });
        for (const optimiser of [
          { kind: 'adamw', decay: 0.01 },
          { kind: 'sgd', momentum: 0.9 },
        ] as const) {
          const [plain, fast, again] = [
            await trained(shape, set, lossCase, optimiser, cpuSession),
            await trained(shape, set, lossCase, optimiser, wasm),
            await trained(shape, set, lossCase, optimiser, wasm),
          ];
          expect(relativeError(fast, plain)).toBeLessThan(1e-5);
          expect(relativeError(plain, initialParameters(shape, seededRandom(4)))).toBeGreaterThan(1e-3);
          expect(again).toEqual(fast);
        }
      });
    }

    test('scores', () => {
      const set = smallSet({ persons: 5, items: 300, examples: 1, dimensions: DIMENSIONS, seed: 2 });
      const parameters = initialParameters(shape, seededRandom(4)).map((value, i) => value + Math.sin(i) / 10);
      const persons = Int32Array.of(0, 1, 2, 3, 4).map((person) => (shape.users ? person : 0));
      const plain = score(shape, set.users, set.items, parameters, { persons });
      expect(relativeError(score(shape, set.users, set.items, parameters, { persons, session: wasm }), plain)).toBeLessThan(1e-5);
    });
  });
}

test('384 dimensions, hidden 64, batches of 64', async () => {
  const shape = { kind: 'mlp', dimensions: 384, hidden: 64 } as const;
  const set = smallSet({ persons: 20, items: 100, examples: 256, dimensions: 384, seed: 2 });
  const run = async (session: DenseSessionFactory<Float32Array>) => {
    const initial = initialParameters(shape, seededRandom(4));
    const options = {
      shape,
      set,
      initial,
      loss: { kind: 'bce' },
      optimiser: { kind: 'adam' },
      schedule: { peak: 1e-3 },
      epochs: 13,
      batchSize: 64,
      seed: 1,
    } as const;
    return train({ ...options, createStepper: (about) => createDenseStepper(about, session) });
  };
  const [plain, fast] = [await run(cpuSession), await run(wasm)];
  expect(plain.steps).toBe(52);
  expect(relativeError(fast.parameters, plain.parameters)).toBeLessThan(1e-5);
});
