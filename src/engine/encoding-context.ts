// What the encoding of a catalogue needs of the rooms around it.
import type { EncodingContext } from './encoding.ts';
import type { OpenedCatalogue } from './opened-catalogue.ts';
import type { Runtime } from './runtime.ts';

/** @param isOpen whether it is still this catalogue that is open */
export function encodingContext({ store, board, settings, onChange, nowMs }: Runtime, opened: OpenedCatalogue, isOpen: () => boolean, signal: AbortSignal): EncodingContext {
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
