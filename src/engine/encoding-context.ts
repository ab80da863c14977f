// What the encoding of a catalogue, and learning from its translations, need of the rooms around them.
import type { EncodingContext } from './encoding.ts';
import type { OpenedCatalogue } from './opened-catalogue.ts';
import type { Runtime } from './runtime.ts';
import type { LearningContext } from './translation-learning.ts';

/** @param isOpen whether it is still this catalogue that is open */
export function encodingContext(
  { store, board, settings, onChange, nowMs }: Runtime,
  opened: OpenedCatalogue,
  isOpen: () => boolean,
  signal: AbortSignal,
): EncodingContext {
  const { table, model, speed } = opened;
  return {
    table,
    model,
    store,
    board,
    speed,
    signal,
    nowMs,
    lockName: `kindred-encode-${settings.databaseName}`,
    isOpen,
    topRows: async () => {
      await table.ready({ signal });
      return opened.topRows();
    },
    onChange,
  };
}

export function learningContext(
  runtime: Runtime,
  { id, table, model }: OpenedCatalogue,
  hooks: Pick<LearningContext, 'idle' | 'onLearned'>,
): LearningContext {
  const { store, board } = runtime;
  return { catalogueId: id, table, model, store, board, onFault: (error) => runtime.reportFault(error), ...hooks };
}
