// How a database of any earlier version becomes one of today's, one step a version.
// A released step is never edited; a change of the schema is a new step at the end.
import type { IDBPTransaction } from 'idb';
import type { Database, KindredSchema, StoreName } from './schema.ts';

type Upgrade = IDBPTransaction<KindredSchema, StoreName[], 'versionchange'>;
type Migration = (database: Database, upgrade: Upgrade) => void;

/** Step n brings a database from version n to n + 1. */
const MIGRATIONS: readonly Migration[] = [
  function createStores(database) {
    database.createObjectStore('catalogues', { keyPath: 'id' });
    database.createObjectStore('items', { keyPath: ['catalogueId', 'part'] });
    database.createObjectStore('vectorChunks', { autoIncrement: true }).createIndex('byFingerprint', 'fingerprint');
    database.createObjectStore('vectorManifests', { keyPath: 'fingerprint' });
    database.createObjectStore('events', { keyPath: ['catalogueId', 'itemId'] });
    database.createObjectStore('settings');
  },
  function indexEventsByCatalogue(_database, upgrade) {
    upgrade.objectStore('events').createIndex('byCatalogue', 'catalogueId');
  },
  function addHeads(database) {
    database.createObjectStore('heads', { keyPath: ['catalogueId', 'id'] });
    database.createObjectStore('activeHeads', { keyPath: 'catalogueId' });
  },
  function addCorrections(database) {
    database.createObjectStore('corrections', { keyPath: 'catalogueId' });
  },
];

export const DATABASE_VERSION = MIGRATIONS.length;

/** Runs every step that a database of `oldVersion` (0: new) lacks, inside its upgrade transaction. */
export function migrate(database: Database, oldVersion: number, upgrade: Upgrade): void {
  for (const step of MIGRATIONS.slice(oldVersion)) step(database, upgrade);
}
