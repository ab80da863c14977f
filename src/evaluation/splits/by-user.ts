// Splits that hold out the latest item, or whole users: leave-last-out, user folds, users with few ratings.
import { seededRandom } from '../../base/random.ts';
import { likesByUser } from '../log.ts';
import type { EvaluationCase, InteractionLog, Split } from '../types.ts';
import { caseByRank, caseOf, checkCount, checkShare, finishSplit, randomRanks, trainOf, userFolds } from './common.ts';

/**
 * Holds out the latest item of each user with two or more; the rest is training and history. Where it is not known which item is
 * the latest (no time, or equal times), it is drawn among those that can be.
 * Source: He et al. 2017, "Neural collaborative filtering", section 4.1, but ranked against all items.
 *
 * @throws evaluation-empty
 */
export function leaveLastOut(log: InteractionLog, { seed }: { seed: number }): Split {
  const random = seededRandom(seed);
  const likes = likesByUser(log);
  const heldOut = likes.map(({ items, timesMs }) => {
    if (items.length < 2) return -1;
    const ranks = randomRanks(items.length, random);
    const untimed = timesMs.some(Number.isNaN);
    const latestMs = Math.max(...timesMs);
    const possible = [...ranks].filter((at) => untimed || timesMs[at] === latestMs);
    return possible[0] ?? -1;
  });
  const cases = likes.flatMap((entry, user) => {
    const held = heldOut[user] as number;
    return held < 0
      ? []
      : [
          caseOf(
            user,
            entry,
            (at) => at !== held,
            (at) => at === held,
          ),
        ];
  });
  const timed = likes.every(({ timesMs }) => !timesMs.some(Number.isNaN));
  const train = trainOf(likes, log.itemCount, (user, at) => at !== heldOut[user]);
  const split: Split = { name: 'leave-last-out', seed, train, cases, promises: { latestHeldOut: timed } };
  return finishSplit(split, likes.length, 'Use a log in which users have two items or more.');
}

export interface FoldOptions {
  seed: number;
  /** Default 5. */
  folds?: number;
  /** Share of the items of a held-out user that the system is shown. Default 0.8. */
  historyShare?: number;
}

/**
 * One split a fold. Nothing of the fold's users is in training. A random part of each user's items is history and the rest is held
 * out, at least one item each. Source: strong generalisation, Liang et al. 2018, "Variational autoencoders for collaborative
 * filtering", section 4.1.
 *
 * @throws evaluation-empty, bad-argument
 */
export function kFoldUsers(log: InteractionLog, { seed, folds = 5, historyShare = 0.8 }: FoldOptions): Split[] {
  checkCount(folds, 2, 'folds');
  checkShare(historyShare, 'historyShare');
  const random = seededRandom(seed);
  const likes = likesByUser(log);
  const foldOf = userFolds(likes.length, folds, random);
  const ranks = likes.map(({ items }) => randomRanks(items.length, random));
  return Array.from({ length: folds }, (_, fold) => {
    const tested = [...likes.keys()].filter((user) => foldOf[user] === fold);
    const cases = tested.flatMap((user): EvaluationCase[] => {
      const entry = likes[user];
      const rank = ranks[user];
      if (!entry || !rank || entry.items.length < 2) return [];
      const shown = Math.min(entry.items.length - 1, Math.max(1, Math.round(historyShare * entry.items.length)));
      return [caseByRank(user, entry, rank, shown)];
    });
    const train = trainOf(likes, log.itemCount, (user) => foldOf[user] !== fold);
    const split: Split = { name: `user-fold-${fold + 1}-of-${folds}`, seed, train, cases, promises: { unseenUsers: true } };
    return finishSplit(split, tested.length, 'Use fewer folds, or a log with more items a user.');
  });
}

export interface FewRatingsOptions {
  seed: number;
  /** Sizes of histories, one split each. Default 1, 2, 5, 10. */
  counts?: readonly number[];
  /** Share of all users that is held out. Default 0.2. */
  testShare?: number;
}

/**
 * Unseen users with n items each. All sizes n have the same users (those with more items than the largest size) and the same
 * relevant items; the histories grow with n. The items between n and the largest size are excluded from the candidates.
 *
 * @returns one split a size, in the order of `counts`
 * @throws evaluation-empty, bad-argument
 */
export function fewRatings(log: InteractionLog, { seed, counts = [1, 2, 5, 10], testShare = 0.2 }: FewRatingsOptions): Split[] {
  for (const count of counts) checkCount(count, 1, 'counts');
  checkShare(testShare, 'testShare');
  const random = seededRandom(seed);
  const likes = likesByUser(log);
  const most = Math.max(...counts);
  const order = randomRanks(likes.length, random);
  const testCount = Math.max(1, Math.round(testShare * likes.length));
  const tested = [...order.subarray(0, testCount)];
  const held = new Set(tested);
  const ranks = likes.map(({ items }) => randomRanks(items.length, random));
  const train = trainOf(likes, log.itemCount, (user) => !held.has(user));
  return counts.map((count) => {
    const cases = tested.flatMap((user): EvaluationCase[] => {
      const entry = likes[user];
      const rank = ranks[user];
      if (!entry || !rank || entry.items.length <= most) return [];
      const one = caseByRank(user, entry, rank, count, most);
      const between = entry.items.filter((_, at) => (rank[at] as number) >= count && (rank[at] as number) < most);
      return [between.length > 0 ? { ...one, excluded: between } : one];
    });
    const split: Split = { name: `few-ratings-${count}`, seed, train, cases, promises: { unseenUsers: true } };
    return finishSplit(split, tested.length, `Ask for fewer than ${most} ratings, or use a log in which users have more.`);
  });
}
