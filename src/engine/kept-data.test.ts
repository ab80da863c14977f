import { expect, test } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { deleteKept, exportedData, exportedHeads, keptCatalogues, noteOpened, storageReport } from './kept-data.ts';

const itemOf = (id: string, title: string): Item => ({ id: id as ItemId, language: 'en', title, description: '', categories: [] });
const keyOf = (item: Item): Promise<string> => contentKey(itemText(item));

/** Two catalogues that share one text, with a rating in each. */
async function filled() {
  const store = new MemoryStore('a test');
  const shared = itemOf('s', 'Shared story');
  const catalogues = { a: [itemOf('1', 'Only in a'), shared], b: [shared, itemOf('2', 'Only in b')] };
  for (const [id, items] of Object.entries(catalogues)) {
    await store.saveCatalogue({ id, title: `Title ${id}`, sourceHash: id, itemCount: items.length, importedAtMs: id === 'a' ? 10 : 20 }, items);
    await store.saveEvent(id, 's' as ItemId, { itemId: 's' as ItemId, kind: 'like', timeMs: 5 });
    await noteOpened(store, id);
    await store.appendVectors('e', 2, { keys: await Promise.all(items.map(keyOf)), vectors: new Float32Array([1, 0, 0, 1]) });
  }
  return { store, shared, catalogues };
}

test('catalogues come last opened first, with their ratings counted', async () => {
  const { store } = await filled();
  await noteOpened(store, 'a');
  expect(await keptCatalogues(store)).toEqual([
    { id: 'a', title: 'Title a', itemCount: 2, ratingCount: 1, importedAtMs: 10 },
    { id: 'b', title: 'Title b', itemCount: 2, ratingCount: 1, importedAtMs: 20 },
  ]);
});

test('deleting one takes its vectors, but none that another catalogue needs', async () => {
  const { store, shared, catalogues } = await filled();
  await deleteKept(store, 'a', 'e');
  expect((await keptCatalogues(store)).map(({ id }) => id)).toEqual(['b']);
  expect(await store.events('a')).toEqual([]);
  const all = new Set(await Promise.all([...catalogues.a, ...catalogues.b].map(keyOf)));
  const left = (await store.loadVectors('e', 2, all)).rows;
  expect(new Set(left.keys())).toEqual(new Set([await keyOf(shared), await keyOf(catalogues.b[1] as Item)]));
});

test('vectors of translations stay with the catalogues that need them', async () => {
  const { store } = await filled();
  const item: Item = { ...itemOf('t', 'Words'), translations: { de: { title: 'Worte', description: '' } } };
  await store.saveCatalogue({ id: 't', title: 't', sourceHash: 't', itemCount: 1, importedAtMs: 30 }, [item]);
  const key = await contentKey(itemText(item, 'de'));
  const isKept = async () => (await store.loadVectors('e', 2, new Set([key]))).rows.size === 1;
  await store.appendVectors('e', 2, { keys: [key], vectors: Float32Array.of(1, 0) });
  await deleteKept(store, 'a', 'e');
  expect(await isKept()).toBe(true);
  await deleteKept(store, 't', 'e');
  expect(await isKept()).toBe(false);
});

test('the storage report counts items, vectors and ratings, and names nothing that is empty', async () => {
  const { store } = await filled();
  const { entries } = await storageReport(store);
  expect(entries.map(({ what, count }) => [what, count])).toEqual([
    ['items', 4],
    ['vectors', 3],
    ['ratings', 2],
  ]);
  expect(entries.find(({ what }) => what === 'vectors')?.bytes).toBe(3 * 2 * 4);
  expect((await storageReport(new MemoryStore('a test'))).entries).toEqual([]);
});

test('language corrections are counted with their bytes, and go with their catalogue', async () => {
  const { store } = await filled();
  for (const id of ['a', 'b']) await store.saveCorrection(id, { key: 'k', bytes: new Uint8Array(id === 'a' ? 7 : 5) });
  const counted = async () => (await storageReport(store)).entries.find(({ what }) => what === 'corrections');
  expect(await counted()).toEqual({ what: 'corrections', count: 2, bytes: 12 });
  await deleteKept(store, 'a', 'e');
  expect(await counted()).toEqual({ what: 'corrections', count: 1, bytes: 5 });
});

test('the export holds every rating with its title, and the heads', async () => {
  const { store } = await filled();
  const blob = await exportedData(store, Date.UTC(2026, 0, 2), async (id) => [`head of ${id}`]);
  const data = JSON.parse(await blob.text());
  expect(data).toMatchObject({ format: 'kindred-export', version: 1, exported: '2026-01-02T00:00:00.000Z' });
  expect(data.catalogues[1]).toMatchObject({
    id: 'a',
    heads: ['head of a'],
    ratings: [{ itemId: 's', kind: 'like', timeMs: 5, title: 'Shared story', language: 'en' }],
  });
});

test('a damaged head does not end the export', async () => {
  const { store } = await filled();
  await store.changeHeads('a', { save: [{ id: 'h', createdMs: 1, text: '{"damaged' }] });
  expect(await exportedHeads(store, 'a')).toEqual({ activeId: null, records: ['{"damaged'] });
});
