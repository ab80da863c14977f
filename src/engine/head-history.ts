// The history of heads as the page sees it: plain, structured-cloneable values without parameters.
import type { Head } from '../head/evaluate.ts';
import type { HeadRecord } from '../head/record.ts';
import type { HeadSummary } from '../protocol/engine-api.ts';

/** Id of the head that everybody starts with. */
export const START_ID = 'start';

export function summaryOf(record: HeadRecord): HeadSummary {
  const { encoder: _, seed: __, head, events, parentId, points, ...rest } = record;
  return {
    ...rest,
    parentId: parentId ?? START_ID,
    kind: head.shape.kind,
    origin: 'trained',
    examples: events.length,
    points: points.map((point) => ({ ...point })),
  };
}

/** @param shipped undefined: the plain profile */
export function startSummary(shipped: Head | undefined): HeadSummary {
  return {
    id: START_ID,
    parentId: null,
    kind: shipped?.shape.kind ?? 'profile',
    origin: 'shipped',
    createdMs: 0,
    examples: 0,
    examplesHash: '',
    heldOutNdcg: null,
    parentNdcg: null,
    installed: true,
    reason: shipped ? 'The head that came with the catalogue.' : 'The mean of what is liked, without a trained head.',
    device: 'cpu',
    elapsedMs: 0,
    points: [],
  };
}
