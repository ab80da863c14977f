// The history of heads as the page sees it: plain, structured-cloneable values without parameters.
import type { Head, HeadKind, HeadRecord, TrainingPoint } from '../head/index.ts';

/** Id of the head that everybody starts with. */
export const START_ID = 'start';

export interface TrainingState {
  running: boolean;
  startedMs: number;
  /** Of the plan that was chosen; a training has some 80. */
  points: TrainingPoint[];
}

export interface HeadSummary {
  id: string;
  /** null for the first: the shipped head, or the plain profile. */
  parentId: string | null;
  /** `profile`: the cosine with the profile; else the kind of head. */
  kind: 'profile' | HeadKind;
  origin: 'shipped' | 'trained';
  createdMs: number;
  /** Ratings that it was trained on, and their SHA-256. */
  examples: number;
  examplesHash: string;
  /** Mean nDCG of the held-out likes, of this head and of the one in use then. */
  heldOutNdcg: number | null;
  parentNdcg: number | null;
  installed: boolean;
  /** One English sentence. */
  reason: string;
  device: 'cpu' | 'wasm' | 'webgpu';
  elapsedMs: number;
  points: TrainingPoint[];
}

export interface HeadHistory {
  /** Newest first; the last is the head that everybody starts with. */
  records: HeadSummary[];
  activeId: string;
  /** Ratings since the last training, and after how many the next one starts by itself. */
  newEvents: number;
  trainsAfter: number;
}

export function summaryOf(record: HeadRecord): HeadSummary {
  const { encoder: _, seed: __, head, events, parentId, points, ...rest } = record;
  return { ...rest, parentId: parentId ?? START_ID, kind: head.shape.kind, origin: 'trained', examples: events.length, points: points.map((point) => ({ ...point })) };
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
