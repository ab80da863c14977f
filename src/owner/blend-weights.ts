// Learns how much head, prior and item–item table count, on users that none of them was trained on. A mixture is only used if it beats
// the best part alone by more than chance would give, so a blend is not worse than its parts.
import { RecommenderError } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import type { BlendBucket, BlendPart, BlendWeights } from '../head/log-knowledge.ts';
import { combine, standardParts } from '../ranking/blend.ts';

/** One held-out case with the scores of each part. */
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
/** A mixture must gain this many standard errors: with one, the best of 50 mixtures often wins by chance. */
const LEAST_STANDARD_ERRORS = 2;

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
 * Searches a grid of non-negative weights by mean nDCG@10 (direct search of a rank metric: Metzler & Croft 2007). On all cases together
 * a mixture must gain two standard errors over the best single part; a bucket of history lengths gets weights of its own only if they
 * gain as much over those.
 * @param cases read one at a time, because each holds up to three arrays of all items; history lengths should be those of use
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
  const pooled = winner(all, bestOf(all, 0, ALONE.length), bestOf(all, ALONE.length, grid.length));
  return BUCKETS.map((upTo, bucket): BlendBucket => {
    const own = byBucket[bucket] ?? [];
    const chosen = own.length < LEAST_CASES ? pooled : winner(own, pooled, bestOf(own, 0, grid.length));
    return { upTo, ...(grid[chosen] ?? (ALONE[0] as BlendPart)) };
  });
}

/** What each weighting of the grid was worth for each case: [cases][grid]. */
type Worths = readonly (readonly number[])[];

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The place in the grid, from `from` to before `to`, with the highest mean; the first of equals. */
function bestOf(table: Worths, from: number, to: number): number {
  let [best, highest] = [from, Number.NEGATIVE_INFINITY];
  for (let at = from; at < to; at++) {
    const value = mean(table.map((row) => row[at] as number));
    if (value > highest) [best, highest] = [at, value];
  }
  return best;
}

/** The challenger if its paired gain over the incumbent is significant, else the incumbent. */
function winner(table: Worths, incumbent: number, challenger: number): number {
  const gains = table.map((row) => (row[challenger] as number) - (row[incumbent] as number));
  const gain = mean(gains);
  const error = Math.sqrt(gains.reduce((sum, value) => sum + (value - gain) ** 2, 0) / Math.max(1, gains.length - 1) / gains.length);
  return gain > LEAST_STANDARD_ERRORS * error && gain > 0 ? challenger : incumbent;
}
