// Fits the language correction once encoding has settled, and keeps it for the next visit. A catalogue is never unusable for want of
// it: what fails here is said, and the correction before stays.
import { isAborted, messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { AdapterStatistics } from '../language/adapter.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import type { FitTable, TranslatedRows } from '../language/table-correction.ts';
import type { Store } from '../store/store.ts';
import { keepCorrection } from './kept-correction.ts';
import type { Model } from './model.ts';
import type { ResolvedSpeed } from './speed.ts';
import type { StatusBoard } from './status-board.ts';

export interface SettleLanguagesContext {
  catalogueId: string;
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  signal: AbortSignal;
  /** The catalogue's own translations, to learn from; absent: none. */
  translated?: TranslatedRows;
  /** `quick`: nothing of the transformer's is fetched. */
  speed?: ResolvedSpeed;
  /** Default `fitTable`. */
  fit?: FitTable;
}

/** @returns whether lists may differ from before @throws aborted */
export async function settleLanguages(context: SettleLanguagesContext): Promise<boolean> {
  const { table, model, board, signal, translated, fit } = context;
  const statistics = mayFetch(context);
  // One that was fitted before the adapter's maps could be had is fitted again with them.
  const again = statistics && model.hasMaps === true && lacksMaps(table.correction);
  if (!table.needsFit(translated) && !again) return false;
  const { correctionVersion } = table;
  try {
    const covariances = statistics ? await statisticsOf(context) : undefined;
    const isNew = await table.refitCorrection({
      ...(covariances ? { covariances } : {}),
      ...(translated ? { translated } : {}),
      ...(fit ? { fit } : {}),
      again: again && covariances?.maps !== undefined,
      signal,
    });
    if (isNew) await keepCorrection(context, board);
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    board.notice('encoding-failed', `Languages are corrected by what is there alone: ${messageOf(error)}`);
  }
  return table.correctionVersion !== correctionVersion;
}

/** Where vectors came from the owner and nothing of the encoder was fetched, its covariances and maps (5 MB) are not either. */
function mayFetch({ model, board, speed }: SettleLanguagesContext): boolean {
  return model.covariances !== undefined && (model.transformer.loaded() !== undefined || (speed !== 'quick' && board.status.pack === null));
}

/** undefined: they cannot be had, which is said; the shipped basis serves without them. */
async function statisticsOf({ model, board, signal }: SettleLanguagesContext): Promise<AdapterStatistics | undefined> {
  try {
    return await unlessAborted(model.covariances?.get(), signal);
  } catch (error) {
    if (signal.aborted) throw error;
    board.notice('encoding-failed', `Languages are corrected without the encoder's statistics: ${messageOf(error)}`);
    return undefined;
  }
}

/** Other methods than `lda` have none to lack. */
function lacksMaps({ method, languages }: LanguageCorrection): boolean {
  return method === 'lda' && ![...languages.values()].some((entry) => entry.shipped);
}

/** A download that is shared goes on; nobody waits for it any longer. @throws aborted */
async function unlessAborted<T>(promise: Promise<T> | undefined, signal: AbortSignal): Promise<T | undefined> {
  throwIfAborted(signal, 'Correcting languages');
  if (!promise) return undefined;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new RecommenderError('aborted', 'Correcting languages was stopped on request.'));
    signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
