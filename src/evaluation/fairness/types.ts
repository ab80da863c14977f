// What is measured for a fairness report, and what one query adds to it. Types only.
import type { RandomSource } from '../../base/random.ts';
import type { ProgressCallback } from '../../base/types.ts';
import type { LanguageBias } from '../../protocol/engine-api.ts';

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
