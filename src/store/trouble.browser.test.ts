// No database, no space, damaged records: what was stored and is sound must survive each of them.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openStore } from './open.ts';
import type { VectorChunk } from './schema.ts';
import { batchOf, catalogueOf, itemId, itemsOf, keysOfRows, loadedRow, vectorOf } from './testing/data.ts';
import { chunkIds, freshName, openTestStore, withDatabase } from './testing/database.ts';

const DIMENSIONS = 8;
const quotaExceeded = () => new DOMException('simulated', 'QuotaExceededError');

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('without a database', () => {
  test('no IndexedDB: memory, and the status says why', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const store = await openStore({ name: 'nowhere' });
    await store.saveCatalogue(catalogueOf('c', 1), itemsOf(1));
    expect(await store.loadItems('c')).toEqual(itemsOf(1));
    expect(await store.status()).toMatchObject({
      kind: 'memory',
      reason: expect.stringContaining('no IndexedDB'),
      persisted: false,
    });
  });

  test.each(['InvalidStateError', 'SecurityError', 'UnknownError', 'QuotaExceededError'])('open fails with %s: memory', async (errorName) => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('not in this mode', errorName);
    });
    const store = await openStore({ name: 'nowhere' });
    expect(await store.status()).toMatchObject({ kind: 'memory', reason: expect.stringContaining('nothing is kept') });
  });
});

describe('without space', () => {
  /** Lets `before` puts pass, fails the next one, lets all later ones pass. */
  function refusePut(before: number): void {
    const original = IDBObjectStore.prototype.put;
    let calls = 0;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      if (calls++ === before) throw quotaExceeded();
      return original.apply(this, args);
    });
  }

  test.each([0, 1, 2, 3])('a catalogue refused at write %i leaves the old one whole', async (before) => {
    const store = await openTestStore({ name: freshName() });
    await store.saveCatalogue(catalogueOf('c', 1100), itemsOf(1100));
    refusePut(before);
    await expect(store.saveCatalogue(catalogueOf('c', 1400), itemsOf(1400, 'New'))).rejects.toMatchObject({
      code: 'storage-quota',
      message: expect.stringMatching(/saving a catalogue.*this site uses .* MB.*Remove a catalogue/),
    });
    expect(await store.loadItems('c')).toEqual(itemsOf(1100));
    expect(await store.catalogues()).toEqual([catalogueOf('c', 1100)]);
  });

  test.each([0, 1])('vectors refused at write %i: those stored before are whole, and the batch can be tried again', async (before) => {
    const name = freshName();
    const store = await openTestStore({ name });
    await store.appendVectors('e', DIMENSIONS, batchOf(0, 3, DIMENSIONS));
    refusePut(before);
    await expect(store.appendVectors('e', DIMENSIONS, batchOf(3, 3, DIMENSIONS))).rejects.toMatchObject({
      code: 'storage-quota',
    });
    const { stored, listed } = await chunkIds(name, 'e');
    expect(stored).toEqual(listed);
    await store.appendVectors('e', DIMENSIONS, batchOf(3, 3, DIMENSIONS));
    const load = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 6));
    expect(load.rows.size).toBe(6);
    expect(load.damagedChunks).toBe(0);
  });

  test('a merge that finds no space fails no append and loses nothing', async () => {
    const name = freshName();
    const store = await openTestStore({ name, mergeAfter: 3 });
    for (let row = 0; row < 2; row++) await store.appendVectors('e', DIMENSIONS, batchOf(row, 1, DIMENSIONS));
    refusePut(2); // chunk and manifest of the append pass, the merged chunk does not
    for (let row = 2; row < 6; row++) await store.appendVectors('e', DIMENSIONS, batchOf(row, 1, DIMENSIONS));
    expect((await chunkIds(name, 'e')).stored).toHaveLength(6);
    expect((await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 6))).rows.size).toBe(6);
  });

  test('a language correction refused leaves the old one and the catalogue whole', async () => {
    const store = await openTestStore({ name: freshName() });
    await store.saveCatalogue(catalogueOf('c', 3), itemsOf(3));
    await store.saveCorrection('c', { key: 'k', bytes: Uint8Array.of(1) });
    refusePut(0);
    await expect(store.saveCorrection('c', { key: 'l', bytes: Uint8Array.of(2) })).rejects.toMatchObject({ code: 'storage-quota' });
    expect(await store.correction('c')).toEqual({ key: 'k', bytes: Uint8Array.of(1) });
    expect(await store.loadItems('c')).toEqual(itemsOf(3));
  });

  test.each(['saveEvent', 'setSetting'] as const)('%s says storage-quota too', async (call) => {
    const store = await openTestStore({ name: freshName() });
    refusePut(0);
    const id = itemId('i');
    const write = call === 'saveEvent' ? store.saveEvent('c', id, { itemId: id, kind: 'like', timeMs: 1 }) : store.setSetting('s', 1);
    await expect(write).rejects.toMatchObject({ code: 'storage-quota' });
  });
});

describe('damage', () => {
  /** Three chunks of two rows each; then `damage` is done to the middle one, rows 2 and 3. */
  async function damaged(damage: (chunk: VectorChunk) => unknown) {
    const name = freshName();
    const store = await openTestStore({ name });
    for (let first = 0; first < 6; first += 2) await store.appendVectors('e', DIMENSIONS, batchOf(first, 2, DIMENSIONS));
    await withDatabase(name, async (database) => {
      const transaction = database.transaction('vectorChunks', 'readwrite');
      const id = (await transaction.store.getAllKeys())[1] ?? -1;
      const chunk = await transaction.store.get(id);
      const changed = chunk && damage(chunk);
      if (changed === undefined) await transaction.store.delete(id);
      else {
        // The point is to write what the types forbid.
        const loose: { put(value: unknown, key: number): Promise<unknown> } = transaction.store;
        await loose.put(changed, id);
      }
      await transaction.done;
    });
    return { name, store };
  }

  test.each<[string, (chunk: VectorChunk) => unknown]>([
    ['a flipped value', (chunk) => ({ ...chunk, data: flipped(new Uint8Array(chunk.data), 9).buffer })],
    ['a flipped key', (chunk) => ({ ...chunk, keys: flipped(chunk.keys, 33) })],
    ['a cut buffer', (chunk) => ({ ...chunk, data: chunk.data.slice(4) })],
    ['another checksum', (chunk) => ({ ...chunk, checksum: '0'.repeat(64) })],
    ['a missing field', ({ keys: _keys, ...chunk }) => chunk],
    ['another owner', (chunk) => ({ ...chunk, fingerprint: 'f' })],
    ['no record at all', () => undefined],
    ['a record of another kind', () => 'text'],
  ])('%s: exactly that chunk is left out, and its rows can be appended again', async (_name, damage) => {
    const { name, store } = await damaged(damage);
    const load = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 6));
    expect(load.damagedChunks).toBe(1);
    expect([...load.rows.keys()].sort()).toEqual([...keysOfRows(0, 2), ...keysOfRows(4, 2)].sort());
    const { stored, listed } = await chunkIds(name, 'e');
    expect(stored).toEqual(listed);
    expect(await withDatabase(name, (database) => database.count('vectorChunks'))).toBe(2);

    await store.appendVectors('e', DIMENSIONS, batchOf(2, 2, DIMENSIONS));
    const again = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 6));
    expect(again.damagedChunks).toBe(0);
    for (let row = 0; row < 6; row++) expect(loadedRow(again, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
  });

  test('merging drops a damaged chunk instead of giving it a new checksum', async () => {
    const { name, store } = await damaged((chunk) => ({ ...chunk, data: flipped(new Uint8Array(chunk.data), 9).buffer }));
    store.dispose();
    const merging = await openTestStore({ name, mergeAfter: 3 });
    for (let first = 6; first < 10; first += 2) await merging.appendVectors('e', DIMENSIONS, batchOf(first, 2, DIMENSIONS));
    const load = await merging.loadVectors('e', DIMENSIONS, keysOfRows(0, 10));
    expect(load.rows.size).toBe(8);
    for (const row of [0, 1, 4, 5, 6, 7, 8, 9]) expect(loadedRow(load, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
  });

  test.each<[string, unknown]>([
    ['lost', undefined],
    ['of another form', { fingerprint: 'e', chunks: 'none' }],
  ])('a manifest that is %s: its chunks are dropped and the encoder starts afresh', async (_name, manifest) => {
    const name = freshName();
    const store = await openTestStore({ name });
    await store.appendVectors('e', DIMENSIONS, batchOf(0, 2, DIMENSIONS));
    await withDatabase(name, async (database) => {
      await database.delete('vectorManifests', 'e');
      const loose: { put(store: 'vectorManifests', value: unknown): Promise<unknown> } = database;
      if (manifest) await loose.put('vectorManifests', manifest);
    });
    await store.appendVectors('e', DIMENSIONS, batchOf(2, 2, DIMENSIONS));
    const load = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, 4));
    expect([...load.rows.keys()].sort()).toEqual([...keysOfRows(2, 2)].sort());
    expect(load.damagedChunks).toBe(1);
  });

  test.each<[string, object]>([
    ['a flipped bit', { bytes: Uint8Array.of(1, 2, 7) }],
    ['bytes of another kind', { bytes: 'text' }],
    ['another checksum', { checksum: '0'.repeat(64) }],
  ])('a language correction with %s is as good as none, and can be stored again', async (_name, damage) => {
    const name = freshName();
    const store = await openTestStore({ name });
    await store.saveCatalogue(catalogueOf('c', 1), itemsOf(1));
    const correction = { key: 'k', bytes: Uint8Array.of(1, 2, 3) };
    await store.saveCorrection('c', correction);
    await withDatabase(name, async (database) => {
      const loose: { put(store: 'corrections', value: unknown): Promise<unknown> } = database;
      await loose.put('corrections', { ...(await database.get('corrections', 'c')), ...damage });
    });
    expect(await store.correction('c')).toBeUndefined();
    expect(await store.loadItems('c')).toEqual(itemsOf(1));
    await store.saveCorrection('c', correction);
    expect(await store.correction('c')).toEqual(correction);
  });

  function flipped(bytes: Uint8Array, at: number): Uint8Array {
    return bytes.map((byte, i) => (i === at ? byte ^ 4 : byte));
  }
});
