// How certain a mean is, and whether two systems differ, by resampling users. Cases of one user are not independent, so a user is
// drawn with all of them. Every user counts the same, whatever the number of cases.
import { RecommenderError } from '../base/errors.ts';
import { type RandomSource, randomBelow } from '../base/random.ts';

export interface Interval {
  mean: number;
  low: number;
  high: number;
  /** Number of users in the mean. */
  users: number;
}

/** One value a user. */
export interface UserValues {
  /** [users] index of the user in the log, ascending */
  users: Int32Array;
  /** [users] mean of the user's cases */
  values: Float64Array;
}

export interface BootstrapOptions {
  random: RandomSource;
  /** Default 2000. */
  resamples?: number;
  /** Default 0.95. */
  level?: number;
}

/**
 * One mean a user. Cases whose value is NaN (the metric does not apply) are left out, and so are users with no other case.
 *
 * @param values [cases]
 * @param users [cases] user of each case
 */
export function perUserMeans(values: Float64Array, users: Int32Array): UserValues {
  const sums = new Map<number, { sum: number; count: number }>();
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    const user = users[at] as number;
    const entry = sums.get(user);
    if (!entry) sums.set(user, { sum: value, count: 1 });
    else {
      entry.sum += value;
      entry.count += 1;
    }
  }
  const sorted = [...sums].sort(([a], [b]) => a - b);
  return {
    users: Int32Array.from(sorted, ([user]) => user),
    values: Float64Array.from(sorted, ([, { sum, count }]) => sum / count),
  };
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Quantile with linear interpolation between order statistics (Hyndman and Fan 1996, type 7). @param ascending not empty */
function quantile(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] as number;
  const above = ascending[Math.ceil(place)] as number;
  return below + (place - Math.floor(place)) * (above - below);
}

function checkOptions(resamples: number, level: number): void {
  if (Number.isInteger(resamples) && resamples >= 1 && level > 0 && level < 1) return;
  throw new RecommenderError(
    'bad-argument',
    `resamples is ${resamples} and level ${level}. Give a whole number from 1 and a level between 0 and 1.`,
    { resamples, level },
  );
}

/**
 * Percentile bootstrap of the mean over users. Source: Efron and Tibshirani 1993, section 13.3.
 *
 * @param values [users]
 * @returns NaN without users; an interval of width 0 for one user
 * @throws bad-argument
 */
export function bootstrapMean(values: Float64Array, { random, resamples = 2000, level = 0.95 }: BootstrapOptions): Interval {
  checkOptions(resamples, level);
  const count = values.length;
  if (count === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, users: 0 };
  const means = new Float64Array(resamples);
  for (let turn = 0; turn < resamples; turn++) {
    let sum = 0;
    for (let draw = 0; draw < count; draw++) sum += values[randomBelow(count, random)] as number;
    means[turn] = sum / count;
  }
  means.sort();
  return { mean: meanOf(values), low: quantile(means, (1 - level) / 2), high: quantile(means, (1 + level) / 2), users: count };
}

export interface PairedComparison {
  /** Mean of a − b over users that both have, with its interval. */
  difference: Interval;
  /** Two-sided, by sign flips; at least 1 / (resamples + 1). */
  p: number;
  /** Users for whom a is higher, lower, equal. */
  wins: number;
  losses: number;
  ties: number;
}

/**
 * Compares two systems on the users that both have a value for. Interval: percentile bootstrap of the mean difference. p: sign-flip
 * permutation test of "a and b are exchangeable for each user", (1 + flips at least as far from 0) / (1 + resamples).
 * Source: Smucker, Allan and Carterette 2007, "A comparison of statistical significance tests for information retrieval
 * evaluation"; for the added 1 Phipson and Smyth 2010.
 *
 * @throws bad-argument
 */
export function comparePaired(a: UserValues, b: UserValues, options: BootstrapOptions): PairedComparison {
  const { random, resamples = 2000 } = options;
  const other = new Map(Array.from(b.users, (user, at) => [user, b.values[at] as number]));
  const differences: number[] = [];
  a.users.forEach((user, at) => {
    const value = other.get(user);
    if (value !== undefined) differences.push((a.values[at] as number) - value);
  });
  const values = Float64Array.from(differences);
  const difference = bootstrapMean(values, options);
  const total = Math.abs(values.reduce((sum, value) => sum + value, 0));
  const scale = values.reduce((sum, value) => sum + Math.abs(value), 0);
  let asFar = 0;
  for (let turn = 0; turn < resamples; turn++) {
    let sum = 0;
    for (const value of values) sum += random() < 0.5 ? value : -value;
    // A sum in another order differs in its last bits; that must not count as nearer to 0.
    if (Math.abs(sum) >= total - 1e-12 * scale) asFar += 1;
  }
  const wins = differences.filter((value) => value > 0).length;
  const losses = differences.filter((value) => value < 0).length;
  return { difference, p: values.length === 0 ? Number.NaN : (1 + asFar) / (1 + resamples), wins, losses, ties: values.length - wins - losses };
}

/** Holm's step-down correction for several tests (Holm 1979). @returns [tests] adjusted p, in the order given */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => (p[a] as number) - (p[b] as number));
  const adjusted = p.map(() => 0);
  let least = 0;
  order.forEach((at, rank) => {
    least = Math.max(least, Math.min(1, (p.length - rank) * (p[at] as number)));
    adjusted[at] = least;
  });
  return adjusted;
}
