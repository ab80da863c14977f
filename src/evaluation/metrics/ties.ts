// Ranks of the relevant items of one case among all candidates, by counting instead of sorting. Items with equal scores form one
// group, and every accuracy metric is the mean over all orders within groups. So a system that gives all items the same score
// measures as chance, whatever the order of rows.
// Source: McSherry and Najork 2008, "Computing information retrieval performance measures efficiently in the presence of
// tied scores".
import { RecommenderError } from '../../base/errors.ts';

/** Candidates with one score, at least one of them relevant. They share the ranks above + 1 … above + size. */
export interface TieGroup {
  /** Candidates with a higher score. */
  above: number;
  /** Candidates with this score, relevant ones included. */
  size: number;
  /** Relevant ones among them, at least 1. */
  relevant: number;
}

export interface Standing {
  /** Best first. */
  groups: readonly TieGroup[];
  /** Relevant items in all groups. */
  relevant: number;
  /** Candidates that were ranked. */
  candidates: number;
}

/** The first index of `ascending` whose value is `value` or more. */
function lowerBound(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Costs O(items · log relevant).
 *
 * @param scores [items] higher is better; −Infinity for what cannot be scored: such items share the last ranks
 * @param open [items] 1 where a row is a candidate of this case
 * @param relevant rows, all of them candidates, at least one
 * @throws bad-vector when a candidate's score is NaN, bad-argument when a relevant row is no candidate
 */
export function standingOf(scores: Float32Array, open: Uint8Array, relevant: Int32Array): Standing {
  const thresholds = Float64Array.from(new Set(Array.from(relevant, (row) => scores[row] as number))).sort();
  const count = thresholds.length;
  // [2 × thresholds + 1] numbers of candidates: cell 2i + 1 at threshold i, cell 2i between thresholds i − 1 and i.
  const cells = new Float64Array(2 * count + 1);
  let candidates = 0;
  for (let row = 0; row < scores.length; row++) {
    if (open[row] !== 1) continue;
    const score = scores[row] as number;
    if (Number.isNaN(score)) {
      throw new RecommenderError('bad-vector', `The score of item ${row} is not a number. A system gives −Infinity to what it cannot score.`, {
        row,
      });
    }
    candidates += 1;
    const at = lowerBound(thresholds, score);
    const cell = 2 * at + (at < count && thresholds[at] === score ? 1 : 0);
    cells[cell] = (cells[cell] as number) + 1;
  }
  const relevantAt = new Int32Array(count);
  for (const row of relevant) {
    if (open[row] !== 1) {
      throw new RecommenderError('bad-argument', `Item ${row} is relevant but no candidate. Check the split with assertNoLeakage.`, { row });
    }
    const at = lowerBound(thresholds, scores[row] as number);
    relevantAt[at] = (relevantAt[at] as number) + 1;
  }
  const groups: TieGroup[] = [];
  let above = cells[2 * count] as number;
  for (let at = count - 1; at >= 0; at--) {
    const size = cells[2 * at + 1] as number;
    groups.push({ above, size, relevant: relevantAt[at] as number });
    above += size + (cells[2 * at] as number);
  }
  return { groups, relevant: relevant.length, candidates };
}

/** [relevant] the group in which each relevant item stands. @param scores and `relevant` as `standingOf` got them */
export function groupsOfRelevant(standing: Standing, scores: Float32Array, relevant: Int32Array): TieGroup[] {
  const descending = [...new Set(Array.from(relevant, (row) => scores[row] as number))].sort((a, b) => (a < b ? 1 : -1));
  const groupOf = new Map(descending.map((score, at) => [score, standing.groups[at]]));
  return Array.from(relevant, (row) => {
    const group = groupOf.get(scores[row] as number);
    if (!group)
      throw new RecommenderError('bad-argument', `Item ${row} is not among those that were ranked. Give the same scores and items.`, { row });
    return group;
  });
}

/** Mean rank over all orders of equal scores, from 1. */
export function averageRank({ above, size }: Pick<TieGroup, 'above' | 'size'>): number {
  return above + (size + 1) / 2;
}
