// Fits the language correction once encoding has settled. A catalogue is never unusable for want of it: what fails here is said, and
// the first correction stays.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { ItemTable } from './item-table.ts';
import type { Model } from './model.ts';
import type { StatusBoard } from './status-board.ts';

/** @returns whether lists may differ from before @throws aborted */
export async function settleLanguages(table: ItemTable, model: Model, board: StatusBoard, signal: AbortSignal): Promise<boolean> {
  if (table.refinedCount === 0) return false;
  const before = table.correctionVersion;
  try {
    // Where vectors came from the owner and nothing of the encoder was fetched, its covariances (1.2 MB) are not either.
    const covariances = model.transformer.loaded() ? await model.covariances?.get() : undefined;
    await table.settle({ ...(covariances ? { covariances } : {}), signal });
  } catch (error) {
    if (signal.aborted || (error instanceof RecommenderError && error.code === 'aborted')) throw error;
    board.notice('encoding-failed', `Languages are corrected by what is shipped alone: ${messageOf(error)}`);
  }
  return table.correctionVersion !== before;
}
