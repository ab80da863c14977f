// Picks the items of a list from candidates, within the limits of categories: by score, or varied, so that an item that resembles one
// already chosen needs a higher score (MMR).
import { RecommenderError } from '../base/errors.ts';
import { dot } from '../compute/cpu/linear.ts';
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';

/** How many items of a category a list may hold. */
export interface CategoryLimits {
  /** Infinity: no limit. */
  limitOf: (category: string) => number;
  categoriesOf: (row: number) => readonly string[];
}

/** Counts the items of one list as it grows. */
export class LimitCount {
  readonly #limits: CategoryLimits;
  readonly #taken = new Map<string, number>();

  constructor(limits: CategoryLimits) {
    this.#limits = limits;
  }

  /** Whether the row may be taken: none of its categories is full. */
  fits(row: number): boolean {
    const { limitOf, categoriesOf } = this.#limits;
    return categoriesOf(row).every((category) => (this.#taken.get(category) ?? 0) < limitOf(category));
  }

  take(row: number): void {
    for (const category of this.#limits.categoriesOf(row)) this.#taken.set(category, (this.#taken.get(category) ?? 0) + 1);
  }
}

/** Candidates of one group, and how many of them the list takes. */
export interface Pool {
  /** Best first. */
  ranked: readonly Ranked[];
  quota: number;
  /** The group has more rows, with lower scores than these. */
  hasMore?: boolean;
}

/** Candidates searched for each place of a varied list. */
export const POOL_PER_PLACE = 4;

export interface VariedOptions {
  /** λ, 0 (best scores) to 1 (most varied). */
  diversity: number;
  /** [dimensions], unit length; undefined: resembles nothing. Not called when λ is 0. */
  vectorOf: (row: number) => Float32Array | undefined;
  /** Score that counts as a cosine of 1; above 0, default 1. */
  unit?: number;
  /** Rows that are in the list already. */
  before?: readonly number[];
  /** Of categories; counts what is picked. */
  limits?: LimitCount | undefined;
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): next comes the candidate with the highest
 * (1 − λ) · score / unit − λ · (highest cosine with an item chosen before), among groups whose quota is not used up and rows whose
 * categories are not full. λ = 0: in order of score, until a group with more rows has no candidate left. Every group gives
 * min(quota, its candidates) items, for every λ, unless a limit prevents it.
 *
 * @returns in the order of choosing, scores as they came; O(places · candidates · dimensions) for λ above 0
 * @throws bad-argument
 */
export function pickVaried(pools: readonly Pool[], options: VariedOptions): Ranked[] {
  checkDiversity(options.diversity);
  return options.diversity === 0 ? pickByScore(pools, options.limits) : pickByMmr(pools, options);
}

/** @throws bad-argument unless λ is from 0 to 1 */
export function checkDiversity(diversity: number): void {
  if (diversity >= 0 && diversity <= 1) return;
  throw new RecommenderError('bad-argument', `diversity is ${diversity}; it must be from 0 (best scores) to 1 (most varied).`, { diversity });
}

function pickByScore(pools: readonly Pool[], limits: LimitCount | undefined): Ranked[] {
  const quotas = pools.map(({ quota }) => quota);
  const open = pools.flatMap(({ ranked, hasMore }, pool) =>
    ranked.map((one, at) => ({ one, pool, ends: hasMore === true && at === ranked.length - 1 })),
  );
  const picked: Ranked[] = [];
  for (const { one, pool, ends } of open.sort((a, b) => b.one.score - a.one.score)) {
    const left = quotas[pool] ?? 0;
    if (left > 0 && limits?.fits(one.row) !== false) {
      quotas[pool] = left - 1;
      limits?.take(one.row);
      picked.push(one);
    }
    // A row of this group that is not a candidate may score higher than all that follow.
    if (ends && (quotas[pool] ?? 0) > 0) break;
  }
  return picked;
}

function pickByMmr(pools: readonly Pool[], { diversity, vectorOf, unit = 1, before = [], limits }: VariedOptions): Ranked[] {
  const quotas = pools.map(({ quota }) => quota);
  let open = pools.flatMap(({ ranked }, pool) => ranked.map((one) => ({ one, pool, likeness: Number.NEGATIVE_INFINITY })));
  const updateLikeness = (row: number): void => {
    const vector = vectorOf(row);
    for (const candidate of open) candidate.likeness = Math.max(candidate.likeness, cosine(vector, vectorOf(candidate.one.row)));
  };
  before.forEach(updateLikeness);
  const picked: Ranked[] = [];
  while (true) {
    open = open.filter(({ one, pool }) => (quotas[pool] ?? 0) > 0 && limits?.fits(one.row) !== false);
    let best: (typeof open)[number] | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const candidate of open) {
      const likeness = candidate.likeness === Number.NEGATIVE_INFINITY ? 0 : candidate.likeness;
      const value = ((1 - diversity) * candidate.one.score) / unit - diversity * likeness;
      if (value < most || (value === most && best && byScore(candidate.one, best.one) >= 0)) continue;
      [best, most] = [candidate, value];
    }
    if (!best) return picked;
    const chosen = best;
    picked.push(chosen.one);
    quotas[chosen.pool] = (quotas[chosen.pool] ?? 0) - 1;
    limits?.take(chosen.one.row);
    open = open.filter((candidate) => candidate !== chosen);
    updateLikeness(chosen.one.row);
  }
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return a && b ? dot(a, 0, b, 0, a.length) : 0;
}
