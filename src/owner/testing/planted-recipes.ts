// Ways to train one head where one language has little: each recipe is the same training with one kind of help, so that what each
// brings can be measured on its own.
import { seededRandom } from '../../base/random.ts';
import { createCpuStepper } from '../../head/cpu-stepper.ts';
import type { Head } from '../../head/evaluate.ts';
import { train } from '../../head/train.ts';
import type { Regularisation, Stepper, StepperOptions, TrainingSet } from '../../head/types.ts';
import { examplesIn, type TranslatedVectors, transferFrom, weightByLanguage } from '../language-examples.ts';
import { withAligned, withMixed } from '../language-help.ts';
import { pretrainingSet } from '../user-vectors.ts';

export interface LowResourceData extends TranslatedVectors {
  /** [rows] tag of each text */
  languages: readonly string[];
  /** Rows liked by each training user. */
  users: readonly Int32Array[];
}

export interface RecipeOptions {
  /** Where every recipe starts. */
  start: Head;
  /** Languages of which much is known. */
  isRich: (tag: string) => boolean;
  epochs: number;
  learningRate: number;
  /** Pull to the start. */
  proximal?: number;
  batchSize?: number;
  /** Uniform negatives a batch. */
  negatives?: number;
  seed: number;
  signal?: AbortSignal;
  createStepper?: (options: StepperOptions) => Stepper | Promise<Stepper>;
}

/** Name → how the head is made. */
export const RECIPES: Readonly<Record<string, (data: LowResourceData, options: RecipeOptions) => Promise<Head>>> = {
  start: async (_, { start }) => start,
  'poor alone': (data, options) =>
    trainOn(
      examplesIn(likesOf(data, options), tagOf(data), (tag) => !options.isRich(tag)),
      options,
    ),
  'rich alone': (data, options) => trainOn(examplesIn(likesOf(data, options), tagOf(data), options.isRich), options),
  transfer: async (data, options) => {
    const likes = likesOf(data, options);
    const prior = await trainOn(examplesIn(likes, tagOf(data), options.isRich), options);
    const poor = examplesIn(likes, tagOf(data), (tag) => !options.isRich(tag));
    if (poor.label.length === 0) return prior;
    const { regularisation } = transferFrom(prior, poor.label.length);
    return trainOn(poor, { ...options, start: prior }, regularisation);
  },
  'joint, T 1': (data, options) => trainOn(likesOf(data, options), options),
  'joint, T 3': (data, options) => trainOn(weightByLanguage(likesOf(data, options), tagOf(data), 3), options),
  'joint, T ∞': (data, options) => trainOn(weightByLanguage(likesOf(data, options), tagOf(data), Number.POSITIVE_INFINITY), options),
  'joint, history dropout': (data, options) => trainOn(mixed(data, options, 0), options),
  'joint, mixing': (data, options) => trainOn(mixed(data, options, 0.5), options),
  'joint, alignment': (data, options) => trainOn(aligned(likesOf(data, options), data, options), options),
  'joint, mixing and alignment': (data, options) => trainOn(aligned(mixed(data, options, 0.5), data, options), options),
};

const tagOf =
  ({ languages }: LowResourceData) =>
  (row: number): string =>
    languages[row] ?? '';

function likesOf({ users, vectors, dimensions }: LowResourceData, { seed }: RecipeOptions): TrainingSet {
  return pretrainingSet(users, vectors, dimensions, { most: 50_000, random: seededRandom(seed) });
}

const mixed = (data: LowResourceData, options: RecipeOptions, swap: number): TrainingSet =>
  withMixed(likesOf(data, options), data.users, data, { swap, seed: options.seed + 1 });

/** As many pairs as there are likes, at most. */
const aligned = (set: TrainingSet, data: LowResourceData, { seed }: RecipeOptions): TrainingSet =>
  withAligned(set, data, { most: set.label.length, seed: seed + 2 });

async function trainOn(set: TrainingSet, options: RecipeOptions, regularisation?: Regularisation): Promise<Head> {
  const { start, epochs, learningRate, proximal = 1e-3, batchSize = 64, negatives = 64, seed, signal, createStepper = createCpuStepper } = options;
  if (set.label.length === 0) return start;
  const { parameters } = await train({
    shape: start.shape,
    set,
    initial: start.parameters,
    loss: { kind: 'softmax', negatives },
    optimiser: { kind: 'adam' },
    schedule: { peak: learningRate, decay: 'cosine' },
    regularisation: regularisation ?? { proximal, reference: start.parameters },
    clipNorm: 1,
    epochs,
    batchSize,
    seed,
    eventEverySteps: 1000,
    createStepper,
    ...(signal && { signal }),
  });
  return { shape: start.shape, parameters };
}
