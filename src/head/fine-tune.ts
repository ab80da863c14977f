// Fits a head to one visitor on the device: compares a few plans by cross-validation, trains the best one, and compares the result with
// the head in use on likes that neither has seen. Every candidate starts from the same head and sees all ratings, so a head depends on
// ratings, start and seed, and not on the heads before it. That makes unlearning exact.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { type Head, heldOutNdcg, judge, type LearningTask, meanOf, type Verdict } from './evaluate.ts';
import { resolveShape } from './layout.ts';
import { train } from './train.ts';
import type { Stepper, StepperOptions, TrainOptions, TrainResult } from './types.ts';

/** A way to learn from few likes: which parameters are learnt, and how strong the pull to the start is. */
export interface TuningPlan {
  /**
   * - `direction`: the start's form plus one of rank 1, s (u·v + (u·a)(b·v)) with a = the profile and b = 0 at first. A direction is
   *   added to the profile, so later likes still count at once. For `dot` and `bilinear` starts.
   * - `same`: the start's own parameters. All other starts.
   */
  kind: 'direction' | 'same';
  /** λ of λ/2 ‖w − w₀‖², w the query of the visitor in units of the logit: likes move w by about 1/λ at most. */
  proximal: number;
}

/**
 * Tried in this order; of plans that are equally good the first is taken. The first is also used where there are too few likes to
 * choose. A logistic regression on item vectors with the start's query as prior was always worse than `direction` on Debian's baskets
 * (instant vectors, 5 and 10 ratings).
 */
const DEFAULT_PLANS: readonly TuningPlan[] = [
  { kind: 'direction', proximal: 0.1 },
  { kind: 'direction', proximal: 0.03 },
  { kind: 'same', proximal: 1 },
];

/** Gradient steps of one training, and examples in each. */
const STEPS = 60;
const BATCH = 64;
/** For a curvature of 1, the highest that the softmax of unit vectors has in w. */
const STEP_SIZE = 0.5;
const MOMENTUM = 0.9;
/** s of the plain head; as `initialParameters`. */
const PLAIN_SCALE = 10;

/** One point of the curves of a visitor's training. */
export interface TrainingPoint {
  /** 1 after the first step. */
  step: number;
  /** 0-based. */
  epoch: number;
  /** Mean over the steps since the last point, regularisation included. */
  loss: number;
  learningRate: number;
  /** Mean nDCG of the held-out likes; null where it was not measured at this step. It is only shown: nothing is chosen by it. */
  heldOutNdcg: number | null;
}

export interface FineTuneOptions {
  /** Where every candidate starts: the shipped head, or `plainHead`. */
  start: Head;
  /** The head in use, which the candidate is compared with. */
  parent: Head;
  /** As `visitorTasks` of the feedback room makes them. */
  whole: LearningTask;
  folds: readonly LearningTask[];
  /** [held out of `whole`] which of them stood when the parent was made. Not given where the parent was not trained. */
  stood?: readonly boolean[];
  plans?: readonly TuningPlan[];
  /** Of the order of examples. */
  seed: number;
  createStepper: (options: StepperOptions) => Stepper | Promise<Stepper>;
  /** For all trainings together. A training that is not done by then is not used, because it could not be repeated. */
  budgetMs: number;
  /** Milliseconds. */
  clock: () => number;
  signal?: AbortSignal;
  /** Of the training of the plan that was chosen. */
  onPoint?: (point: TrainingPoint) => void;
}

export interface FineTuned {
  /** Whether the candidate is to replace the parent, and why or why not. */
  installed: boolean;
  reason: string;
  candidate: Head;
  plan: TuningPlan;
  /** Mean nDCG of the likes of `whole.heldOut`, of the candidate and of the parent. */
  heldOutNdcg: number;
  parentNdcg: number;
  points: TrainingPoint[];
}

/** The cosine with the profile, as a head: it ranks exactly as the page does without a head. */
export function plainHead(dimensions: number): Head {
  return { shape: { kind: 'dot', dimensions }, parameters: Float32Array.of(Math.log(PLAIN_SCALE), 0) };
}

/**
 * Trains a candidate and says whether to use it.
 *
 * Two tests, both on likes that the tested head has not seen. First the plans and the start are compared on the folds; if no plan beats
 * the start, the candidate of the best plan is trained but not installed. Then `judge` compares the candidate with the parent on
 * `whole.heldOut`, by which nothing was chosen, and also on the folds if the start itself is in use. Without the folds,
 * only half of the gain was installed on Debian's baskets with ten ratings, because the held-out fifth is two likes, which prove little.
 * @throws training-failed, aborted, bad-head, bad-vector; bad-argument when no plan fits the start; what the device throws
 */
export async function fineTune(options: FineTuneOptions): Promise<FineTuned> {
  const { start, parent, whole, folds, clock, signal, budgetMs } = options;
  throwIfAborted(signal, 'Training');
  const plans = (options.plans ?? DEFAULT_PLANS).filter((plan) => fits(plan, start));
  if (plans.length === 0) throw new RecommenderError('bad-argument', `No plan of training fits a head '${start.shape.kind}' to start from.`);
  const endMs = clock() + budgetMs;
  const left = (): number => Math.max(0, endMs - clock());
  const choice = await choosePlan(plans, options, left);
  const points: TrainingPoint[] = [];
  const { head, endedBy } = await trainPlan(choice.plan, whole, options, left(), (point) => {
    points.push(point);
    options.onPoint?.(point);
  });
  const [found, before] = [heldOutNdcg(head, whole), heldOutNdcg(parent, whole)];
  const verdict = decide(choice, found, before, options);
  const inTime = choice.inTime && endedBy === 'epochs';
  const reason = !inTime
    ? `Not taken into use, training was not done within ${budgetMs} ms. Give it more time.`
    : !choice.beatsStart
      ? `Not taken into use, with the likes left out in ${folds.length} parts it finds them no better than the head it started from.`
      : verdict.reason;
  return {
    installed: inTime && choice.beatsStart && verdict.accepted,
    reason,
    candidate: head,
    plan: choice.plan,
    heldOutNdcg: meanOf(found),
    parentNdcg: meanOf(before),
    points,
  };
}

interface Choice {
  plan: TuningPlan;
  /** [likes of all folds] nDCG with the plan trained on the others, and with the start. */
  folded: { plan: number[]; start: number[] };
  /** Where there are folds: better there than the start. */
  beatsStart: boolean;
  inTime: boolean;
}

/**
 * A start that is in use has seen no like at all. Then the likes of the folds, four times as many, count as well, and the mean alone
 * decides. (On Debian's baskets with 20 ratings, the candidates that the strict rule refused had gained the most.)
 */
function decide({ folded }: Choice, candidate: Float64Array, parent: Float64Array, { start, parent: inUse, stood }: FineTuneOptions): Verdict {
  if (inUse !== start) return judge(candidate, parent, stood ? { stood } : {});
  return judge(Float64Array.of(...candidate, ...folded.plan), Float64Array.of(...parent, ...folded.start), { strict: false });
}

/** Cross-validation over the folds. A single plan, or no folds: nothing to choose. */
async function choosePlan(plans: readonly TuningPlan[], options: FineTuneOptions, left: () => number): Promise<Choice> {
  const { folds, start } = options;
  const first = plans[0] as TuningPlan;
  if (folds.length === 0) return { plan: first, folded: { plan: [], start: [] }, beatsStart: true, inTime: true };
  const ndcgOf = (head: Head, fold: LearningTask): number[] => [...heldOutNdcg(head, fold)];
  const own = folds.flatMap((fold) => ndcgOf(start, fold));
  const baseline = meanOf(Float64Array.from(own));
  let [best, bestFound, bestNdcg] = [first, own, Number.NEGATIVE_INFINITY];
  for (const plan of plans) {
    const found: number[] = [];
    for (const fold of folds) {
      const { head, endedBy } = await trainPlan(plan, fold, options, left());
      if (endedBy !== 'epochs') return { plan: best, folded: { plan: bestFound, start: own }, beatsStart: false, inTime: false };
      found.push(...ndcgOf(head, fold));
    }
    const ndcg = meanOf(Float64Array.from(found));
    if (ndcg > bestNdcg) [best, bestFound, bestNdcg] = [plan, found, ndcg];
  }
  return { plan: best, folded: { plan: bestFound, start: own }, beatsStart: bestNdcg > baseline, inTime: true };
}

async function trainPlan(
  plan: TuningPlan,
  task: LearningTask,
  { start, seed, createStepper, clock, signal }: FineTuneOptions,
  timeBudgetMs: number,
  onPoint?: (point: TrainingPoint) => void,
): Promise<{ head: Head; endedBy: TrainResult['endedBy'] }> {
  const { shape, parameters, curvature } = startOf(plan, start, task.user);
  const likes = task.set.label.reduce((sum, label) => sum + (label > 0 ? 1 : 0), 0);
  const epochs = Math.ceil(STEPS / Math.ceil(likes / BATCH));
  const result = await train({
    shape,
    set: task.set,
    initial: parameters,
    loss: { kind: 'softmax' },
    optimiser: { kind: 'sgd', momentum: MOMENTUM },
    schedule: { peak: STEP_SIZE / (curvature * (1 + plan.proximal)), decay: 'cosine' },
    regularisation: { proximal: plan.proximal * curvature, reference: parameters },
    clipNorm: 10 * Math.sqrt(curvature),
    epochs,
    batchSize: BATCH,
    seed,
    createStepper,
    clock,
    timeBudgetMs,
    ...(signal && { signal }),
    ...(onPoint && curve(shape, task, epochs, onPoint)),
  });
  return { head: { shape, parameters: result.parameters }, endedBy: result.endedBy };
}

/** Reports about ten points with the held-out nDCG, which chooses nothing. */
function curve(
  shape: Head['shape'],
  task: LearningTask,
  epochs: number,
  onPoint: (point: TrainingPoint) => void,
): Pick<TrainOptions, 'heldOut' | 'onEvent'> {
  return {
    heldOut: {
      everyEpochs: Math.max(1, Math.floor(epochs / 10)),
      evaluate: (parameters) => meanOf(heldOutNdcg({ shape, parameters }, task)),
      chooses: false,
    },
    onEvent: ({ heldOut, step, epoch, loss, learningRate }) => onPoint({ step, epoch, loss, learningRate, heldOutNdcg: heldOut ?? null }),
  };
}

const LINEAR_IN_BOTH: readonly string[] = ['dot', 'bilinear'];

function fits({ kind }: TuningPlan, { shape }: Head): boolean {
  return LINEAR_IN_BOTH.includes(shape.kind) === (kind === 'direction');
}

/**
 * @param user [dimensions]
 * @returns the head where training starts, and the curvature of its loss along the learnt parameters, in units of that along w
 */
function startOf({ kind }: TuningPlan, start: Head, user: Float32Array): Head & { curvature: number } {
  const { dimensions: d, rank: r } = resolveShape(start.shape);
  if (kind === 'same') return { ...start, curvature: 1 };
  const scalars = start.parameters.subarray(start.parameters.length - 2);
  const parameters = new Float32Array(2 * d * (r + 1) + 2);
  for (let j = 0; j < d; j++) {
    const [a, b] = [j * (r + 1), (d + j) * (r + 1)];
    parameters.set(start.parameters.subarray(j * r, (j + 1) * r), a);
    parameters.set(start.parameters.subarray((d + j) * r, (d + j + 1) * r), b);
    parameters[a + r] = user[j] as number;
  }
  parameters.set(scalars, 2 * d * (r + 1));
  return { shape: { kind: 'bilinear', dimensions: d, rank: r + 1 }, parameters, curvature: Math.exp(2 * (scalars[0] as number)) };
}
