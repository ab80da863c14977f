// One list out of the reader's vectors of several languages. Which way is the default, and why:
// docs/decisions/2026-11-24-fusion-of-languages.md.
import { RecommenderError } from '../base/errors.ts';
import type { RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { bitsetOf, difference, hasRow, intersection, union } from '../index/bitset.ts';
import type { Search } from './search.ts';

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

/** The reader as feedback makes it. */
export interface ReaderVectors {
  /** [dimensions] */
  shared: Float32Array;
  /** Language group → [dimensions] */
  byLanguage: ReadonlyMap<string, Float32Array>;
}

/** Best rows of a query. */
export type Scan = (query: Float32Array, k: number, allowed: RowBitset) => Promise<Ranked[]>;

/**
 * The default: an item is scored by the reader's vector of its own language, in a language without likes by the shared one; lists of
 * the languages are merged by score, which is exact because no row is in two of them. One scan for each language with likes, and
 * one for the others; where all vectors are the shared one, one scan.
 * @param rowsOf language group → its rows
 */
export function ownLanguageSearch(scan: Scan, { shared, byLanguage }: ReaderVectors, rowsOf: ReadonlyMap<string, RowBitset>): Search {
  const own = [...byLanguage].flatMap(([group, vector]) => {
    const rows = rowsOf.get(group);
    return rows && !sameVector(vector, shared) ? [{ vector, rows }] : [];
  });
  if (own.length === 0) return (k, allowed) => scan(shared, k, allowed);
  const covered = own.map(({ rows }) => rows).reduce(union);
  return async (k, allowed) => {
    const lists = await Promise.all([
      scan(shared, k, difference(allowed, covered)),
      ...own.map(({ vector, rows }) => scan(vector, k, intersection(allowed, rows))),
    ]);
    return lists.flat().sort(byScore).slice(0, k);
  };
}

/** Rows of a list that are fused by rank: below, a place more or less changes the score by a thousandth. */
export const RRF_DEPTH = 1000;

/**
 * Reciprocal-rank fusion of what each language's vector finds, as a search: ranks are those among `within`, whatever is asked for, so that
 * a row has one score. Rows that no list holds come last, in the order of the shared vector, with score 0.
 * @param within rows that may appear in the list at all
 */
export function rankFusionSearch(scan: Scan, { shared, byLanguage }: ReaderVectors, within: RowBitset): Search {
  let fused: Promise<Ranked[]> | undefined;
  return async (k, allowed) => {
    fused ??= Promise.all([...byLanguage.values()].map((vector) => scan(vector, RRF_DEPTH, within))).then((lists) => reciprocalRankFusion(lists));
    const ranked = await fused;
    const found = ranked.filter(({ row }) => hasRow(allowed, row)).slice(0, k);
    if (found.length === k) return found;
    const known = bitsetOf(
      32 * allowed.length,
      ranked.map(({ row }) => row),
    );
    const others = await scan(shared, k - found.length, difference(allowed, known));
    return [...found, ...others.map(({ row }) => ({ row, score: 0 }))];
  };
}

/** The vector that scores items of a language group. @returns [dimensions] */
export function vectorFor(group: string, { shared, byLanguage }: ReaderVectors): Float32Array {
  return byLanguage.get(group) ?? shared;
}

/** Equal but for rounding: such vectors rank alike. */
function sameVector(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, j) => Math.abs(value - (b[j] ?? 0)) < 1e-6);
}
