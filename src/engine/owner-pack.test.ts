// A pack in the engine: taken where text and encoder fit, said where not, compared, dropped, refused; never in the way.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { quantizeRows } from '../compute/quantize.ts';
import { ItemTable } from '../index/item-table.ts';
import { createLanguageSums } from '../pack/languages.ts';
import { writePack } from '../pack/writer.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { OwnerPack } from './owner-pack.ts';
import type { Board } from './runtime.ts';
import { scopeWith, smallModel } from './testing/small-encoder.ts';

const PACK = 'https://shop.example/pack/';
const items: Item[] = Array.from({ length: 40 }, (_, i) => ({
  id: `i${i}` as ItemId,
  language: i % 2 ? 'de' : 'en',
  title: `title ${i}`,
  description: '',
  categories: [],
}));
const files = new Map<string, Uint8Array<ArrayBuffer>>();
const store = () => new MemoryStore('a test');
let keys: string[] = [];

/** Writes a pack of the first `count` items. @param spoil changes the vectors */
async function writePackOf(count: number, { fingerprint = 'small-test-encoder', spoil = (value: number) => value } = {}): Promise<void> {
  files.clear();
  const model = smallModel();
  const encoder = await model.transformer.get();
  const d = model.dimensions;
  const texts = items.slice(0, count).map((item) => itemText(item));
  const vectors = (await encoder.encode(texts)).map(spoil);
  const order = texts.map((_, i) => i).sort((a, b) => ((keys[a] ?? '') < (keys[b] ?? '') ? -1 : 1));
  const languages = createLanguageSums(d);
  await writePack(
    {
      keys: new Uint8Array(Buffer.from(order.map((i) => keys[i]).join(''), 'hex')),
      read: (start, end) => {
        const rows = new Float32Array((end - start) * d);
        for (const [at, i] of order.slice(start, end).entries()) rows.set(vectors.subarray(i * d, (i + 1) * d), at * d);
        return quantizeRows(rows, d);
      },
    },
    { fingerprint, dimensions: d, catalogue: { sha256: '0'.repeat(64), items: count }, created: '2026-01-01T00:00:00.000Z', languages },
    { put: (file, bytes) => void files.set(file, bytes), chunkBytes: 512 },
  );
}

function open(kept = store()) {
  const model = smallModel();
  const table = new ItemTable(items, keys, model.adapter, createCpuBackend());
  const dropped = vi.fn();
  const random = vi.fn(() => (random.mock.calls.length * 0.37) % 1);
  const scope = scopeWith({ id: 'shop', table, model, store: kept, random });
  return { pack: new OwnerPack(scope, PACK, dropped), table, board: scope.board, dropped };
}
const codes = (board: Board): string[] => board.status.notices.map(({ code }) => code);

beforeEach(async () => {
  keys = await Promise.all(items.map((item) => contentKey(itemText(item))));
  vi.stubGlobal('fetch', async (url: string | URL | Request) => {
    const bytes = files.get(String(url instanceof Request ? url.url : url).slice(PACK.length));
    return bytes ? new Response(bytes) : new Response('', { status: 404 });
  });
});
afterEach(() => vi.unstubAllGlobals());

test('takes the items that the pack has and leaves the others to be encoded', async () => {
  await writePackOf(30);
  const { pack, table, board } = open();
  await pack.load();
  expect(board.status.pack).toEqual({ state: 'used', items: 30, lowestCosine: null });
  expect(table.rowsToRefine()).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
  expect(codes(board)).toEqual([]);
});

test('a sample that agrees is compared once and the verdict is kept', async () => {
  await writePackOf(40);
  const kept = store();
  const { pack, table, board, dropped } = open(kept);
  await pack.load();
  await pack.check();
  expect(board.status.pack?.lowestCosine).toBeGreaterThan(0.999);
  expect(table.refinedCount).toBe(40);
  expect(dropped).not.toHaveBeenCalled();
  const again = open(kept);
  await again.pack.load();
  expect(await again.pack.needsCheck()).toBe(false);
});

test('a pack whose vectors do not agree is dropped, said, and not used again', async () => {
  await writePackOf(40, { spoil: (value) => value * value });
  const kept = store();
  const { pack, table, board, dropped } = open(kept);
  await pack.load();
  expect(table.refinedCount).toBe(40);
  await pack.check();
  expect(table.refinedCount).toBe(0);
  expect(board.status.pack?.state).toBe('dropped');
  expect(codes(board)).toEqual(['pack-dropped']);
  expect(dropped).toHaveBeenCalledOnce();
  const again = open(kept);
  await again.pack.load();
  expect(again.table.refinedCount).toBe(0);
});

test('a pack of another encoder is not touched', async () => {
  await writePackOf(40, { fingerprint: 'another' });
  const { pack, table, board } = open();
  await pack.load();
  expect(table.refinedCount).toBe(0);
  expect(board.status.pack?.state).toBe('unusable');
  expect(codes(board)).toEqual(['pack-unusable']);
  expect(board.status.notices[0]?.text).toContain('another encoder');
});

test('damaged and missing chunks cost their own items only', async () => {
  await writePackOf(40);
  const [first, second, ...others] = [...files.keys()].filter((file) => file.startsWith('vectors'));
  if (!first || !second || others.length === 0) throw new Error('the pack has too few chunks for this test');
  const bytes = files.get(first)?.slice() ?? new Uint8Array();
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  files.set(first, bytes);
  files.delete(second);
  const { pack, table, board } = open();
  await pack.load();
  expect(board.status.pack?.state).toBe('partly');
  expect(table.refinedCount).toBeGreaterThan(0);
  expect(table.refinedCount).toBe(board.status.pack?.items);
  expect(table.refinedCount).toBeLessThan(40);
  expect(codes(board)).toEqual(['pack-unusable', 'pack-unusable']);
});

test('a missing or foreign manifest is said and nothing else', async () => {
  files.clear();
  const missing = open();
  await missing.pack.load();
  expect(codes(missing.board)).toEqual(['pack-unusable']);
  files.set('manifest.json', new TextEncoder().encode('{"format":"something"}'));
  const foreign = open();
  await foreign.pack.load();
  expect(foreign.board.status.notices[0]?.text).toContain('manifest');
});

test('who wants everything encoded here gets that after a reload too', async () => {
  await writePackOf(40);
  const kept = store();
  const { pack, table, board } = open(kept);
  await pack.load();
  await pack.refuse();
  expect(table.encodedCount).toBe(0);
  expect(board.status.pack).toBeNull();
  const again = open(kept);
  await again.pack.load();
  expect(again.table.encodedCount).toBe(0);
});
