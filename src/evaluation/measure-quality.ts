// The Quality panel of the page: measures a log of the visitor or the owner on one split, with the systems that a page can fit. Its
// result depends on its arguments alone.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { Item } from '../base/types.ts';
import { cleanText } from '../catalogue/clean.ts';
import type { RowProblem } from '../catalogue/problems.ts';
import { itemText } from '../catalogue/text.ts';
import { coverageInterval, type SystemResult } from './aggregate.ts';
import { categoryHistogramSystem } from './baselines/category-histogram.ts';
import { easeSystem } from './baselines/ease.ts';
import { meanEmbeddingSystem } from './baselines/embedding.ts';
import { itemKnnSystem } from './baselines/item-knn.ts';
import { popularitySystem } from './baselines/popularity.ts';
import { tfidfKnnSystem } from './baselines/tfidf.ts';
import { importInteractions } from './interactions.ts';
import { kindredVisitorSystem } from './kindred-visitor.ts';
import { evaluateSystems } from './run.ts';
import { coldItems } from './splits/by-item.ts';
import { fewRatings, leaveLastOut } from './splits/by-user.ts';
import { assertNoLeakage } from './splits/leakage.ts';
import type { EvaluationCatalogue, InteractionLog, RecommenderSystem, Split } from './types.ts';

/** Length of the list that a visitor sees. */
const K = 10;
const SEED = 1;
const RESAMPLES = 1000;
/** EASE inverts a matrix of items or users; above this size a page would take minutes. */
const MOST_EASE_ITEMS = 3000;
/** Sizes of history for `few-ratings`. The first that keeps half of the held-out users is used, else the last. */
const FEW_COUNTS = [5, 2, 1];

export interface MeasuredSystem {
  name: string;
  title: string;
  metrics: { name: string; value: number; low: number; high: number }[];
}

/** What the visitor's or owner's own log says about quality: it is computed on this device. */
export interface QualityReport {
  split: string;
  users: number;
  interactions: number;
  systems: MeasuredSystem[];
  /** Rows of the log that were left out. */
  problems: RowProblem[];
  problemCount: number;
}

export interface QualityOptions {
  /** user,item,weight,timestamp as CSV or NDJSON. */
  log: Blob;
  /** Name for messages. */
  name: string;
  split: 'leave-last-out' | 'few-ratings' | 'cold-items';
}

export interface MeasureQualityOptions {
  items: readonly Item[];
  /** [items × dimensions] corrected and of unit length, as items are ranked; a zero row is an item without a vector */
  vectors: Float32Array;
  dimensions: number;
  /** user,item,weight,timestamp as CSV or NDJSON. */
  log: Blob;
  /** Name of the log, for messages. */
  name: string;
  split: QualityOptions['split'];
  signal?: AbortSignal;
  /** First in bytes of the log, then in cases of all systems together. */
  onProgress?: (progress: { done: number; total: number; unit: 'bytes' | 'cases' }) => void;
}

/**
 * Measures popularity, category histogram, TF-IDF, ItemKNN, EASE (catalogues of up to 3,000 items), mean embedding and the product's list without a log over the
 * full ranking of all candidates: nDCG@10, Recall@10, MRR (means over users, bootstrap) and coverage@10 (jackknife). The same
 * arguments give the same report.
 *
 * @throws interactions-format, evaluation-empty (no user has a case; the message says what to do), bad-argument (sizes), aborted
 */
export async function measureQuality(options: MeasureQualityOptions): Promise<QualityReport> {
  const { items, vectors, dimensions, log: data, name, signal, onProgress } = options;
  if (vectors.length !== items.length * dimensions) {
    throw new RecommenderError(
      'bad-argument',
      `${vectors.length} values are not ${items.length} vectors of ${dimensions} dimensions. Give one vector an item.`,
      {
        values: vectors.length,
        items: items.length,
        dimensions,
      },
    );
  }
  const given = { ...(signal ? { signal } : {}) };
  const read = await importInteractions(
    { name, data },
    items.map(({ id }) => id),
    { ...given, reportUnknownItems: true, ...(onProgress ? { onProgress: ({ done, total }) => onProgress({ done, total, unit: 'bytes' }) } : {}) },
  );
  const split = makeSplit(options.split, read.log, name);
  throwIfAborted(signal, `Measuring quality on "${name}"`);
  const languages = items.map(({ language }) => language);
  const catalogue: EvaluationCatalogue = { items, languages, texts: items.map((item) => cleanText(itemText(item))), vectors, dimensions };
  const { results } = await evaluateSystems(split, systemsFor(items.length), catalogue, {
    ks: [K],
    resamples: RESAMPLES,
    ...given,
    ...(onProgress ? { onProgress } : {}),
  });
  return {
    split: split.name,
    users: new Set(split.cases.map(({ user }) => user)).size,
    interactions: read.log.item.length,
    systems: results.map(measuredOf),
    problems: read.problems,
    problemCount: read.problemCount,
  };
}

function systemsFor(itemCount: number): RecommenderSystem[] {
  return [
    popularitySystem(),
    categoryHistogramSystem(),
    tfidfKnnSystem(),
    itemKnnSystem(),
    ...(itemCount <= MOST_EASE_ITEMS ? [easeSystem()] : []),
    meanEmbeddingSystem(),
    kindredVisitorSystem(),
  ];
}

function measuredOf(result: SystemResult): MeasuredSystem {
  const metrics = [`ndcg@${K}`, `recall@${K}`, 'mrr'].flatMap((name): MeasuredSystem['metrics'] => {
    const interval = result.metrics.get(name)?.interval;
    return interval ? [{ name, value: interval.mean, low: interval.low, high: interval.high }] : [];
  });
  const { mean, low, high } = coverageInterval(result, K);
  return { name: result.system, title: result.title, metrics: [...metrics, { name: `coverage@${K}`, value: mean, low, high }] };
}

/** What the log needs for a split that has no case. */
const NEEDED: Record<QualityOptions['split'], string> = {
  'leave-last-out': 'Give a log in which some users like two items or more.',
  'few-ratings': 'Give a log with more users who like two items or more, or choose the split leave-last-out.',
  'cold-items': 'Give a log in which users like several items each, or choose the split leave-last-out.',
};

/** @throws evaluation-empty; checks that nothing leaks */
function makeSplit(kind: QualityOptions['split'], log: InteractionLog, name: string): Split {
  try {
    const split =
      kind === 'few-ratings' ? fewRatingsSplit(log) : kind === 'cold-items' ? coldItems(log, { seed: SEED }) : leaveLastOut(log, { seed: SEED });
    assertNoLeakage(split, log);
    return split;
  } catch (error) {
    if (!(error instanceof RecommenderError) || error.code !== 'evaluation-empty') throw error;
    const message = `"${name}" leaves no user to ask: ${log.users.length} users, ${log.item.length} interactions. ${NEEDED[kind]}`;
    throw new RecommenderError('evaluation-empty', message, { name, split: kind, users: log.users.length }, { cause: error });
  }
}

function fewRatingsSplit(log: InteractionLog): Split {
  const enough = FEW_COUNTS.slice(0, -1).flatMap((count) => {
    try {
      return fewRatings(log, { seed: SEED, counts: [count] }).filter(({ cases, leftOutUsers = 0 }) => cases.length >= leftOutUsers);
    } catch (error) {
      if (error instanceof RecommenderError && error.code === 'evaluation-empty') return [];
      throw error;
    }
  });
  const [split] = enough.length > 0 ? enough : fewRatings(log, { seed: SEED, counts: FEW_COUNTS.slice(-1) });
  if (!split) throw new RecommenderError('evaluation-empty', 'There is no split of few ratings. Use another one.');
  return split;
}
