// What every Store must do, whatever it stands on. Run once per implementation.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { batchOf, catalogueOf, itemId, itemsOf, keyOf, keysOfRows, loadedRow, vectorOf } from './data.ts';

const DIMENSIONS = 8;

export function testStoreContract(name: string, open: () => Promise<Store>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
      await store.erase();
    });
    afterEach(async () => {
      await store.erase();
      store.dispose();
    });
    const loadRows = (first: number, count: number, fingerprint = 'e') => store.loadVectors(fingerprint, DIMENSIONS, keysOfRows(first, count));

    test('a catalogue comes back with its items in file order, and is replaced as a whole', async () => {
      expect(await store.catalogues()).toEqual([]);
      expect(await store.loadItems('c')).toBeUndefined();
      await store.saveCatalogue(catalogueOf('c', 1203), itemsOf(1203));
      expect(await store.loadItems('c')).toEqual(itemsOf(1203));
      await store.saveCatalogue(catalogueOf('c', 2), itemsOf(2, 'New'));
      expect(await store.loadItems('c')).toEqual(itemsOf(2, 'New'));
      expect(await store.catalogues()).toEqual([catalogueOf('c', 2)]);
    });

    test('an empty catalogue is not an unknown one', async () => {
      await store.saveCatalogue(catalogueOf('c', 0), []);
      expect(await store.loadItems('c')).toEqual([]);
    });

    test('deleting a catalogue takes its items and events, and nobody else’s', async () => {
      for (const id of ['a', 'a2', 'b']) {
        await store.saveCatalogue(catalogueOf(id, 3), itemsOf(3, id));
        await store.saveEvent(id, itemId('i1'), { itemId: itemId('i1'), kind: 'like', timeMs: 5 });
      }
      await store.deleteCatalogue('a');
      expect((await store.catalogues()).map(({ id }) => id)).toEqual(['a2', 'b']);
      expect(await store.loadItems('a')).toBeUndefined();
      expect(await store.events('a')).toEqual([]);
      expect(await store.loadItems('a2')).toEqual(itemsOf(3, 'a2'));
      expect(await store.events('a2')).toHaveLength(1);
    });

    test('a wrong item count is refused', async () => {
      await expect(store.saveCatalogue(catalogueOf('c', 2), itemsOf(3))).rejects.toMatchObject({ code: 'bad-argument' });
    });

    test('items that are not plain data are refused, and the old ones stay', async () => {
      await store.saveCatalogue(catalogueOf('c', 1), itemsOf(1));
      const items = itemsOf(1200, 'New');
      Object.assign(items[1100] ?? {}, { title: () => 'not text' });
      await expect(store.saveCatalogue(catalogueOf('c', 1200), items)).rejects.toMatchObject({ code: 'bad-argument' });
      expect(await store.loadItems('c')).toEqual(itemsOf(1));
    });

    test('what the caller changes later is not what is stored', async () => {
      const items = itemsOf(1);
      const batch = batchOf(0, 1, DIMENSIONS);
      await store.saveCatalogue(catalogueOf('c', 1), items);
      const append = store.appendVectors('e', DIMENSIONS, batch);
      batch.vectors.fill(0);
      await append;
      items[0]?.categories.push('b');
      expect(await store.loadItems('c')).toEqual(itemsOf(1));
      expect(loadedRow(await loadRows(0, 1), 0, DIMENSIONS)).toEqual([...vectorOf(0, DIMENSIONS)]);
    });

    test('usage counts the vectors of all encoders', async () => {
      expect(await store.vectorUsage()).toEqual({ count: 0, bytes: 0 });
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 10, DIMENSIONS));
      await store.appendVectors('other', DIMENSIONS, batchOf(5, 2, DIMENSIONS));
      const { count, bytes } = await store.vectorUsage();
      expect(count).toBe(12);
      expect(bytes).toBeGreaterThanOrEqual(12 * DIMENSIONS);
    });

    test('vectors come back bit for bit, only those wanted, densely packed', async () => {
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 10, DIMENSIONS));
      await store.appendVectors('e', DIMENSIONS, batchOf(10, 10, DIMENSIONS));
      await store.appendVectors('other', DIMENSIONS, batchOf(5, 1, DIMENSIONS));
      const load = await loadRows(8, 4);
      expect(load.rows.size).toBe(4);
      expect(load.vectors.length).toBe(4 * DIMENSIONS);
      expect(load.damagedChunks).toBe(0);
      for (let row = 8; row < 12; row++) expect(loadedRow(load, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
      expect((await loadRows(0, 30)).rows.size).toBe(20);
      expect((await loadRows(0, 30, 'unknown')).rows.size).toBe(0);
    });

    test('a later vector of the same key wins, also when nobody waits in between', async () => {
      const vectors = [1, 2, 3].map((value) => new Float32Array(DIMENSIONS).fill(value));
      await Promise.all(vectors.map((each) => store.appendVectors('e', DIMENSIONS, { keys: [keyOf(0)], vectors: each })));
      const load = await loadRows(0, 1);
      expect(load.vectors).toEqual(new Float32Array(DIMENSIONS).fill(3));
    });

    test('wrong vectors are refused, and nothing of their batch is stored', async () => {
      const short = { keys: [keyOf(0), keyOf(1)], vectors: new Float32Array(DIMENSIONS) };
      await expect(store.appendVectors('e', DIMENSIONS, short)).rejects.toMatchObject({ code: 'bad-argument' });
      const badKey = { keys: ['ABC'], vectors: new Float32Array(DIMENSIONS) };
      await expect(store.appendVectors('e', DIMENSIONS, badKey)).rejects.toMatchObject({ code: 'bad-argument' });
      await expect(store.appendVectors('e', 0, { keys: [], vectors: new Float32Array() })).rejects.toMatchObject({
        code: 'bad-argument',
      });
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const batch = batchOf(0, 3, DIMENSIONS);
        batch.vectors[DIMENSIONS + 2] = value;
        await expect(store.appendVectors('e', DIMENSIONS, batch)).rejects.toMatchObject({
          code: 'bad-vector',
          details: { row: 1, dimension: 2 },
        });
      }
      expect((await loadRows(0, 3)).rows.size).toBe(0);
      await store.appendVectors('e', DIMENSIONS, { keys: [], vectors: new Float32Array() });
    });

    test('one fingerprint has one size', async () => {
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 1, DIMENSIONS));
      await expect(store.appendVectors('e', 4, batchOf(1, 1, 4))).rejects.toMatchObject({ code: 'encoder-mismatch' });
      await expect(store.loadVectors('e', 4, keysOfRows(0, 1))).rejects.toMatchObject({ code: 'encoder-mismatch' });
      await store.pruneVectors('e', new Set());
      await store.appendVectors('e', 4, batchOf(1, 1, 4));
    });

    test('pruning keeps what is to be kept, of this encoder or of all', async () => {
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 10, DIMENSIONS));
      await store.appendVectors('e', DIMENSIONS, batchOf(10, 10, DIMENSIONS));
      await store.appendVectors('f', DIMENSIONS, batchOf(0, 20, DIMENSIONS));
      await store.pruneVectors('e', keysOfRows(8, 4));
      const load = await loadRows(0, 20);
      expect([...load.rows.keys()].sort()).toEqual([...keysOfRows(8, 4)].sort());
      expect(loadedRow(load, 11, DIMENSIONS)).toEqual([...vectorOf(11, DIMENSIONS)]);
      expect((await loadRows(0, 20, 'f')).rows.size).toBe(20);
      await store.pruneVectors('e', keysOfRows(9, 1), true);
      expect([...(await loadRows(0, 20)).rows.keys()]).toEqual([keyOf(9)]);
      expect([...(await loadRows(0, 20, 'f')).rows.keys()]).toEqual([keyOf(9)]);
    });

    test('one event an item: the later one counts, undefined takes it back', async () => {
      const [a, b] = [itemId('a'), itemId('b')];
      await store.saveEvent('c', a, { itemId: a, kind: 'like', timeMs: 30 });
      await store.saveEvent('c', b, { itemId: b, kind: 'hide', timeMs: 20 });
      await store.saveEvent('d', b, { itemId: b, kind: 'like', timeMs: 10 });
      await store.saveEvent('c', a, { itemId: a, kind: 'dislike', timeMs: 40 });
      expect(await store.events('c')).toEqual([
        { itemId: b, kind: 'hide', timeMs: 20 },
        { itemId: a, kind: 'dislike', timeMs: 40 },
      ]);
      await store.saveEvent('c', a, undefined);
      expect(await store.events('c')).toHaveLength(1);
      await expect(store.saveEvent('c', a, { itemId: b, kind: 'like', timeMs: 1 })).rejects.toMatchObject({ code: 'bad-argument' });
    });

    test('heads and the one that ranks change together; those of other catalogues stay', async () => {
      const head = (id: string, createdMs: number) => ({ id, createdMs, text: `head ${id}` });
      expect(await store.heads('c')).toEqual({ heads: [], activeId: undefined });
      await store.changeHeads('c', { save: [head('b', 2), head('a', 1)], activeId: 'b' });
      await store.changeHeads('d', { save: [head('b', 3)], activeId: 'b' });
      expect(await store.heads('c')).toEqual({ heads: [head('a', 1), head('b', 2)], activeId: 'b' });
      await expect(store.changeHeads('c', { save: [head('z', 9)], activeId: 'unknown' })).rejects.toMatchObject({ code: 'bad-argument' });
      await expect(store.changeHeads('c', { remove: ['a'], activeId: 'a' })).rejects.toMatchObject({ code: 'bad-argument' });
      expect((await store.heads('c')).heads).toHaveLength(2);
      await store.changeHeads('c', { save: [head('e', 4)] });
      expect((await store.heads('c')).activeId).toBe('b');
      await store.changeHeads('c', { remove: ['b', 'unknown'] });
      expect(await store.heads('c')).toEqual({ heads: [head('a', 1), head('e', 4)], activeId: undefined });
      await store.changeHeads('c', { activeId: 'a' });
      await store.changeHeads('c', { activeId: null });
      expect((await store.heads('c')).activeId).toBeUndefined();
      await store.deleteCatalogue('c');
      expect(await store.heads('c')).toEqual({ heads: [], activeId: undefined });
      expect(await store.heads('d')).toEqual({ heads: [head('b', 3)], activeId: 'b' });
    });

    test('a language correction stays with its catalogue, is replaced, and goes with it', async () => {
      const correction = (key: string, value: number) => ({ key, bytes: new Uint8Array(5).fill(value) });
      for (const id of ['a', 'b']) await store.saveCatalogue(catalogueOf(id, 1), itemsOf(1));
      expect(await store.correction('a')).toBeUndefined();
      await store.saveCorrection('a', correction('k', 1));
      await store.saveCorrection('b', correction('k', 2));
      await store.saveCorrection('a', correction('l', 3));
      expect(await store.correction('a')).toEqual(correction('l', 3));
      await store.saveCatalogue(catalogueOf('a', 2), itemsOf(2));
      expect(await store.correction('a')).toEqual(correction('l', 3));
      await store.deleteCatalogue('a');
      expect(await store.correction('a')).toBeUndefined();
      expect(await store.correction('b')).toEqual(correction('k', 2));
      await store.saveCorrection('b', undefined);
      expect(await store.correction('b')).toBeUndefined();
    });

    test('no language correction is kept for a catalogue that is not', async () => {
      await store.saveCorrection('gone', { key: 'k', bytes: new Uint8Array(5) });
      expect(await store.correction('gone')).toBeUndefined();
      await store.saveCatalogue(catalogueOf('gone', 1), itemsOf(1));
      expect(await store.correction('gone')).toBeUndefined();
    });

    test('settings hold any plain value', async () => {
      expect(await store.getSetting('s')).toBeUndefined();
      await store.setSetting('s', { a: [1, null, 'x'] });
      expect(await store.getSetting('s')).toEqual({ a: [1, null, 'x'] });
      await store.setSetting('s', undefined);
      expect(await store.getSetting('s')).toBeUndefined();
      await expect(store.setSetting('s', () => 1)).rejects.toMatchObject({ code: 'bad-argument' });
    });

    test('after erase the store is empty and works', async () => {
      await store.saveCatalogue(catalogueOf('c', 3), itemsOf(3));
      await store.saveCorrection('c', { key: 'k', bytes: new Uint8Array(5) });
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 3, DIMENSIONS));
      await store.erase();
      expect(await store.catalogues()).toEqual([]);
      expect(await store.correction('c')).toBeUndefined();
      expect((await loadRows(0, 3)).rows.size).toBe(0);
      await store.appendVectors('e', DIMENSIONS, batchOf(0, 3, DIMENSIONS));
      expect((await loadRows(0, 3)).rows.size).toBe(3);
    });

    test('after dispose every call says so', async () => {
      const second = await open();
      second.dispose();
      await expect(second.catalogues()).rejects.toMatchObject({ code: 'not-ready' });
      await expect(second.appendVectors('e', DIMENSIONS, batchOf(0, 1, DIMENSIONS))).rejects.toMatchObject({ code: 'not-ready' });
      await expect(second.erase()).rejects.toMatchObject({ code: 'not-ready' });
    });
  });
}
