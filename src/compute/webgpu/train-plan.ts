// Sizes of a training run on the GPU: buffers, workgroups and constants of its kernels. Pure, so that limits are checked before
// any buffer is made.
import { RecommenderError } from '../../base/errors.ts';

/** In the order of the constants in train-batch.wgsl. */
const HEADS = ['concat-linear', 'dot', 'bilinear', 'mlp', 'linear-probe'] as const;
/** In the order of the constants in train-loss.wgsl. */
const LOSSES = ['mse', 'bce', 'bpr', 'softmax'] as const;

/** One training run; sums and layouts are those of src/head/types.ts. */
export interface TrainSpec {
  head: {
    kind: (typeof HEADS)[number];
    dimensions: number;
    /** Rank of `bilinear`, hidden units of `mlp`, else 1. */
    width: number;
    /** Parameters. */
    count: number;
  };
  loss: { kind: (typeof LOSSES)[number]; positiveWeight: number; negativeWeight: number };
  optimiser: { kind: 'sgd' | 'adam'; momentum: number; beta1: number; beta2: number; epsilon: number; decay: number };
  l2: number;
  proximal: number;
  clipNorm: number | undefined;
  /** Of the largest batch. */
  limits: { size: number; candidates: number; shared: boolean };
  /** Rows of the training set. */
  userCount: number;
  itemCount: number;
}

export interface TrainPlan {
  /** Override constants of each kernel that runs; the keys are in the order of the dispatches. */
  constants: {
    hidden?: Record<string, number>;
    rows: Record<string, number>;
    gradient: Record<string, number>;
    update?: Record<string, number>;
  };
  dispatchesPerStep: number;
  /** Workgroups of the gradient kernel, and slots of `sums` for losses. */
  slots: number;
  updateGroups: number;
  /** Tiles of the `mlp` kernels hold pairs of one user each. */
  onePerTile: boolean;
  /** Where the reference begins in `kept`, in floats. */
  referenceAt: number;
  /** Of each buffer. */
  bytes: Readonly<Record<'users' | 'items' | 'batch' | 'parameters' | 'hidden' | 'pairs' | 'kept' | 'rows' | 'sums', number>>;
  /** 32-bit words of the largest batch. */
  batchWords: number;
  stepsPerSubmit: number;
}

export interface TrainLimits {
  maxStorageBufferBindingSize: number;
  maxComputeWorkgroupStorageSize: number;
  maxComputeWorkgroupsPerDimension: number;
}

/** Of the `mlp` kernels, as train-tile.wgsl says: pairs or dimensions, hidden units, threads. */
export const TILE = { places: 16, units: 32, threads: 64 } as const;
const ROWS_GROUP = 64;
const FEWEST_TEAM = 4;
const LEARN_GROUP = 128;
/** A submission carries as many steps as stay below both: it must end within the patience of a driver and of a time budget. */
const MOST_STEPS = 16;
const MOST_PRODUCTS = 2e9;
/** The threads of a gradient kernel go round when there are more parameters than this many workgroups hold. */
const MOST_SLOTS = 1024;

/** @throws out-of-memory when the device cannot bind what the run needs, bad-argument when vectors are too long for it */
export function planTraining(spec: TrainSpec, limits: TrainLimits): TrainPlan {
  const { head, loss, limits: most, clipNorm } = spec;
  const { dimensions: d, width, count } = head;
  const isMlp = head.kind === 'mlp';
  // Half-empty tiles are made up for by two products in three that a tile of one user saves.
  const onePerTile = most.candidates >= TILE.places / 2;
  const row = rowFloats(spec);
  const slots = slotsOf(head);
  const kept = keptLayout(spec);
  const { batchWords, stepsPerSubmit } = submissionOf(spec);
  const bytes = bytesOf(spec, { row, slots, kept: kept.floats, batch: batchWords * stepsPerSubmit });
  checkLimits(bytes, limits, { d, width, groups: Math.max(slots, most.size * Math.ceil(most.candidates / TILE.places)) });

  const common = { HEAD: HEADS.indexOf(head.kind), DIMENSIONS: d, WIDTH: width };
  const tiles = { ONE_USER: onePerTile ? 1 : 0 };
  const lossConstants = { LOSS: LOSSES.indexOf(loss.kind), POSITIVE_WEIGHT: loss.positiveWeight, NEGATIVE_WEIGHT: loss.negativeWeight };
  const learn = learnConstants(spec, slots, kept);
  return {
    constants: {
      ...(isMlp && { hidden: { DIMENSIONS: d, WIDTH: width, ...tiles } }),
      rows: { ...common, ...lossConstants, COUNT: count, ROW: row, GROUP: ROWS_GROUP, TEAM: teamOf(most.candidates) },
      gradient: { ...common, ...learn, ROW: row, GROUP: isMlp ? TILE.threads : LEARN_GROUP, ...(isMlp && tiles) },
      ...(clipNorm !== undefined && { update: { ...common, ...learn, GROUP: LEARN_GROUP, CLIP_NORM: clipNorm } }),
    },
    dispatchesPerStep: 2 + (isMlp ? 1 : 0) + (clipNorm === undefined ? 0 : 1),
    slots,
    onePerTile,
    updateGroups: Math.min(MOST_SLOTS, Math.ceil(count / LEARN_GROUP)),
    referenceAt: kept.reference,
    bytes,
    batchWords,
    stepsPerSubmit,
  };
}

/** `mlp` needs a workgroup a tile and one for the rest; a thread has four parameters of `bilinear`, else one. */
function slotsOf({ kind, dimensions, width, count }: TrainSpec['head']): number {
  if (kind === 'mlp') return Math.ceil(dimensions / TILE.places) * Math.ceil(width / TILE.units) + 1;
  return Math.min(MOST_SLOTS, Math.ceil((kind === 'bilinear' ? count / 4 : count) / LEARN_GROUP));
}

function submissionOf({ head: { kind, dimensions, width, count }, limits }: TrainSpec) {
  const { size, candidates, shared } = limits;
  const pairs = size * candidates;
  const products = pairs * dimensions * (kind === 'mlp' ? 4 * width : 2) + 2 * size * count;
  return {
    batchWords: 4 * size + (shared ? candidates : pairs) + candidates + Math.ceil(pairs / 32),
    stepsPerSubmit: Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_PRODUCTS / products))),
  };
}

/** @param floats lengths that others have worked out */
function bytesOf({ head, limits, userCount, itemCount }: TrainSpec, floats: { row: number; slots: number; kept: number; batch: number }): TrainPlan['bytes'] {
  const pairs = limits.size * limits.candidates;
  const bytes = (length: number) => 4 * Math.max(1, length);
  return {
    users: bytes(userCount * head.dimensions),
    items: bytes(itemCount * head.dimensions),
    batch: bytes(floats.batch),
    parameters: bytes(head.count),
    hidden: bytes(head.kind === 'mlp' ? pairs * head.width : 0),
    pairs: bytes(2 * pairs),
    kept: bytes(floats.kept),
    rows: bytes(limits.size * floats.row),
    sums: bytes(2 * floats.slots),
  };
}

/** Floats a row of `rows`, as train-rows.wgsl lists them. */
function rowFloats({ head: { kind, dimensions: d, width } }: TrainSpec): number {
  const own = { dot: 0, 'concat-linear': d, 'linear-probe': d, bilinear: d + 2 * width, mlp: 2 * width };
  return 3 + own[kind];
}

/** Where each array begins in `kept`, as train-learn.wgsl lists them. */
function keptLayout({ head: { count }, optimiser, clipNorm, proximal }: TrainSpec) {
  const second = count;
  const slopes = second + (optimiser.kind === 'adam' ? count : 0);
  const reference = slopes + (clipNorm === undefined ? 0 : count);
  return { second, slopes, reference, floats: reference + (proximal > 0 ? count : 0) };
}

/** Lanes that share a dot product: as many as leave none idle, or few where there are many candidates. */
function teamOf(candidates: number): number {
  return Math.max(FEWEST_TEAM, 2 ** Math.floor(Math.log2(Math.max(1, ROWS_GROUP / candidates))));
}

function learnConstants(spec: TrainSpec, slots: number, kept: ReturnType<typeof keptLayout>): Record<string, number> {
  const { optimiser, loss } = spec;
  return {
    COUNT: spec.head.count,
    SLOTS: slots,
    OPTIMISER: optimiser.kind === 'sgd' ? 0 : 1,
    MOMENTUM: optimiser.momentum,
    BETA1: optimiser.beta1,
    BETA2: optimiser.beta2,
    REST1: 1 - optimiser.beta1,
    REST2: 1 - optimiser.beta2,
    EPSILON: optimiser.epsilon,
    L2: spec.l2,
    PROXIMAL: spec.proximal,
    CLIP: spec.clipNorm === undefined ? 0 : 1,
    RANKING: loss.kind === 'bpr' || loss.kind === 'softmax' ? 1 : 0,
    SECOND_AT: kept.second,
    SLOPES_AT: kept.slopes,
    REFERENCE_AT: kept.reference,
  };
}

function checkLimits(bytes: TrainPlan['bytes'], limits: TrainLimits, { d, width, groups }: { d: number; width: number; groups: number }): void {
  const most = limits.maxStorageBufferBindingSize;
  for (const [name, needed] of Object.entries(bytes)) {
    if (needed > most) {
      const message = `Training needs ${needed} bytes of GPU memory for '${name}' at once; this device binds ${most}. Train on the CPU, or with less.`;
      throw new RecommenderError('out-of-memory', message, { name, needed, most });
    }
  }
  // query, low, and of each thread a value, a place and a share of a chunk.
  const workgroupBytes = 4 * (d + width + 3 * ROWS_GROUP);
  if (workgroupBytes > limits.maxComputeWorkgroupStorageSize || groups > limits.maxComputeWorkgroupsPerDimension) {
    const message = `Vectors of ${d} dimensions or batches of ${groups} workgroups are too much for this device. Train on the CPU, or with smaller ones.`;
    throw new RecommenderError('bad-argument', message, { dimensions: d, groups });
  }
}
