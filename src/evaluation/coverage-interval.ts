// Coverage is told of all lists together, so that its interval cannot come from means over users: what one user's lists add
// alone says how much it would move with other users.
import { RecommenderError } from '../base/errors.ts';
import type { SystemResult } from './aggregate.ts';
import type { Interval } from './bootstrap.ts';
import { coverage, exposureOf, listRows } from './metrics/beyond-accuracy.ts';

/** 97.5 % quantile of the normal distribution. */
const NORMAL_QUANTILE = 1.96;

/**
 * Coverage@k with its 95 % interval from the jackknife over users, ± 1.96 standard errors, within [0, 1]. Not the bootstrap:
 * drawing users with replacement shows fewer different lists, and so less coverage than there is. The jackknife's variance is
 * never too small on average. Source: Efron and Stein 1981, "The jackknife estimate of variance".
 *
 * @param k one of the cut-offs of the result
 * @returns low and high are NaN for one user alone
 * @throws bad-argument for a k beyond the lists
 */
export function coverageInterval(result: Pick<SystemResult, 'topLists' | 'listLength' | 'users' | 'itemCount' | 'candidates'>, k: number): Interval {
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
