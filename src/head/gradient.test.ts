// Every head with every loss: the slopes that training uses against central finite differences of the loss it reports.
import { describe, expect, test } from 'vitest';
import { cpuSession, type DenseSessionFactory, type Floats, float64Session } from '../compute/cpu/dense.ts';
import { loadWasmSessions } from '../compute/wasm/dense-session.ts';
import { createDenseStepper } from './cpu-stepper.ts';
import { parameterCount } from './layout.ts';
import { firstBatch, relativeError, SMALL_LOSSES, SMALL_SHAPES, smallSet, wideParameters } from './testing/small-sets.ts';
import type { HeadShape, Regularisation } from './types.ts';

type LossCase = (typeof SMALL_LOSSES)[number];

/** ‖slopes − differences‖ / ‖differences‖ over all parameters. @param step of the differences */
function gradientError<T extends Floats>(
  shape: HeadShape,
  { loss, givenNegatives }: LossCase,
  session: DenseSessionFactory<T>,
  step: number,
  regularisation: Regularisation,
) {
  const set = smallSet({ persons: 3, items: 11, examples: 24, dimensions: shape.dimensions, seed: 5, givenNegatives });
  const { batch, limits } = firstBatch(set, shape, loss, 7);
  const initial = wideParameters(parameterCount(shape), 9);
  const optimiser = { kind: 'sgd' } as const;
  const stepper = createDenseStepper({ shape, set, limits, initial, loss, optimiser, regularisation }, session);
  const { live } = stepper;
  stepper.lossAndGradient(batch);
  const slopes = Float64Array.from(stepper.gradient);
  const differences = slopes.map((_, i) => {
    const kept = live[i] as number;
    live[i] = kept + step;
    const [high, above] = [live[i] as number, stepper.lossAndGradient(batch)];
    live[i] = kept - step;
    const [low, below] = [live[i] as number, stepper.lossAndGradient(batch)];
    live[i] = kept;
    return (above - below) / (high - low);
  });
  return { error: relativeError(slopes, differences), norm: Math.hypot(...differences) };
}

const wasmSession = await loadWasmSessions();
if (!wasmSession) throw new Error('This engine has no SIMD in WebAssembly.');
const FLOAT32 = { 'plain TypeScript': cpuSession, WASM: wasmSession };

const nameOf = ({ kind, users }: HeadShape): string => (users ? `${kind}, ${users} users` : kind);

for (const shape of SMALL_SHAPES) {
  describe(nameOf(shape), () => {
    const reference = wideParameters(parameterCount(shape), 10);
    for (const lossCase of SMALL_LOSSES) {
      test(`${lossCase.name}: below 1e-6 in float64`, () => {
        const { error, norm } = gradientError(shape, lossCase, float64Session, 1e-5, { l2: 0.03, proximal: 0.02, reference });
        expect(norm).toBeGreaterThan(1e-3);
        expect(error).toBeLessThan(1e-6);
      });

      for (const [name, session] of Object.entries(FLOAT32)) {
        test(`${lossCase.name}: below 1e-3 in float32, ${name}`, () => {
          const { error, norm } = gradientError(shape, lossCase, session, 4e-3, {});
          expect(norm).toBeGreaterThan(1e-3);
          expect(error).toBeLessThan(1e-3);
        });
      }
    }
  });
}
