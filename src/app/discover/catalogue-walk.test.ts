// Pages against a plain filter over the whole list; slices are read once.
import { expect, test } from 'vitest';
import type { Item } from '../../base/types.ts';
import { fakeItem } from '../../ui/testing/fake-recommender.ts';
import { CatalogueWalk, type Wanted } from './catalogue-walk.ts';

const ITEMS: Item[] = Array.from({ length: 57 }, (_, i) =>
  fakeItem(`i${i}`, i % 3 === 0 ? 'sw' : 'de', `Item ${i}`, i % 5 === 0 ? ['Sea', 'Sky'] : ['Sky']),
);

function walk(wanted: Wanted, pageSize: number, slice: number) {
  const asked: number[] = [];
  const browse = async (from: number, count: number): Promise<Item[]> => {
    asked.push(from);
    return ITEMS.slice(from, from + count);
  };
  return { pages: new CatalogueWalk(browse, wanted, pageSize, slice), asked };
}

test.each<Wanted>([
  { language: null, category: null },
  { language: 'sw', category: null },
  { language: null, category: 'Sea' },
  { language: 'sw', category: 'Sea' },
  { language: 'fr', category: null },
])('pages of %o are the filtered list, cut', async (wanted) => {
  const fitting = ITEMS.filter(
    ({ language, categories }) =>
      (wanted.language === null || language === wanted.language) && (wanted.category === null || categories.includes(wanted.category)),
  );
  const { pages } = walk(wanted, 4, 10);
  for (const page of [2, 0, 1, 7, 14, 99]) {
    const { items, more } = await pages.page(page);
    expect(items).toEqual(fitting.slice(page * 4, page * 4 + 4));
    expect(more).toBe(fitting.length > page * 4 + 4);
  }
});

test('no slice is read twice, and none that is not needed', async () => {
  const { pages, asked } = walk({ language: null, category: null }, 4, 10);
  await pages.page(0);
  expect(asked).toEqual([0]);
  await pages.page(3);
  await pages.page(0);
  expect(asked).toEqual([0, 10]);
  await Promise.all([pages.page(5), pages.page(5)]);
  expect((await pages.page(5)).items.map(({ id }) => id)).toEqual(['i20', 'i21', 'i22', 'i23']);
});

test('a catalogue as long as its slices ends', async () => {
  const { pages } = walk({ language: null, category: null }, 19, 19);
  expect(await pages.page(2)).toEqual({ items: ITEMS.slice(38), more: false });
});

test('an aborted walk stops', async () => {
  const { pages, asked } = walk({ language: 'fr', category: null }, 4, 10);
  const abort = new AbortController();
  const end = pages.page(0, abort.signal);
  abort.abort();
  await expect(end).rejects.toThrow();
  expect(asked).toEqual([0]);
});
