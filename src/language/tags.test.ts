import { expect, test } from 'vitest';
import { fallbacks, matchesLanguage, nearestTag, primaryLanguage, scriptFallbacks, scriptOf } from './tags.ts';

test('fallbacks go from special to general', () => {
  expect(fallbacks('sr-Latn-RS')).toEqual(['sr-Latn-RS', 'sr-Latn', 'sr']);
  expect(primaryLanguage('pt-BR')).toBe('pt');
});

test.each([
  ['pt', 'pt-BR', true],
  ['pt-BR', 'pt', true],
  ['pt-BR', 'pt-PT', false],
  ['zh-Hant', 'zh', false],
  ['zh-Hans', 'zh', true],
  ['zh-Hant', 'zh-TW', false],
  ['zh', 'zh-TW', true],
  ['en', 'de', false],
  ['ha-NE', 'ha-NE', true],
])('a reader of %s gets %s: %s', (chosen, item, fits) => {
  expect(matchesLanguage(chosen, item)).toBe(fits);
});

test('scripts, stated or likely', () => {
  expect(['zh-TW', 'zh-CN', 'zh', 'zh-Hant', 'sr', 'sr-Latn', 'pt-BR', 'xx-!'].map(scriptOf)).toEqual([
    'Hant',
    'Hans',
    'Hans',
    'Hant',
    'Cyrl',
    'Latn',
    'Latn',
    '',
  ]);
});

test('fallbacks never leave the script', () => {
  expect(scriptFallbacks('zh-TW')).toEqual(['zh-TW', 'zh-Hant']);
  expect(scriptFallbacks('zh-CN')).toEqual(['zh-CN', 'zh-Hans', 'zh']);
  expect(scriptFallbacks('sr-Latn-RS')).toEqual(['sr-Latn-RS', 'sr-Latn']);
  expect(scriptFallbacks('pt-BR')).toEqual(['pt-BR', 'pt-Latn', 'pt']);
});

test.each([
  ['pt-BR', ['en', 'pt'], 'pt'],
  ['pt', ['pt-BR', 'pt-PT'], 'pt-BR'],
  ['zh-TW', ['zh', 'zh-Hant'], 'zh-Hant'],
  ['zh-Hant', ['zh', 'zh-TW'], 'zh-TW'],
  ['zh-Hant', ['zh', 'en'], undefined],
  ['PT_br', ['pt-BR'], 'pt-BR'],
  ['sr', ['sr-Latn'], undefined],
  ['en', [], undefined],
])('nearest to %s in %j is %s', (tag, available, nearest) => {
  expect(nearestTag(tag, available)).toBe(nearest);
});

test('another script only where it is allowed', () => {
  expect(nearestTag('zh-Hant', ['zh', 'en'], { anyScript: true })).toBe('zh');
  expect(nearestTag('fr', ['zh', 'en'], { anyScript: true })).toBeUndefined();
});
