// Compares systems on the same users, with a correction for comparing many of them.
import { RecommenderError } from '../base/errors.ts';
import type { SystemResult } from './aggregate.ts';
import { type BootstrapOptions, comparePaired, holm, type PairedComparison } from './bootstrap.ts';

export interface Comparison extends PairedComparison {
  metric: string;
  system: string;
  reference: string;
  /** p corrected for the number of systems compared on this metric (Holm). */
  adjustedP: number;
}

export interface CompareOptions extends BootstrapOptions {
  /** Name of the system that all others are compared with. */
  reference: string;
  /** Default: all metrics of the reference. */
  metrics?: readonly string[];
}

/**
 * Compares every system with the reference, metric by metric, on the same users. Positive differences: the system is higher.
 *
 * @throws bad-argument when the reference is not among the results or the results are of different splits
 */
export function compareSystems(results: readonly SystemResult[], options: CompareOptions): Comparison[] {
  const reference = results.find(({ system }) => system === options.reference);
  if (!reference) {
    const names = results.map(({ system }) => system).join(', ');
    throw new RecommenderError('bad-argument', `There is no result of "${options.reference}" to compare with. Results are of: ${names}.`, {
      reference: options.reference,
    });
  }
  const different = results.find(({ split, seed }) => split !== reference.split || seed !== reference.seed);
  if (different) {
    throw new RecommenderError(
      'bad-argument',
      `${different.system} was evaluated on ${different.split}, the reference on ${reference.split}. Compare results of one split and seed.`,
      {
        system: different.system,
      },
    );
  }
  const others = results.filter((one) => one !== reference);
  return (options.metrics ?? [...reference.metrics.keys()]).flatMap((metric) => {
    const base = reference.metrics.get(metric);
    if (!base) return [];
    const compared = others.flatMap((one) => {
      const own = one.metrics.get(metric);
      return own ? [{ metric, system: one.system, reference: reference.system, ...comparePaired(own.perUser, base.perUser, options) }] : [];
    });
    const adjusted = holm(compared.map(({ p }) => p));
    return compared.map((one, at) => ({ ...one, adjustedP: adjusted[at] as number }));
  });
}
