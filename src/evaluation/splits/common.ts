// What all splits share: cases, training matrices, random ranks, checks of options.
import { RecommenderError } from '../../base/errors.ts';
import { type RandomSource, shuffle } from '../../base/random.ts';
import { matrixOf, selectLikes, type UserLikes } from '../log.ts';
import type { EvaluationCase, InteractionMatrix, Split } from '../types.ts';

/** @param users that could have had a case @returns the split, with the number of users left out @throws evaluation-empty when it has no case */
export function finishSplit(split: Split, users: number, remedy: string): Split {
  const { name, cases } = split;
  const leftOutUsers = users - cases.length;
  if (cases.length > 0) return { ...split, leftOutUsers };
  throw new RecommenderError(
    'evaluation-empty',
    `The split ${name} leaves no user to evaluate; ${leftOutUsers} have too few interactions. ${remedy}`,
    { name, leftOutUsers },
  );
}

/** @throws bad-argument unless 0 < share < 1 */
export function checkShare(share: number, parameter: string): void {
  if (share > 0 && share < 1) return;
  throw new RecommenderError('bad-argument', `${parameter} is ${share}. Give a number between 0 and 1.`, { [parameter]: share });
}

/** @throws bad-argument unless an integer of at least `least` */
export function checkCount(count: number, least: number, parameter: string): void {
  if (Number.isInteger(count) && count >= least) return;
  throw new RecommenderError('bad-argument', `${parameter} is ${count}. Give a whole number from ${least}.`, { [parameter]: count });
}

/** Makes a case from places in the likes of its user. The history keeps the order of the likes. */
export function caseOf(user: number, likes: UserLikes, inHistory: (at: number) => boolean, isRelevant: (at: number) => boolean): EvaluationCase {
  const history = selectLikes(likes, inHistory);
  return { user, history: history.items, historyWeights: history.weights, relevant: selectLikes(likes, isRelevant).items };
}

/**
 * A case from the likes of a user in random order: the first `shown` are the history, those from `relevantFrom` on are relevant.
 * @param ranks [likes] place of each like in that order
 */
export function caseByRank(user: number, likes: UserLikes, ranks: Int32Array, shown: number, relevantFrom = shown): EvaluationCase {
  return caseOf(
    user,
    likes,
    (at) => (ranks[at] as number) < shown,
    (at) => (ranks[at] as number) >= relevantFrom,
  );
}

/** Training matrix of the likes for which `keep` is true. @param likes [users] */
export function trainOf(likes: readonly UserLikes[], itemCount: number, keep: (user: number, at: number) => boolean): InteractionMatrix {
  return matrixOf(
    likes.map((entry, user) => selectLikes(entry, (at) => keep(user, at))),
    itemCount,
  );
}

/** @returns [count] ranks in random order: the places with ranks below n are n places drawn at random */
export function randomRanks(count: number, random: RandomSource): Int32Array {
  return shuffle(
    Int32Array.from({ length: count }, (_, at) => at),
    random,
  );
}

/** @returns [users] fold of each user, from 0; sizes differ by one user at most */
export function userFolds(userCount: number, folds: number, random: RandomSource): Int32Array {
  return randomRanks(userCount, random).map((rank) => rank % folds);
}
