// From the values of single cases to the result of a system: means over users with intervals, and measures of all lists together.
// The folds of one split are pooled first; every user has cases in one fold only.
import { RecommenderError } from '../base/errors.ts';
import { type BootstrapOptions, bootstrapMean, type Interval, perUserMeans, type UserValues } from './bootstrap.ts';
import { type LanguageRow, mergeLanguageRows } from './language-table.ts';
import { coverage, exposureOf, giniOfExposure, listRows } from './metrics/beyond-accuracy.ts';

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
  /** Measures of all lists together: `coverage@k`, `gini@k`. */
  listMetrics: ReadonlyMap<string, number>;
  /** Items of the catalogue. */
  itemCount: number;
  /** [items] 1 where a row may be recommended. Default: all. */
  candidates?: Uint8Array;
  /** [cases × listLength] rows, best first; −1 fills */
  topLists: Int32Array;
  /** The largest k. */
  listLength: number;
  /** With lists of the smallest k. */
  languages: readonly LanguageRow[];
  fitMs: number;
  /** Time to score all cases, without measuring them. */
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

/** 97.5 % quantile of the normal distribution. */
const NORMAL_QUANTILE = 1.96;

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

/**
 * Coverage@k with its 95 % interval from the jackknife over users: ± 1.96 standard errors, within [0, 1]. Coverage is of all lists
 * together, so it has no value per user. The bootstrap does not fit: users drawn with replacement have fewer different lists, and
 * so less coverage. The jackknife's variance is never too small on average. Source: Efron and Stein 1981, "The jackknife estimate of variance".
 *
 * @param k one of the cut-offs of the result
 * @returns low and high are NaN for one user alone
 * @throws bad-argument for a k beyond the lists
 */
export function coverageInterval(result: Omit<Lists, 'ks'> & Pick<SystemResult, 'users'>, k: number): Interval {
  const { topLists, listLength, users, itemCount, candidates } = result;
  if (k > listLength) throw new RecommenderError('bad-argument', `Coverage@${k} needs lists of ${k}; these have ${listLength}. Ask for less.`, { k });
  const rowsOf = (at: number): Int32Array => listRows(topLists.subarray(at * listLength, (at + 1) * listLength), k);
  const mean = coverage(
    exposureOf(
      Array.from(users, (_, at) => rowsOf(at)),
      k,
      itemCount,
    ),
    candidates,
  );
  /** [items] 0: in no list; user + 1: only in lists of that user; −1: in lists of several */
  const onlyBy = new Int32Array(itemCount);
  users.forEach((user, at) => {
    for (const row of rowsOf(at)) {
      const before = onlyBy[row] as number;
      onlyBy[row] = before === 0 || before === user + 1 ? user + 1 : -1;
    }
  });
  const lost = new Map(Array.from(users, (user) => [user, 0]));
  for (const owner of onlyBy) if (owner > 0) lost.set(owner - 1, (lost.get(owner - 1) ?? 0) + 1);
  const n = lost.size;
  const total = candidates ? candidates.reduce((sum, one) => sum + one, 0) : itemCount;
  const meanLost = [...lost.values()].reduce((sum, one) => sum + one, 0) / n;
  let square = 0;
  for (const one of lost.values()) square += ((one - meanLost) / total) ** 2;
  const half = n > 1 ? NORMAL_QUANTILE * Math.sqrt(((n - 1) / n) * square) : Number.NaN;
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half), users: n };
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
  const different = results.find(
    (one) =>
      one.system !== first.system ||
      one.ks.join() !== first.ks.join() ||
      one.itemCount !== first.itemCount ||
      candidatesOf(one) !== candidatesOf(first),
  );
  if (different) {
    throw new RecommenderError(
      'bad-argument',
      `${different.system} on ${different.split} cannot be pooled with ${first.system} on ${first.split}: system, cut-offs or candidates differ. Pool the folds of one split.`,
      { system: different.system },
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
