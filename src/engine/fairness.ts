// How much the language of an item decides whether it is shown, before and after the correction. Items stand for profiles and
// searches; what only translations can tell is measured where the caller has vectors of them.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { nextTask } from '../base/next-task.ts';
import { type RandomSource, shuffle } from '../base/random.ts';
import type { ProgressCallback } from '../base/types.ts';
import { dot } from '../compute/cpu/linear.ts';
import { equalExpectedRank, languagePreference } from '../evaluation/metrics/languages.ts';
import { averageRanks, spearman } from '../evaluation/metrics/statistics.ts';
import type { FairnessReport, LanguageBias } from '../protocol/engine-api.ts';

export type { FairnessReport, LanguageBias } from '../protocol/engine-api.ts';

/** What one query adds to each measure: the measure is Σ sum / Σ weight over the queries. Weight 0: it does not apply to this query. */
export type QueryBias = Record<keyof LanguageBias, { sum: number; weight: number }>;

/** One state of the vectors: rows are compared by dot product plus bias. */
export interface FairnessVectors {
  dimensions: number;
  /** [items × dimensions], unit rows; a zero row is an item without a vector and takes no part. */
  vectors: Float32Array;
  /** [items], added to each item's score (`itemBias`). */
  bias?: Float32Array;
  /** [translations × dimensions], in the order of `FairnessInput.translations`. */
  translations?: Float32Array;
}

export interface FairnessInput {
  /** [items] BCP-47 tag. */
  languages: readonly string[];
  /** [items]; items of a common category fit a query equally well, for the preference rate. */
  categories: readonly (readonly string[])[];
  /** Texts of items in other languages: which item each is of, and its language. */
  translations?: readonly { item: number; language: string }[];
  before: FairnessVectors;
  after: FairnessVectors;
  /** Of the correction. */
  method: string;
  random: RandomSource;
  /** Items that serve as queries. Default: 300 drawn by `random`. Those without a vector are passed over. */
  queries?: readonly number[];
  /** For intervals: called for each query with what it adds, in the same order before and after. */
  onQuery?: (state: 'before' | 'after', parts: QueryBias) => void;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}

const MOST_QUERIES = 300;
/** Candidates that ranks are taken over, at most: a sample keeps the cost of large catalogues bounded. */
const MOST_CANDIDATES = 5000;
const TOP = 10;
/** Queries between two turns of the event loop. */
const QUERIES_AT_ONCE = 8;
/** Equally fitting candidates that are compared, at most: all pairs of them are. */
const MOST_RELEVANT = 200;

/**
 * Measures with at most 300 items as queries among at most 5,000 candidates, both drawn by `random`.
 * Cost: 2 × queries × candidates dot products.
 * @throws bad-vector when sizes do not fit, not-ready with fewer than two vectors, aborted
 */
export async function measureFairness(input: FairnessInput): Promise<FairnessReport> {
  check(input);
  const { languages, before, after } = input;
  const present = languages.flatMap((_, item) => (isPresent(before, item) && isPresent(after, item) ? item : []));
  if (present.length < 2) throw new RecommenderError('not-ready', `Only ${present.length} items have vectors. Wait until more are encoded.`);
  const { candidates, queries } = drawCandidates(input, present);
  const steps = stepper(2 * queries.length, input);
  const measured = [await measureState(input, 'before', candidates, queries, steps), await measureState(input, 'after', candidates, queries, steps)] as const;
  const tags = [...countBy(present.map((item) => languages[item] as string))].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    languages: tags.map(([tag, items]) => ({
      tag,
      items,
      catalogueShare: items / present.length,
      exposureBefore: measured[0].exposure.get(tag) ?? 0,
      exposureAfter: measured[1].exposure.get(tag) ?? 0,
    })),
    before: measured[0].bias,
    after: measured[1].bias,
    method: input.method,
    dimensions: after.dimensions,
    queries: queries.length,
  };
}

/** Queries come first among the candidates, so that a sample never loses one. */
function drawCandidates({ queries, random }: FairnessInput, present: readonly number[]) {
  const isPresent = new Set(present);
  const asked = new Set(queries?.filter((item) => isPresent.has(item)));
  if (queries && asked.size === 0) throw new RecommenderError('not-ready', `None of the ${queries.length} queries has a vector. Encode them first.`);
  const candidates = [...asked, ...shuffle([...present], random).filter((item) => !asked.has(item))].slice(0, MOST_CANDIDATES);
  return { candidates, queries: candidates.slice(0, queries ? asked.size : MOST_QUERIES) };
}

type Step = () => Promise<void>;

function stepper(total: number, { signal, onProgress }: FairnessInput): Step {
  let done = 0;
  return async () => {
    if (done % QUERIES_AT_ONCE === 0) {
      throwIfAborted(signal, 'Measuring fairness');
      onProgress?.({ done, total, unit: 'items' });
      await nextTask();
      throwIfAborted(signal, 'Measuring fairness');
    }
    done++;
  };
}

async function measureState(input: FairnessInput, name: 'before' | 'after', candidates: readonly number[], queries: readonly number[], step: Step) {
  const state = input[name];
  const tags = candidates.map((item) => input.languages[item] as string);
  const perTag = countBy(tags);
  const exposure = new Map<string, number>();
  const totals = noParts();
  const translationsOf = groupTranslations(input);
  for (const query of queries) {
    await step();
    const parts = noParts();
    const own = input.languages[query] as string;
    const scores = scoresOf(state, state.vectors, query, candidates);
    const ranks = averageRanks(scores.map((score) => -score)); // 1: best
    const top = Array.from(ranks.keys())
      .filter((place) => candidates[place] !== query)
      .sort((x, y) => (ranks[x] as number) - (ranks[y] as number) || x - y)
      .slice(0, TOP);
    top.forEach((place, rank) => {
      const tag = tags[place] as string;
      exposure.set(tag, (exposure.get(tag) ?? 0) + 1 / Math.log2(2 + rank));
    });
    parts.sameLanguageOverFair.sum = top.filter((place) => tags[place] === own).length / top.length;
    parts.sameLanguageOverFair.weight = ((perTag.get(own) ?? 1) - 1) / (candidates.length - 1);
    const relevant = relevantTo(input, query, candidates);
    const relevantRanks = relevant.map((place) => ranks[place] as number);
    const relevantTags = relevant.map((place) => tags[place] as string);
    add(parts.peer, equalExpectedRank(relevantRanks, relevantTags));
    add(parts.preferenceRate, languagePreference(relevantRanks, relevantTags, own));
    measureTranslations(state, query, scores, candidates, translationsOf.get(query) ?? [], parts);
    for (const measure of MEASURES) add(totals[measure], parts[measure].sum, parts[measure].weight);
    input.onQuery?.(name, parts);
  }
  const total = [...exposure.values()].reduce((sum, value) => sum + value, 0);
  for (const [tag, value] of exposure) exposure.set(tag, value / total);
  const shareOf = ({ sum, weight }: Part): number | null => (weight > 0 ? sum / weight : null);
  const bias: LanguageBias = {
    sameLanguageOverFair: shareOf(totals.sameLanguageOverFair) ?? 1,
    selfMrr: shareOf(totals.selfMrr),
    rankCorrelation: shareOf(totals.rankCorrelation),
    peer: shareOf(totals.peer),
    preferenceRate: shareOf(totals.preferenceRate),
  };
  return { exposure, bias };
}

/** The item is asked for by each of its translations; each of these rankings is compared with the item's own. */
function measureTranslations(
  state: FairnessVectors,
  query: number,
  scores: Float64Array,
  candidates: readonly number[],
  translations: readonly number[],
  { selfMrr, rankCorrelation }: QueryBias,
): void {
  const vectors = state.translations;
  const place = candidates.indexOf(query);
  if (!vectors || translations.length === 0) return;
  for (const translation of translations) {
    const asked = scoresOf(state, vectors, translation, candidates);
    const own = asked[place] as number;
    add(selfMrr, 1 / (1 + asked.filter((score) => score > own).length));
    add(rankCorrelation, spearman(scores, asked));
  }
}

/** Candidates that share a category with the query, `MOST_RELEVANT` at most: those that fit it equally well, as far as the catalogue says. */
function relevantTo({ categories }: FairnessInput, query: number, candidates: readonly number[]): number[] {
  const wanted = new Set(categories[query]);
  if (wanted.size === 0) return [];
  const places = candidates.flatMap((item, place) => (item !== query && categories[item]?.some((name) => wanted.has(name)) ? place : []));
  return places.slice(0, MOST_RELEVANT); // candidates are in random order
}

type Part = QueryBias[keyof QueryBias];

const MEASURES = ['sameLanguageOverFair', 'selfMrr', 'rankCorrelation', 'peer', 'preferenceRate'] as const;

function noParts(): QueryBias {
  const none = (): Part => ({ sum: 0, weight: 0 });
  return { sameLanguageOverFair: none(), selfMrr: none(), rankCorrelation: none(), peer: none(), preferenceRate: none() };
}

/** @param value NaN: not to be told, and left out */
function add(part: Part, value: number, weight = 1): void {
  if (Number.isNaN(value)) return;
  part.sum += value;
  part.weight += weight;
}

function scoresOf({ vectors, bias, dimensions: d }: FairnessVectors, queries: Float32Array, query: number, candidates: readonly number[]): Float64Array {
  return Float64Array.from(candidates, (item) => dot(vectors, item * d, queries, query * d, d) + (bias?.[item] ?? 0));
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function groupTranslations({ translations = [] }: FairnessInput): Map<number, number[]> {
  const of = new Map<number, number[]>();
  translations.forEach(({ item }, translation) => {
    const list = of.get(item);
    if (list) list.push(translation);
    else of.set(item, [translation]);
  });
  return of;
}

const isPresent = ({ vectors, dimensions: d }: FairnessVectors, item: number): boolean => dot(vectors, item * d, vectors, item * d, d) > 0;

function check({ languages, categories, translations, before, after }: FairnessInput): void {
  const sound = ({ vectors, dimensions: d, bias, translations: rows }: FairnessVectors): boolean =>
    vectors.length === languages.length * d && (!bias || bias.length === languages.length) && (!rows || rows.length === (translations?.length ?? 0) * d);
  if (sound(before) && sound(after) && categories.length === languages.length) return;
  throw new RecommenderError('bad-vector', `Vectors before (${before.vectors.length} values) and after (${after.vectors.length}) do not fit ${languages.length} items. Give one row an item in both.`);
}
