import { expect, test } from 'vitest';
import { languageGroup } from './language-group.ts';

test.each([
  ['pt', 'pt-Latn'],
  ['pt-BR', 'pt-Latn'],
  ['zh-TW', 'zh-Hant'],
  ['zh', 'zh-Hans'],
  ['sr', 'sr-Cyrl'],
  ['sr-Latn', 'sr-Latn'],
  ['not a tag', 'not a tag'],
  ['', ''],
])('%s belongs to %s', (tag, group) => {
  expect(languageGroup(tag)).toBe(group);
});
