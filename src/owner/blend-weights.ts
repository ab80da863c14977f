// Learns how much taste, prior and item–item table count for each number of likes, on users that none of them was trained on, and which
// of several priors and tables serves best. For no number of likes is the blend worse on these users than its best part.
import { RecommenderError } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { topK } from '../compute/cpu/top-k.ts';
import type { BlendBucket, BlendPart, BlendWeights } from '../head/log-knowledge.ts';
import { standardParts } from '../ranking/blend.ts';

/** One held-out case with the scores of each part. */
export interface BlendCase {
  history: Int32Array;
  relevant: Int32Array;
  /** [items] by taste */
  headScores: Float32Array;
  /** [priors][items] */
  priors: readonly Float32Array[];
  /** [tables][items] */
  tables: readonly Float32Array[];
}

export interface LearntBlend {
  /** Place of the table that is used. */
  table: number;
  /** Place of the prior that is used. */
  prior: number;
  weights: BlendWeights;
  /** For each bucket, nDCG@10 of the held-out cases by taste, prior and table alone and by the blend; NaN without a case. */
  heldOut: readonly { cases: number; taste: number; prior: number; table: number; blend: number }[];
}

/** Upper ends of the buckets of numbers of likes. */
const BUCKETS: readonly (number | null)[] = [1, 2, 4, 9, 19, null];
/** A bucket with fewer cases takes the weights learnt on all cases. */
const LEAST_CASES = 20;
/** How much cases of other buckets count, by the distance of the buckets: neighbours want similar weights, and more cases mean less chance. */
const NEARNESS = [1, 0.5, 0.25, 0.1, 0.1, 0.1];
/** A later prior is used unless it costs more than this part of nDCG@10. */
const MOST_COST = 0.005;

/** Taste always counts a little, so that it orders what prior and table do not tell apart, such as items that nobody in the log knows. */
const TRACE = 0.01;
const ALONE = [
  { head: 1, prior: 0, itemItem: 0 },
  { head: TRACE, prior: 1, itemItem: 0 },
  { head: TRACE, prior: 0, itemItem: 16 },
] as const satisfies readonly BlendPart[];
const HEADS = [TRACE, 0.25, 0.5, 1, 2];
const PRIORS = [0, 0.25, 0.5, 1, 2];
const ITEM_ITEMS = [0, 1, 2, 4, 8, 16];
const GRID: readonly BlendPart[] = [
  ...ALONE,
  ...HEADS.flatMap((head) => PRIORS.flatMap((prior) => ITEM_ITEMS.map((itemItem) => ({ head, prior, itemItem })))).filter(
    ({ prior, itemItem }) => prior + itemItem > 0,
  ),
];
/** Rows of each part, and of sums of two, that can come first in a blend; all others are left out of the comparison. */
const POOL = 150;
const LIST = 10;

/**
 * Searches a grid of weights by mean nDCG@10 (direct search of a rank metric: Metzler & Croft 2007), for each bucket of numbers of likes on
 * its cases and, with less weight, on those of its neighbours. Weights are only taken where the bucket's own cases are ranked no worse than
 * by the best part alone. The table is the one with the best blend, all buckets counting alike; the later of two priors is taken where it
 * costs no more than 0.5 %.
 * @param cases the same at each call, read one at a time, because each holds several arrays of all items; all with as many priors and tables,
 * at least one
 * @throws bad-argument without a case; aborted
 */
export async function learnBlend(cases: () => Iterable<BlendCase>, signal?: AbortSignal): Promise<LearntBlend> {
  const byTable = await worthsOfAll(cases, ({ priors, tables }) => tables.map((table) => ({ prior: priors[0] as Float32Array, table })), signal);
  const found = byTable.map(chooseWeights);
  const table = found.reduce((best, { worth }, at) => (worth > (found[best] as Choice).worth ? at : best), 0);
  const byPrior = await worthsOfAll(
    cases,
    ({ priors, tables }) => priors.slice(1).map((prior) => ({ prior, table: tables[table] as Float32Array })),
    signal,
  );
  const sums = [byTable[table] as BucketSums[], ...byPrior];
  const choices = sums.map(chooseWeights);
  const highest = Math.max(...choices.map(({ worth }) => worth));
  const prior = choices.findLastIndex(({ worth }) => worth >= (1 - MOST_COST) * highest);
  const { chosen } = choices[prior] as Choice;
  return {
    table,
    prior,
    weights: BUCKETS.map((upTo, bucket): BlendBucket => ({ upTo, ...(GRID[chosen[bucket] as number] as BlendPart) })),
    heldOut: (sums[prior] as BucketSums[]).map((own, bucket) => {
      const [taste = 0, popular = 0, similar = 0, blend = 0] = [0, 1, 2, chosen[bucket] as number].map((at) => meanOf(own, at));
      return { cases: own.cases, taste, prior: popular, table: similar, blend };
    }),
  };
}

/** @param pairs of one prior and one table, as many in every case @returns [pairs][buckets] @throws bad-argument without a case; aborted */
async function worthsOfAll(
  cases: () => Iterable<BlendCase>,
  pairs: (one: BlendCase) => readonly PriorAndTable[],
  signal: AbortSignal | undefined,
): Promise<BucketSums[][]> {
  const sums: BucketSums[][] = [];
  const pace = createPacer({ signal, what: 'Learning the blend' });
  let count = 0;
  for (const one of cases()) {
    const bucket = BUCKETS.findIndex((upTo) => upTo === null || one.history.length <= upTo);
    for (const [at, worths] of worthsOf(one, pairs(one)).entries()) {
      sums[at] ??= BUCKETS.map(() => ({ cases: 0, worths: new Float64Array(GRID.length) }));
      addTo(sums[at][bucket] as BucketSums, worths);
    }
    count++;
    await pace();
  }
  if (count > 0) return sums;
  throw new RecommenderError('bad-argument', 'There is no held-out case to learn a blend from. Hold out users with two likes or more.');
}

interface PriorAndTable {
  /** [items] */
  prior: Float32Array;
  /** [items] */
  table: Float32Array;
}

/** What each weighting of the grid is worth on the cases of a bucket, added up. */
interface BucketSums {
  cases: number;
  /** [grid] */
  worths: Float64Array;
}

function addTo(sums: BucketSums, worths: ArrayLike<number>, factor = 1, cases = 1): void {
  sums.cases += factor * cases;
  for (let at = 0; at < GRID.length; at++) sums.worths[at] = (sums.worths[at] as number) + factor * (worths[at] as number);
}

const meanOf = ({ cases, worths }: BucketSums, at: number): number => (worths[at] as number) / cases;

interface Choice {
  /** [buckets] places in the grid */
  chosen: number[];
  /** nDCG@10, mean over the buckets that have cases. */
  worth: number;
}

function chooseWeights(buckets: readonly BucketSums[]): Choice {
  const all = { cases: 0, worths: new Float64Array(GRID.length) };
  for (const { cases, worths } of buckets) addTo(all, worths, 1, cases);
  const chosen = buckets.map((own, bucket) => {
    if (own.cases < LEAST_CASES) return bestWithout(all, all);
    const near = { cases: 0, worths: new Float64Array(GRID.length) };
    for (const [other, { cases, worths }] of buckets.entries()) addTo(near, worths, NEARNESS[Math.abs(other - bucket)] ?? 0, cases);
    return bestWithout(own, near);
  });
  const asked = buckets.flatMap((own, bucket) => (own.cases > 0 ? [meanOf(own, chosen[bucket] as number)] : []));
  return { chosen, worth: asked.reduce((sum, value) => sum + value, 0) / asked.length };
}

/** The place that is best by `near` among those that are no worse by `own` than every part alone; the first of equals. */
function bestWithout(own: BucketSums, near: BucketSums): number {
  const least = Math.max(...ALONE.map((_, at) => own.worths[at] as number));
  let best = -1;
  for (let at = 0; at < GRID.length; at++) {
    if ((own.worths[at] as number) < least) continue;
    if (best < 0 || (near.worths[at] as number) > (near.worths[best] as number)) best = at;
  }
  return best;
}

/** nDCG@10 of every weighting of the grid: [pairs][grid]. */
function worthsOf({ history, relevant, headScores }: BlendCase, pairs: readonly PriorAndTable[]): Float64Array[] {
  const seen = new Set(history);
  const isRelevant = new Set(relevant);
  const best = (scores: Float32Array): number[] => topK(scores, POOL, (row) => !seen.has(row)).map(({ row }) => row);
  let ideal = 0;
  for (let rank = 0; rank < Math.min(LIST, relevant.length); rank++) ideal += 1 / Math.log2(rank + 2);
  const bestOfOthers = new Map<Float32Array, number[]>();
  return pairs.map((pair) => {
    const { head, prior = head, itemItem = head } = standardParts({ headScores, prior: pair.prior, itemItem: pair.table });
    const others = bestOfOthers.get(pair.prior) ?? [head, prior, sumOf(head, prior)].flatMap(best);
    bestOfOthers.set(pair.prior, others);
    const pool = Int32Array.from(new Set([...others, ...best(itemItem)])).sort();
    const gains = Uint8Array.from(pool, (row) => (isRelevant.has(row) ? 1 : 0));
    const [a, b, c] = [head, prior, itemItem].map((scores) => Float64Array.from(pool, (row) => scores[row] as number)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return Float64Array.from(GRID, (weights) => discountedGain(weights, a, b, c, gains) / ideal);
  });
}

const sumOf = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, row) => value + (b[row] as number));

/** The best rows of a pool so far and whether they are relevant, used again and again. */
const bestScores = new Float64Array(LIST);
const bestGains = new Uint8Array(LIST);
const DISCOUNTS = Float64Array.from({ length: LIST }, (_, rank) => 1 / Math.log2(rank + 2));

/** DCG@10 of the rows of a pool, which are in the order of their rows. */
function discountedGain({ head, prior, itemItem }: BlendPart, a: Float64Array, b: Float64Array, c: Float64Array, gains: Uint8Array): number {
  bestScores.fill(Number.NEGATIVE_INFINITY);
  bestGains.fill(0);
  let lowest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    const score = head * (a[i] as number) + prior * (b[i] as number) + itemItem * (c[i] as number);
    if (score <= lowest) continue;
    let at = LIST - 1;
    for (; at > 0 && score > (bestScores[at - 1] as number); at--) {
      bestScores[at] = bestScores[at - 1] as number;
      bestGains[at] = bestGains[at - 1] as number;
    }
    bestScores[at] = score;
    bestGains[at] = gains[i] as number;
    lowest = bestScores[LIST - 1] as number;
  }
  let sum = 0;
  for (let rank = 0; rank < LIST; rank++) sum += (DISCOUNTS[rank] as number) * (bestGains[rank] as number);
  return sum;
}
