// Two stores on one database behave like two tabs: IndexedDB knows connections, not tabs.
import { deleteDB, openDB } from 'idb';
import { expect, test, vi } from 'vitest';
import { DATABASE_VERSION } from './migrations.ts';
import { batchOf, catalogueOf, itemsOf, keyOf, keysOfRows, loadedRow, vectorOf } from './testing/data.ts';
import { chunkIds, freshName, openTestStore, withDatabase } from './testing/database.ts';

const DIMENSIONS = 8;

test('two tabs append and merge at once, and no row is lost', async () => {
  const name = freshName();
  const tabs = await Promise.all([0, 1].map(() => openTestStore({ name, mergeAfter: 3, chunkBytes: 1000 })));
  const appends: Promise<void>[] = [];
  for (let row = 0; row < 60; row++) {
    const tab = tabs[row % 2];
    if (tab) appends.push(tab.appendVectors('e', DIMENSIONS, batchOf(row, 1, DIMENSIONS)));
  }
  await Promise.all(appends);
  for (const tab of tabs) {
    const load = await tab.loadVectors('e', DIMENSIONS, keysOfRows(0, 60));
    expect(load.rows.size).toBe(60);
    expect(load.damagedChunks).toBe(0);
    for (let row = 0; row < 60; row++) expect(loadedRow(load, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
  }
  const { stored, listed } = await chunkIds(name, 'e');
  expect([...listed].sort((a, b) => a - b)).toEqual(stored);
  expect(stored.length).toBeLessThan(30);
});

test('one tab prunes while the other appends: neither undoes the other', async () => {
  const name = freshName();
  const [a, b] = [await openTestStore({ name, mergeAfter: 4 }), await openTestStore({ name, mergeAfter: 4 })];
  for (let row = 0; row < 10; row++) await a.appendVectors('e', DIMENSIONS, batchOf(row, 1, DIMENSIONS));
  const keep = keysOfRows(5, 100);
  const appends = Array.from({ length: 10 }, (_, i) => b.appendVectors('e', DIMENSIONS, batchOf(10 + i, 1, DIMENSIONS)));
  await Promise.all([a.pruneVectors('e', keep), ...appends]);
  const load = await a.loadVectors('e', DIMENSIONS, keysOfRows(0, 20));
  expect([...load.rows.keys()].sort()).toEqual([...keysOfRows(5, 15)].sort());
});

test('one tab erases: the other goes on with an empty database', async () => {
  const name = freshName();
  const [a, b] = [await openTestStore({ name }), await openTestStore({ name })];
  await b.saveCatalogue(catalogueOf('c', 1), itemsOf(1));
  await a.erase();
  expect(await b.catalogues()).toEqual([]);
  await b.saveCatalogue(catalogueOf('d', 1), itemsOf(1));
  expect(await a.loadItems('d')).toEqual(itemsOf(1));
});

test('a call made at the very moment another tab deletes the database still works', async () => {
  const name = freshName();
  const store = await openTestStore({ name });
  const deletion = deleteDB(name);
  const rounds = Array.from({ length: 20 }, (_, i) => store.setSetting(`s${i}`, i));
  await Promise.all([deletion, ...rounds]);
  await store.setSetting('last', 1);
  expect(await store.getSetting('last')).toBe(1);
});

test('an erase that another tab holds up is reported', async () => {
  const name = freshName();
  let calls = 0;
  const store = await openTestStore({ name, blockedTimeoutMs: 200, onBlocked: () => calls++ });
  const stubborn = await openDB(name);
  await expect(store.erase()).rejects.toMatchObject({ code: 'storage-blocked' });
  expect(calls).toBe(1);
  // The deletion is still pending, and opening waits behind it without any event: that must end, too.
  await expect(store.catalogues()).rejects.toMatchObject({ code: 'storage-blocked' });
  stubborn.close();
  expect(await store.catalogues()).toEqual([]);
});

test('a newer tab may upgrade; the older one then says to reload, and a store opened late falls back to memory', async () => {
  const name = freshName();
  const store = await openTestStore({ name });
  const newer = await openDB(name, DATABASE_VERSION + 1);
  await expect(store.catalogues()).rejects.toMatchObject({
    code: 'storage-blocked',
    message: expect.stringContaining('Reload this tab'),
  });
  const late = await openTestStore({ name });
  expect(await late.status()).toMatchObject({ kind: 'memory', reason: expect.stringContaining('newer version') });
  newer.close();
});

test('a connection that the browser ends is opened again', async () => {
  const name = freshName();
  const opened: IDBDatabase[] = [];
  const original = IDBFactory.prototype.open;
  const open = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...args) {
    const request = original.apply(this, args);
    request.addEventListener('success', () => opened.push(request.result));
    return request;
  });
  const onTerminated = vi.fn();
  const store = await openTestStore({ name, onTerminated });
  open.mockRestore();
  await store.appendVectors('e', DIMENSIONS, batchOf(0, 1, DIMENSIONS));
  // The browser closes the connection first and then says so.
  opened[0]?.close();
  opened[0]?.dispatchEvent(new Event('close'));
  expect(onTerminated).toHaveBeenCalledOnce();
  await store.appendVectors('e', DIMENSIONS, batchOf(1, 1, DIMENSIONS));
  expect((await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 2))).rows.has(keyOf(0))).toBe(true);
  expect(await withDatabase(name, (database) => database.count('vectorChunks'))).toBe(2);
});
