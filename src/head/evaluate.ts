// Decides whether one head ranks the held-out likes better than another, paired by like. It compares heads on the same items and is not a
// measure of quality: in a large catalogue the other items are a sample.
import { RecommenderError } from '../base/errors.ts';
import { score } from './heads.ts';
import type { HeadShape, TrainingSet } from './types.ts';

/** A head as an immutable value. */
export interface Head {
  shape: HeadShape;
  /** As laid out at `HeadShape`. */
  parameters: Float32Array;
}

/** The training set of one visitor's head, and the likes that it must not see. */
export interface LearningTask {
  set: TrainingSet;
  /** [dimensions] the profile of the training likes, without the held-out ones */
  user: Float32Array;
  /** [held out × dimensions] */
  heldOut: Float32Array;
  /** [items × dimensions] unrated items that the held-out likes are ranked against */
  pool: Float32Array;
  /**
   * Scores of held-out likes and pool as the reader's list would have them with this head. Without it, or where it gives nothing, they are
   * the head's own scores for `user`.
   */
  listScores?: (head: Head) => { heldOut: Float64Array; pool: Float64Array } | undefined;
}

/**
 * nDCG of each held-out like as the only relevant item among the pool: 1 / log₂(1 + rank). The list is not cut at 10, so that every
 * change of rank counts; with few likes this matters. Rank = 1 + items with a higher score + half of those with an equal score.
 * Source: Järvelin and Kekäläinen 2002, leave-one-out.
 * @returns [held out] each in (0, 1]
 * @throws bad-head, bad-vector as `score`
 */
export function heldOutNdcg(head: Head, { user, heldOut, pool, listScores }: Omit<LearningTask, 'set'>): Float64Array {
  const { shape, parameters } = head;
  const listed = listScores?.(head);
  const likes = listed?.heldOut ?? score(shape, user, heldOut, parameters);
  const others = listed?.pool ?? score(shape, user, pool, parameters);
  return Float64Array.from(likes, (like) => {
    let [above, equal] = [0, 0];
    for (const other of others) {
      if (other > like) above++;
      else if (other === like) equal++;
    }
    return 1 / Math.log2(2 + above + equal / 2);
  });
}

export interface Verdict {
  /** Whether the candidate may replace the head in use. */
  accepted: boolean;
  /** One English sentence. */
  reason: string;
  /** Means over the held-out likes. */
  candidate: number;
  parent: number;
}

export interface JudgeOptions {
  /** Whether the candidate must also rank no more likes worse than better. Default true. */
  strict?: boolean;
  /** [held out] whether the like existed when the parent was made. Without it, old and new likes are not distinguished. */
  stood?: readonly boolean[];
}

/**
 * The rule of the rollback, with d = candidate − parent for each held-out like. The candidate is accepted if the mean of d is above 0 by at
 * least one standard error: gains within noise, and heads that rank alike, change nothing. (Two equally good heads pass this about once in
 * six; a single like has no error.) With `strict`, not more likes may be ranked worse than better, so that one large gain does not hide several losses. For the
 * likes that existed when the parent was made, the mean of d must not be below 0 either, so that new ratings do not outvote old ones.
 * @param candidate [held out] @param parent [held out], of the same likes in the same order
 * @throws bad-argument when the lengths differ or nothing is held out
 */
export function judge(candidate: Float64Array, parent: Float64Array, { strict = true, stood }: JudgeOptions = {}): Verdict {
  if (candidate.length !== parent.length || candidate.length === 0) {
    const message = `Heads are compared on the same held-out likes, at least one; got ${candidate.length} and ${parent.length} scores.`;
    throw new RecommenderError('bad-argument', message, { candidate: candidate.length, parent: parent.length });
  }
  const differences = candidate.map((value, i) => value - (parent[i] as number));
  const [better, worse] = [differences.filter((d) => d > 0).length, differences.filter((d) => d < 0).length];
  const mean = meanOf(differences);
  const means = { candidate: meanOf(candidate), parent: meanOf(parent) };
  const found = `nDCG of ${candidate.length} held-out ${candidate.length === 1 ? 'like' : 'likes'} ${means.candidate.toFixed(4)}, before ${means.parent.toFixed(4)}; ${better} better, ${worse} worse`;
  const before = differences.filter((_, i) => stood?.[i]);
  const harmsOld = before.length > 0 && meanOf(before) < 0;
  const isSure = mean > 0 && mean >= standardError(differences, mean);
  const accepted = isSure && !harmsOld && (worse <= better || !strict);
  const refusal =
    mean < 0
      ? 'it ranks what was held out worse'
      : harmsOld
        ? 'it ranks likes from before worse'
        : 'that it ranks what was held out better is not sure enough';
  return { accepted, reason: accepted ? `Taken into use: ${found}.` : `Not taken into use, ${refusal}: ${found}.`, ...means };
}

/** Standard error of the mean; 0 for a single value. */
function standardError(values: Float64Array, mean: number): number {
  const n = values.length;
  if (n < 2) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
