// Chooses the store: IndexedDB where the browser has it and lets it open, memory otherwise, and says why.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { Connection } from './connection.ts';
import { IndexedDbStore } from './indexeddb-store.ts';
import { MemoryStore } from './memory-store.ts';
import type { Store } from './store.ts';
import { domErrorName } from './store-errors.ts';

export interface StoreOptions {
  /** Name of the database. Default "kindred". */
  name?: string;
  /** Size that merged vector chunks approach, in bytes. Default 4 MiB. */
  chunkBytes?: number;
  /** Small vector chunks in a row that are merged into large ones. Default 32. */
  mergeAfter?: number;
  /** How long to wait for another tab that holds an older version open, before storage-blocked. Default 4000. */
  blockedTimeoutMs?: number;
  /** Another tab of this site must be closed or reloaded: tell the visitor. */
  onBlocked?: () => void;
  /** The browser ended the connection; the next call opens another one. */
  onTerminated?: () => void;
}

/**
 * Opens the store, creating or upgrading the database where needed.
 * @returns a store on IndexedDB, or in memory where IndexedDB is missing or refuses to open (private mode, full or
 *   broken disk, data of a newer version); `status()` says which, and why
 * @throws storage-blocked when another tab holds an older version open, bad-argument for options out of range
 */
export async function openStore(options: StoreOptions = {}): Promise<Store> {
  const { name = 'kindred', onBlocked, onTerminated } = options;
  const chunkBytes = atLeast('chunkBytes', options.chunkBytes ?? 4 * 1024 * 1024, 1);
  const mergeAfter = atLeast('mergeAfter', options.mergeAfter ?? 32, 2);
  const blockedTimeoutMs = atLeast('blockedTimeoutMs', options.blockedTimeoutMs ?? 4000, 0);

  if (!hasIndexedDb()) return new MemoryStore('This browser offers no IndexedDB here, so nothing is kept when the page closes.');
  const connection = new Connection({ name, blockedTimeoutMs, onBlocked, onTerminated });
  try {
    await connection.connect();
  } catch (error) {
    connection.dispose();
    if (error instanceof RecommenderError) throw error;
    return new MemoryStore(reasonFor(error));
  }
  return new IndexedDbStore(connection, { chunkBytes, mergeAfter });
}

/** Some browsers throw on the mere look in a sandboxed frame. */
function hasIndexedDb(): boolean {
  try {
    return typeof indexedDB === 'object' && indexedDB !== null;
  } catch {
    return false;
  }
}

function reasonFor(error: unknown): string {
  const consequence = 'so nothing is kept when the page closes';
  switch (domErrorName(error)) {
    case 'VersionError':
      return `The stored data were written by a newer version of this page and are left alone, ${consequence}.`;
    case 'QuotaExceededError':
      return `The browser has no space left for a database, ${consequence}.`;
    default:
      return `The browser refused to open the database (${messageOf(error)}), as in private mode, ${consequence}.`;
  }
}

function atLeast(option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RecommenderError('bad-argument', `${option} is ${value}. Pass a whole number of at least ${least}.`, {
    [option]: value,
  });
}
