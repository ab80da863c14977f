import { expect, test } from 'vitest';
import { languageTellingCategories } from './telling-categories.ts';

const item = (language: string, ...categories: string[]) => ({ language, categories });
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

test('a category of one language is found, one of all languages is not', () => {
  const items = ['de', 'fr', 'sw'].flatMap((language) => many(10, () => item(language, `shelf ${language}`, 'adventure')));
  expect(languageTellingCategories(items).sort()).toEqual(['shelf de', 'shelf fr', 'shelf sw']);
});

test('regions count with their language; a few strays change nothing; a small category may be of one language by chance', () => {
  const items = [...many(19, (i) => item(i % 2 ? 'pt-BR' : 'pt', 'livros')), item('en', 'livros'), ...many(30, () => item('en', 'books'))];
  expect(languageTellingCategories(items)).toEqual(['livros']);
  expect(languageTellingCategories([...many(4, () => item('de', 'Krimi')), ...many(20, () => item('fr', 'polar'))])).toEqual([]);
});

test('where most of the catalogue is in one language its categories are kept', () => {
  const items = [...many(80, (i) => item('en', i % 2 ? 'games' : 'tools')), ...many(20, (i) => item('de', i % 2 ? 'games' : 'tools'))];
  expect(languageTellingCategories(items)).toEqual([]);
  expect(languageTellingCategories([])).toEqual([]);
});
