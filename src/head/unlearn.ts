// Drops every head that learned from a rating which was taken back or changed. Because training always starts from the same head, this
// is exact unlearning by retraining (Cao & Yang 2015): on the CPU, training again on the remaining ratings gives bit for bit the head
// that would have been trained without the removed one.
import type { FeedbackEvent } from '../base/types.ts';
import type { HeadRecord } from './record.ts';

export interface Forgotten {
  /** Records of which every rating is unchanged, in the given order. */
  kept: HeadRecord[];
  /** Records that used a rating which is gone or changed, or whose parent was dropped. */
  dropped: HeadRecord[];
}

/**
 * A record is dropped with its parent, because the decision to install it was a comparison with that parent.
 * @param records in the order in which they were made
 * @param events all current ratings
 */
export function forgetRatings(records: readonly HeadRecord[], events: readonly FeedbackEvent[]): Forgotten {
  const standing = new Set(events.map(keyOf));
  const forgotten: Forgotten = { kept: [], dropped: [] };
  const gone = new Set<string>();
  for (const record of records) {
    const clean = record.events.every((event) => standing.has(keyOf(event))) && !(record.parentId !== null && gone.has(record.parentId));
    (clean ? forgotten.kept : forgotten.dropped).push(record);
    if (!clean) gone.add(record.id);
  }
  return forgotten;
}

function keyOf({ itemId, kind, timeMs }: FeedbackEvent): string {
  return JSON.stringify([itemId, kind, timeMs]);
}
