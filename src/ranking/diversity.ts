// Lists without near doubles: an item that resembles one already chosen has to be better by as much (MMR).
import { RecommenderError } from '../base/errors.ts';
import type { Ranked } from '../index/index.ts';
import { byScore } from './search.ts';

/** Candidates of one group, and how many of them the list takes. */
export interface Pool {
  /** Best first. */
  ranked: readonly Ranked[];
  quota: number;
}

/** Candidates searched for each place of the list, when it is to be varied. */
export const POOL_PER_PLACE = 4;

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): next comes the candidate with the highest
 * (1 − λ) · score − λ · (highest cosine with an item chosen before), among groups whose quota is not used up.
 * λ = 0: the best of each group, sorted by score, which is the highest sum of scores that the quotas allow. Every group gives
 * min(quota, its candidates) items, whatever λ.
 *
 * @param diversity λ, 0 to 1
 * @param vectorOf [dimensions], unit length; undefined: resembles nothing. Not asked when λ is 0
 * @returns in the order of choosing, scores as they came; O(places · candidates · dimensions) for λ above 0
 * @throws bad-argument
 */
export function pickVaried(pools: readonly Pool[], diversity: number, vectorOf: (row: number) => Float32Array | undefined): Ranked[] {
  if (!(diversity >= 0 && diversity <= 1)) {
    throw new RecommenderError('bad-argument', `diversity is ${diversity}; it must be from 0 (best scores) to 1 (most varied).`, { diversity });
  }
  if (diversity === 0) return pools.flatMap(({ ranked, quota }) => ranked.slice(0, quota)).sort((a, b) => b.score - a.score);
  const quotas = pools.map(({ quota }) => quota);
  let open = pools.flatMap(({ ranked }, pool) => ranked.map((one) => ({ one, pool, likeness: 0 })));
  const picked: Ranked[] = [];
  while (true) {
    open = open.filter(({ pool }) => (quotas[pool] ?? 0) > 0);
    let best: (typeof open)[number] | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const candidate of open) {
      const value = (1 - diversity) * candidate.one.score - diversity * candidate.likeness;
      if (value < most || (value === most && best && byScore(candidate.one, best.one) >= 0)) continue;
      [best, most] = [candidate, value];
    }
    if (!best) return picked;
    const chosen = best;
    picked.push(chosen.one);
    quotas[chosen.pool] = (quotas[chosen.pool] ?? 0) - 1;
    open = open.filter((candidate) => candidate !== chosen);
    const vector = vectorOf(chosen.one.row);
    const first = picked.length === 1;
    for (const candidate of open) {
      const likeness = cosine(vector, vectorOf(candidate.one.row));
      candidate.likeness = first ? likeness : Math.max(candidate.likeness, likeness);
    }
  }
}

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0;
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}
