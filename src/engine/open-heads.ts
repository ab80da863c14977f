// Makes the keeper of an opened catalogue's heads and lets the one in use rank.

import { messageOf } from '../base/errors.ts';
import { fnv1aOfFloats } from '../base/hash.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import type { EngineSettings } from '../protocol/engine-api.ts';
import type { Store } from '../store/store.ts';
import { HeadKeeper } from './head-keeper.ts';
import type { OpenedCatalogue } from './opened-catalogue.ts';
import type { StatusBoard } from './status-board.ts';
import { createTrainingDevice } from './training-device.ts';

export interface OpenHeadsContext {
  settings: EngineSettings;
  store: Store;
  board: StatusBoard;
  nowMs: () => number;
  /** Resolves when nothing more urgent is under way. */
  idle: () => Promise<void>;
  /** Another head ranks. */
  onChange: () => void;
}

/** The history is being read when this returns; without it the profile ranks, and nothing else is lost. */
export function openHeads(
  opened: OpenedCatalogue,
  { settings, store, board, nowMs, idle, onChange }: OpenHeadsContext,
): { heads: HeadKeeper; read: Promise<void> } {
  const { id, table, ranked, model, events, shipped } = opened;
  const device = createTrainingDevice(settings.encoder, ranked.dimensions);
  const heads = new HeadKeeper({
    catalogueId: id,
    store,
    vectors: ranked,
    // Heads that were tuned from another start rank in another space, or beside another blend; those of another basis in another space.
    encoder: shipped ? `${model.fingerprint}#${shipped.seal}` : `${model.fingerprint}@${basisId(table.correction)}`,
    shipped: shipped?.head,
    createStepper: device.createStepper,
    device: device.kind,
    clock: nowMs,
    idle,
    onState: (training) => board.update({ training }),
    onChange,
    onFailed: (text) => board.notice('training-failed', text),
  });
  opened.head = () => (heads.isTrained || shipped ? heads.active : undefined);
  board.update({ training: null });
  const read = heads
    .open([...events.values()])
    .catch((error: unknown) => board.notice('head-unusable', `Trained heads could not be read: ${messageOf(error)}`));
  return { heads, read };
}

/** Says which basis vectors are in. Language means may move: they leave the axes as they are. */
export function basisId({ method, dimensions, projection }: Pick<LanguageCorrection, 'method' | 'dimensions' | 'projection'>): string {
  return `${method}-${dimensions}-${projection ? fnv1aOfFloats(projection).toString(16) : ''}`;
}
