// Visits of one catalogue: the first fits and keeps, later ones take what was kept, and whatever is wrong with it costs one more fit.
import { expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { ItemTable } from '../index/item-table.ts';
import { identityAdapter } from '../language/adapter.ts';
import { plantCatalogue } from '../language/correction/testing/planted.ts';
import { fitTable } from '../language/table-correction.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { dropCorrection, installKeptCorrection } from './kept-correction.ts';
import { deleteKept } from './kept-data.ts';
import type { Model } from './model.ts';
import { settleLanguages } from './settle-languages.ts';
import { StatusBoard } from './status-board.ts';

const { raw, dimensions, languages } = plantCatalogue({ items: 20, tags: ['en', 'de', 'sw'], bias: 1.5 });
const items = languages.map(
  (language, i): Item => ({ id: `i${i}` as ItemId, language: language ?? 'und', title: `title ${i}`, description: '', categories: [] }),
);
const unused = async () => {
  throw new Error('no encoder is needed');
};
const model: Model = {
  fingerprint: 'planted',
  rankingFingerprint: 'planted+adapter',
  dimensions,
  adapter: identityAdapter(dimensions),
  transformer: { get: unused, loaded: () => undefined },
  quick: undefined,
  dispose: async () => undefined,
};

async function storeOf(catalogue: readonly Item[]): Promise<MemoryStore> {
  const store = new MemoryStore('a test');
  await store.saveCatalogue({ id: 'c', title: 'c', sourceHash: 'c', itemCount: catalogue.length, importedAtMs: 0 }, catalogue);
  return store;
}

/** Opens the catalogue, as far as rows have vectors, and lets its languages settle. */
async function visit(
  store: MemoryStore,
  { catalogue = items, by = model, encoded = catalogue.length }: { catalogue?: readonly Item[]; by?: Model; encoded?: number } = {},
) {
  const keys = await Promise.all(catalogue.map((item) => contentKey(itemText(item))));
  const table = new ItemTable(catalogue, keys, by.adapter, createCpuBackend());
  const board = new StatusBoard(
    () => undefined,
    () => 0,
  );
  const context = { catalogueId: 'c', table, model: by, store, board };
  table.setRefined([...catalogue.keys()].slice(0, encoded), raw.slice(0, encoded * dimensions));
  const installed = await installKeptCorrection(context);
  const atOnce = table.vectorOf('i1' as ItemId)?.slice();
  const fit = vi.fn(fitTable);
  const changed = await settleLanguages({ ...context, signal: new AbortController().signal, fit });
  return { table, board, installed, atOnce, changed, fits: fit.mock.calls.length };
}

test('the second visit is corrected at once by what the first fitted, and fits nothing', async () => {
  const store = await storeOf(items);
  const first = await visit(store);
  expect(first).toMatchObject({ installed: false, fits: 1, changed: true });
  const second = await visit(store);
  expect(second).toMatchObject({ installed: true, fits: 0, changed: false });
  expect(second.atOnce).toEqual(first.table.vectorOf('i1' as ItemId));
  expect(second.table.correction.report.criterion).toBe('neighbours'); // not the shipped one, which chooses nothing
  expect(second.table.correction).toEqual(first.table.correction);
  expect(second.board.status.notices).toEqual([]);
});

const changedItem = (change: Partial<Item>): Item[] => items.map((item, row) => (row === 4 ? { ...item, ...change } : item));

test.each<[string, Parameters<typeof visit>[1]]>([
  ['another text', { catalogue: changedItem({ title: 'another' }) }],
  ['another language', { catalogue: changedItem({ language: 'fr' }) }],
  ['an item less', { catalogue: items.slice(0, -1) }],
  ['another order', { catalogue: [items[1] as Item, items[0] as Item, ...items.slice(2)] }],
  ['another encoder', { by: { ...model, fingerprint: 'another' } }],
  ['another adapter', { by: { ...model, rankingFingerprint: 'another' } }],
])('%s: fitted again, and that is kept', async (_name, change) => {
  const store = await storeOf(items);
  await visit(store);
  expect(await visit(store, change)).toMatchObject({ installed: false, fits: 1 });
  expect(await visit(store, change)).toMatchObject({ installed: true, fits: 0 });
});

test('while rows lack their vectors nothing kept is used', async () => {
  const store = await storeOf(items);
  await visit(store);
  expect(await visit(store, { encoded: 50 })).toMatchObject({ installed: false, fits: 1 });
});

test.each<[string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
  ['cut off', (bytes) => bytes.slice(0, -40)],
  ['of another kind', (bytes) => bytes.fill(7, 0, 8)],
  ['holding NaN', (bytes) => bytes.fill(0xff, -4)],
  ['empty', () => new Uint8Array()],
])('kept bytes %s: fitted again, kept again, and nothing is lost', async (_name, damage) => {
  const store = await storeOf(items);
  await visit(store);
  const kept = await store.correction('c');
  if (!kept) throw new Error('nothing was kept');
  await store.saveCorrection('c', { key: kept.key, bytes: damage(kept.bytes.slice()) });
  expect(await visit(store)).toMatchObject({ installed: false, fits: 1 });
  expect(await store.correction('c')).toEqual(kept);
  expect(await store.loadItems('c')).toEqual(items);
});

test('a store that refuses to read or to write costs a fit; a full disk is said', async () => {
  const store = await storeOf(items);
  await visit(store);
  vi.spyOn(store, 'correction').mockRejectedValueOnce(new RecommenderError('storage-unavailable', 'the disk fails'));
  vi.spyOn(store, 'saveCorrection').mockRejectedValueOnce(new RecommenderError('storage-quota', 'no space is left'));
  const { table, board, ...rest } = await visit(store);
  expect(rest).toMatchObject({ installed: false, fits: 1, changed: true });
  expect(table.correction.report.criterion).toBe('neighbours');
  expect(board.status.notices).toEqual([{ code: 'store-memory', text: 'The fitted language correction is not kept: no space is left' }]);
});

test('it goes with its catalogue, with everything, and with vectors that were wrong', async () => {
  const ends = [
    (store: MemoryStore) => deleteKept(store, 'c', model.fingerprint),
    (store: MemoryStore) => store.erase(),
    (store: MemoryStore) => dropCorrection({ catalogueId: 'c', store }),
  ];
  for (const end of ends) {
    const store = await storeOf(items);
    await visit(store);
    expect(await store.correction('c')).toBeDefined();
    await end(store);
    expect(await store.correction('c')).toBeUndefined();
  }
});

test('a fit that fails keeps nothing, and the correction before stays', async () => {
  const store = await storeOf(items);
  const table = new ItemTable(
    items,
    items.map(() => ''),
    model.adapter,
    createCpuBackend(),
  );
  const board = new StatusBoard(
    () => undefined,
    () => 0,
  );
  table.setRefined([...items.keys()], raw);
  await table.ready();
  const { correction } = table;
  const fit = async () => {
    throw new RecommenderError('bad-vector', 'all rows are equal');
  };
  expect(await settleLanguages({ catalogueId: 'c', table, model, store, board, signal: new AbortController().signal, fit })).toBe(false);
  expect(table.correction).toBe(correction);
  expect(await store.correction('c')).toBeUndefined();
  expect(board.status.notices[0]?.text).toContain('all rows are equal');
});
