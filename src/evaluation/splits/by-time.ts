// The split that is nearest to a running shop: everything up to a moment is known; what is liked after it?
import { RecommenderError } from '../../base/errors.ts';
import { likesByUser } from '../log.ts';
import type { InteractionLog, Split } from '../types.ts';
import { caseOf, checkShare, finishSplit, trainOf } from './common.ts';

export interface TemporalOptions {
  seed: number;
  /** Share of interactions before the cut. Default 0.8. */
  trainShare?: number;
}

/**
 * Cuts all interactions at one moment: those before it are training and histories, the others are held out. Interactions without a
 * time are left out. Users need an item on each side. Source: Meng et al. 2020, "Exploring data splitting
 * strategies for the evaluation of recommendation models" (temporal global split).
 *
 * @throws evaluation-empty (also for a log without times), bad-argument
 */
export function globalTemporal(log: InteractionLog, { seed, trainShare = 0.8 }: TemporalOptions): Split {
  checkShare(trainShare, 'trainShare');
  const likes = likesByUser(log);
  const times = Float64Array.from(likes.flatMap(({ timesMs }) => [...timesMs].filter((time) => !Number.isNaN(time)))).sort();
  const cutMs = times[Math.min(times.length - 1, Math.ceil(trainShare * times.length))];
  if (cutMs === undefined || times[0] === cutMs) {
    throw new RecommenderError(
      'evaluation-empty',
      'The interactions have no times, or all the same, so they cannot be cut at a moment. Use another split, or a log with times.',
      { timed: times.length },
    );
  }
  const cases = likes.flatMap((entry, user) => {
    const before = (at: number): boolean => (entry.timesMs[at] as number) < cutMs;
    const from = (at: number): boolean => (entry.timesMs[at] as number) >= cutMs;
    const one = caseOf(user, entry, before, from);
    return one.history.length > 0 && one.relevant.length > 0 ? [one] : [];
  });
  const split: Split = {
    name: 'global-temporal',
    seed,
    train: trainOf(likes, log.itemCount, (user, at) => (likes[user]?.timesMs[at] ?? Number.NaN) < cutMs),
    cases,
    promises: { cutMs },
  };
  return finishSplit(split, likes.length, 'Use a smaller trainShare, or a log in which users come back.');
}
