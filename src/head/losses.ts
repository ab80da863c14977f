// Losses on logits and their slopes, in float64 for all types of logits. They use pairs, labels and weights, and know no head.
import { RecommenderError } from '../base/errors.ts';
import type { Batch } from '../compute/batch.ts';
import { type Floats, sigmoid } from '../compute/cpu/dense.ts';
import type { LossSpec } from './types.ts';

/** log(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Losses that compare the items of a user with each other; adding the same to all logits of a user does not change them. */
export function isRanking(loss: LossSpec): loss is Extract<LossSpec, { kind: 'bpr' | 'softmax' }> {
  return loss.kind === 'bpr' || loss.kind === 'softmax';
}

/**
 * @param logits [size × candidates]
 * @param dLogits [size × candidates] filled with d loss / d logit
 * @returns the sum of weight · loss over the batch's examples, divided by their number; formulas at `LossSpec`
 */
export function lossAndSlopes(loss: LossSpec, batch: Batch, logits: Floats, dLogits: Floats): number {
  switch (loss.kind) {
    case 'mse':
      return pointwise(batch, logits, dLogits, squaredError);
    case 'bce': {
      const { positiveWeight = 1, negativeWeight = 1 } = loss;
      return pointwise(batch, logits, dLogits, (y, label) => crossEntropy(y, label, positiveWeight, negativeWeight));
    }
    case 'bpr':
      return pairwise(batch, logits, dLogits);
    case 'softmax':
      return softmax(batch, logits, dLogits);
  }
}

/** @throws bad-argument when a number of the loss is out of range */
export function checkLoss(loss: LossSpec): void {
  const bad = (name: string, value: number, want: string): never => {
    throw new RecommenderError('bad-argument', `The loss '${loss.kind}' takes ${want} for '${name}'; got ${value}.`, { [name]: value });
  };
  if (loss.kind === 'bce') {
    for (const name of ['positiveWeight', 'negativeWeight'] as const) {
      const value = loss[name] ?? 1;
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) bad(name, value, 'a number from 0');
    }
  }
  if (isRanking(loss)) {
    const least = loss.kind === 'bpr' ? 1 : 0;
    const negatives = loss.negatives ?? 0;
    if (!Number.isInteger(negatives) || negatives < least) bad('negatives', negatives, `a whole number from ${least}`);
  }
}

type Pointwise = (y: number, label: number) => [loss: number, slope: number];

function squaredError(y: number, label: number): [number, number] {
  const score = sigmoid(y);
  const error = score - label;
  return [error * error, 2 * error * score * (1 - score)];
}

function crossEntropy(y: number, label: number, positive: number, negative: number): [number, number] {
  const [asPositive, asNegative] = [positive * label, negative * (1 - label)];
  const score = sigmoid(y);
  return [asPositive * softplus(-y) + asNegative * softplus(y), asNegative * score - asPositive * (1 - score)];
}

function pointwise({ size, labels, weights }: Batch, logits: Floats, dLogits: Floats, lossAt: Pointwise): number {
  let total = 0;
  for (let i = 0; i < size; i++) {
    const weight = (weights[i] as number) / size;
    const [loss, slope] = lossAt(logits[i] as number, labels[i] as number);
    total += weight * loss;
    dLogits[i] = weight * slope;
  }
  return total;
}

function pairwise({ size, candidates, weights }: Batch, logits: Floats, dLogits: Floats): number {
  let total = 0;
  for (let i = 0; i < size; i++) {
    const at = i * candidates;
    const weight = (weights[i] as number) / (size * (candidates - 1));
    let pull = 0;
    for (let p = at + 1; p < at + candidates; p++) {
      const margin = (logits[at] as number) - (logits[p] as number);
      const slope = weight * sigmoid(-margin);
      total += weight * softplus(-margin);
      dLogits[p] = slope;
      pull += slope;
    }
    dLogits[at] = -pull;
  }
  return total;
}

function softmax(batch: Batch, logits: Floats, dLogits: Floats): number {
  const { size, candidates, shared, weights, correction, excluded } = batch;
  const logit = (i: number, j: number): number =>
    excluded?.[i * candidates + j] ? Number.NEGATIVE_INFINITY : (logits[i * candidates + j] as number) - (correction?.[j] ?? 0);
  let total = 0;
  for (let i = 0; i < size; i++) {
    const positive = shared ? i : 0;
    const weight = (weights[i] as number) / size;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < candidates; j++) highest = Math.max(highest, logit(i, j));
    let sum = 0;
    for (let j = 0; j < candidates; j++) {
      const power = Math.exp(logit(i, j) - highest);
      dLogits[i * candidates + j] = power;
      sum += power;
    }
    total += weight * (highest + Math.log(sum) - logit(i, positive));
    for (let j = 0; j < candidates; j++) {
      const share = (dLogits[i * candidates + j] as number) / sum;
      dLogits[i * candidates + j] = weight * (share - (j === positive ? 1 : 0));
    }
  }
  return total;
}
