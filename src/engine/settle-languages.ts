// Fits the language correction once encoding has settled, and keeps it for the next visit. A catalogue is never unusable for want of
// it: what fails here is said, and the correction before stays.
import { isAborted, messageOf } from '../base/errors.ts';
import type { Store } from '../store/index.ts';
import type { ItemTable } from './item-table.ts';
import { keepCorrection } from './kept-correction.ts';
import type { Model } from './model.ts';
import type { StatusBoard } from './status-board.ts';
import type { FitTable, TranslatedRows } from './table-correction.ts';

export interface SettleLanguagesContext {
  catalogueId: string;
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  signal: AbortSignal;
  /** The catalogue's own translations, to learn from; absent: none. */
  translated?: TranslatedRows;
  /** Default `fitTable`. */
  fit?: FitTable;
}

/** @returns whether lists may differ from before @throws aborted */
export async function settleLanguages(context: SettleLanguagesContext): Promise<boolean> {
  const { table, model, board, signal, translated, fit } = context;
  if (table.refinedCount === 0) return false;
  const { correctionVersion } = table;
  try {
    // Where vectors came from the owner and nothing of the encoder was fetched, its covariances (1.2 MB) are not either.
    const covariances = model.transformer.loaded() ? await model.covariances?.get() : undefined;
    const isNew = await table.settle({ ...(covariances ? { covariances } : {}), ...(translated ? { translated } : {}), ...(fit ? { fit } : {}), signal });
    if (isNew) await keepCorrection(context, board);
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    board.notice('encoding-failed', `Languages are corrected by what is there alone: ${messageOf(error)}`);
  }
  return table.correctionVersion !== correctionVersion;
}
