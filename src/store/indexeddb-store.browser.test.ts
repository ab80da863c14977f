// The shared contract on a real IndexedDB, and what only a database has: reopening, merging, erasing.
import { expect, test, vi } from 'vitest';
import { bytesPerRow } from './chunk-codec.ts';
import { openStore } from './open.ts';
import { requestPersistence } from './storage-space.ts';
import { batchOf, catalogueOf, itemsOf, keysOfRows, loadedRow, vectorOf } from './testing/data.ts';
import { chunkIds, databaseNames, freshName, openTestStore, withDatabase } from './testing/database.ts';
import { testStoreContract } from './testing/store-contract.ts';

const DIMENSIONS = 16;

testStoreContract('IndexedDB', () => openStore({ name: 'test-contract' }));
testStoreContract('IndexedDB, merging all the time', () => openStore({ name: 'test-contract-merging', mergeAfter: 2, chunkBytes: 500 }));

test('everything is still there when the store is opened again', async () => {
  const name = freshName();
  const first = await openTestStore({ name });
  await first.saveCatalogue(catalogueOf('c', 700), itemsOf(700));
  await first.appendVectors('e', DIMENSIONS, batchOf(0, 5, DIMENSIONS));
  await first.setSetting('theme', 'dark');
  first.dispose();
  const second = await openTestStore({ name });
  expect(await second.loadItems('c')).toEqual(itemsOf(700));
  expect((await second.loadVectors('e', DIMENSIONS, keysOfRows(0, 5))).vectors).toEqual(batchOf(0, 5, DIMENSIONS).vectors);
  expect(await second.getSetting('theme')).toBe('dark');
  expect(await second.status()).toMatchObject({ kind: 'indexeddb', reason: '' });
  expect((await second.status()).quotaBytes).toBeGreaterThan(0);
});

test('small chunks are merged up to chunkBytes; large appends are cut', async () => {
  const name = freshName();
  const chunkBytes = 10 * bytesPerRow(DIMENSIONS);
  const store = await openTestStore({ name, mergeAfter: 6, chunkBytes });
  for (let row = 0; row < 5; row++) await store.appendVectors('e', DIMENSIONS, batchOf(2 * row, 2, DIMENSIONS));
  expect((await chunkIds(name, 'e')).stored).toHaveLength(5);
  await store.appendVectors('e', DIMENSIONS, batchOf(10, 2, DIMENSIONS));
  const merged = await chunkIds(name, 'e');
  expect(merged.stored).toHaveLength(2);
  expect(merged.listed).toEqual(merged.stored);
  await store.appendVectors('e', DIMENSIONS, batchOf(12, 35, DIMENSIONS));
  expect((await chunkIds(name, 'e')).stored).toHaveLength(6);
  const load = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 47));
  expect(load.rows.size).toBe(47);
  for (let row = 0; row < 47; row++) expect(loadedRow(load, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
});

test('half a catalogue counts as none', async () => {
  const name = freshName();
  const store = await openTestStore({ name });
  await store.saveCatalogue(catalogueOf('c', 1200), itemsOf(1200));
  await withDatabase(name, (database) => database.delete('items', ['c', 1]));
  expect(await store.loadItems('c')).toBeUndefined();
});

test('erase leaves no database, and an append under way does not bring it back', async () => {
  const name = freshName();
  const store = await openTestStore({ name });
  await store.saveCatalogue(catalogueOf('c', 1), itemsOf(1));
  const append = store.appendVectors('e', DIMENSIONS, batchOf(0, 1, DIMENSIONS));
  expect(await databaseNames()).toContain(name);
  await store.erase();
  await append;
  expect(await databaseNames()).not.toContain(name);
  expect(await store.loadItems('c')).toBeUndefined();
});

test('requestPersistence gives the browser’s answer and never throws', async () => {
  const persist = vi.spyOn(navigator.storage, 'persist');
  persist.mockResolvedValueOnce(true);
  expect(await requestPersistence()).toBe(true);
  persist.mockRejectedValueOnce(new TypeError('not now'));
  expect(await requestPersistence()).toBe(false);
  persist.mockRestore();
});
