// How well a log of interactions is predicted, on this device: the page's door to the evaluation room. Pure; the log is read here
// and goes nowhere.
import { RecommenderError } from '../base/errors.ts';
import type { Item } from '../base/types.ts';
import { cleanText, itemText } from '../catalogue/index.ts';
import { categoryHistogramSystem, easeSystem, itemKnnSystem, meanEmbeddingSystem, popularitySystem, tfidfKnnSystem } from '../evaluation/baselines/index.ts';
import { assertNoLeakage, coldItems, evaluateSystems, fewRatings, type InteractionLog, type InteractionReport, importInteractions, leaveLastOut, type Split, type SystemResult } from '../evaluation/index.ts';
import type { QualityOptions, QualityReport, RowProblemSummary } from '../protocol/engine-api.ts';

/** EASE inverts a matrix of items × items: more take longer than people wait. */
const MOST_EASE_ITEMS = 1500;
const CUT_OFF = 10;
const METRICS = ['ndcg@10', 'recall@10', 'mrr'] as const;
const PROBLEMS_SHOWN = 100;
const SEED = 1;
/** Enough for the intervals of a page. */
const RESAMPLES = 1000;

export interface MeasureInput extends QualityOptions {
  items: readonly Item[];
  /** [items × dimensions], as they are ranked; zero rows have none. */
  vectors: Float32Array;
  dimensions: number;
  signal?: AbortSignal;
  onProgress?: (progress: { done: number; total: number }) => void;
}

/**
 * Reads the log, holds a part of it out and ranks all items for every user with each system.
 * @throws interactions-format, evaluation-empty, aborted
 */
export async function measureQuality(input: MeasureInput): Promise<QualityReport> {
  const { items, vectors, dimensions, log: data, name, split: wanted, signal, onProgress } = input;
  const report = await importInteractions({ name, data }, items.map(({ id }) => id), signal ? { signal } : {});
  const split = splitOf(wanted, report.log);
  assertNoLeakage(split, report.log);
  const languages = items.map(({ language }) => language);
  const catalogue = { items, languages, texts: items.map((item) => cleanText(itemText(item))), vectors, dimensions };
  const systems = [popularitySystem(), categoryHistogramSystem(), tfidfKnnSystem(), itemKnnSystem(), ...(items.length <= MOST_EASE_ITEMS ? [easeSystem()] : []), meanEmbeddingSystem()];
  const { results } = await evaluateSystems(split, systems, catalogue, {
    ks: [CUT_OFF],
    resamples: RESAMPLES,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  return {
    split: split.name,
    users: new Set(split.cases.map(({ user }) => user)).size,
    interactions: report.log.user.length,
    systems: results.map((result) => ({ name: result.system, title: result.title, metrics: metricsOf(result) })),
    ...problemsOf(report),
  };
}

function splitOf(wanted: QualityOptions['split'], log: InteractionLog): Split {
  if (wanted === 'cold-items') return coldItems(log, { seed: SEED });
  if (wanted === 'leave-last-out') return leaveLastOut(log, { seed: SEED });
  // Five ratings a user where the log has users with more, else two, else one.
  for (const count of [5, 2]) {
    try {
      return fewOf(log, count);
    } catch (error) {
      if (!(error instanceof RecommenderError) || error.code !== 'evaluation-empty') throw error;
    }
  }
  return fewOf(log, 1);
}

function fewOf(log: InteractionLog, count: number): Split {
  const [split] = fewRatings(log, { seed: SEED, counts: [count] });
  if (!split) throw new RecommenderError('evaluation-empty', 'No user of the log has enough likes to hold some out. Give a longer log, or another split.');
  return split;
}

function metricsOf({ metrics, listMetrics }: SystemResult): QualityReport['systems'][number]['metrics'] {
  const shown = METRICS.flatMap((name) => {
    const interval = metrics.get(name)?.interval;
    return interval ? [{ name, value: interval.mean, low: interval.low, high: interval.high }] : [];
  });
  const covered = listMetrics.get(`coverage@${CUT_OFF}`);
  return covered === undefined ? shown : [...shown, { name: `coverage@${CUT_OFF}`, value: covered, low: covered, high: covered }];
}

function problemsOf({ problems, problemCount, unknownItems, unknownItemRows }: InteractionReport): { problems: RowProblemSummary[]; problemCount: number } {
  const rows = problems.map(({ row, id, field, value, message, remedy, severity }): RowProblemSummary => ({ row, ...(id === undefined ? {} : { id }), field, value, message, remedy, severity }));
  const [first] = unknownItems;
  if (first !== undefined) {
    const message = `${unknownItemRows} rows name items that the catalogue does not hold, such as "${first}".`;
    rows.unshift({ row: 0, field: 'item', value: first, message, remedy: 'Use the ids of the open catalogue.', severity: 'warning' });
  }
  return { problems: rows.slice(0, PROBLEMS_SHOWN), problemCount: problemCount + unknownItemRows };
}
