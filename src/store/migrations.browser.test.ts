// Databases of earlier versions, and old tabs that still hold them open, must not cost anybody their data.
import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { DATABASE_VERSION } from './migrations.ts';
import { catalogueOf, itemId, itemsOf } from './testing/data.ts';
import { freshName, openTestStore, withDatabase } from './testing/database.ts';

type Stores = readonly [name: string, options?: IDBObjectStoreParameters][];

/** Stores as version 1 made them, written out here so that a change of the migrations cannot change them too. */
const VERSION_1: Stores = [
  ['catalogues', { keyPath: 'id' }],
  ['items', { keyPath: ['catalogueId', 'part'] }],
  ['vectorChunks', { autoIncrement: true }],
  ['vectorManifests', { keyPath: 'fingerprint' }],
  ['events', { keyPath: ['catalogueId', 'itemId'] }],
  ['settings'],
];
const NEW_IN_VERSION_3: Stores = [
  ['heads', { keyPath: ['catalogueId', 'id'] }],
  ['activeHeads', { keyPath: 'catalogueId' }],
];

/** A database as that version made it. */
async function makeOldDatabase(name: string, version: 1 | 2 | 3) {
  return openDB(name, version, {
    upgrade(database, _oldVersion, _newVersion, transaction) {
      for (const [store, options] of [...VERSION_1, ...(version === 3 ? NEW_IN_VERSION_3 : [])]) database.createObjectStore(store, options);
      transaction.objectStore('vectorChunks').createIndex('byFingerprint', 'fingerprint');
      if (version > 1) transaction.objectStore('events').createIndex('byCatalogue', 'catalogueId');
    },
  });
}

test('a database of version 1 is upgraded with its data intact', async () => {
  const name = freshName();
  const old = await makeOldDatabase(name, 1);
  await old.put('catalogues', catalogueOf('c', 2));
  await old.put('items', { catalogueId: 'c', part: 0, items: itemsOf(2) });
  await old.put('events', { catalogueId: 'c', itemId: 'i1', kind: 'like', timeMs: 7 });
  await old.put('events', { catalogueId: 'd', itemId: 'i1', kind: 'hide', timeMs: 8 });
  await old.put('settings', 'dark', 'theme');
  old.close();

  const store = await openTestStore({ name });
  expect(await store.catalogues()).toEqual([catalogueOf('c', 2)]);
  expect(await store.loadItems('c')).toEqual(itemsOf(2));
  expect(await store.events('c')).toEqual([{ itemId: itemId('i1'), kind: 'like', timeMs: 7 }]);
  expect(await store.getSetting('theme')).toBe('dark');
  await withDatabase(name, async (database) => {
    expect(database.version).toBe(DATABASE_VERSION);
    expect([...database.transaction('events').store.indexNames]).toEqual(['byCatalogue']);
  });
});

test('a database of version 2 gains room for heads and keeps its ratings', async () => {
  const name = freshName();
  const old = await makeOldDatabase(name, 2);
  await old.put('events', { catalogueId: 'c', itemId: 'i1', kind: 'like', timeMs: 7 });
  old.close();

  const store = await openTestStore({ name });
  expect(await store.events('c')).toHaveLength(1);
  await store.changeHeads('c', { save: [{ id: 'h', createdMs: 1, text: 'x' }], activeId: 'h' });
  expect(await store.heads('c')).toEqual({ heads: [{ id: 'h', createdMs: 1, text: 'x' }], activeId: 'h' });
});

test('a database of version 3 gains room for language corrections and keeps its heads', async () => {
  const name = freshName();
  const old = await makeOldDatabase(name, 3);
  await old.put('catalogues', catalogueOf('c', 0));
  await old.put('heads', { catalogueId: 'c', id: 'h', createdMs: 1, text: 'x' });
  old.close();

  const store = await openTestStore({ name });
  expect((await store.heads('c')).heads).toHaveLength(1);
  await store.saveCorrection('c', { key: 'k', bytes: Uint8Array.of(1, 2) });
  expect(await store.correction('c')).toEqual({ key: 'k', bytes: Uint8Array.of(1, 2) });
});

test('an old tab that keeps the database open is reported, then waited for only so long', async () => {
  const name = freshName();
  const oldTab = await makeOldDatabase(name, 1);
  let calls = 0;
  const onBlocked = () => {
    calls++;
  };
  await expect(openTestStore({ name, blockedTimeoutMs: 200, onBlocked })).rejects.toMatchObject({ code: 'storage-blocked' });
  expect(calls).toBe(1);
  oldTab.close();
  const store = await openTestStore({ name });
  expect(await store.status()).toMatchObject({ kind: 'indexeddb' });
  // The attempt that was given up must not hold the database either.
  await store.erase();
});

test('an old tab that closes in time delays the opening only', async () => {
  const name = freshName();
  const oldTab = await makeOldDatabase(name, 1);
  const store = await openTestStore({ name, blockedTimeoutMs: 5000, onBlocked: () => oldTab.close() });
  expect(await store.status()).toMatchObject({ kind: 'indexeddb' });
});
