// The reader as one vector in which all ratings count alike, however old: what heads are trained with and start from.
import type { FeedbackEvent } from '../base/types.ts';
import { type UserVectorSource, userVectorSource } from './user-vectors.ts';

/** Unit vector of an item, or undefined while it is not encoded. */
type VectorOf = (itemId: FeedbackEvent['itemId']) => Float32Array | undefined;

/** @returns [dimensions], unit length; undefined when no liked item has a vector, or likes and dislikes cancel out */
export function profileVector(events: readonly FeedbackEvent[], vectorOf: VectorOf, dimensions: number): Float32Array | undefined {
  return agelessSource(events, vectorOf, dimensions).without([])?.shared;
}

/**
 * The profile without one rating, for each rating in turn: what a head may see when it learns from that rating.
 * @returns for a rating of `events`: [dimensions], the profile of all others; undefined as in `profileVector`
 */
export function leaveOneOut(
  events: readonly FeedbackEvent[],
  vectorOf: VectorOf,
  dimensions: number,
): (event: FeedbackEvent) => Float32Array | undefined {
  const source = agelessSource(events, vectorOf, dimensions);
  const placeOf = new Map(events.map((event, place) => [event, place]));
  return (event) => source.without([placeOf.get(event) ?? -1])?.shared;
}

function agelessSource(events: readonly FeedbackEvent[], vectorOf: VectorOf, dimensions: number): UserVectorSource {
  return userVectorSource(events, () => '', vectorOf, dimensions, { nowMs: 0, halfLifeMs: Number.POSITIVE_INFINITY });
}
