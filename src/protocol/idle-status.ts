// The status before a catalogue is opened, for both sides of the worker.
import type { EngineStatus } from './engine-api.ts';

export const IDLE_STATUS: Readonly<EngineStatus> = {
  phase: 'idle',
  catalogueId: null,
  itemCount: 0,
  encodedCount: 0,
  quickCount: 0,
  speed: null,
  topRefined: false,
  textsEncoded: 0,
  itemsPerSecond: 0,
  secondsLeft: null,
  progress: null,
  pack: null,
  training: null,
  encoder: null,
  store: { kind: 'memory', reason: '', persisted: false, usedBytes: 0 },
  notices: [],
};
