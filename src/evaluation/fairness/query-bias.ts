// What one query says of fairness between languages, in one state of the vectors: the list that it gets, and the rankings that its
// translations get. Pure.
import { dot } from '../../compute/cpu/linear.ts';
import { expectedDiscount, ndcgAt } from '../metrics/accuracy.ts';
import { equalExpectedRank, languageNdcgAt, languagePreference } from '../metrics/languages.ts';
import { averageRanks, spearman } from '../metrics/statistics.ts';
import type { FairnessInput, FairnessVectors, NdcgByLanguage, QueryBias } from './types.ts';

/** The list that a reader sees. */
export const TOP = 10;
/** Equally fitting candidates that are compared in pairs, at most: all pairs of them are. */
const MOST_RELEVANT = 200;

/** What ranks are taken over. */
export interface Pool {
  /** Items, in random order. */
  rows: readonly number[];
  /** [rows] language */
  tags: readonly string[];
  placeOf: ReadonlyMap<number, number>;
  perTag: ReadonlyMap<string, number>;
}

/** nDCG@10 of one ranking, and the language that asked for it. */
export interface AskedNdcg {
  relevance: NdcgByLanguage['relevance'];
  tag: string;
  value: number;
}

export interface QueryResult {
  parts: QueryBias;
  /** Languages of the first 10, best first; empty where the item asks by its translations alone. */
  list: string[];
  /** Languages of the items that fit it. */
  relevant: string[];
  ndcg: AskedNdcg[];
}

export function poolOf(rows: readonly number[], languages: readonly string[]): Pool {
  const tags = rows.map((row) => languages[row] as string);
  return { rows, tags, placeOf: new Map(rows.map((row, place) => [row, place])), perTag: countBy(tags) };
}

/**
 * @param query an item of the pool
 * @param asks whether its own text is a query, or its translations alone are
 * @param translations places in `input.translations` of this item's
 */
export function measureQuery(
  input: FairnessInput,
  state: FairnessVectors,
  pool: Pool,
  query: number,
  asks: { own: boolean; translations: readonly number[] },
): QueryResult {
  const result: QueryResult = { parts: noParts(), list: [], relevant: [], ndcg: [] };
  const scores = scoresOf(state, state.vectors, query, pool.rows);
  if (asks.own) measureList(input, pool, query, scores, result);
  measureTranslations(input, state, pool, { query, scores, translations: asks.translations }, result);
  return result;
}

function measureList(input: FairnessInput, pool: Pool, query: number, scores: Float64Array, result: QueryResult): void {
  const { tags, perTag } = pool;
  const { parts } = result;
  const own = input.languages[query] as string;
  const self = pool.placeOf.get(query);
  const ranks = averageRanks(scores.map((score, place) => (place === self ? Number.POSITIVE_INFINITY : -score))); // 1: best; itself last
  const top = Array.from(ranks.keys())
    .filter((place) => place !== self)
    .sort((x, y) => (ranks[x] as number) - (ranks[y] as number) || x - y)
    .slice(0, TOP);
  result.list = top.map((place) => tags[place] as string);
  parts.sameLanguageOverFair.sum = result.list.filter((tag) => tag === own).length / top.length;
  parts.sameLanguageOverFair.weight = ((perTag.get(own) ?? 1) - 1) / (tags.length - 1);
  const fitting = fittingPlaces(input, pool, query);
  if (fitting.length === 0) return;
  result.relevant = fitting.map((place) => tags[place] as string);
  const compared = fitting.slice(0, MOST_RELEVANT); // the pool is in random order
  const comparedRanks = compared.map((place) => ranks[place] as number);
  const comparedTags = result.relevant.slice(0, MOST_RELEVANT);
  add(parts.peer, equalExpectedRank(comparedRanks, comparedTags));
  add(parts.preferenceRate, languagePreference(comparedRanks, comparedTags, own));
  const groups = standings(ranks, fitting);
  add(parts.languageNdcg, languageNdcgAt(groups, result.relevant, own, TOP));
  result.ndcg.push({ relevance: 'category', tag: own, value: ndcgAt({ groups, relevant: fitting.length, candidates: tags.length - 1 }, TOP) });
}

/** Each as a group of its own that shares its ranks with equal scores. @param ranks mean rank of equal ones, from 1 */
function standings(ranks: Float64Array, places: readonly number[]): { above: number; size: number; relevant: number }[] {
  const sizes = countBy(ranks);
  return places.map((place) => {
    const rank = ranks[place] as number;
    const size = sizes.get(rank) ?? 1;
    return { above: rank - (size + 1) / 2, size, relevant: 1 };
  });
}

/** The item is asked for by each of its translations; each of these rankings is compared with the item's own. */
function measureTranslations(
  input: FairnessInput,
  state: FairnessVectors,
  { rows, placeOf }: Pool,
  { query, scores, translations }: { query: number; scores: Float64Array; translations: readonly number[] },
  { parts, ndcg }: QueryResult,
): void {
  const vectors = state.translations;
  const place = placeOf.get(query);
  if (!vectors || place === undefined) return;
  for (const translation of translations) {
    const asked = scoresOf(state, vectors, translation, rows);
    const own = asked[place] as number;
    const above = asked.filter((score) => score > own).length;
    add(parts.selfMrr, 1 / (1 + above));
    add(parts.rankCorrelation, spearman(scores, asked));
    const size = asked.filter((score) => score === own).length;
    ndcg.push({ relevance: 'translation', tag: input.translations?.[translation]?.language ?? '', value: expectedDiscount({ above, size }, TOP) });
  }
}

/** Places of the items that share a category with the query: those that fit it equally well, as far as the catalogue says. */
function fittingPlaces({ categories }: FairnessInput, { rows }: Pool, query: number): number[] {
  const wanted = new Set(categories[query]);
  if (wanted.size === 0) return [];
  return rows.flatMap((item, place) => (item !== query && categories[item]?.some((name) => wanted.has(name)) ? place : []));
}

type Part = QueryBias[keyof QueryBias];

export const MEASURES = [
  'sameLanguageOverFair',
  'selfMrr',
  'rankCorrelation',
  'peer',
  'preferenceRate',
  'languageNdcg',
] as const satisfies readonly (keyof QueryBias)[];

export function noParts(): QueryBias {
  const none = (): Part => ({ sum: 0, weight: 0 });
  return { sameLanguageOverFair: none(), selfMrr: none(), rankCorrelation: none(), peer: none(), preferenceRate: none(), languageNdcg: none() };
}

/** @param value NaN: not to be told, and left out */
export function add(part: Part, value: number, weight = 1): void {
  if (Number.isNaN(value)) return;
  part.sum += value;
  part.weight += weight;
}

function scoresOf(
  { vectors, bias, dimensions: d }: FairnessVectors,
  queries: Float32Array,
  query: number,
  candidates: readonly number[],
): Float64Array {
  return Float64Array.from(candidates, (item) => dot(vectors, item * d, queries, query * d, d) + (bias?.[item] ?? 0));
}

export function countBy<T extends string | number>(values: ArrayLike<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as T;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
