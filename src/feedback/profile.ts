// The reader as a vector: liked items pull, disliked ones push (Rocchio 1971, relevance feedback).
import type { FeedbackEvent, FeedbackKind } from '../base/types.ts';

/** Weight of the mean vector of each kind in the profile: Rocchio's β and γ; "not interested" is a weaker no. */
export const PROFILE_WEIGHTS: Readonly<Record<FeedbackKind, number>> = { like: 1, dislike: -0.5, hide: -0.2 };

/**
 * u = unit( Σ over kinds of weight · mean of that kind's item vectors ).
 * @param vectorOf unit vector of an item, or undefined while it is not encoded
 * @returns [dimensions], or undefined when no liked item has a vector: dislikes alone do not say what to show
 */
export function profileVector(
  events: readonly FeedbackEvent[],
  vectorOf: (itemId: FeedbackEvent['itemId']) => Float32Array | undefined,
  dimensions: number,
): Float32Array | undefined {
  const sums = new Map<FeedbackKind, { sum: Float64Array; count: number }>();
  for (const event of events) {
    const vector = vectorOf(event.itemId);
    if (!vector) continue;
    const entry = sums.get(event.kind) ?? { sum: new Float64Array(dimensions), count: 0 };
    entry.count++;
    for (let j = 0; j < dimensions; j++) entry.sum[j] = (entry.sum[j] as number) + (vector[j] as number);
    sums.set(event.kind, entry);
  }
  if (!sums.has('like')) return undefined;
  const profile = new Float32Array(dimensions);
  for (const [kind, { sum, count }] of sums) {
    const weight = PROFILE_WEIGHTS[kind] / count;
    for (let j = 0; j < dimensions; j++) profile[j] = (profile[j] as number) + weight * (sum[j] as number);
  }
  const length = Math.hypot(...profile);
  return length > 0 ? profile.map((value) => value / length) : undefined;
}
