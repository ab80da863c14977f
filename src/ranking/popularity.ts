// What is widely known, from a count that a catalogue states for its items: a prior without anybody's data, and how much it weighs for a
// reader. Measured in docs/decisions/2026-11-25-popularity-from-a-column.md.
import type { Item } from '../base/types.ts';
import { standardParts } from './blend.ts';
import { orderByPrior } from './owner-blend.ts';

const YEAR_MS = 365.25 * 24 * 60 * 60 * 1000;
/** Mean prior of what people like, before a like of this reader is known, and how many likes it counts as. */
const EXPECTED_PRIOR = { mean: 1.5, likes: 1 };
/** Familiarity 1 adds at least this, also for a reader whose likes are little known. */
const LEAST_STEP = 1;
/** Weight at familiarity −1, with the sign turned: what is less known comes first where interests are nearly equal. */
const HIDDEN_WEIGHT = 0.25;

/**
 * z(log(1 + c)) over the items that state `popularity`; c is the count times 2^(1 − age), age in years from 0 to 1. So a count that was
 * gathered in less than a year weighs up to twice as much. Items without a date, or older than a year, are as they stand.
 * @param items in the order of rows
 * @returns [items] mean 0 and deviation 1 over the items that state it, 0 for the others; undefined: none states it, or all the same
 */
export function popularityPrior(items: readonly Item[], nowMs: number): Float32Array | undefined {
  const rows: number[] = [];
  const logs: number[] = [];
  for (const [row, { popularity, published }] of items.entries()) {
    if (popularity === undefined) continue;
    rows.push(row);
    logs.push(Math.log1p(popularity * 2 ** (1 - ageInYears(published, nowMs))));
  }
  const { head: standard } = standardParts({ headScores: Float32Array.from(logs) });
  if (standard.every((value) => value === 0)) return undefined;
  const prior = new Float32Array(items.length);
  for (const [at, row] of rows.entries()) prior[row] = standard[at] as number;
  return prior;
}

/** Years since the first day that a date of ISO 8601 can mean, from 0 to 1; 1 where none is stated. */
function ageInYears(published: string | undefined, nowMs: number): number {
  const publishedMs = Date.parse(published?.slice(0, 'YYYY-MM-DD'.length) ?? '');
  return Number.isNaN(publishedMs) ? 1 : Math.min(1, Math.max(0, (nowMs - publishedMs) / YEAR_MS));
}

/**
 * The weight w of the prior p in z(interests) + w · p. At familiarity 0, w = μ (1 + 1 / √n), with n likes and μ the mean of p over them,
 * shrunk towards what people like on average and never below 0: of two densities with deviation 1, at μ (likes) and at 0 (all items), the
 * log ratio grows by μ with p. Few likes say little about interests, so the prior weighs more then.
 * @param prior [rows] of `popularityPrior`
 * @param liked rows, at least one
 * @param familiarity −1 (hidden finds: slightly below 0) over 0 to 1 (well known: twice as much, and 1 more at least)
 */
export function popularityWeight(prior: Float32Array, liked: readonly number[], familiarity: number): number {
  const sum = liked.reduce((total, row) => total + (prior[row] ?? 0), 0);
  const mean = (EXPECTED_PRIOR.mean * EXPECTED_PRIOR.likes + sum) / (EXPECTED_PRIOR.likes + liked.length);
  const weight = Math.max(0, mean) * (1 + 1 / Math.sqrt(Math.max(1, liked.length)));
  if (familiarity > 0) return weight + familiarity * Math.max(weight, LEAST_STEP);
  return weight * (1 + familiarity) + HIDDEN_WEIGHT * familiarity;
}

/**
 * Order of the start, while nothing is liked: well known first, for `startingSample`.
 * @returns [rows] row numbers; undefined (the catalogue's order) without a prior and where hidden finds are asked for (familiarity below 0)
 */
export function popularityOrder(prior: Float32Array | undefined, familiarity: number): Int32Array | undefined {
  return prior && familiarity >= 0 ? orderByPrior(prior) : undefined;
}
