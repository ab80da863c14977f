// Quick vectors and their replacement: the end equals a table that was refined from the start.
import { describe, expect, test } from 'vitest';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { profileVector } from '../feedback/profile.ts';
import type { AdapterData } from '../language/adapter.ts';
import { rankByProfile } from '../ranking/testing/rank-by.ts';
import { ItemTable } from './item-table.ts';

const COUNT = 120;
const RAW = 6;
const WIDE = 4;
const QUICK = 2;
const LANGUAGES = ['en', 'de', 'sw', 'hi'];

let state = 3;
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return (state >>> 8) / 2 ** 24 - 0.5;
};
const matrix = (rows: number, columns: number): Float32Array => Float32Array.from({ length: rows * columns }, random);

const items: Item[] = Array.from({ length: COUNT }, (_, i) => ({
  id: `i${i}` as ItemId,
  language: LANGUAGES[i % 4] as string,
  title: `${i}`,
  description: '',
  categories: [],
}));
const adapter: AdapterData = {
  dimensions: RAW,
  projectedDimensions: WIDE,
  languages: ['en', 'de'],
  means: matrix(2, RAW),
  projection: matrix(RAW, WIDE),
};
const raw = matrix(COUNT, RAW);
const quick = matrix(COUNT, QUICK);
const allRows = items.map((_, row) => row);
const rawOf = (rows: readonly number[]): Float32Array => Float32Array.from(rows.flatMap((row) => [...raw.subarray(row * RAW, (row + 1) * RAW)]));
const vector = (table: ItemTable, row: number): Float32Array => table.vectorOf(`i${row}` as ItemId) ?? new Float32Array(0);
const likes: FeedbackEvent[] = ['i3', 'i17', 'i40'].map((id) => ({ itemId: id as ItemId, kind: 'like', timeMs: 0 }));

function fresh(): ItemTable {
  return new ItemTable(
    items,
    items.map(() => ''),
    adapter,
    createCpuBackend(),
  );
}

async function order(table: ItemTable): Promise<number[]> {
  const profile = profileVector(likes, (id) => table.vectorOf(id), table.dimensions);
  if (!profile) throw new Error('no profile');
  const seen = new Set(likes.map(({ itemId }) => table.rowOf.get(itemId) ?? -1));
  const ranked = await rankByProfile(table, profile, COUNT, { items, encoded: (row) => table.isEncoded(row), seen, wanted: undefined });
  return ranked.map(({ row }) => row);
}

describe('from quick to refined', () => {
  test('likes given while rows were quick lead to the order of a table refined from the start', async () => {
    const reference = fresh();
    reference.setRefined(allRows, raw);
    const table = fresh();
    table.setQuick(allRows, quick, QUICK);
    const quickOrder = await order(table); // as the reader saw it when liking
    for (let start = 0; start < COUNT; start += 7) {
      const rows = allRows.slice(start, start + 7).reverse();
      table.setRefined(rows, rawOf(rows));
      await order(table); // asking in between must leave no trace
    }
    expect(table.refinedCount).toBe(COUNT);
    const wanted = await order(reference);
    expect(await order(table)).toEqual(wanted);
    expect(quickOrder).not.toEqual(wanted);
    for (const row of [0, 1, 50]) expect(vector(table, row)).toEqual(vector(reference, row));
  });

  test('counts, and what is left to do', () => {
    const table = fresh();
    expect([table.encodedCount, table.refinedCount, table.rowsWithoutVector().length]).toEqual([0, 0, COUNT]);
    table.setRefined([5], rawOf([5]));
    const rest = table.rowsWithoutVector();
    expect(rest).toHaveLength(COUNT - 1);
    table.setQuick(rest, quick.subarray(0, rest.length * QUICK), QUICK);
    expect([table.encodedCount, table.refinedCount, table.rowsToRefine().length]).toEqual([COUNT, 1, COUNT - 1]);
    expect(table.isRefined(5)).toBe(true);
    expect(table.isRefined(6)).toBe(false);
  });

  test('quick rows fill the first dimensions only, all rows are unit length, and both can be searched at once', async () => {
    const table = fresh();
    table.setQuick(allRows, quick, QUICK);
    table.setRefined([0, 1, 2], rawOf([0, 1, 2]));
    const refinedRow = vector(table, 1);
    const quickRow = vector(table, 9);
    expect(Math.hypot(...refinedRow)).toBeCloseTo(1, 5);
    expect(Math.hypot(...quickRow)).toBeCloseTo(1, 5);
    expect([...quickRow.subarray(QUICK)]).toEqual([0, 0]);
    expect(refinedRow.subarray(QUICK).some((value) => value !== 0)).toBe(true);
    const query = table.correctQuick(quick.slice(9 * QUICK, 10 * QUICK), 'de');
    expect(query.reduce((sum, value, j) => sum + value * (quickRow[j] as number), 0)).toBeCloseTo(1, 5);
    expect((await table.search(table.correct(rawOf([1]), 'de'), 1))[0]?.row).toBe(1);
  });
});
