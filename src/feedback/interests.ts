// The reader as several interests: the likes themselves, each with a weight for every language, instead of their mean. People have
// several tastes, and a mean lies between them.
import type { FeedbackEvent, FeedbackKind, ItemId } from '../base/types.ts';
import { MAX_INTERESTS } from '../compute/interests.ts';
import { ageWeight, SHARED_STRENGTH } from './user-vectors.ts';

/**
 * Weight of a rating against a like of the same age. A dislike takes from items that are nearer to it than to the likes (`Interests`);
 * "not interested" is a weaker no. On 250 readers of anime (10 likes, 5 low ratings) dislikes of 0.25 to 1 changed nDCG@10 by −0.005 to
 * +0.001 and kept a tenth of the disliked items out of the ten first.
 */
export const KIND_WEIGHTS: Readonly<Record<FeedbackKind, number>> = { like: 1, dislike: 0.5, hide: 0.2 };

/** A rating that counts. */
export interface Interest {
  /** Place in the events given. */
  place: number;
  itemId: ItemId;
  kind: FeedbackKind;
  /** Language group of the item. */
  group: string;
  /** After ageing, times the weight of its kind. Above 0. */
  weight: number;
}

export interface InterestOptions {
  /** Milliseconds since the epoch; ratings of the future count as of now. */
  nowMs: number;
  /** Default HALF_LIFE_MS of user-vectors.ts. */
  halfLifeMs?: number;
}

/**
 * @param hasVector whether the item is encoded
 * @param groupOf language group of an item
 * @returns those that count: likes first, then dislikes and hides, each newest first, at most MAX_INTERESTS of each
 * @throws bad-argument when an option is out of range
 */
export function readerInterests(
  events: readonly FeedbackEvent[],
  hasVector: (itemId: ItemId) => boolean,
  groupOf: (itemId: ItemId) => string,
  options: InterestOptions,
): Interest[] {
  const weightOf = ageWeight(options);
  const counted = events.flatMap(({ itemId, kind, timeMs }, place): (Interest & { timeMs: number })[] =>
    hasVector(itemId) ? [{ place, itemId, kind, group: groupOf(itemId), weight: KIND_WEIGHTS[kind] * weightOf(timeMs), timeMs }] : [],
  );
  const newestFirst = counted.sort((a, b) => b.timeMs - a.timeMs || a.place - b.place);
  const some = (isLike: boolean): Interest[] =>
    newestFirst
      .filter(({ kind }) => (kind === 'like') === isLike)
      .slice(0, MAX_INTERESTS)
      .map(({ timeMs: _, ...interest }) => interest);
  return [...some(true), ...some(false)];
}

/**
 * Weights of the interests for items of one language group L. With a_i the weight of like i, A = Σ a_i over all likes, A_L over those in L,
 * and k = SHARED_STRENGTH:
 *
 *   w_i = A_L / (A_L + k) · [like i is in L] a_i / A_L + k / (A_L + k) · a_i / A
 *
 * The likes of L speak for L as far as there are many; with few, all likes do: the shrinkage of U_L (user-vectors.ts). They add up to 1.
 * A dislike j has w_j = a_j / A in every language: an old one fades against the likes, also where it is the only one.
 * @param group undefined: an item of a language without likes
 * @returns [interests]; empty without a like
 */
export function interestWeights(interests: readonly Interest[], group: string | undefined): number[] {
  const likes = interests.filter(({ kind }) => kind === 'like');
  const total = sumOf(likes);
  if (total <= 0) return [];
  const own = sumOf(likes.filter((like) => like.group === group));
  const shared = SHARED_STRENGTH / (own + SHARED_STRENGTH);
  return interests.map(({ kind, group: of, weight }) =>
    kind === 'like' ? shared * (weight / total) + (of === group && own > 0 ? (1 - shared) * (weight / own) : 0) : weight / total,
  );
}

function sumOf(interests: readonly Interest[]): number {
  return interests.reduce((sum, { weight }) => sum + weight, 0);
}
