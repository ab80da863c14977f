// The training loop, for every head, loss and device: order, schedule, events, early stopping, abort, time budget. The start is
// never changed, so whatever goes wrong, the head before is still there.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { seededRandom } from '../base/random.ts';
import { type BatchSource, createBatchSource } from './batches.ts';
import { checkTraining } from './check-training.ts';
import { resolveShape } from './layout.ts';
import { learningRateAt } from './schedule.ts';
import type { Stepper, TrainOptions, TrainResult } from './types.ts';

/** A worker answers messages this often while it trains. */
const SLICE_MS = 16;

/**
 * Trains a head: mini-batches over `epochs` in a new seeded order each, on the device that `createStepper` stands for. On
 * the CPU the same options give the same parameters bit for bit.
 * @returns the parameters, the best by `heldOut` where that is given (the start's if nothing was better), else the last
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
  const watch = options.heldOut ? await createWatch(options) : undefined;
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
    parameters: watch?.best() ?? last,
    endedBy,
    steps: step,
    examples: source.examples,
    loss,
    ...(watch && { heldOut: watch.scores() }),
  };
}

function failure(what: string, step: number, learningRate: number): RecommenderError {
  const message = `Training failed: ${what} at step ${step}. The head before is kept. Use a lower learning rate or clip the gradient.`;
  return new RecommenderError('training-failed', message, { step, learningRate });
}

/** Keeps the best parameters by the held-out score, the start's included. */
async function createWatch({ initial, heldOut, epochs }: TrainOptions) {
  const evaluate = async (parameters: Float32Array): Promise<number> => {
    const value = (await heldOut?.evaluate(parameters)) ?? Number.NaN;
    if (Number.isNaN(value)) {
      throw new RecommenderError('training-failed', 'The held-out score is not a number. Check that some interactions are held out.');
    }
    return value;
  };
  const { everyEpochs = 1, patience = 3 } = heldOut ?? {};
  const start = await evaluate(initial);
  let best = start;
  let bestParameters: Float32Array = initial.slice();
  let misses = 0;
  return {
    isDue: (epoch: number) => (epoch + 1) % everyEpochs === 0 || epoch === epochs - 1,
    async look(parameters: Float32Array): Promise<number> {
      const value = await evaluate(parameters);
      misses = value > best ? 0 : misses + 1;
      if (value > best) [best, bestParameters] = [value, parameters];
      return value;
    },
    isOver: () => misses >= patience,
    best: () => bestParameters,
    scores: () => ({ start, best }),
  };
}
