// What has to go when a rating is taken back or changed: every head that learned from it. Together with training that always
// starts from the same head this is exact unlearning (Cao & Yang 2015; the naive, retraining kind, which forgets entirely): on the
// CPU, training again on the ratings that are left gives bit for bit the head that would have been trained without the other one.
import type { FeedbackEvent } from '../base/types.ts';
import type { HeadRecord } from './record.ts';

export interface Forgotten {
  /** Records whose every rating still stands as it was, in the order given. */
  kept: HeadRecord[];
  /** Records that learned from, or were judged by, a rating that no longer stands, or whose parent is such a one. */
  dropped: HeadRecord[];
}

/**
 * A head whose parent goes, goes too: that it was taken into use, and its score, were found by comparison with that parent.
 * @param records in the order in which they were made
 * @param events all ratings that stand now
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
