// The training loop of every head, loss and device: order, schedule, events, early stopping, abort, time budget. The start is never
// changed, so the head in use survives a training that fails.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { seededRandom } from '../base/random.ts';
import { type BatchSource, createBatchSource } from './batches.ts';
import { checkTraining } from './check-training.ts';
import { resolveShape } from './layout.ts';
import { learningRateAt } from './schedule.ts';
import type { HeldOutSpec, Stepper, TrainOptions, TrainResult } from './types.ts';

/** Longest time for which training keeps its worker from answering messages. */
const SLICE_MS = 16;

/**
 * Trains a head with mini-batches on the device of `createStepper`; each epoch has a new seeded order. On the CPU the same options give
 * the same parameters bit for bit.
 * @returns the best parameters by `heldOut` where that chooses (the start's if nothing was better), else the last
 * @throws training-failed when a loss or the held-out score is not a number, or a parameter is not finite; aborted;
 *   bad-argument, bad-vector or bad-head for options that do not fit together; what the device throws
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  throwIfAborted(options.signal, 'Training');
  checkTraining(options);
  const { shape, set, initial, loss, optimiser, regularisation, clipNorm, createStepper } = options;
  const { users, dimensions } = resolveShape(shape);
  const drawing = { loss, batchSize: options.batchSize, random: seededRandom(options.seed), personal: users > 1 };
  const source = createBatchSource(set, set.items.length / dimensions, drawing);
  const stepper = await createStepper({
    shape,
    set,
    limits: source.limits,
    initial,
    loss,
    optimiser,
    ...(regularisation && { regularisation }),
    ...(clipNorm !== undefined && { clipNorm }),
  });
  try {
    return await runEpochs(options, source, stepper);
  } finally {
    stepper.dispose();
  }
}

async function runEpochs(options: TrainOptions, source: BatchSource, stepper: Stepper): Promise<TrainResult> {
  const { epochs, schedule, signal, eventEverySteps = 1, onEvent, timeBudgetMs = Number.POSITIVE_INFINITY } = options;
  const clock = options.clock ?? (() => performance.now());
  const startMs = clock();
  const pace = createPacer({ what: 'Training', clock, sliceMs: SLICE_MS });
  const watch = options.heldOut ? await createWatch(options, options.heldOut) : undefined;
  const steps = epochs * source.batchesPerEpoch;
  let [step, reported, loss, learningRate] = [0, 0, Number.NaN, 0];
  const report = async (): Promise<void> => {
    reported = step;
    loss = await stepper.takeLoss();
    if (!Number.isFinite(loss)) throw failure(`the loss became ${loss}`, step, learningRate);
  };
  let endedBy: TrainResult['endedBy'] = 'epochs';
  training: for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of source.epoch()) {
      throwIfAborted(signal, 'Training');
      if (clock() - startMs >= timeBudgetMs) {
        endedBy = 'time';
        break training;
      }
      learningRate = learningRateAt(schedule, step++, steps);
      await stepper.step(batch, learningRate);
      if (step % eventEverySteps === 0 || step === steps) {
        await report();
        onEvent?.({ step, steps, epoch, loss, learningRate });
      }
      await pace();
    }
    if (!watch?.isDue(epoch)) continue;
    throwIfAborted(signal, 'Training');
    const heldOut = await watch.look(await stepper.parameters());
    onEvent?.({ step, steps, epoch, loss, learningRate, heldOut });
    if (watch.isOver()) {
      endedBy = 'patience';
      break;
    }
  }
  throwIfAborted(signal, 'Training');
  if (reported < step) await report();
  const last = await stepper.parameters();
  if (!last.every(Number.isFinite)) throw failure('a parameter became NaN or infinite', step, learningRate);
  if (endedBy === 'time') await watch?.look(last);
  return {
    parameters: last,
    endedBy,
    steps: step,
    examples: source.examples,
    loss,
    ...watch?.chosen(),
  };
}

function failure(what: string, step: number, learningRate: number): RecommenderError {
  const message = `Training failed: ${what} at step ${step}. The head before is kept. Use a lower learning rate or clip the gradient.`;
  return new RecommenderError('training-failed', message, { step, learningRate });
}

/** Evaluates parameters in between; keeps the best ones, the start's included, where the score chooses. */
async function createWatch({ initial, epochs }: TrainOptions, { evaluate, everyEpochs = 1, patience = 3, chooses = true }: HeldOutSpec) {
  const scoreOf = async (parameters: Float32Array): Promise<number> => {
    const value = await evaluate(parameters);
    if (chooses && Number.isNaN(value)) {
      throw new RecommenderError('training-failed', 'The held-out score is not a number. Check that some interactions are held out.');
    }
    return value;
  };
  const start = chooses ? await scoreOf(initial) : Number.NaN;
  let best = start;
  let bestParameters: Float32Array = initial.slice();
  let misses = 0;
  return {
    isDue: (epoch: number) => (epoch + 1) % everyEpochs === 0 || epoch === epochs - 1,
    async look(parameters: Float32Array): Promise<number> {
      const value = await scoreOf(parameters);
      misses = value > best ? 0 : misses + 1;
      if (value > best) [best, bestParameters] = [value, parameters];
      return value;
    },
    isOver: () => chooses && misses >= patience,
    /** Undefined where the score does not choose. */
    chosen: () => (chooses ? { parameters: bestParameters, heldOut: { start, best } } : undefined),
  };
}
