// Draws the batches of training: a new order of the examples for each epoch, negatives, popularity corrections. All randomness of
// training is here, and no device, so that the same seed gives every device the same batches.
import { RecommenderError } from '../base/errors.ts';
import { shuffle } from '../base/random.ts';
import type { Batch, BatchSize } from '../compute/batch.ts';
import { isRanking } from './losses.ts';
import type { LossSpec, TrainingSet } from './types.ts';

export interface BatchSource {
  /** Examples that are used: all, or those with a label above 0 for ranking losses. */
  examples: number;
  batchesPerEpoch: number;
  limits: BatchSize;
  /** The batches of the next epoch. */
  epoch(): Generator<Batch>;
}

/**
 * @param itemCount rows of `set.items`
 * @param personal whether the head has parameters per user
 * @throws bad-argument when no example takes part
 */
export function createBatchSource(
  set: TrainingSet,
  itemCount: number,
  { loss, batchSize, random, personal }: { loss: LossSpec; batchSize: number; random: () => number; personal: boolean },
): BatchSource {
  const order = examplesFor(loss, set);
  if (order.length === 0) {
    throw new RecommenderError('bad-argument', `No example can be learnt from with the loss '${loss.kind}'. Add examples with a label above 0.`);
  }
  const size = Math.min(batchSize, order.length);
  const limits = limitsFor(loss, set, size);
  const fill = fillerFor(set, order, itemCount, { loss, limits, random, personal });
  return {
    examples: order.length,
    batchesPerEpoch: Math.ceil(order.length / size),
    limits,
    *epoch() {
      shuffle(order, random);
      for (let at = 0; at < order.length; at += size) yield fill(order.slice(at, at + size));
    },
  };
}

function examplesFor(loss: LossSpec, { label }: TrainingSet): Int32Array {
  const all = Int32Array.from(label, (_, example) => example);
  return isRanking(loss) ? all.filter((example) => (label[example] as number) > 0) : all;
}

function limitsFor(loss: LossSpec, set: TrainingSet, size: number): BatchSize {
  if (!isRanking(loss)) return { size, candidates: 1, shared: false };
  if (set.negatives) return { size, candidates: 1 + set.negatives.length / set.label.length, shared: false };
  if (loss.kind === 'bpr') return { size, candidates: 1 + loss.negatives, shared: false };
  return { size, candidates: size + (loss.negatives ?? 0), shared: true };
}

interface Drawing {
  loss: LossSpec;
  limits: BatchSize;
  random: () => number;
  personal: boolean;
}

/** Returns a function from places of examples to their batch. */
function fillerFor(set: TrainingSet, examples: Int32Array, itemCount: number, drawing: Drawing) {
  const { loss, limits, random, personal } = drawing;
  const personOf = set.person ?? set.userRow;
  const positives = isRanking(loss) ? positivesOf(set, personOf, examples) : undefined;
  const isPositive = (person: number, item: number): boolean => positives?.get(person)?.has(set.itemGroup?.[item] ?? item) ?? false;
  const popularity = limits.shared ? popularityOf(set, examples, itemCount) : undefined;
  const drawNegative = (person: number, own: number): number => {
    const start = Math.floor(random() * itemCount);
    for (let tries = 0; tries < itemCount; tries++) {
      const item = (start + tries) % itemCount;
      if (!isPositive(person, item)) return item;
    }
    // This person likes every item. The item itself as its own negative has slopes that cancel.
    return own;
  };
  return (chosen: Int32Array): Batch => {
    const own = chosen.map((example) => set.itemRow[example] as number);
    const people = chosen.map((example) => personOf[example] as number);
    const base = {
      size: chosen.length,
      userRows: chosen.map((example) => set.userRow[example] as number),
      persons: personal ? people : new Int32Array(chosen.length),
      labels: Float32Array.from(chosen, (example) => set.label[example] as number),
      weights: Float32Array.from(chosen, (example) => set.weight[example] as number),
    };
    if (popularity) return sharedBatch(base, own, popularity, drawing, (i, item) => isPositive(people[i] as number, item));
    const { candidates } = limits;
    const itemRows = new Int32Array(chosen.length * candidates);
    chosen.forEach((example, i) => {
      const item = own[i] as number;
      itemRows[i * candidates] = item;
      for (let j = 1; j < candidates; j++) {
        const given = set.negatives?.[example * (candidates - 1) + j - 1];
        itemRows[i * candidates + j] = given ?? drawNegative(people[i] as number, item);
      }
    });
    return { ...base, candidates, shared: false, itemRows };
  };
}

/** Every user meets all items of the batch and `negatives` uniform draws; the other positives of a user are excluded for that user. */
function sharedBatch(
  base: Omit<Batch, 'candidates' | 'shared' | 'itemRows'>,
  own: Int32Array,
  popularity: Float64Array,
  { loss, random }: Drawing,
  isPositive: (i: number, item: number) => boolean,
): Batch {
  const drawn = loss.kind === 'softmax' ? (loss.negatives ?? 0) : 0;
  const { size } = base;
  const itemCount = popularity.length;
  const candidates = size + drawn;
  const itemRows = new Int32Array(candidates);
  itemRows.set(own);
  for (let j = size; j < candidates; j++) itemRows[j] = Math.floor(random() * itemCount);
  const excluded = new Uint8Array(size * candidates);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < candidates; j++) {
      if (j !== i && isPositive(i, itemRows[j] as number)) excluded[i * candidates + j] = 1;
    }
  }
  const batch: Batch = { ...base, candidates, shared: true, itemRows, excluded };
  if (loss.kind === 'softmax' && loss.logQ === false) return batch;
  // Expected count of the item among the candidates: from the batch by popularity, from the draws uniformly.
  const correction = Float32Array.from(itemRows, (item) => Math.log(size * (popularity[item] as number) + drawn / itemCount));
  return { ...batch, correction };
}

function positivesOf(set: TrainingSet, personOf: Int32Array, examples: Int32Array): Map<number, Set<number>> {
  const positives = new Map<number, Set<number>>();
  for (const example of examples) {
    const person = personOf[example] as number;
    const items = positives.get(person) ?? new Set();
    const item = set.itemRow[example] as number;
    positives.set(person, items.add(set.itemGroup?.[item] ?? item));
  }
  return positives;
}

/** Share of the examples that each item has. @returns [itemCount] */
function popularityOf(set: TrainingSet, examples: Int32Array, itemCount: number): Float64Array {
  const share = new Float64Array(itemCount);
  for (const example of examples) {
    const item = set.itemRow[example] as number;
    share[item] = (share[item] as number) + 1 / examples.length;
  }
  return share;
}
