// The profile without one rating, for each rating in turn: what a head may see when it learns from that rating. The same formula
// as `profileVector`, on sums that are kept, because n profiles of n − 1 ratings each would take n² time.
import type { FeedbackEvent, FeedbackKind } from '../base/types.ts';
import { PROFILE_WEIGHTS } from './profile.ts';

interface KindSum {
  /** [dimensions] */
  sum: Float64Array;
  count: number;
}

/**
 * @param vectorOf unit vector of an item, or undefined while it is not encoded
 * @returns for a rating of `events` [dimensions], as `profileVector` of all the others but for rounding; undefined where no like is left
 */
export function leaveOneOut(
  events: readonly FeedbackEvent[],
  vectorOf: (itemId: FeedbackEvent['itemId']) => Float32Array | undefined,
  dimensions: number,
): (event: FeedbackEvent) => Float32Array | undefined {
  const sums = new Map<FeedbackKind, KindSum>();
  for (const { itemId, kind } of events) {
    const vector = vectorOf(itemId);
    if (!vector) continue;
    const { sum, count } = sums.get(kind) ?? { sum: new Float64Array(dimensions), count: 0 };
    for (let j = 0; j < dimensions; j++) sum[j] = (sum[j] as number) + (vector[j] as number);
    sums.set(kind, { sum, count: count + 1 });
  }
  return ({ itemId, kind }) => {
    const [own, vector] = [sums.get(kind), vectorOf(itemId)];
    if (!own || !vector) return profileOf(sums, dimensions);
    const others = new Map(sums);
    // A kind of this one rating alone goes: what its sum would leave is rounding.
    if (own.count === 1) others.delete(kind);
    else others.set(kind, { count: own.count - 1, sum: own.sum.map((value, j) => value - (vector[j] as number)) });
    return profileOf(others, dimensions);
  };
}

function profileOf(sums: ReadonlyMap<FeedbackKind, KindSum>, dimensions: number): Float32Array | undefined {
  if (!sums.has('like')) return undefined;
  const profile = new Float64Array(dimensions);
  for (const [kind, { sum, count }] of sums) {
    const weight = PROFILE_WEIGHTS[kind] / count;
    for (let j = 0; j < dimensions; j++) profile[j] = (profile[j] as number) + weight * (sum[j] as number);
  }
  const length = Math.sqrt(profile.reduce((square, value) => square + value * value, 0));
  return length > 0 ? Float32Array.from(profile, (value) => value / length) : undefined;
}
