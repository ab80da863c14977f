// Ways to train one head where one language has few ratings, for the tests and the benchmark of the help: each recipe is the same
// training with one kind of help, so that the effect of each can be measured alone.
import { seededRandom } from '../../base/random.ts';
import { createCpuStepper } from '../../head/cpu-stepper.ts';
import type { Head } from '../../head/evaluate.ts';
import { train } from '../../head/train.ts';
import type { Stepper, StepperOptions, TrainingSet } from '../../head/types.ts';
import { alignmentExamples, joinSets, mixedExamples, type TranslatedVectors, transferPull, weightByLanguage } from '../language-examples.ts';
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
  /** Languages with many ratings. */
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
    return trainOn(poor, { ...options, start: prior, proximal: transferPull(poor.label.length) });
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
  joinSets(likesOf(data, options), mixedExamples(data.users, data, { swap, random: seededRandom(options.seed + 1) }), data.dimensions, {
    samePersons: true,
  });

/** As many pairs as there are likes, at most. */
const aligned = (set: TrainingSet, data: LowResourceData, { seed }: RecipeOptions): TrainingSet =>
  joinSets(set, alignmentExamples(data, { most: set.label.length, random: seededRandom(seed + 2) }), data.dimensions);

async function trainOn(set: TrainingSet, options: RecipeOptions): Promise<Head> {
  const { start, epochs, learningRate, proximal = 1e-3, batchSize = 64, negatives = 64, seed, signal, createStepper = createCpuStepper } = options;
  if (set.label.length === 0) return start;
  const { parameters } = await train({
    shape: start.shape,
    set,
    initial: start.parameters,
    loss: { kind: 'softmax', negatives },
    optimiser: { kind: 'adam' },
    schedule: { peak: learningRate, decay: 'cosine' },
    regularisation: { proximal, reference: start.parameters },
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

/** The examples whose item's language is kept. @param languageOf tag of a row of `set.items` */
function examplesIn(set: TrainingSet, languageOf: (itemRow: number) => string, keep: (tag: string) => boolean): TrainingSet {
  const kept = Int32Array.from(set.itemRow.keys()).filter((example) => keep(languageOf(set.itemRow[example] as number)));
  const floats = (values: Float32Array): Float32Array => Float32Array.from(kept, (example) => values[example] as number);
  const rows = (values: Int32Array): Int32Array => kept.map((example) => values[example] as number);
  return {
    ...set,
    userRow: rows(set.userRow),
    itemRow: rows(set.itemRow),
    label: floats(set.label),
    weight: floats(set.weight),
    person: rows(set.person ?? set.userRow),
  };
}
