// Trains the head that every visitor starts from, on the likes of an owner's many users. Of all heads that are tried, the plain cosine
// among them, the one that ranks best for held-out users is returned.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { nextTask } from '../base/pacer.ts';
import { seededRandom } from '../base/random.ts';
import { createCpuStepper } from '../head/cpu-stepper.ts';
import type { Head } from '../head/evaluate.ts';
import { rowsOf } from '../head/heads.ts';
import { checkParameters, initialParameters } from '../head/layout.ts';
import { train } from '../head/train.ts';
import type { HeadShape, LossSpec, StepperOptions, TrainingEvent, TrainingSet } from '../head/types.ts';
import { drawHeldOut, heldOutCases, ndcgOf } from './held-out.ts';
import { transferPull } from './language-examples.ts';
import { type HelpedTexts, helpedSet, helpedTexts, helpedUsers, type LanguageHelp, mixedCatalogue } from './language-help.ts';
import { type Likes, likedRows } from './likes.ts';
import { tasteScorer } from './taste-scorer.ts';
import { pretrainingSet } from './user-vectors.ts';
import { type WithinUserSpectrum, whitenedParameters, withinUserSpectrum } from './whitened-start.ts';

/** Kinds that can score users who are not in the log. */
export type PretrainedKind = 'dot' | 'bilinear' | 'mlp';

export interface PretrainOptions {
  kind: PretrainedKind;
  /** Of `bilinear`; default: the dimensions, 256 at most. */
  rank?: number;
  /** Of `mlp`; default 32. */
  hidden?: number;
  /** Default softmax over the batch and 256 drawn items; for `mlp`, whose pairs are expensive, BPR with 8 drawn items for each like. */
  loss?: LossSpec;
  /** Most passes over the examples; with 0 the head is the best start. Default 3. */
  epochs?: number;
  /** Default 256. */
  batchSize?: number;
  /** Default 1e-4 for `bilinear`, which starts near the optimum, else 1e-3. */
  learningRate?: number;
  /** Pull to the start. Default 1e-3; from `priorHead`: `transferPull`. */
  proximal?: number;
  /** Transfer: a head of the same shape that was trained on languages with more ratings, as one more start. */
  priorHead?: Head;
  /** Help for languages with few ratings. */
  help?: LanguageHelp;
  /** Share of users who are held out to choose the head and to end training, between 0 and 1. Default 0.2. */
  heldOutShare?: number;
  /** The text's part of a product of two vectors, 1 less the share of the features. Default 1: text alone. */
  textShare?: number;
  /** Default 50,000; drawn at random where the log has more. */
  mostExamples?: number;
  seed: number;
  /** Called every 10 steps, and with `heldOut` after each epoch. */
  onEvent?: (event: TrainingEvent) => void;
  signal?: AbortSignal;
  createStepper?: (options: StepperOptions) => ReturnType<typeof createCpuStepper>;
}

export interface Pretrained {
  shape: HeadShape;
  /** Trained on all users, held-out ones included, by the way that was best for the held-out ones. */
  parameters: Float32Array;
  /** Trained without the held-out users, so that it may be measured and blended on them. */
  honestParameters: Float32Array;
  /** [users] 1 where held out */
  heldOutUsers: Uint8Array;
  /** Mean nDCG@10 of held-out users by the plain cosine, the start of training and the chosen head; with translations, on `mixedCatalogue`. */
  heldOut: { plain: number; start: number; best: number };
  /** `cosine`, `prior head`, or `whitened, ridge R`. */
  start: string;
  /** Epochs of gradient descent that made the chosen head. */
  epochs: number;
  examples: number;
}

const SCALE = 10;
/** In units of the mean variance within users. */
const RIDGES = [0.3, 1, 3, 10];
/** Most held-out users whom heads are compared on; each takes some milliseconds a head. */
const MOST_COMPARED = 100;

/**
 * @param likes of the owner's users @param vectors [items × dimensions], rows as in `likes`; zero rows are items without a vector
 * @throws bad-argument for options out of range, help that does not fit the items, a prior head of another shape; evaluation-empty when fewer than 5 users have 2 likes with vectors; bad-vector,
 *   training-failed, aborted
 */
export async function pretrain(likes: Likes, vectors: Float32Array, dimensions: number, options: PretrainOptions): Promise<Pretrained> {
  const { seed, signal, heldOutShare = 0.2, epochs = 3, textShare = 1 } = options;
  throwIfAborted(signal, 'Pre-training');
  const users = usableUsers(likes, vectors, dimensions);
  checkOptions(users, heldOutShare, epochs);
  const heldOutUsers = drawHeldOut(users, heldOutShare, seededRandom(seed));
  const known = users.map((rows, user) => (heldOutUsers[user] ? new Int32Array(0) : rows));
  const cases = heldOutCases(users.filter((_, user) => heldOutUsers[user]).slice(0, MOST_COMPARED), seededRandom(seed + 1));
  const shape = shapeOf(options, dimensions);
  const texts = options.help && helpedTexts(vectors, dimensions, options.help);
  const shown = texts ? mixedCatalogue(vectors, texts, seed + 5) : vectors;
  const ndcg = (parameters: Float32Array): number => {
    const score = tasteScorer({ shape, parameters }, shown, textShare);
    return cases.reduce((sum, one) => sum + ndcgOf(score(one.history), one), 0) / cases.length;
  };
  const plain = initialParameters(shape, seededRandom(seed), SCALE);
  const plainNdcg = ndcg(plain);
  const given = givenStart({ name: 'cosine', parameters: plain, ndcg: plainNdcg }, shape, options.priorHead, ndcg);
  const start = await bestStart(given, shape, () => spectrumFor(shape, known, vectors, options, texts), ndcg, signal);
  const tuned = await descend(shape, exampleSource(known, vectors, dimensions, options, texts), start, epochs, options, ndcg);
  const parameters = await onAllUsers(shape, users, vectors, start, tuned.epochs, options, texts);
  return {
    shape,
    parameters,
    honestParameters: tuned.parameters,
    heldOutUsers,
    heldOut: { plain: plainNdcg, start: start.ndcg, best: tuned.ndcg ?? start.ndcg },
    start: start.name,
    epochs: tuned.epochs,
    examples: users.reduce((sum, rows) => sum + (rows.length > 1 ? rows.length : 0), 0),
  };
}

/** [users] rows of the liked items that have a vector */
function usableUsers(likes: Likes, vectors: Float32Array, dimensions: number): Int32Array[] {
  if (rowsOf(vectors, dimensions) !== likes.itemCount) {
    throw new RecommenderError(
      'bad-vector',
      `There are vectors of ${vectors.length / dimensions} items and a log of ${likes.itemCount}. Give those of one catalogue.`,
    );
  }
  const bad = vectors.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new RecommenderError('bad-vector', `The vectors hold ${bad}. Encode the catalogue again.`);
  const encoded = (row: number): boolean => vectors.subarray(row * dimensions, (row + 1) * dimensions).some((value) => value !== 0);
  return likedRows(likes).map((rows) => rows.filter(encoded));
}

function checkOptions(users: readonly Int32Array[], heldOutShare: number, epochs: number): void {
  const usable = users.filter((rows) => rows.length > 1).length;
  if (usable < 5) {
    throw new RecommenderError(
      'evaluation-empty',
      `${usable} users like two or more items that have a vector; pre-training needs 5. Give a longer log.`,
      { users: usable },
    );
  }
  if (!(heldOutShare > 0 && heldOutShare < 1))
    throw new RecommenderError('bad-argument', `The held-out share is ${heldOutShare}. Give a number between 0 and 1.`);
  if (!(Number.isInteger(epochs) && epochs >= 0))
    throw new RecommenderError('bad-argument', `There were ${epochs} epochs asked for. Give a whole number from 0.`);
}

function shapeOf({ kind, rank, hidden }: PretrainOptions, dimensions: number): HeadShape {
  if (kind === 'bilinear') return { kind, dimensions, rank: rank ?? Math.min(256, dimensions) };
  return kind === 'mlp' ? { kind, dimensions, hidden: hidden ?? 32 } : { kind, dimensions };
}

interface Start {
  name: string;
  parameters: Float32Array;
  ndcg: number;
  ridge?: number;
  /** The given prior head: the pull to it is `transferPull`. */
  isPrior?: true;
}

/** The prior head where one is given and no worse than the cosine. @throws bad-argument, bad-head */
function givenStart(plain: Start, shape: HeadShape, prior: Head | undefined, ndcg: (parameters: Float32Array) => number): Start {
  if (!prior) return plain;
  const [wanted, found] = [shape, prior.shape].map(
    ({ kind, dimensions, rank = 0, hidden = 0 }) => `${kind}, ${dimensions} dimensions, rank ${rank}, hidden ${hidden}`,
  );
  if (wanted !== found)
    throw new RecommenderError('bad-argument', `The prior head is ${found}; the head to be trained is ${wanted}. Train one of the same shape.`);
  checkParameters(shape, prior.parameters);
  const start: Start = { name: 'prior head', parameters: prior.parameters, ndcg: ndcg(prior.parameters), isPrior: true };
  return start.ndcg >= plain.ndcg ? start : plain;
}

async function bestStart(
  given: Start,
  shape: HeadShape,
  measureSpectrum: () => Promise<WithinUserSpectrum | undefined>,
  ndcg: (parameters: Float32Array) => number,
  signal: AbortSignal | undefined,
): Promise<Start> {
  const spectrum = await measureSpectrum();
  let best = given;
  if (!spectrum) return best;
  for (const ridge of RIDGES) {
    const parameters = whitenedParameters(shape, spectrum, ridge, SCALE);
    const found = { name: `whitened, ridge ${ridge}`, parameters, ndcg: ndcg(parameters), ridge };
    if (found.ndcg > best.ndcg) best = found;
    await nextTask();
    throwIfAborted(signal, 'Pre-training');
  }
  return best;
}

function spectrumFor(
  shape: HeadShape,
  users: readonly Int32Array[],
  vectors: Float32Array,
  { help, signal }: PretrainOptions,
  texts: HelpedTexts | undefined,
): Promise<WithinUserSpectrum | undefined> {
  if (shape.kind !== 'bilinear') return Promise.resolve(undefined);
  if (help && texts) return withinUserSpectrum(helpedUsers(users, texts, help), texts.vectors, shape.dimensions, signal);
  return withinUserSpectrum(users, vectors, shape.dimensions, signal);
}

/** Makes the training set, on demand: without epochs it is not needed. */
function exampleSource(
  users: readonly Int32Array[],
  vectors: Float32Array,
  d: number,
  { seed, mostExamples: most = 50_000, help }: PretrainOptions,
  texts: HelpedTexts | undefined,
): () => TrainingSet {
  if (help && texts) return () => helpedSet(users, texts, help, { most, seed: seed + 2 });
  return () => pretrainingSet(users, vectors, d, { most, random: seededRandom(seed + 2) });
}

/** Gradient descent from a start. `ndcg` adds early stopping; `epochs` is then the number after which the best parameters were found, 0 for the start. */
async function descend(
  shape: HeadShape,
  examples: () => TrainingSet,
  { parameters: initial, isPrior }: Start,
  epochs: number,
  options: PretrainOptions,
  ndcg?: (parameters: Float32Array) => number,
): Promise<{ parameters: Float32Array; epochs: number; ndcg?: number }> {
  if (epochs === 0) return { parameters: initial, epochs: 0 };
  const { seed, signal, batchSize = 256, learningRate = shape.kind === 'bilinear' ? 1e-4 : 1e-3 } = options;
  const set = examples();
  const pull = isPrior ? transferPull(set.label.length) : 1e-3;
  const seen: number[] = [];
  const evaluate = (parameters: Float32Array): number => {
    seen.push(ndcg?.(parameters) ?? 0);
    return seen.at(-1) ?? 0;
  };
  const result = await train({
    shape,
    set,
    initial,
    loss: options.loss ?? (shape.kind === 'mlp' ? { kind: 'bpr', negatives: 8 } : { kind: 'softmax', negatives: 256 }),
    optimiser: { kind: 'adam' },
    schedule: { peak: learningRate, decay: 'constant' },
    regularisation: { proximal: options.proximal ?? pull, reference: initial },
    clipNorm: 1,
    epochs,
    batchSize,
    seed: seed + 3,
    eventEverySteps: 10,
    createStepper: options.createStepper ?? createCpuStepper,
    ...(ndcg && { heldOut: { evaluate, patience: 2 } }),
    ...(ndcg && options.onEvent && { onEvent: options.onEvent }),
    ...(signal && { signal }),
  });
  return ndcg
    ? { parameters: result.parameters, epochs: seen.indexOf(Math.max(...seen)), ndcg: Math.max(...seen) }
    : { parameters: result.parameters, epochs };
}

/** Trains again in the chosen way on all users, the held-out ones included. */
async function onAllUsers(
  shape: HeadShape,
  users: readonly Int32Array[],
  vectors: Float32Array,
  start: Start,
  epochs: number,
  options: PretrainOptions,
  texts: HelpedTexts | undefined,
): Promise<Float32Array> {
  const { ridge } = start;
  const spectrum = ridge === undefined ? undefined : await spectrumFor(shape, users, vectors, options, texts);
  const parameters = spectrum && ridge !== undefined ? whitenedParameters(shape, spectrum, ridge, SCALE) : start.parameters;
  const examples = exampleSource(users, vectors, shape.dimensions, options, texts);
  return (await descend(shape, examples, { ...start, parameters }, epochs, options)).parameters;
}
