// The shared contract in memory, and openStore where there is no browser at all.
import { expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';
import { openStore } from './open.ts';
import { requestPersistence } from './storage-space.ts';
import { batchOf } from './testing/data.ts';
import { testStoreContract } from './testing/store-contract.ts';

testStoreContract('memory', async () => new MemoryStore('a test'));

test('without IndexedDB openStore gives memory and says why', async () => {
  const store = await openStore();
  await store.appendVectors('e', 2, batchOf(0, 3, 2));
  expect(await store.status()).toEqual({
    kind: 'memory',
    reason: 'This browser offers no IndexedDB here, so nothing is kept when the page closes.',
    persisted: false,
    usedBytes: 24,
    quotaBytes: 0,
  });
});

test('requestPersistence answers false where there is nothing to ask', async () => {
  expect(await requestPersistence()).toBe(false);
});

test('options out of range are refused', async () => {
  await expect(openStore({ chunkBytes: 0 })).rejects.toMatchObject({ code: 'bad-argument' });
  await expect(openStore({ mergeAfter: 1 })).rejects.toMatchObject({ code: 'bad-argument' });
});
