// The words of training: head shapes, examples, losses, optimisers, batches, events. Types only. A device that trains
// (CPU, WASM, WebGPU) implements `Stepper` against the layouts and `Batch` described here; the trainer knows no device.
import type { Floats } from '../compute/cpu/dense.ts';

export type { Floats };

export type HeadKind = 'concat-linear' | 'dot' | 'bilinear' | 'mlp' | 'linear-probe';

/**
 * A head and the sizes that fix the layout of its parameters: ONE flat array, matrices row-major, d = dimensions,
 * r = rank, h = hidden, s = exp(logScale), u user vector, v item vector. The logit y is turned into a score by σ.
 *
 * | kind          | parameters in order                                     | logit y                                          |
 * |---------------|---------------------------------------------------------|--------------------------------------------------|
 * | concat-linear | users × ([α_u: d][α_v: d][b])                           | α_u·u + α_v·v + b                                |
 * | dot           | [logScale][b]                                           | s (u·v) + b                                      |
 * | bilinear      | [A: d × r][B: d × r][logScale][b]                       | s (u·v + (uᵀA)·(vᵀB)) + b                        |
 * | mlp           | [W: 3d × h][b₁: h][w₂: h][logScale][b]                  | s (u·v) + silu([u; v; u∘v]ᵀ W + b₁)·w₂ + b       |
 * | linear-probe  | users × ([w: d][b])                                     | w·v + b                                          |
 *
 * Rows 0 … d−1 of W meet u, d … 2d−1 meet v, 2d … 3d−1 meet u∘v. silu(x) = x σ(x).
 */
export interface HeadShape {
  kind: HeadKind;
  /** Length of user and item vectors, features included. */
  dimensions: number;
  /** Of A and B; `bilinear` only. */
  rank?: number;
  /** Hidden units; `mlp` only. */
  hidden?: number;
  /** Persons with parameters of their own; `concat-linear` and `linear-probe` only. 1 when absent: all share them. */
  users?: number;
}

/** A named part of the parameters: rows × columns values from `offset`. */
export interface Segment {
  name: string;
  offset: number;
  length: number;
  /** True for matrices and weight vectors; false for offsets and logScale, which L2 and weight decay leave alone. */
  decays: boolean;
  /**
   * False for what adds the same to all items of a user (offset, α_u). Ranking losses (`bpr`, `softmax`) leave it alone: its
   * slope is zero but for rounding, which Adam would blow up to steps of full size.
   */
  ranks: boolean;
}

/** What is learnt from. One example is one interaction; a user vector must not contain the example's own item. */
export interface TrainingSet {
  /** [U × dimensions] */
  users: Float32Array;
  /** [N × dimensions] */
  items: Float32Array;
  /** [examples] row of `users`: the history before that interaction */
  userRow: Int32Array;
  /** [examples] row of `items` */
  itemRow: Int32Array;
  /** [examples] 0 to 1; ranking losses use only examples above 0 */
  label: Float32Array;
  /** [examples] ≥ 0, multiplied into the loss; mean 1 keeps the step size as it is */
  weight: Float32Array;
  /**
   * [examples] who it was: whose other positives are no negatives, and whose parameters are used where the head has some
   * per user. Absent: `userRow` says it.
   */
  person?: Int32Array;
  /** [N] rows with the same number are one item, so that a positive's other texts are no negatives. Absent: each row is one. */
  itemGroup?: Int32Array;
  /** [examples × k] rows of `items` that lost against the example's item, such as shown and passed over. */
  negatives?: Int32Array;
}

/**
 * Losses on logits y, each the sum of weight · loss over the examples of a batch, divided by their number.
 * - `mse`: (σ(y) − label)²
 * - `bce`: −positiveWeight · label · log σ(y) − negativeWeight · (1 − label) · log(1 − σ(y)); weights 1 when absent
 * - `bpr`: mean over the negatives n of −log σ(y − y_n) (Rendle et al. 2009)
 * - `softmax`: −log of the softmax over candidates (InfoNCE). With `negatives` in the set, candidates are the example's item and
 *   those. Without, they are all items of the batch and `negatives` items drawn uniformly for the batch; then the logarithm of
 *   the expected count of each candidate is taken from its logit, for the loss alone, unless `logQ` is false (Yi et al. 2019,
 *   Yang et al. 2020). A candidate that is another positive of the same person is left out.
 */
export type LossSpec =
  | { kind: 'mse' }
  | { kind: 'bce'; positiveWeight?: number; negativeWeight?: number }
  | { kind: 'bpr'; negatives: number }
  | { kind: 'softmax'; negatives?: number; logQ?: boolean };

/** Added to the loss: l2/2 · Σ θ² over segments that decay + proximal/2 · Σ (θ − reference)² over all parameters. */
export interface Regularisation {
  l2?: number;
  proximal?: number;
  /** [parameters] needed when `proximal` is above 0 */
  reference?: Floats;
}

export type OptimiserSpec =
  | { kind: 'sgd'; momentum?: number }
  | { kind: 'adam'; beta1?: number; beta2?: number; epsilon?: number }
  /** Decay is decoupled: θ −= rate · decay · θ (Loshchilov & Hutter 2019), on segments that decay. */
  | { kind: 'adamw'; decay: number; beta1?: number; beta2?: number; epsilon?: number };

/** Linear warm-up from 0 to `peak` over `warmUpSteps`, then constant, or down to `floor` at the last step. */
export interface ScheduleSpec {
  peak: number;
  warmUpSteps?: number;
  decay?: 'constant' | 'linear' | 'cosine';
  /** 0 when absent. */
  floor?: number;
}

/**
 * The work of one step, already drawn, as rows of the set, so that every device computes the same.
 * Pairs are example-major: pair p = i · candidates + j scores user i with
 * item j (`shared`: all users meet the same candidates) or item p (not shared: each has its own).
 */
export interface Batch {
  /** Examples in it. */
  size: number;
  /** Items that each user meets: 1 for pointwise losses; the first, or in a shared batch the i-th, is the positive. */
  candidates: number;
  shared: boolean;
  /** [size] rows of `users` */
  userRows: Int32Array;
  /** [shared ? candidates : size × candidates] rows of `items` */
  itemRows: Int32Array;
  /** [size] whose parameters; 0 where all share them */
  persons: Int32Array;
  /** [size] */
  labels: Float32Array;
  /** [size] */
  weights: Float32Array;
  /** [candidates] taken from the logits before the softmax; absent: nothing is */
  correction?: Float32Array;
  /** [size × candidates] 1 where the softmax leaves the candidate out; absent: nowhere */
  excluded?: Uint8Array;
}

/** Largest sizes of the batches to come: what a device must make room for. */
export interface BatchLimits {
  size: number;
  candidates: number;
  shared: boolean;
}

export interface StepperOptions {
  shape: HeadShape;
  set: TrainingSet;
  limits: BatchLimits;
  /** [parameters] copied, never changed */
  initial: Float32Array;
  loss: LossSpec;
  optimiser: OptimiserSpec;
  regularisation?: Regularisation;
  /** Gradients longer than this (2-norm over all parameters) are shortened to it. Absent: never. */
  clipNorm?: number;
}

/** Parameters and optimiser state on a device. */
export interface Stepper {
  /** Loss, gradient and update for one batch, with `learningRate` as it is. */
  step(batch: Batch, learningRate: number): void | Promise<void>;
  /** Mean loss of the batches since the last call, regularisation included; NaN stays NaN. May wait for the device. */
  takeLoss(): number | Promise<number>;
  /** A copy of the parameters. */
  parameters(): Float32Array | Promise<Float32Array>;
  dispose(): void;
}

export interface TrainingEvent {
  /** 1 after the first step. */
  step: number;
  /** Total if nothing ends it early. */
  steps: number;
  /** 0-based. */
  epoch: number;
  /** Mean over the steps since the last event. */
  loss: number;
  learningRate: number;
  /** Set on the events that come from an evaluation. */
  heldOut?: number;
}

/** Early stopping: the parameters with the best score are returned, those of the start included. */
export interface HeldOutSpec {
  /** Score on interactions that are not in the set, such as nDCG: higher is better. */
  evaluate: (parameters: Float32Array) => number | Promise<number>;
  /** Default 1; the last epoch is always evaluated. */
  everyEpochs?: number;
  /** Evaluations without a better score after which training ends. Default 3. */
  patience?: number;
  /** False: scores are only reported to `onEvent`; nothing ends early, and the last parameters are returned. Default true. */
  chooses?: boolean;
}

export interface TrainOptions {
  shape: HeadShape;
  set: TrainingSet;
  /** [parameters] the start, never changed */
  initial: Float32Array;
  loss: LossSpec;
  optimiser: OptimiserSpec;
  schedule: ScheduleSpec;
  regularisation?: Regularisation;
  clipNorm?: number;
  epochs: number;
  /** Examples a step; the last batch of an epoch may be smaller. */
  batchSize: number;
  /** Of the order of examples and of drawn negatives. */
  seed: number;
  heldOut?: HeldOutSpec;
  /** Steps between events, which wait for the device. 1 when absent; the last step always has one. */
  eventEverySteps?: number;
  onEvent?: (event: TrainingEvent) => void;
  /** Training ends after this long, with what it has. */
  timeBudgetMs?: number;
  signal?: AbortSignal;
  /** Milliseconds; performance.now when absent. */
  clock?: () => number;
  /** Where the steps run. */
  createStepper: (options: StepperOptions) => Stepper | Promise<Stepper>;
}

export interface TrainResult {
  /** [parameters] the best ones where a held-out score chooses, else the last ones */
  parameters: Float32Array;
  endedBy: 'epochs' | 'patience' | 'time';
  steps: number;
  /** Examples that took part in an epoch (ranking losses leave out those with label 0). */
  examples: number;
  /** Of the last event. */
  loss: number;
  /** Scores of the start and of the returned parameters, where they choose. */
  heldOut?: { start: number; best: number };
}
