// The fitted language correction, kept beside its catalogue: a second visit is corrected at once and fits nothing. It is only ever
// spared work: what is missing, out of date, damaged or refused by the store is fitted again, and nothing else is lost.
import { messageOf } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { ItemTable } from '../index/item-table.ts';
import { CORRECTION_VERSION, parseCorrection, serialiseCorrection } from '../language/correction/codec.ts';
import type { Store } from '../store/store.ts';
import type { Model } from './model.ts';
import type { StatusBoard } from './status-board.ts';

export interface KeptCorrectionContext {
  catalogueId: string;
  table: ItemTable;
  model: Pick<Model, 'fingerprint' | 'rankingFingerprint' | 'statisticsFingerprint'>;
  store: Pick<Store, 'correction' | 'saveCorrection'>;
}

/**
 * All that a correction is fitted from: encoder, adapter with its statistics (also where they were not fetched: see settle-languages.ts), version of the fit, and text and language of every row with the transformer's
 * vector, in file order. @returns SHA-256, hex
 */
export function correctionKey(
  table: ItemTable,
  { fingerprint, rankingFingerprint = '', statisticsFingerprint = '' }: KeptCorrectionContext['model'],
): Promise<string> {
  const rows = table.keys.flatMap((key, row) => (table.isRefined(row) ? `${key} ${table.items[row]?.language ?? ''}` : []));
  return sha256Hex([`correction ${CORRECTION_VERSION}`, fingerprint, rankingFingerprint, statisticsFingerprint, ...rows].join('\n'));
}

/** Puts the kept correction in use where every row has its vector and it was fitted from these. Never throws. @returns whether */
export async function installKeptCorrection(context: KeptCorrectionContext): Promise<boolean> {
  const { catalogueId, table, model, store } = context;
  if (table.items.length === 0 || table.refinedCount < table.items.length) return false;
  try {
    const kept = await store.correction(catalogueId);
    if (!kept || kept.key !== (await correctionKey(table, model))) return false;
    table.install(parseCorrection(kept.bytes));
    return true;
  } catch {
    return false; // damaged, or the store cannot be read: it is fitted again, and whoever needs the store next says what is wrong with it
  }
}

/** Keeps the correction in use for the next visit. Never throws: a full disk is said. */
export async function keepCorrection({ catalogueId, table, model, store }: KeptCorrectionContext, board: StatusBoard): Promise<void> {
  try {
    await store.saveCorrection(catalogueId, { key: await correctionKey(table, model), bytes: serialiseCorrection(table.correction) });
  } catch (error) {
    board.notice('store-memory', `The fitted language correction is not kept: ${messageOf(error)}`);
  }
}

/** Rows lost their vectors because they were wrong: so is what was fitted to them. Never throws. */
export async function dropCorrection({ catalogueId, store }: Pick<KeptCorrectionContext, 'catalogueId' | 'store'>): Promise<void> {
  await store.saveCorrection(catalogueId, undefined).catch(() => undefined);
}
