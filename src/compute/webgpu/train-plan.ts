// Sizes of a training run on the GPU: buffers, threads and constants of its kernels. Pure, so that limits are checked before
// any buffer is made.
import { RecommenderError } from '../../base/errors.ts';
import { type BatchSize, itemsOf } from '../batch.ts';
import { parameterQuads, quadsOf } from './train-layout.ts';

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
  limits: BatchSize;
  /** Rows of the training set. */
  userCount: number;
  itemCount: number;
}

export interface TrainPlan {
  /** Override constants: `all` for every kernel, the others for the kernels that declare them. */
  constants: Readonly<Record<'all' | 'hidden' | 'loss' | 'learn' | 'update', Record<string, number>>>;
  /** Kernels of a step, in the order of the dispatches. */
  kernels: readonly TrainKernelName[];
  /** Threads of each kernel for a batch. */
  threads: Readonly<Record<TrainKernelName, (batch: BatchSize) => number>>;
  /** Where the reference begins in `kept`, in floats. */
  referenceAt: number;
  /** Floats at the front of `sums` whose total is the loss since it was cleared. */
  losses: number;
  /** Of each buffer. */
  bytes: Readonly<Record<'users' | 'items' | 'batch' | 'parameters' | 'low' | 'pairs' | 'kept' | 'rows' | 'sums', number>>;
  /** 32-bit words of the largest batch. */
  batchWords: number;
  stepsPerSubmit: number;
}

export type TrainKernelName = 'project' | 'hidden' | 'score' | 'loss' | 'backward' | 'gradient' | 'reduce' | 'update';

interface TrainLimits {
  maxStorageBufferBindingSize: number;
}

/** Threads of a workgroup. */
export const GROUP = 32;
/** Threads of train-reduce.wgsl. */
const REDUCERS = 32;
/** A submission carries as many steps as stay below both limits, so that it ends before a driver's timeout. */
const MOST_STEPS = 16;
const MOST_PRODUCTS = 2e9;

/** @throws out-of-memory when the device cannot bind what the run needs */
export function planTraining(spec: TrainSpec, limits: TrainLimits): TrainPlan {
  const { head, limits: most, clipNorm } = spec;
  const [d4, w4, quads] = [quadsOf(head.dimensions), quadsOf(head.width), parameterQuads(head)];
  const kept = keptLayout(spec, quads);
  const grouped = head.kind === 'mlp' && most.candidates >= 3;
  const gradientThreads = { dot: quads, 'concat-linear': quads, 'linear-probe': quads, bilinear: 2 * d4 * w4 + 1, mlp: d4 * w4 + 2 * w4 + 1 }[
    head.kind
  ];
  const { batchWords, stepsPerSubmit } = submissionOf(spec);
  const bytes = bytesOf(spec, { d4, w4, quads, kept: kept.quads, shares: 2 * gradientThreads, batch: batchWords * stepsPerSubmit });
  checkLimits(bytes, limits);
  return {
    constants: {
      all: { GROUP, HEAD: HEADS.indexOf(head.kind), D4: d4, W4: w4, QUADS: quads, SIZE: most.size, SINGLE: most.candidates === 1 ? 1 : 0 },
      hidden: { GROUPED: grouped ? 1 : 0 },
      loss: { LOSS: LOSSES.indexOf(spec.loss.kind), POSITIVE_WEIGHT: spec.loss.positiveWeight, NEGATIVE_WEIGHT: spec.loss.negativeWeight },
      learn: learnConstants(spec, gradientThreads, kept),
      update: { CLIP_NORM: clipNorm ?? 1 },
    },
    kernels: kernelsOf(spec),
    threads: {
      project: (batch) => (quadsOf(batch.size) + quadsOf(itemsOf(batch))) * w4,
      hidden: ({ size, candidates }) => (grouped ? size * quadsOf(candidates) : quadsOf(size * candidates)) * w4,
      score: ({ size, candidates }) => size * candidates,
      loss: ({ size }) => size,
      backward: (batch) => (batch.size + (head.kind === 'bilinear' ? itemsOf(batch) : 0)) * w4,
      gradient: () => gradientThreads,
      reduce: () => REDUCERS,
      update: () => quads,
    },
    referenceAt: 4 * kept.reference,
    losses: most.size + REDUCERS,
    bytes,
    batchWords,
    stepsPerSubmit,
  };
}

function kernelsOf({ head: { kind }, limits, clipNorm, l2, proximal }: TrainSpec): TrainKernelName[] {
  const isClipped = clipNorm !== undefined;
  const wanted: [TrainKernelName, boolean][] = [
    ['project', kind === 'bilinear'],
    ['hidden', kind === 'mlp'],
    ['score', limits.candidates > 1],
    ['loss', true],
    ['backward', kind === 'bilinear' || kind === 'mlp'],
    ['gradient', true],
    ['reduce', isClipped || l2 > 0 || proximal > 0],
    ['update', isClipped],
  ];
  return wanted.flatMap(([name, runs]) => (runs ? [name] : []));
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

interface Lengths {
  d4: number;
  w4: number;
  quads: number;
  kept: number;
  shares: number;
  batch: number;
}

function bytesOf({ head: { kind }, limits, userCount, itemCount }: TrainSpec, { d4, w4, quads, kept, shares, batch }: Lengths): TrainPlan['bytes'] {
  const pairs = limits.size * limits.candidates;
  const low = { dot: 0, 'concat-linear': 0, 'linear-probe': 0, bilinear: limits.size + itemsOf(limits), mlp: pairs }[kind] * w4;
  const perExample = kind === 'mlp' ? 2 * limits.size * w4 : 0;
  return {
    users: 16 * Math.max(1, userCount * d4),
    items: 16 * Math.max(1, itemCount * d4),
    batch: 4 * batch,
    parameters: 16 * quads,
    low: 16 * Math.max(1, low),
    pairs: 8 * pairs,
    kept: 16 * kept,
    rows: 16 * (limits.size + perExample + low),
    sums: 4 * (limits.size + 2 * REDUCERS + shares),
  };
}

/** Where each array begins in `kept`, in quads, as train-learn.wgsl lists them. */
function keptLayout({ optimiser, clipNorm, proximal }: TrainSpec, quads: number) {
  const second = quads;
  const slopes = second + (optimiser.kind === 'adam' ? quads : 0);
  const reference = slopes + (clipNorm === undefined ? 0 : quads);
  return { second, slopes, reference, quads: reference + (proximal > 0 ? quads : 0) };
}

function learnConstants(spec: TrainSpec, threads: number, kept: ReturnType<typeof keptLayout>): Record<string, number> {
  const { optimiser, loss } = spec;
  return {
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
    SHARES: kernelsOf(spec).includes('reduce') ? 1 : 0,
    RANKING: loss.kind === 'bpr' || loss.kind === 'softmax' ? 1 : 0,
    SECOND_AT: kept.second,
    SLOPES_AT: kept.slopes,
    REFERENCE_AT: kept.reference,
    THREADS: threads,
  };
}

function checkLimits(bytes: TrainPlan['bytes'], { maxStorageBufferBindingSize: most }: TrainLimits): void {
  for (const [name, needed] of Object.entries(bytes)) {
    if (needed > most) {
      const message = `Training needs ${needed} bytes of GPU memory for '${name}' at once; this device binds ${most}. Train on the CPU, or with less.`;
      throw new RecommenderError('out-of-memory', message, { name, needed, most });
    }
  }
}
