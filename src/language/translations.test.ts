// Which translations are drawn, and how they join the rows of a fit.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Item } from '../base/types.ts';
import { translatedItems } from './testing/translated-items.ts';
import { groupedRows, partOf, sampleTranslations } from './translations.ts';

// The item's own language and a copy of its text are no translations.
const items = translatedItems((row) => (row % 2 === 0 ? ['en', 'de', 'fi', 'sw', 'copy'] : undefined));

test('items with translations only, so many of each, none of the own language or text; the same seed draws the same', () => {
  const draw = (limits: Partial<Parameters<typeof sampleTranslations>[1]> = {}) =>
    sampleTranslations(items, { items: 6, languagesEach: 2, ...limits }, seededRandom(3));
  const drawn = draw();
  expect(drawn).toHaveLength(12);
  expect(new Set(drawn.map(({ item }) => item)).size).toBe(6);
  expect(drawn.every(({ item, language }) => item % 2 === 0 && ['de', 'fi', 'sw'].includes(language))).toBe(true);
  expect(draw()).toEqual(drawn);
  expect(draw({ items: 100, languagesEach: 9 })).toHaveLength(60);
  expect(
    draw({ items: 100, isOpen: (row) => row < 4 })
      .map(({ item }) => item)
      .sort(),
  ).toEqual([0, 0, 2, 2]);
  // A row that is closed takes nothing of the others away.
  const [first] = drawn;
  expect(draw({ isOpen: (row) => row !== first?.item }).slice(0, 10)).toEqual(drawn.slice(2));
});

test('what is fitted on is never judged on, and both parts have their share', () => {
  const of = (part: 'fit' | 'judge') =>
    new Set(sampleTranslations(items, { items: 100, languagesEach: 1, part }, seededRandom(1)).map(({ item }) => item));
  const [fit, judge] = [of('fit'), of('judge')];
  expect(fit.size + judge.size).toBe(20);
  expect([...fit].some((item) => judge.has(item))).toBe(false);
  expect(Math.min(fit.size, judge.size)).toBeGreaterThan(3);
  expect([...fit].every((item) => partOf(items[item] as Item) === 'fit')).toBe(true);
});

test('rows of one item are one group', () => {
  const { raw, languages, groups } = groupedRows(
    { rows: [4, 7], raw: Float32Array.of(1, 2, 3, 4), languages: ['en', undefined] },
    {
      translations: [
        { item: 7, language: 'de' },
        { item: 9, language: 'de' },
        { item: 7, language: 'fi' },
      ],
      vectors: Float32Array.of(5, 5, 6, 6, 7, 7),
    },
    2,
  );
  expect([...raw]).toEqual([1, 2, 3, 4, 5, 5, 7, 7]);
  expect(languages).toEqual(['en', undefined, 'de', 'fi']);
  expect(groups).toEqual([4, 7, 7, 7]);
});
