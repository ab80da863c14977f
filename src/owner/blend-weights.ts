// Learns how much head, prior and item–item table count, on people that none of them was made from. A mixture must be better than
// the best part alone by more than chance would give, else that part stands alone: so a blend does not lose to its parts.
import { RecommenderError } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import type { BlendBucket, BlendPart, BlendWeights } from '../head/log-knowledge.ts';
import { combine, standardParts } from '../ranking/blend.ts';

/** One held-out question with what each part says to it. */
export interface BlendCase {
  history: Int32Array;
  relevant: Int32Array;
  /** [items] */
  headScores: Float32Array;
  /** [items] */
  prior?: Float32Array;
  /** [items] */
  itemItem?: Float32Array;
}

export interface LearnBlendOptions {
  /** nDCG@10 of scores for a case: higher is better. */
  worth: (scores: Float32Array, one: BlendCase) => number;
  signal?: AbortSignal;
}

/** Upper ends of the buckets of history lengths. */
const BUCKETS: readonly (number | null)[] = [1, 2, 5, 10, null];
/** A bucket with fewer cases takes the weights learnt on all cases. */
const LEAST_CASES = 20;
/** Standard errors that a mixture must gain: with one, the best of 50 mixtures is often chance. */
const DOUBT = 2;

const ALONE: readonly BlendPart[] = [
  { head: 1, prior: 0, itemItem: 0 },
  { head: 0, prior: 1, itemItem: 0 },
  { head: 0, prior: 0, itemItem: 1 },
];
const PRIORS = [0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6];
const ITEM_ITEMS = [0, 0.5, 1, 2, 4, 8, 16];
/** Every mixture of head and others, and of prior and table without the head. */
const MIXED: readonly BlendPart[] = [
  ...PRIORS.flatMap((prior) => ITEM_ITEMS.map((itemItem) => ({ head: 1, prior, itemItem }))).filter(({ prior, itemItem }) => prior + itemItem > 0),
  ...[1, 4, 16].map((itemItem) => ({ head: 0, prior: 1, itemItem })),
];

/**
 * A grid over non-negative weights, scored by mean nDCG@10 for each bucket of history lengths (coordinate-free, so no step size to
 * tune; Metzler & Croft 2007 argue for direct search of a rank metric). A mixture must gain two
 * standard errors over the best part on all cases together, and a bucket's own weights as much over those.
 * @param cases given one at a time, as each holds up to three arrays of all items; lengths of histories as they come in use
 * @throws bad-argument without a case; aborted
 */
export async function learnBlendWeights(cases: Iterable<BlendCase>, { worth, signal }: LearnBlendOptions): Promise<BlendWeights> {
  const grid = [...ALONE, ...MIXED];
  const byBucket: number[][][] = BUCKETS.map(() => []);
  const pace = createPacer({ signal, what: 'Learning the blend' });
  for (const one of cases) {
    const parts = standardParts(one);
    const bucket = BUCKETS.findIndex((upTo) => upTo === null || one.history.length <= upTo);
    byBucket[bucket]?.push(grid.map((weights) => worth(combine(parts, weights), one)));
    await pace();
  }
  const all = byBucket.flat();
  if (all.length === 0)
    throw new RecommenderError('bad-argument', 'There is no held-out case to learn a blend from. Hold out users with two likes or more.');
  const pooled = surest(all, bestOf(all, 0, ALONE.length), bestOf(all, ALONE.length, grid.length));
  return BUCKETS.map((upTo, bucket): BlendBucket => {
    const own = byBucket[bucket] ?? [];
    const chosen = own.length < LEAST_CASES ? pooled : surest(own, pooled, bestOf(own, 0, grid.length));
    return { upTo, ...(grid[chosen] ?? (ALONE[0] as BlendPart)) };
  });
}

/** What each weighting of the grid was worth for each case: [cases][grid]. */
type Worths = readonly (readonly number[])[];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The place in the grid, from `from` to before `to`, with the highest mean; of equals the first. */
function bestOf(table: Worths, from: number, to: number): number {
  let [best, highest] = [from, Number.NEGATIVE_INFINITY];
  for (let at = from; at < to; at++) {
    const value = mean(table.map((row) => row[at] as number));
    if (value > highest) [best, highest] = [at, value];
  }
  return best;
}

/** The challenger, if its paired gain over the other is beyond doubt, else the other. */
function surest(table: Worths, plain: number, challenger: number): number {
  const gains = table.map((row) => (row[challenger] as number) - (row[plain] as number));
  const gain = mean(gains);
  const error = Math.sqrt(gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / Math.max(1, gains.length - 1) / gains.length);
  return gain > DOUBT * error && gain > 0 ? challenger : plain;
}
