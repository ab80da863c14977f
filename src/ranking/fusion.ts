// One list from the reader's vectors of several languages, and how much each language's vector is worth, learned from held-out likes.
// The default and its reasons: docs/decisions/2026-11-24-fusion-of-languages.md.
import { RecommenderError } from '../base/errors.ts';
import type { RowBitset } from '../compute/backend.ts';
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';
import type { UserVectors } from '../feedback/user-vectors.ts';
import { bitsetOf, difference, hasRow, intersection, union } from '../index/bitset.ts';
import type { QuerySearch, Search } from './search.ts';

/** k of reciprocal-rank fusion; the value of Cormack et al. 2009. */
export const RRF_K = 60;

/**
 * Reciprocal-rank fusion (Cormack, Clarke and Büttcher 2009): score(row) = Σ over lists of weight / (k + rank), rank from 1; a list
 * that does not hold a row adds nothing. Scores of the lists are not compared, only their order.
 * @param lists best first
 * @param weights [lists] default 1 each
 * @returns every row of the lists, best first, ties by row
 * @throws bad-argument when k is below 0
 */
export function reciprocalRankFusion(lists: readonly (readonly Ranked[])[], weights?: readonly number[], k = RRF_K): Ranked[] {
  if (!(k >= 0)) throw new RecommenderError('bad-argument', `k is ${k}; reciprocal-rank fusion needs 0 or more (${RRF_K} is usual).`, { k });
  const scores = new Map<number, number>();
  lists.forEach((list, at) => {
    const weight = weights?.[at] ?? 1;
    for (const [place, { row }] of list.entries()) scores.set(row, (scores.get(row) ?? 0) + weight / (k + place + 1));
  });
  return [...scores].map(([row, score]) => ({ row, score })).sort(byScore);
}

/**
 * Weighted score fusion as one query. Scores are dot products, so Σ w_L · (U_L · x) = (Σ w_L · U_L) · x: the sum of the vectors finds
 * what fusing the scores of all languages over the whole catalogue would find, at the cost of one search, and unit length keeps
 * the score a cosine.
 * @param vectors [dimensions] each, of one length
 * @param weights 0 or more; a language without one has 1
 * @returns [dimensions], unit length; undefined when nothing is left or all cancels out
 */
export function fusedQuery(vectors: ReadonlyMap<string, Float32Array>, weights: ReadonlyMap<string, number>): Float32Array | undefined {
  let sum: Float64Array | undefined;
  for (const [language, vector] of vectors) {
    const weight = weights.get(language) ?? 1;
    sum ??= new Float64Array(vector.length);
    for (let j = 0; j < vector.length; j++) sum[j] = (sum[j] as number) + weight * (vector[j] as number);
  }
  const length = sum ? Math.hypot(...sum) : 0;
  return sum && length > 1e-6 ? Float32Array.from(sum, (value) => value / length) : undefined;
}

type ReaderVectors = Pick<UserVectors, 'shared' | 'byLanguage'>;

/**
 * The default: an item is scored by the reader's vector of its own language; in a language without likes, by the shared vector. The
 * lists of the languages are merged by score, which is exact because no row is in two of them. One search for each language with likes
 * and one for all others; a single search where all vectors equal the shared one.
 * @param rowsOf language group → its rows
 */
export function ownLanguageSearch(searchBy: QuerySearch, { shared, byLanguage }: ReaderVectors, rowsOf: ReadonlyMap<string, RowBitset>): Search {
  const own = [...byLanguage].flatMap(([group, vector]) => {
    const rows = rowsOf.get(group);
    return rows && !sameVector(vector, shared) ? [{ vector, rows }] : [];
  });
  if (own.length === 0) return (k, allowed) => searchBy(shared, k, allowed);
  const covered = own.map(({ rows }) => rows).reduce(union);
  return async (k, allowed) => {
    const lists = await Promise.all([
      searchBy(shared, k, difference(allowed, covered)),
      ...own.map(({ vector, rows }) => searchBy(vector, k, intersection(allowed, rows))),
    ]);
    return lists.flat().sort(byScore).slice(0, k);
  };
}

/** Rows of a list that are fused by rank: below, one place changes the score by about a thousandth. */
export const RRF_DEPTH = 1000;

/**
 * Reciprocal-rank fusion of what each language's vector finds, as a search. Ranks are those among `within` for every call, so that a row
 * has one score. Rows in no list come last, in the order of the shared vector, with score 0.
 * @param within rows that may appear in the list at all
 */
export function rankFusionSearch(searchBy: QuerySearch, { shared, byLanguage }: ReaderVectors, within: RowBitset): Search {
  let fused: Promise<Ranked[]> | undefined;
  return async (k, allowed) => {
    fused ??= Promise.all([...byLanguage.values()].map((vector) => searchBy(vector, RRF_DEPTH, within))).then((lists) => reciprocalRankFusion(lists));
    const ranked = await fused;
    const found = ranked.filter(({ row }) => hasRow(allowed, row)).slice(0, k);
    if (found.length === k) return found;
    const known = bitsetOf(
      32 * allowed.length,
      ranked.map(({ row }) => row),
    );
    const others = await searchBy(shared, k - found.length, difference(allowed, known));
    return [...found, ...others.map(({ row }) => ({ row, score: 0 }))];
  };
}

/** The vector that scores items of a language group. @returns [dimensions] */
export function vectorFor(group: string, { shared, byLanguage }: ReaderVectors): Float32Array {
  return byLanguage.get(group) ?? shared;
}

/** Equal up to rounding. */
function sameVector(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, j) => Math.abs(value - (b[j] ?? 0)) < 1e-6);
}

export interface FusionPair {
  /** Language with a vector → score of a held-out like by that vector, less the score of an item that was not liked. */
  differences: ReadonlyMap<string, number>;
}

export interface FusionWeightOptions {
  /** Pull of every weight towards 1: this many pairs weigh as much as the prior belief that all weights are equal. Default 50. */
  strength?: number;
  /** Factor on scores before the logistic function: cosines within a list differ by about a tenth. Default 10. */
  scale?: number;
}

const FIT_STEPS = 300;

/**
 * Weights w ≥ 0 of weighted score fusion by pairwise logistic regression (as in RankNet, Burges et al. 2005), shrunk towards equal
 * weights: minimises Σ over pairs of log(1 + exp(−scale · Σ_L w_L · Δ_L)) + (strength / 2) · Σ_L (w_L − 1)², by projected gradient
 * descent with a fixed step of 1 / (an upper bound of the curvature), FIT_STEPS times. The problem is convex: start and order do not matter.
 * @returns a weight for each language that occurs in a pair, mean 1
 * @throws bad-argument
 */
export function fitFusionWeights(pairs: readonly FusionPair[], { strength = 50, scale = 10 }: FusionWeightOptions = {}): Map<string, number> {
  if (!(strength > 0 && scale > 0)) {
    throw new RecommenderError('bad-argument', `strength is ${strength} and scale ${scale}; both must be above 0.`, { strength, scale });
  }
  const languages = [...new Set(pairs.flatMap(({ differences }) => [...differences.keys()]))].sort();
  const rows = pairs.map(({ differences }) => languages.map((language) => scale * (differences.get(language) ?? 0)));
  // The logistic loss curves by at most ¼ · |Δ|².
  const curvature = strength + rows.reduce((sum, row) => sum + row.reduce((square, value) => square + value * value, 0), 0) / 4;
  let weights = languages.map(() => 1);
  for (let step = 0; step < FIT_STEPS; step++) {
    const gradient = weights.map((weight) => strength * (weight - 1));
    for (const row of rows) {
      const margin = row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
      const miss = 1 / (1 + Math.exp(margin));
      row.forEach((value, at) => {
        gradient[at] = (gradient[at] ?? 0) - miss * value;
      });
    }
    weights = weights.map((weight, at) => Math.max(0, weight - (gradient[at] ?? 0) / curvature));
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  return new Map(languages.map((language, at) => [language, mean > 0 ? (weights[at] ?? 0) / mean : 1]));
}
