// What comes from a catalogue is checked before it is shown: links, category names, error codes.
import { expect, test } from 'vitest';
import { ERROR_CODES, RecommenderError } from '../base/errors.ts';
import { categoryName, parseCategoryNames } from './category-names.ts';
import { errorAdvice } from './error-advice.ts';
import { safeHref } from './safe-href.ts';

test.each(['https://example.org/a', 'http://example.org', '/shop/1', 'shop.html#x', '?id=1'])('%s may be followed', (link) => {
  expect(safeHref(link)).toBe(link);
});

test.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'blob:x', 'file:///etc', '', 'http://'])(
  '%j may not',
  (link) => {
    expect(safeHref(link)).toBeUndefined();
  },
);

test('category names: language, primary language, English, id', () => {
  const names = parseCategoryNames({ sea: { en: 'Sea', pt: 'Mar', de: 7 }, bad: 'x', ['__proto__']: { en: 'x' } });
  expect(categoryName(names, 'sea', 'pt-BR')).toBe('Mar');
  expect(categoryName(names, 'sea', 'de')).toBe('Sea');
  expect(categoryName(names, 'bad', 'de')).toBe('bad');
  expect(categoryName(names, 'toString', 'en')).toBe('toString');
  expect(categoryName(parseCategoryNames([]), 'toString', 'en')).toBe('toString');
  expect(parseCategoryNames(null)).toEqual({});
});

test('every error code has an advice; only a wished stop has none', () => {
  for (const code of ERROR_CODES) expect(errorAdvice(new RecommenderError(code, 'x')) === null, code).toBe(code === 'aborted');
  expect(errorAdvice('text')).toBe('errorOther');
});
