// What one query tells about fairness between languages, with the vectors before or after the correction: the list that it gets, and
// the rankings that its translations get.
import { countBy } from '../../base/group-by.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { expectedDiscount, ndcgAt } from '../metrics/accuracy.ts';
import { equalExpectedRank, languageNdcgAt, languagePreference } from '../metrics/languages.ts';
import { averageRanks, spearman } from '../metrics/statistics.ts';
import type { FairnessInput, FairnessVectors, NdcgByLanguage, QueryBias } from './types.ts';

/** Length of the list that a reader sees. */
const TOP = 10;
/** Relevant candidates of a query of which all pairs are compared, at most. */
const MOST_RELEVANT = 200;

/** The candidates that are ranked. */
export interface Pool {
  /** Items, in random order. */
  rows: readonly number[];
  /** [rows] language */
  tags: readonly string[];
  /** Item → place in `rows`. */
  placeOf: ReadonlyMap<number, number>;
  /** Candidates of each language. */
  perTag: ReadonlyMap<string, number>;
}

/** nDCG@10 of one ranking, and the language of its query. */
export interface QueryNdcg {
  relevance: NdcgByLanguage['relevance'];
  tag: string;
  value: number;
}

export interface QueryResult {
  parts: QueryBias;
  /** Languages of the first 10, best first; empty where only translations of the item are queries. */
  list: string[];
  /** Languages of the relevant items. */
  relevant: string[];
  ndcg: QueryNdcg[];
}

export function poolOf(rows: readonly number[], languages: readonly string[]): Pool {
  const tags = rows.map((row) => languages[row] as string);
  return { rows, tags, placeOf: new Map(rows.map((row, place) => [row, place])), perTag: countBy(tags) };
}

/**
 * @param query an item of the pool
 * @param texts `own`: whether the item's own text is a query; `translations`: places in `input.translations` of its translations
 */
export function measureQuery(
  input: FairnessInput,
  state: FairnessVectors,
  pool: Pool,
  query: number,
  texts: { own: boolean; translations: readonly number[] },
): QueryResult {
  const result: QueryResult = { parts: emptyParts(), list: [], relevant: [], ndcg: [] };
  const scores = scoresOf(state, state.vectors, query, pool.rows);
  if (texts.own) measureList(input, pool, query, scores, result);
  measureTranslations(input, state, pool, { query, scores, translations: texts.translations }, result);
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
  const relevant = relevantPlaces(input, pool, query);
  if (relevant.length === 0) return;
  result.relevant = relevant.map((place) => tags[place] as string);
  const compared = relevant.slice(0, MOST_RELEVANT); // the pool is in random order
  const comparedRanks = compared.map((place) => ranks[place] as number);
  const comparedTags = result.relevant.slice(0, MOST_RELEVANT);
  addTo(parts.peer, equalExpectedRank(comparedRanks, comparedTags));
  addTo(parts.preferenceRate, languagePreference(comparedRanks, comparedTags, own));
  const groups = tieGroups(ranks, relevant);
  addTo(parts.languageNdcg, languageNdcgAt(groups, result.relevant, own, TOP));
  result.ndcg.push({ relevance: 'category', tag: own, value: ndcgAt({ groups, relevant: relevant.length, candidates: tags.length - 1 }, TOP) });
}

/** One group for each place: the ranks that it shares with equal scores. @param ranks from 1; equal scores have their mean rank */
function tieGroups(ranks: Float64Array, places: readonly number[]): { above: number; size: number; relevant: number }[] {
  const sizes = countBy(ranks);
  return places.map((place) => {
    const rank = ranks[place] as number;
    const size = sizes.get(rank) ?? 1;
    return { above: rank - (size + 1) / 2, size, relevant: 1 };
  });
}

/** Each translation of the item is a query; its ranking is compared with that of the item's own text. */
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
    const translated = scoresOf(state, vectors, translation, rows);
    const own = translated[place] as number;
    const above = translated.filter((score) => score > own).length;
    addTo(parts.selfMrr, 1 / (1 + above));
    addTo(parts.rankCorrelation, spearman(scores, translated));
    const size = translated.filter((score) => score === own).length;
    ndcg.push({ relevance: 'translation', tag: input.translations?.[translation]?.language ?? '', value: expectedDiscount({ above, size }, TOP) });
  }
}

/** Places of the items that share a category with the query; all count as equally relevant. */
function relevantPlaces({ categories }: FairnessInput, { rows }: Pool, query: number): number[] {
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

export function emptyParts(): QueryBias {
  const none = (): Part => ({ sum: 0, weight: 0 });
  return { sameLanguageOverFair: none(), selfMrr: none(), rankCorrelation: none(), peer: none(), preferenceRate: none(), languageNdcg: none() };
}

/** Adds a value to a measure. @param value NaN: the measure does not apply, nothing is added */
export function addTo(part: Part, value: number, weight = 1): void {
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
