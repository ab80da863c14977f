import { expect, test } from 'vitest';
import { canonicalTag, knownLanguage } from './language-tag.ts';

test('one spelling for each tag', () => {
  expect(['PT_br', 'iw', 'eng', 'de_DE.UTF-8', 'lgg-x-official', 'und'].map(canonicalTag)).toEqual([
    'pt-BR',
    'he',
    'en',
    'de-DE',
    'lgg-x-official',
    'und',
  ]);
});

test.each(['not a tag', 'english', 'x-foo', '', '-', 'en-', '12'])('malformed or private: %j', (tag) => {
  expect(canonicalTag(tag)).toBeUndefined();
  expect(knownLanguage(tag)).toBeUndefined();
});

test('codes that name no language, and neighbours that do', () => {
  for (const tag of ['und', 'und-Latn', 'mul', 'mis', 'zxx', 'qaa', 'qtz', 'qaa-Latn', undefined]) expect(knownLanguage(tag)).toBeUndefined();
  for (const tag of ['qu', 'mu', 'en-x-foo']) expect(knownLanguage(tag)).toBe(tag);
});
