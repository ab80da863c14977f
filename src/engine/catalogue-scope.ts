// What belongs to one catalogue, from the moment it is prepared until it is closed. One object, passed whole to everything that works on it.
import { messageOf, RecommenderError } from '../base/errors.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { Speed } from '../protocol/engine-api.ts';
import type { Model } from './model.ts';
import type { Board, Runtime } from './runtime.ts';

export interface CatalogueScope extends Pick<Runtime, 'settings' | 'store' | 'nowMs' | 'random' | 'onChange'> {
  readonly id: string;
  readonly table: ItemTable;
  readonly model: Model;
  readonly speed: ResolvedSpeed;
  readonly board: Board;
  /** Fires when the catalogue is closed or replaced, or when opening it is stopped. */
  readonly signal: AbortSignal;
}

/**
 * Stores something that is of use even when it is not stored. A full disk is said and does not end the work.
 * @param what is not kept, as the start of a sentence
 * @throws what `save` rejects with, but storage-quota
 */
export async function keepIfSpace(board: Board, what: string, save: () => Promise<unknown>): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (!(error instanceof RecommenderError) || error.code !== 'storage-quota') throw error;
    // Said once for each `what`: the message holds sizes that change.
    if (board.status.notices.some(({ text }) => text.startsWith(what))) return;
    board.notice('store-memory', `${what} not kept: ${messageOf(error)}`);
  }
}

export type ResolvedSpeed = Exclude<Speed, 'auto'>;

export interface DeviceHints {
  saveData: boolean;
  /** GB as the browser rounds it, or undefined where it does not say. */
  memoryGb: number | undefined;
}

/** Below this much memory the transformer's session is not worth the risk of the tab being ended. */
const LEAST_MEMORY_GB = 2;

/** Which encoders a visit uses: the visitor's choice, or what connection and memory suggest. @param quickAvailable whether the model has an instant table */
export function resolveSpeed(wanted: Speed, quickAvailable: boolean, hints: DeviceHints = deviceHints()): ResolvedSpeed {
  if (!quickAvailable) return 'refined';
  if (wanted !== 'auto') return wanted;
  const weak = hints.saveData || (hints.memoryGb !== undefined && hints.memoryGb < LEAST_MEMORY_GB);
  return weak ? 'quick' : 'quick-then-refined';
}

function deviceHints(): DeviceHints {
  const found: unknown = globalThis.navigator;
  const navigator = isRecord(found) ? found : {};
  const { connection, deviceMemory } = navigator;
  return {
    saveData: isRecord(connection) && connection.saveData === true,
    memoryGb: typeof deviceMemory === 'number' ? deviceMemory : undefined,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
