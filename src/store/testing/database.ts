// Raw access to a test's database, past the store: to look at it, to damage it, to hold it open like another tab.
import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import { onTestFinished } from 'vitest';
import { openStore, type StoreOptions } from '../open.ts';
import type { KindredSchema } from '../schema.ts';

let count = 0;

/** A database name of this test's own, deleted when it ends. */
export function freshName(): string {
  const name = `test-${Date.now()}-${count++}`;
  onTestFinished(async () => {
    await deleteDB(name);
  });
  return name;
}

/** A store that is closed when the test ends. */
export async function openTestStore(options: StoreOptions) {
  const store = await openStore(options);
  onTestFinished(() => store.dispose());
  return store;
}

/** Works on the database with a raw connection of today's version, closed afterwards. */
export async function withDatabase<T>(name: string, work: (database: IDBPDatabase<KindredSchema>) => Promise<T>): Promise<T> {
  const database = await openDB<KindredSchema>(name);
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

export async function databaseNames(): Promise<(string | undefined)[]> {
  return (await indexedDB.databases()).map(({ name }) => name);
}

/** Chunk ids that exist and chunk ids that the manifest lists. */
export function chunkIds(name: string, fingerprint: string): Promise<{ stored: number[]; listed: number[] }> {
  return withDatabase(name, async (database) => ({
    stored: await database.getAllKeysFromIndex('vectorChunks', 'byFingerprint', fingerprint),
    listed: ((await database.get('vectorManifests', fingerprint))?.chunks ?? []).map(({ id }) => id),
  }));
}
