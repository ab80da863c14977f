// Every language has every text with the same placeholders, and the forms that its plural rules ask for.
import { expect, test } from 'vitest';
import { cardEn } from './card/en.ts';
import { loadCardLocalizer } from './card-localize.ts';
import { en } from './en.ts';
import { placeholdersOf } from './format.ts';
import { autonym, directionOf, INTERFACE_LANGUAGES, loadLocalizer, loadMessages } from './localize.ts';
import type { PluralForms } from './types.ts';

const texts = (message: string | PluralForms): string[] => (typeof message === 'string' ? [message] : Object.values(message));

test.each(INTERFACE_LANGUAGES)('%s is complete', async (tag) => {
  const messages = await loadMessages(tag);
  expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  for (const [key, source] of Object.entries(en)) {
    const translated = messages[key as keyof typeof en];
    const isPlural = typeof source !== 'string';
    expect(typeof translated !== 'string', key).toBe(isPlural);
    for (const text of texts(translated)) {
      expect(text.trim(), key).not.toBe('');
      // A plural form may say the number in words.
      const expected = placeholdersOf(texts(source).at(-1) ?? '');
      if (isPlural) expect(expected, key).toEqual(expect.arrayContaining(placeholdersOf(text)));
      else expect(placeholdersOf(text), key).toEqual(expected);
    }
    if (typeof translated !== 'string') expect(placeholdersOf(translated.other), key).toEqual(['count']);
  }
});

test.each(INTERFACE_LANGUAGES.filter((tag) => tag !== 'en'))('%s is translated', async (tag) => {
  const messages = await loadMessages(tag);
  const allowed = new Set(['actionLabel', 'model', 'navCatalogue', 'notices', 'pageNumber']); // the same word in some languages
  const same = Object.entries(en).filter(([key, text]) => !allowed.has(key) && messages[key as keyof typeof en] === text);
  expect(same).toEqual([]);
});

test.each(INTERFACE_LANGUAGES)('%s: the card alone speaks as the page does', async (tag) => {
  const [card, page] = await Promise.all([loadCardLocalizer([tag]), loadLocalizer([tag])]);
  const keys = Object.keys(cardEn) as (keyof typeof cardEn)[];
  const values = { action: 'A', title: 'T', titles: 'TT' };
  expect(keys.map((key) => card.text(key, values))).toEqual(keys.map((key) => page.text(key, values)));
  expect([card.tag, card.direction]).toEqual([tag, page.direction]);
});

test('direction and own name', () => {
  expect(INTERFACE_LANGUAGES.filter((tag) => directionOf(tag) === 'rtl')).toEqual(['ar', 'he']);
  expect(['fa', 'ur-PK', 'az-Arab', 'ckb'].map(directionOf)).toEqual(['rtl', 'rtl', 'rtl', 'rtl']);
  expect(['en', 'ar-Latn', 'uz-Cyrl'].map(directionOf)).toEqual(['ltr', 'ltr', 'ltr']);
  expect(['de', 'fr', 'tr'].map(autonym)).toEqual(['Deutsch', 'Français', 'Türkçe']);
});
