import { expect, test } from 'vitest';
import { sha256Hex } from '../base/hash.ts';
import { contentKey, itemText } from './text.ts';

test('title and description are joined with ". " unless the title ends with punctuation of any script', () => {
  expect(itemText({ title: 'Tall', description: 'A man.' })).toBe('Tall. A man.');
  expect(itemText({ title: 'Tall?', description: 'A man.' })).toBe('Tall? A man.');
  expect(itemText({ title: '高い。', description: '男' })).toBe('高い。 男');
  expect(itemText({ title: 'क्या।', description: 'हाँ' })).toBe('क्या। हाँ');
  expect(itemText({ title: 'چرا؟', description: 'ب' })).toBe('چرا؟ ب');
  expect(itemText({ title: 'Tall', description: '' })).toBe('Tall');
  expect(itemText({ title: '', description: 'A man.' })).toBe('A man.');
});

test('a translation is picked by its tag, and only an own property is one', () => {
  const item = {
    language: 'en',
    title: 'Tall',
    description: 'A man.',
    translations: { de: { title: 'Groß', description: 'Ein Mann.' } },
  };
  expect(itemText(item, 'de')).toBe('Groß. Ein Mann.');
  expect(itemText(item, 'en')).toBe('Tall. A man.');
  expect(itemText(item, 'fr')).toBe('Tall. A man.');
  expect(itemText(item, 'constructor')).toBe('Tall. A man.');
});

test('the content key is the hash of the cleaned text', async () => {
  expect(await contentKey(' <b>Cafe\u0301</b>  noir')).toBe(await sha256Hex('Café noir'));
  expect(await contentKey('Café noir')).not.toBe(await contentKey('Café noire'));
});
