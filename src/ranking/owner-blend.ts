// Lists by the blend of head, prior and item–item table, through the same index as a list by the head alone. Each part names its best
// rows, the blend orders them. The formula and its batch form: blend.ts.

import type { RowBitset } from '../compute/backend.ts';
import type { BlendPart, ItemItemTable, RowKnowledge } from '../head/log-knowledge.ts';
import { hasRow } from '../index/bitset.ts';
import { standardParts, weightsFor } from './blend.ts';
import { type Search, thresholdSearch } from './search.ts';

/** What the owner's log says about this catalogue, in the form that lists need. */
export interface OwnerBlend {
  knowledge: RowKnowledge;
  /** [rows] mean 0, deviation 1 */
  prior: Float32Array;
  /** [rows] row numbers, highest prior first, ties by row */
  byPrior: Int32Array;
}

/** Mean and deviation of head scores over the catalogue, or over a sample of it. */
export interface HeadScale {
  mean: number;
  /** 0: the head scores all items alike */
  deviation: number;
}

/** What the blend knows about one reader. */
export interface BlendReader {
  /** Undefined: no like has a vector, so the head does not count. */
  scale: HeadScale | undefined;
  /** Row → similarity to the likes by the item–item table, divided by the largest; only rows with a similarity above 0. */
  itemItem: ReadonlyMap<number, number>;
}

export function ownerBlend(knowledge: RowKnowledge): OwnerBlend {
  const rows = knowledge.prior.length;
  const prior = standardParts({ headScores: new Float32Array(rows), prior: knowledge.prior }).prior ?? knowledge.prior;
  return { knowledge, prior, byPrior: orderByPrior(prior) };
}

/** @returns [rows] row numbers, highest prior first, ties by row */
export function orderByPrior(prior: Float32Array): Int32Array {
  return Int32Array.from(prior.keys()).sort((a, b) => (prior[b] as number) - (prior[a] as number) || a - b);
}

/** @param scores of a head, in any unit; empty: all 0 */
export function headScale(scores: ArrayLike<number>): HeadScale {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    const value = scores[i] as number;
    sum += value;
    squares += value * value;
  }
  const count = Math.max(1, scores.length);
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  // Rounding leaves a trace of deviation in equal values.
  return { mean, deviation: deviation > 1e-6 * (Math.abs(mean) + 1e-6) ? deviation : 0 };
}

/** The score in deviations from the mean; 0 without a scale, or where it is the same for all. */
export function standardScore(scale: HeadScale | undefined, score: number): number {
  return scale && scale.deviation > 0 ? (score - scale.mean) / scale.deviation : 0;
}

/** `itemItemScores` divided by the largest, without the zeros. @param history rows that are liked */
export function similarRows({ offsets, items, values }: ItemItemTable, history: readonly number[]): Map<number, number> {
  const sums = new Map<number, number>();
  for (const row of history) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      const item = items[at] as number;
      sums.set(item, (sums.get(item) ?? 0) + (values[at] as number));
    }
  }
  let largest = 0;
  for (const sum of sums.values()) largest = Math.max(largest, sum);
  for (const [row, sum] of sums) {
    if (sum > 0) sums.set(row, sum / largest);
    else sums.delete(row);
  }
  return sums;
}

/** The weights for a reader with so many likes. @throws bad-argument */
export function blendPartFor({ knowledge }: OwnerBlend, likes: number): BlendPart {
  return weightsFor(knowledge.weights, likes);
}

/** w_head · z(head) + w_prior · z(prior) + w_itemItem · itemItem, see `blendScores`. */
export function blendedScore({ prior }: OwnerBlend, weights: BlendPart, { scale, itemItem }: BlendReader, row: number, headScore: number): number {
  return weights.head * standardScore(scale, headScore) + weights.prior * (prior[row] ?? 0) + weights.itemItem * (itemItem.get(row) ?? 0);
}

/**
 * A search by the blended score: a threshold search over the head's best rows and the prior's, and every row that the table knows for
 * these likes. The shortlist of a `mlp` head limits it too.
 * @param byHead best rows by the head alone
 */
export function blendedSearch(blend: OwnerBlend, weights: BlendPart, reader: BlendReader, byHead: Search): Search {
  const withoutTable = { ...reader, itemItem: new Map<number, number>() };
  return thresholdSearch({
    rowCount: blend.prior.length,
    search: byHead,
    bestRows: (count, allowed) => bestInOrder(blend.byPrior, count, allowed),
    alwaysScored: (allowed) => [...reader.itemItem.keys()].filter((row) => hasRow(allowed, row)),
    score: (row, headScore) => blendedScore(blend, weights, reader, row, headScore),
    bound: (row, headScore) => blendedScore(blend, weights, withoutTable, row, headScore),
  });
}

/** The first allowed rows of an order, at most `count`. */
export function bestInOrder(order: Int32Array, count: number, allowed: RowBitset): number[] {
  const rows: number[] = [];
  for (let place = 0; place < order.length && rows.length < count; place++) {
    const row = order[place] as number;
    if (hasRow(allowed, row)) rows.push(row);
  }
  return rows;
}
