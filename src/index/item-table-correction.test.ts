// The fitted correction in the table: items, users and searches always go through the same one.
import { describe, expect, test, vi } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { identityAdapter } from '../language/adapter.ts';
import { parseCorrection, serialiseCorrection } from '../language/correction/codec.ts';
import { plantCatalogue } from '../language/correction/testing/planted.ts';
import { ItemTable } from './item-table.ts';
import { RowStore } from './raw-rows.ts';

const TAGS = ['en', 'de', 'sw'];

function planted(tags: readonly string[], count: number) {
  const { raw, dimensions, languages } = plantCatalogue({ items: count, tags: [...tags], bias: 1.5 });
  const items = languages.map(
    (language, i): Item => ({ id: `i${i}` as ItemId, language: language ?? 'und', title: `${i}`, description: '', categories: [] }),
  );
  const rows = items.map((_, row) => row);
  const table = new ItemTable(
    items,
    items.map(() => ''),
    identityAdapter(dimensions),
    createCpuBackend(),
  );
  return { raw, d: dimensions, items, rows, table };
}

/** Mean share of the ten nearest that are of the row's own language. */
async function ownShare({ table, items }: { table: ItemTable; items: readonly Item[] }): Promise<number> {
  let same = 0;
  for (const item of items) {
    const found = await table.search(table.vectorOf(item.id) ?? new Float32Array(0), 11);
    same += found.filter(({ row }) => items[row] !== item && items[row]?.language === item.language).length / 10;
  }
  return same / items.length;
}

describe('refitCorrection', () => {
  test('lists do not follow the language; an item, its search and its place in the index agree', async () => {
    const room = planted(TAGS, 40);
    const { table, raw, rows, items, d } = room;
    table.setRefined(rows, raw);
    await table.refitCorrection();
    expect(table.correction.report.criterion).not.toBe('default');
    expect(await ownShare(room)).toBeLessThan(0.45); // fair: 39/119; raw rows: nearly 1
    for (const row of [0, 7, 100]) {
      const query = table.correct(raw.slice(row * d, (row + 1) * d), items[row]?.language ?? '');
      expect((await table.search(query, 1))[0]?.row).toBe(row);
      expect(query.reduce((sum, value, j) => sum + value * (table.vectorOf(`i${row}` as ItemId)?.[j] ?? 0), 0)).toBeCloseTo(1, 4);
    }
  });

  test('rows that come while it builds are corrected too, and those that go are gone', async () => {
    const { table, raw, rows, d } = planted(TAGS, 120);
    table.setRefined(rows, raw);
    const version = table.correctionVersion;
    const refitting = table.refitCorrection();
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
    while (table.correctionVersion === version) {
      table.setRefined([3], raw.slice(9 * d, 10 * d)); // another text for item 3, always the same
      table.forget([5]);
      await turn();
    }
    await refitting;
    const another = table.correct(raw.slice(9 * d, 10 * d), 'en');
    expect(table.vectorOf('i3' as ItemId)?.length).toBe(another.length);
    const found = await table.search(another, 2);
    expect(found.map(({ row }) => row)).toContain(3);
    expect(table.isEncoded(5)).toBe(false);
    const all = await table.search(another, rows.length);
    expect(all.find(({ row }) => row === 5)?.score).toBeCloseTo(0, 5);
  });

  test('nothing is fitted again before a fifth of the rows have changed', async () => {
    const { table, raw, rows, d } = planted(TAGS, 40);
    table.setRefined(rows, raw);
    await table.refitCorrection();
    const { correction } = table;
    table.setRefined(rows.slice(0, 20), raw.slice(0, 20 * d));
    await table.refitCorrection();
    expect(table.correction).toBe(correction);
    table.setRefined(rows.slice(0, 10), raw.slice(0, 10 * d));
    await table.refitCorrection();
    expect(table.correction).not.toBe(correction);
  });

  test('one language, and a language with one item', async () => {
    for (const room of [planted(['en'], 50), planted(TAGS, 20)]) {
      const { table, raw, rows, items } = room;
      const last = items.at(-1);
      if (last && items[0] !== last && items.length > 50) last.language = 'xx';
      table.setRefined(rows, raw);
      await table.refitCorrection();
      for (const row of [0, items.length - 1]) expect(Math.hypot(...(table.vectorOf(`i${row}` as ItemId) ?? []))).toBeCloseTo(1, 4);
      expect((await table.search(table.vectorOf('i0' as ItemId) ?? new Float32Array(0), 1))[0]?.row).toBe(0);
    }
  });

  test('a stored correction serves another opening: the same vectors, and of the wrong encoder it is refused', async () => {
    const { table, raw, rows, items, d } = planted(TAGS, 40);
    table.setRefined(rows, raw);
    await table.refitCorrection();
    const again = new ItemTable(
      items,
      items.map(() => ''),
      identityAdapter(d),
      createCpuBackend(),
    );
    again.setRefined(rows, raw);
    again.install(parseCorrection(serialiseCorrection(table.correction)));
    expect(again.vectorOf('i8' as ItemId)).toEqual(table.vectorOf('i8' as ItemId));
    const other = new ItemTable(
      items,
      items.map(() => ''),
      identityAdapter(d + 1),
      createCpuBackend(),
    );
    expect(() => other.install(table.correction)).toThrow(expect.objectContaining({ code: 'bad-vector' }));
  });

  test('an abort leaves what was there', async () => {
    const { table, raw, rows } = planted(TAGS, 40);
    table.setRefined(rows, raw);
    const before = table.vectorOf('i8' as ItemId)?.slice();
    await expect(table.refitCorrection({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(table.vectorOf('i8' as ItemId)).toEqual(before);
  });
});

test('large tables take 2 bytes a dimension and item, and rank almost as exactly', async () => {
  const count = 20_001;
  const d = 16;
  const languages = ['en', 'de', 'sw', 'hi'];
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24 - 0.5;
  };
  const items = Array.from(
    { length: count },
    (_, i): Item => ({ id: `i${i}` as ItemId, language: languages[i % 4] as string, title: '', description: '', categories: [] }),
  );
  const table = new ItemTable(
    items,
    items.map(() => ''),
    identityAdapter(d),
    createCpuBackend(),
  );
  const raw = Float32Array.from({ length: count * d }, random);
  for (let row = 0; row < count; row++) {
    const values = raw.subarray(row * d, (row + 1) * d);
    const length = Math.hypot(...values);
    values.forEach((value, j) => {
      values[j] = value / length;
    });
  }
  table.setRefined(
    items.map((_, row) => row),
    raw,
  );
  for (const row of [0, 12_345, 20_000]) {
    const found = await table.search(table.correct(raw.slice(row * d, (row + 1) * d), languages[row % 4] as string), 1);
    expect(found[0]?.row).toBe(row);
    expect(found[0]?.score).toBeCloseTo(1, 1);
  }
  // The hubness dimension and a scale a row are beside them.
  expect(table.bytes).toBeLessThanOrEqual(count * (2 * d + 16));
});

test('compact rows: cosine with what was set above 0.9999, short ones padded with zeros', () => {
  const rows = new RowStore(2, 8, true);
  const values = Float32Array.of(0.5, -0.1, 0.3, 0.02, 0.4, -0.6, 0.3, 0.1);
  rows.set(0, values);
  rows.set(1, values.subarray(0, 3));
  const back = rows.read([0, 1]);
  const cosine =
    values.reduce((sum, value, j) => sum + value * (back[j] as number), 0) / (Math.hypot(...values) * Math.hypot(...back.subarray(0, 8)));
  expect(cosine).toBeGreaterThan(0.9999);
  expect([...back.subarray(11)]).toEqual([0, 0, 0, 0, 0]);
  rows.clear(0);
  expect([...rows.read([0])].every((value) => value === 0)).toBe(true);
});

describe('turns', () => {
  /** Every look at the clock takes 10 ms: with turns of 10 ms the event loop runs after every few rows. */
  function large(count: number) {
    let now = 0;
    const languages = ['en', 'de'];
    const items = Array.from(
      { length: count },
      (_, i): Item => ({ id: `i${i}` as ItemId, language: languages[i % 2] as string, title: '', description: '', categories: [] }),
    );
    const table = new ItemTable(
      items,
      items.map(() => ''),
      identityAdapter(2),
      createCpuBackend(),
      { clock: () => (now += 10), sliceMs: 10 },
    );
    const vector = (row: number): [number, number] => [Math.cos(row), Math.sin(row)];
    table.setRefined(
      items.map((_, row) => row),
      Float32Array.from(items.flatMap((_, row) => vector(row))),
    );
    return { table, vector };
  }

  /** The last row is found, so all rows before it are in the index. */
  async function expectAllRowsFound(table: ItemTable): Promise<void> {
    const lastRow = Uint32Array.from({ length: 20_480 / 32 }, (_, word) => (word === 639 ? 2 ** 31 : 0));
    expect((await table.search(Float32Array.of(1, 0), 1, lastRow)).map(({ row }) => row)).toEqual([20_479]);
  }

  test('a large table is corrected in many turns, told as it goes; then nothing is left to do', async () => {
    const { table } = large(20_480);
    const done: number[] = [];
    await table.ready({ onProgress: (progress) => done.push(progress.done) });
    // 256 rows first, then 64 at a time, a turn after each.
    expect(done).toHaveLength(1 + (20_480 - 256) / 64);
    expect(done.slice(0, 3)).toEqual([256, 320, 384]);
    expect(done.at(-1)).toBe(20_480);
    const again = vi.fn();
    await table.ready({ onProgress: again });
    expect(again).not.toHaveBeenCalled();
    await expectAllRowsFound(table);
  });

  test('two that wait share the work; one that gives up does not stop the other', async () => {
    const { table } = large(20_480);
    const abort = new AbortController();
    let turns = 0;
    const tell = (): void => {
      turns++;
      if (turns === 20) abort.abort();
    };
    const stopped = table.ready({ signal: abort.signal, onProgress: tell });
    const other = table.ready({ onProgress: tell });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await other;
    expect(turns).toBe(1 + (20_480 - 256) / 64);
    await expectAllRowsFound(table);
  });

  test('many rows that come to a large table wait for the next `ready`; lists use what is there', async () => {
    const { table, vector } = large(20_480);
    await table.ready();
    const { correctionVersion } = table;
    const moved = Array.from({ length: 1000 }, (_, i) => i);
    const there = table.correct(Float32Array.from(vector(7)), 'en');
    table.setRefined(moved, Float32Array.from(moved.flatMap(() => vector(500))));
    const rowSeven = Uint32Array.from({ length: 20_480 / 32 }, (_, word) => (word === 0 ? 1 << 7 : 0));
    const scoreFound = async () => (await table.search(there, 1, rowSeven))[0]?.score ?? 0;
    expect(table.correctionVersion).toBe(correctionVersion);
    expect(await scoreFound()).toBeCloseTo(1, 1);
    await table.ready();
    expect(await scoreFound()).toBeCloseTo(
      there.reduce((sum, value, j) => sum + value * (table.vectorOf('i7' as ItemId)?.[j] ?? 0), 0),
      1,
    );
    expect(await scoreFound()).toBeLessThan(0.9);
  });

  test('a closed table ends the waiting', async () => {
    const { table } = large(20_480);
    const waiting = table.ready({ onProgress: () => table.dispose() });
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  });

  test('refitCorrection corrects all rows in turns, and an abort in the middle of them leaves what was there', async () => {
    const { table } = large(20_480);
    await table.ready();
    const { correction, correctionVersion } = table;
    const abort = new AbortController();
    const fitted = { ...correction };
    const refitting = table.refitCorrection({ signal: abort.signal, fit: async () => fitted });
    while (table.correctionVersion === correctionVersion && !abort.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve));
      abort.abort();
    }
    await expect(refitting).rejects.toMatchObject({ code: 'aborted' });
    expect(table.correction).toBe(correction);
    expect(table.correctionVersion).toBe(correctionVersion);
    await expectAllRowsFound(table);
    await table.refitCorrection({ fit: async () => fitted });
    expect(table.correction).toBe(fitted);
    expect(table.correctionVersion).toBe(correctionVersion + 1);
    await expectAllRowsFound(table);
  });
});
