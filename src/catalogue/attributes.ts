// Turns numeric attributes (pages, price, rating) into features of comparable size. It only measures and scales; it never
// changes an item.
import type { Item } from '../base/types.ts';

export interface NumericStatistics {
  /** Items that state the attribute as a finite number. */
  count: number;
  /** NaN when `count` is 0, as are the next three. */
  mean: number;
  /** Of the population: divided by `count`, not by `count - 1`. */
  standardDeviation: number;
  min: number;
  max: number;
}

/** Mean and sum of squared deviations in one pass without cancellation: B. P. Welford, Technometrics 4(3), 1962. */
interface Running {
  count: number;
  mean: number;
  squares: number;
  min: number;
  max: number;
}

function add(running: Running, value: number): void {
  running.count += 1;
  const delta = value - running.mean;
  running.mean += delta / running.count;
  running.squares += delta * (value - running.mean);
  running.min = Math.min(running.min, value);
  running.max = Math.max(running.max, value);
}

function finish({ count, mean, squares, min, max }: Running): NumericStatistics {
  if (count === 0) return { count, mean: Number.NaN, standardDeviation: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { count, mean, standardDeviation: Math.sqrt(squares / count), min, max };
}

/**
 * Measures every numeric attribute over the items that state it; missing values and NaN are left out, not taken as 0.
 *
 * @param names attributes to measure; without it, all that occur. A name that no item states gets `count` 0.
 * @returns attribute name → statistics, names in order of first occurrence or of `names`
 */
export function fitNumericStatistics(items: Iterable<Pick<Item, 'attributes'>>, names?: readonly string[]): Map<string, NumericStatistics> {
  const running = new Map<string, Running>();
  const start = (name: string): Running => {
    const fresh = { count: 0, mean: 0, squares: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
    running.set(name, fresh);
    return fresh;
  };
  for (const name of names ?? []) start(name);
  for (const { attributes } of items) {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (!Number.isFinite(value) || (names && !running.has(name))) continue;
      add(running.get(name) ?? start(name), value);
    }
  }
  return new Map(Array.from(running, ([name, sums]) => [name, finish(sums)]));
}

function usable(value: number | undefined, stats: NumericStatistics): value is number {
  return value !== undefined && Number.isFinite(value) && stats.count > 0;
}

function finiteOrUndefined(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * z = (value - mean) / standardDeviation; 0 when all fitted values were equal.
 *
 * @returns undefined for a missing, NaN or infinite value, for an attribute with `count` 0, and on overflow
 */
export function standardize(value: number | undefined, stats: NumericStatistics): number | undefined {
  if (!usable(value, stats)) return undefined;
  if (stats.min === stats.max || stats.standardDeviation === 0) return 0;
  return finiteOrUndefined((value - stats.mean) / stats.standardDeviation);
}

/**
 * (value - min) / (max - min), so 0 to 1 for the fitted values; 0 when all fitted values were equal. A value outside the
 * fitted range lies outside 0 to 1: it is not clipped.
 *
 * @returns undefined for a missing, NaN or infinite value, for an attribute with `count` 0, and on overflow
 */
export function minMaxScale(value: number | undefined, stats: NumericStatistics): number | undefined {
  if (!usable(value, stats)) return undefined;
  if (stats.min === stats.max) return 0;
  return finiteOrUndefined((value - stats.min) / (stats.max - stats.min));
}
