// Types of training: head shapes, examples, losses, optimisers, batches, events. Each device (CPU, WASM, WebGPU) implements `Stepper` for
// the layouts and the `Batch` described here; the training loop knows no device.
import type { Batch, BatchSize } from '../compute/batch.ts';
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
  /** Persons with parameters of their own; `concat-linear` and `linear-probe` only. Default 1: all persons share them. */
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
   * False for parameters that add the same to all items of a user (offset, α_u). Ranking losses (`bpr`, `softmax`) do not train them:
   * their slope is zero except for rounding, which Adam would amplify to steps of full size.
   */
  ranks: boolean;
}

/** One example is one interaction; a user vector must not contain the example's own item. */
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
   * [examples] person of each example: that person's other positives are not drawn as negatives, and that person's parameters are used
   * where the head has some for each user. Default `userRow`.
   */
  person?: Int32Array;
  /** [N] rows with the same number are one item, so that other texts of a positive are no negatives. Default: each row is an item. */
  itemGroup?: Int32Array;
  /** [examples × k] rows of `items` that the example's item was preferred to, such as items shown and not chosen. */
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

export interface StepperOptions {
  shape: HeadShape;
  set: TrainingSet;
  /** Largest sizes of the batches to come: what a device must make room for. */
  limits: BatchSize;
  /** [parameters] copied, never changed */
  initial: Float32Array;
  loss: LossSpec;
  optimiser: OptimiserSpec;
  regularisation?: Regularisation;
  /** Gradients longer than this (2-norm over all parameters) are scaled to it. Default never. */
  clipNorm?: number;
}

/** Parameters and optimiser state on a device. */
export interface Stepper {
  /** Computes loss and gradient of one batch and updates the parameters. */
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
  /** Steps of the whole training, unless it ends early. */
  steps: number;
  /** 0-based. */
  epoch: number;
  /** Mean over the steps since the last event. */
  loss: number;
  learningRate: number;
  /** Only on events of an evaluation. */
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
  /** Seed of the order of examples and of drawn negatives. */
  seed: number;
  heldOut?: HeldOutSpec;
  /** Steps between events; each event waits for the device. Default 1; the last step always has one. */
  eventEverySteps?: number;
  onEvent?: (event: TrainingEvent) => void;
  /** Training ends after this time and returns the parameters at that step. */
  timeBudgetMs?: number;
  signal?: AbortSignal;
  /** Milliseconds. Default performance.now. */
  clock?: () => number;
  /** Where the steps run. */
  createStepper: (options: StepperOptions) => Stepper | Promise<Stepper>;
}

export interface TrainResult {
  /** [parameters] the best ones where a held-out score chooses, else the last ones */
  parameters: Float32Array;
  endedBy: 'epochs' | 'patience' | 'time';
  steps: number;
  /** Examples of an epoch (ranking losses leave out those with label 0). */
  examples: number;
  /** Of the last event. */
  loss: number;
  /** Scores of the start and of the returned parameters, where they choose. */
  heldOut?: { start: number; best: number };
}
