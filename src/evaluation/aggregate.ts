// From values of cases to what is told of a system: means over users with intervals, and what its lists are like together.
// Folds of one split are pooled before that: every user has cases in one fold only.
import { RecommenderError } from '../base/errors.ts';
import { type BootstrapOptions, bootstrapMean, type Interval, perUserMeans, type UserValues } from './bootstrap.ts';
import { type LanguageRow, mergeLanguageRows } from './language-table.ts';
import { coverage, exposureOf, giniOfExposure } from './metrics/beyond-accuracy.ts';

export interface MetricResult {
  /** [cases] NaN where the metric does not apply */
  perCase: Float64Array;
  perUser: UserValues;
  /** Mean over users with its 95 % interval. */
  interval: Interval;
}

export interface SystemResult {
  system: string;
  title: string;
  split: string;
  seed: number;
  ks: readonly number[];
  /** [cases] index of the user in the log */
  users: Int32Array;
  /** Names as in `caseMetrics`. */
  metrics: ReadonlyMap<string, MetricResult>;
  /** Of all lists together: `coverage@k`, `gini@k`. */
  listMetrics: ReadonlyMap<string, number>;
  /** Items of the catalogue. */
  itemCount: number;
  /** [items] 1 where a row may be recommended; absent: all */
  candidates?: Uint8Array;
  /** [cases × listLength] rows, best first; −1 fills */
  topLists: Int32Array;
  /** The largest k. */
  listLength: number;
  /** At the smallest k. */
  languages: readonly LanguageRow[];
  fitMs: number;
  /** Scoring of all cases, without measuring. */
  scoreMs: number;
  /** [cases] */
  scoreMsPerCase: Float64Array;
}

/** Means over users with intervals. @param values name → [cases]; @param users [cases] */
export function aggregateMetrics(values: ReadonlyMap<string, Float64Array>, users: Int32Array, options: BootstrapOptions): Map<string, MetricResult> {
  const results = new Map<string, MetricResult>();
  for (const [name, perCase] of values) {
    const perUser = perUserMeans(perCase, users);
    results.set(name, { perCase, perUser, interval: bootstrapMean(perUser.values, options) });
  }
  return results;
}

type Lists = Pick<SystemResult, 'topLists' | 'listLength' | 'ks' | 'itemCount' | 'candidates'>;

/** `coverage@k` and `gini@k` of all lists together. */
export function aggregateLists({ topLists, listLength, ks, itemCount, candidates }: Lists): Map<string, number> {
  const lists = Array.from({ length: topLists.length / listLength }, (_, at) => topLists.subarray(at * listLength, (at + 1) * listLength));
  const metrics = new Map<string, number>();
  for (const k of ks) {
    const exposure = exposureOf(lists, k, itemCount);
    metrics.set(`coverage@${k}`, coverage(exposure, candidates));
    metrics.set(`gini@${k}`, giniOfExposure(exposure, candidates));
  }
  return metrics;
}

function concatenated<T extends Int32Array | Float64Array>(parts: readonly T[], to: T): T {
  let at = 0;
  for (const part of parts) {
    to.set(part, at);
    at += part.length;
  }
  return to;
}

/**
 * Pools the results of one system over the folds of a split: cases side by side, means and intervals over all users.
 * Times are sums.
 *
 * @param results of the same system, cut-offs and candidates
 * @param split name of the whole, such as `user-folds`
 * @throws bad-argument when they are not
 */
export function poolFolds(results: readonly SystemResult[], split: string, options: BootstrapOptions): SystemResult {
  const [first] = results;
  if (!first) throw new RecommenderError('bad-argument', 'There is no result to pool. Give one result a fold.');
  const candidatesOf = ({ candidates }: SystemResult): string => candidates?.join('') ?? '';
  const stray = results.find(
    (one) =>
      one.system !== first.system ||
      one.ks.join() !== first.ks.join() ||
      one.itemCount !== first.itemCount ||
      candidatesOf(one) !== candidatesOf(first),
  );
  if (stray) {
    throw new RecommenderError(
      'bad-argument',
      `${stray.system} on ${stray.split} cannot be pooled with ${first.system} on ${first.split}: system, cut-offs or candidates differ. Pool the folds of one split.`,
      { system: stray.system },
    );
  }
  const caseCount = results.reduce((sum, { users }) => sum + users.length, 0);
  const users = concatenated(
    results.map((one) => one.users),
    new Int32Array(caseCount),
  );
  const values = new Map(
    Array.from(first.metrics.keys(), (name) => [
      name,
      concatenated(
        results.map(({ metrics }) => metrics.get(name)?.perCase ?? new Float64Array(0)),
        new Float64Array(caseCount),
      ),
    ]),
  );
  const topLists = concatenated(
    results.map((one) => one.topLists),
    new Int32Array(caseCount * first.listLength),
  );
  return {
    ...first,
    split,
    users,
    metrics: aggregateMetrics(values, users, options),
    listMetrics: aggregateLists({ ...first, topLists }),
    topLists,
    languages: mergeLanguageRows(results.map(({ languages }) => languages)),
    fitMs: results.reduce((sum, { fitMs }) => sum + fitMs, 0),
    scoreMs: results.reduce((sum, { scoreMs }) => sum + scoreMs, 0),
    scoreMsPerCase: concatenated(
      results.map((one) => one.scoreMsPerCase),
      new Float64Array(caseCount),
    ),
  };
}
