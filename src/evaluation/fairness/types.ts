// The fairness report, what it is measured on, and what one query adds to it. Types only.
import type { RandomSource } from '../../base/random.ts';
import type { ProgressCallback } from '../../base/types.ts';

export interface LanguageBias {
  /** Share of the top 10 in the query's own language over the share of that language among the candidates; 1 is fair. */
  sameLanguageOverFair: number;
  /** Of items asked for by their translation; null without translations. */
  selfMrr: number | null;
  /** Mean Spearman correlation of the rankings by two translations of one item; null without translations. */
  rankCorrelation: number | null;
  /** Probability of equal expected rank (Kruskal–Wallis over the languages' ranks). */
  peer: number | null;
  /** How often the item in the query's language wins over an equally fitting one in another. 0.5 is fair. */
  preferenceRate: number | null;
  /** Lang-nDCG@10: an item that fits gains 1 in the query's language and ½ in another; null where no item fits a query. */
  languageNdcg: number | null;
}

export interface LanguageExposure {
  tag: string;
  items: number;
  /** Of the catalogue, 0 to 1. */
  catalogueShare: number;
  /** Share of places in top-10 lists of all items as profiles, before and after the correction, weighted by 1 / log2(1 + rank). */
  exposureBefore: number;
  exposureAfter: number;
  /** Merit: mean share of the items that fit a query (a common category); null where no query has any. */
  meritShare: number | null;
}

/** Mean over queries and its 95 % interval by bootstrap over them; null bounds: a single query. */
export interface MeanInterval {
  mean: number;
  low: number | null;
  high: number | null;
}

export interface LanguageNdcg {
  /** Language that is asked in. */
  tag: string;
  queries: number;
  before: MeanInterval;
  after: MeanInterval;
  /** After − before on the same queries. */
  change: MeanInterval;
}

/** nDCG@10 by the language that is asked in, most queries first. */
export interface NdcgByLanguage {
  /** What is relevant: items of a common category, asked by an item; or the one item whose translation asks. */
  relevance: 'category' | 'translation';
  languages: LanguageNdcg[];
}

export interface FairnessReport {
  languages: LanguageExposure[];
  before: LanguageBias;
  after: LanguageBias;
  /** A measure is left out when the catalogue has no categories, or no translations, to measure it by. */
  ndcg: NdcgByLanguage[];
  /** How the correction in use was made, such as `lda`, and its dimensions. */
  method: string;
  dimensions: number;
  /** Items that served as queries. */
  queries: number;
  /** Texts of items in other languages that were asked with. */
  translations: number;
}

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
  /** [items]; items of a common category fit a query equally well. */
  categories: readonly (readonly string[])[];
  /** Texts of items in other languages: which item each is of, and its language. They ask for their item, which need not be a query. */
  translations?: readonly { item: number; language: string }[];
  before: FairnessVectors;
  after: FairnessVectors;
  /** Of the correction. */
  method: string;
  /** Draws queries, candidates and the intervals' resamples. */
  random: RandomSource;
  /** Items that serve as queries. Default: 300 drawn by `random`. Those without a vector are passed over. */
  queries?: readonly number[];
  /** For intervals: called for each query with what it adds, in the same order before and after. */
  onQuery?: (state: 'before' | 'after', parts: QueryBias) => void;
  signal?: AbortSignal;
  onProgress?: ProgressCallback;
}
