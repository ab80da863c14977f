// Placeholders, plurals, numbers and the choice of the language.
import { expect, test } from 'vitest';
import { format, isolate } from './format.ts';
import { englishLocalizer, loadLocalizer, matchLanguage, negotiateLanguage } from './localize.ts';

test('format fills placeholders once and leaves the unknown alone', () => {
  expect(format('{a} of {b}, {c}', { a: 1, b: '{a}' })).toBe('1 of {a}, {c}');
  expect(format('{toString}', {})).toBe('{toString}');
  expect(format('{a}', { a: '$&' })).toBe('$&');
});

test('plurals and numbers follow the language', async () => {
  expect(englishLocalizer.text('itemCount', { count: 1 })).toBe('1 item');
  expect(englishLocalizer.text('itemCount', { count: 12345 })).toBe('12,345 items');
  const russian = await loadLocalizer(['ru-RU']);
  expect([1, 2, 5, 21].map((count) => russian.text('languageCount', { count }))).toEqual(['1 язык', '2 языка', '5 языков', '21 язык']);
  const german = await loadLocalizer(['de-AT']);
  expect(german.text('encodedOf', { done: 1000, total: 2000 })).toBe('1.000 von 2.000 Einträgen gelernt');
});

test('names of languages and regions, with a fallback for what is none', () => {
  expect(englishLocalizer.languageName('sw')).toBe('Swahili');
  expect(englishLocalizer.languageName('not a tag')).toBe('not a tag');
  expect(englishLocalizer.regionName('tz')).toBe('Tanzania');
  expect(englishLocalizer.regionName('Atlantis')).toBe('ATLANTIS');
  expect(englishLocalizer.duration(30)).toBe('30 seconds');
  expect(englishLocalizer.duration(600)).toBe('10 minutes');
});

test('values of another direction are isolated', async () => {
  expect(isolate('cat', 'ltr')).toBe('cat');
  expect(isolate('قط', 'ltr')).toBe('\u2068قط\u2069');
  const hebrew = await loadLocalizer(['iw']);
  expect(hebrew.direction).toBe('rtl');
  expect(hebrew.text('actionLabel', { action: 'אהבתי', title: 'Cat' })).toContain('\u2068Cat\u2069');
});

test('negotiation takes the first wish there are texts for', () => {
  expect(negotiateLanguage([null, 'xx', 'pt-BR', 'de'])).toBe('pt');
  expect(negotiateLanguage(['zh-Hant-TW'])).toBe('zh');
  expect(negotiateLanguage(['EN-gb'])).toBe('en');
  expect(negotiateLanguage([])).toBe('en');
  expect(matchLanguage('eng')).toBeUndefined();
});
