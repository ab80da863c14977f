// Lists by head, prior and item–item table together, through the same index as a head alone: the parts put rows forward, the blend
// orders them. Pure but for the search that it is given.

import type { RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import type { BlendPart, ItemItemTable, RowKnowledge } from '../head/log-knowledge.ts';
import { bitsetOf, hasRow } from '../index/bitset.ts';
import { standardParts, weightsFor } from './blend.ts';
import { byScore, type Search } from './search.ts';

/** Rows that the index puts forward: at first, and where those do not settle it. */
const DEPTH = { perResult: 4, least: 200, most: 1000 };

/** What the owner's log says of this catalogue, made ready once. */
export interface OwnerBlend {
  knowledge: RowKnowledge;
  /** [rows] mean 0, deviation 1 */
  prior: Float32Array;
  /** [rows] row numbers, highest prior first, ties by row */
  byPrior: Int32Array;
}

/** Of head scores over the catalogue, or over a sample of it. */
export interface HeadScale {
  mean: number;
  /** 0: the head says the same of all */
  deviation: number;
}

/** One reader before the blend. */
export interface BlendReader {
  /** Undefined: nothing is known of the reader's taste, and only the prior counts. */
  scale: HeadScale | undefined;
  /** Row → similarity to the likes, over the largest; rows without one are not in it. */
  itemItem: ReadonlyMap<number, number>;
}

const NONE: ReadonlyMap<number, number> = new Map();

export function ownerBlend(knowledge: RowKnowledge): OwnerBlend {
  const rows = knowledge.prior.length;
  const prior = standardParts({ headScores: new Float32Array(rows), prior: knowledge.prior }).prior ?? knowledge.prior;
  const byPrior = Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => (prior[b] as number) - (prior[a] as number) || a - b);
  return { knowledge, prior, byPrior };
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

/** As `itemItemScores` over their largest, without the zeros. @param history rows that are liked */
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
  const head = scale && scale.deviation > 0 ? (headScore - scale.mean) / scale.deviation : 0;
  return weights.head * head + weights.prior * (prior[row] ?? 0) + weights.itemItem * (itemItem.get(row) ?? 0);
}

/**
 * A search by the blended score. Put forward are the head's best rows, as many of the prior's best, and every row that the table
 * knows for these likes; a row outside of them scores at most w_head · z(last of the head's) + w_prior · z(last of the prior's)
 * (threshold algorithm, Fagin, Lotem & Naor 2003). Where the k-th of the list is below that, 1,000 of each are asked for:
 * the list is exact where the bound holds by then, which a `mlp` head's own shortlist limits too.
 * @param byHead best rows by the head alone; asked for the others' scores as well
 */
export function blendedSearch(blend: OwnerBlend, weights: BlendPart, reader: BlendReader, byHead: Search): Search {
  const score = (row: number, headScore: number): number => blendedScore(blend, weights, reader, row, headScore);
  return async (k, allowed) => {
    const similar = [...reader.itemItem.keys()].filter((row) => hasRow(allowed, row));
    const known = new Map<number, number>(); // row → score by the head
    let depth = Math.min(DEPTH.most, Math.max(DEPTH.least, DEPTH.perResult * k));
    for (;;) {
      const best = await byHead(depth, allowed);
      for (const { row, score: found } of best) known.set(row, found);
      const liked = bestByPrior(blend, depth, allowed);
      const unknown = [...new Set([...liked, ...similar])].filter((row) => !known.has(row));
      for (const { row, score: found } of await scoresOf(unknown, blend.prior.length, byHead)) known.set(row, found);
      const ranked = [...known].map(([row, found]) => ({ row, score: score(row, found) })).sort(byScore);
      const [lastOfHead, lastOfPrior] = [best.at(-1), liked.at(-1)];
      const whole = best.length < depth || !lastOfHead || lastOfPrior === undefined;
      const bound = whole ? Number.NEGATIVE_INFINITY : blendedScore(blend, weights, { ...reader, itemItem: NONE }, lastOfPrior, lastOfHead.score);
      if (depth >= DEPTH.most || (ranked[k - 1]?.score ?? Number.NEGATIVE_INFINITY) >= bound) return ranked.slice(0, k);
      depth = DEPTH.most;
    }
  };
}

function bestByPrior({ byPrior }: OwnerBlend, count: number, allowed: RowBitset): number[] {
  const rows: number[] = [];
  for (let place = 0; place < byPrior.length && rows.length < count; place++) {
    const row = byPrior[place] as number;
    if (hasRow(allowed, row)) rows.push(row);
  }
  return rows;
}

async function scoresOf(rows: readonly number[], rowCount: number, byHead: Search): Promise<Ranked[]> {
  const all: Ranked[] = [];
  for (let from = 0; from < rows.length; from += DEPTH.most) {
    const block = rows.slice(from, from + DEPTH.most);
    all.push(...(await byHead(block.length, bitsetOf(rowCount, block))));
  }
  return all;
}
