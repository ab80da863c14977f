// An evaluation as plain data that can be saved, compared later and drawn. No typed arrays and no NaN: null means "does not apply".
import { RecommenderError } from '../base/errors.ts';
import type { SystemResult } from './aggregate.ts';
import type { BootstrapOptions } from './bootstrap.ts';
import { compareSystems } from './compare.ts';
import type { LeftOutSystem } from './run.ts';
import type { Split } from './types.ts';

/** Null where a value does not apply. */
export interface ReportedInterval {
  mean: number | null;
  low: number | null;
  high: number | null;
  users: number;
}

export interface ReportedSystem {
  name: string;
  title: string;
  /** Metric → mean over users with its 95 % interval. */
  metrics: Record<string, ReportedInterval>;
  /** Measure of all lists together → value. */
  listMetrics: Record<string, number | null>;
  languages: ReportedLanguage[];
  fitMs: number;
  /** Time to score one case. */
  scoreMedianMs: number;
  scoreP95Ms: number;
}

/** As `LanguageRow`. */
export interface ReportedLanguage {
  language: string;
  candidates: number;
  relevant: number;
  shown: number;
  exposureRatio: number | null;
  recall: number | null;
  meanRankShare: number | null;
  meanDiscount: number | null;
}

export interface ReportedComparison {
  metric: string;
  system: string;
  reference: string;
  /** System minus reference. */
  difference: ReportedInterval;
  p: number | null;
  adjustedP: number | null;
  wins: number;
  losses: number;
  ties: number;
}

export interface EvaluationReport {
  formatVersion: 1;
  title: string;
  /** ISO 8601, UTC. */
  createdAt: string;
  split: {
    name: string;
    seed: number;
    cases: number;
    users: number;
    leftOutUsers: number;
    trainInteractions: number;
    candidates: number;
  };
  ks: number[];
  /** Best first by the first metric of `metricOrder`. */
  systems: ReportedSystem[];
  metricOrder: string[];
  reference: string;
  comparisons: ReportedComparison[];
  leftOut: LeftOutSystem[];
}

export interface ReportOptions extends BootstrapOptions {
  title: string;
  /** Milliseconds since the epoch. */
  timeMs: number;
  /** Name of the system that others are compared with. Default: the best by the first metric. */
  reference?: string;
  leftOut?: readonly LeftOutSystem[];
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const intervalOf = ({ mean, low, high, users }: { mean: number; low: number; high: number; users: number }): ReportedInterval => ({
  mean: finite(mean),
  low: finite(low),
  high: finite(high),
  users,
});

function systemOf(result: SystemResult): ReportedSystem {
  const times = result.scoreMsPerCase.toSorted();
  const timeAt = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    name: result.system,
    title: result.title,
    metrics: Object.fromEntries(Array.from(result.metrics, ([name, { interval }]) => [name, intervalOf(interval)])),
    listMetrics: Object.fromEntries(Array.from(result.listMetrics, ([name, value]) => [name, finite(value)])),
    languages: result.languages.map((row) => ({
      ...row,
      exposureRatio: finite(row.exposureRatio),
      recall: finite(row.recall),
      meanRankShare: finite(row.meanRankShare),
      meanDiscount: finite(row.meanDiscount),
    })),
    fitMs: result.fitMs,
    scoreMedianMs: timeAt(0.5),
    scoreP95Ms: timeAt(0.95),
  };
}

const ACCURACY = /^(?:ndcg@|recall@|hit@|mrr$|map$)/;

/**
 * @param splits the split that the results are of, or all its folds when the results are pooled
 * @param results one a system, all of the same split
 * @throws bad-argument without a result, or with an unknown reference
 */
export function buildReport(splits: readonly Split[], results: readonly SystemResult[], options: ReportOptions): EvaluationReport {
  const [first] = results;
  const [split] = splits;
  if (!first || !split) throw new RecommenderError('bad-argument', 'A report needs a split and the result of one system at least.');
  const metricOrder = [...first.metrics.keys()];
  const firstMean = (result: SystemResult): number => result.metrics.get(metricOrder[0] ?? '')?.interval.mean ?? 0;
  const ordered = results.toSorted((a, b) => firstMean(b) - firstMean(a));
  const reference = options.reference ?? ordered[0]?.system ?? first.system;
  const comparisons = compareSystems(ordered, {
    ...options,
    reference,
    metrics: metricOrder.filter((name) => ACCURACY.test(name)),
  });
  return {
    formatVersion: 1,
    title: options.title,
    createdAt: new Date(options.timeMs).toISOString(),
    split: {
      name: first.split,
      seed: first.seed,
      cases: first.users.length,
      users: new Set(first.users).size,
      leftOutUsers: splits.reduce((sum, { leftOutUsers = 0 }) => sum + leftOutUsers, 0),
      trainInteractions: Math.round(splits.reduce((sum, { train }) => sum + train.items.length, 0) / splits.length),
      candidates: first.candidates?.reduce((sum, one) => sum + one, 0) ?? first.itemCount,
    },
    ks: [...first.ks],
    systems: ordered.map(systemOf),
    metricOrder,
    reference,
    comparisons: comparisons.map((one) => ({
      metric: one.metric,
      system: one.system,
      reference: one.reference,
      difference: intervalOf(one.difference),
      p: finite(one.p),
      adjustedP: finite(one.adjustedP),
      wins: one.wins,
      losses: one.losses,
      ties: one.ties,
    })),
    leftOut: [...(options.leftOut ?? [])],
  };
}
