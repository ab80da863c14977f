import { expect, test } from 'vitest';
import { type CatalogueReport, type ParseOptions, parseCatalogue } from './parse.ts';

const ndjson = (rows: readonly unknown[], options?: ParseOptions): Promise<CatalogueReport> =>
  parseCatalogue({ name: 'a.ndjson', data: rows.map((row) => JSON.stringify(row)).join('\n') }, options);
/** One complete row, changed by `fields`. */
const row = (fields: Record<string, unknown>): Record<string, unknown> => ({ id: 'a', language: 'en', title: 'Title', ...fields });

test('every field arrives, cleaned', async () => {
  const report = await ndjson([
    {
      id: 7,
      language: 'pt_BR',
      title: ' <b>O</b> homem ',
      description: 'A &amp; B',
      translations: { de: { title: 'Der Mann', description: 'x' }, fr: { description: 'y' }, es: 'El hombre' },
      categories: ['x', ' y ', 'x', 3],
      creator: ['Ann', 'Bo'],
      kind: 'book',
      country: 'br',
      attributes: { pages: 12, price: '3.5', nothing: null },
      published: 1998,
      popularity: 120,
      link: ' https://example.org/7 ',
      image: 'covers/7.png',
      license: 'CC-BY-4.0',
      attribution: 'Ann',
      shelf: 'unknown',
    },
  ]);
  expect(report.problems).toEqual([]);
  expect(report.items).toEqual([
    {
      id: '7',
      language: 'pt-BR',
      title: 'O homem',
      description: 'A & B',
      translations: {
        de: { title: 'Der Mann', description: 'x' },
        fr: { title: 'O homem', description: 'y' },
        es: { title: 'El hombre', description: '' },
      },
      categories: ['x', 'y', '3'],
      creator: 'Ann, Bo',
      kind: 'book',
      country: 'BR',
      attributes: { pages: 12, price: 3.5 },
      published: '1998',
      popularity: 120,
      link: 'https://example.org/7',
      image: 'covers/7.png',
      license: 'CC-BY-4.0',
      attribution: 'Ann',
    },
  ]);
  expect(report).toMatchObject({ format: 'ndjson', rowCount: 1, problemCount: 0, unmappedColumns: ['shelf'] });
});

test('categories as text are split on ; | and ,', async () => {
  expect((await ndjson([row({ categories: 'a; b|c, d;;a' })])).items[0]?.categories).toEqual(['a', 'b', 'c', 'd']);
});

test('a missing title is an error; a missing description is fine', async () => {
  const { items, problems } = await ndjson([row({ title: undefined }), row({ id: 'b' }), row({ id: 'c', title: ' <br>\u200C ' })]);
  expect(items).toEqual([{ id: 'b', language: 'en', title: 'Title', description: '', categories: [] }]);
  expect(problems).toMatchObject([
    { row: 1, id: 'a', field: 'title', severity: 'error', message: 'title is missing.' },
    { row: 3, id: 'c', field: 'title', severity: 'error', value: ' <br>\u200C ' },
  ]);
  expect(problems[0]?.remedy).not.toBe('');
});

test('an id that is neither text nor number keeps the row out', async () => {
  const { items, problems } = await ndjson([row({ id: { a: 1 } }), row({ id: 'b' })]);
  expect(items).toHaveLength(1);
  expect(problems).toMatchObject([{ field: 'id', value: '{"a":1}', severity: 'error' }]);
});

test('a missing language is detected from title and description', async () => {
  const seen: string[] = [];
  const detectLanguage = (text: string): string | undefined => {
    seen.push(text);
    return text.startsWith('Der') ? 'de' : undefined;
  };
  const { items, problems, detectedLanguages } = await ndjson(
    [
      row({ id: 'a', language: undefined, title: 'Der Mann', description: 'war groß' }),
      row({ id: 'b', language: 'und', title: '???' }),
      row({ id: 'c' }),
    ],
    { detectLanguage },
  );
  expect(seen).toEqual(['Der Mann. war groß', '???']);
  expect(items.map(({ language, languageDetected }) => [language, languageDetected])).toEqual([
    ['de', true],
    ['und', undefined],
    ['en', undefined],
  ]);
  expect(detectedLanguages).toBe(1);
  expect(problems).toMatchObject([{ row: 2, id: 'b', field: 'language', severity: 'warning' }]);
});

test('language tags: bad ones are reported and detected, others made canonical', async () => {
  const stated = ['english', 'xx_YY!!', 'pt_BR', 'EN-us', 'iw', 'de_DE.UTF-8', 'zh-hant-tw'];
  const { items, problems } = await ndjson(
    stated.map((language, at) => row({ id: at, title: `T${at}`, language })),
    { detectLanguage: () => 'en' },
  );
  expect(items.map(({ language }) => language)).toEqual(['en', 'en', 'pt-BR', 'en-US', 'he', 'de-DE', 'zh-Hant-TW']);
  expect(items.map(({ languageDetected = false }) => languageDetected)).toEqual([true, true, false, false, false, false, false]);
  expect(problems).toMatchObject([
    { row: 1, field: 'language', value: 'english', severity: 'warning' },
    { row: 2, field: 'language', value: 'xx_YY!!', severity: 'warning' },
  ]);
});

test('addresses: http, https and relative ones only', async () => {
  const links = [
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'JAVASCRIPT:x',
    'data:text/html,x',
    'C:\\x',
    'http://',
    '/items/7',
    '//example.org/x',
    'http://example.org',
    'a b',
  ];
  const { items, problems } = await ndjson(links.map((link, at) => row({ id: at, title: `T${at}`, link, image: at === 0 ? link : undefined })));
  expect(items.map(({ link }) => link)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    '/items/7',
    '//example.org/x',
    'http://example.org',
    'a b',
  ]);
  expect(items[0]).not.toHaveProperty('image');
  expect(problems.map(({ row, field }) => `${row} ${field}`)).toEqual(['1 link', '1 image', '2 link', '3 link', '4 link', '5 link', '6 link']);
  expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
});

test('bad optional fields are left out, each with a problem', async () => {
  const { items, problems } = await ndjson([
    row({
      country: 'Germany',
      published: '31.5.1998',
      attributes: { a: 'many', b: '1,5', c: 2, d: true },
      categories: { x: 1 },
      creator: 5,
      kind: ['x'],
      description: {},
      translations: { xx_: 'x', de: 7, fr: {}, en: 'x', 'de-de': 'x', de_DE: 'y' },
    }),
    row({ id: 'b', title: 'T', published: '2023-02-30' }),
    row({ id: 'c', title: 'U', published: '2023-02-28T10:00:00Z', attributes: [1] }),
  ]);
  expect(items[0]).toEqual({
    id: 'a',
    language: 'en',
    title: 'Title',
    description: '',
    categories: [],
    creator: '5',
    attributes: { c: 2 },
    translations: { 'de-DE': { title: 'x', description: '' } },
  });
  expect(items[2]?.published).toBe('2023-02-28T10:00:00Z');
  expect(problems.map(({ row, field }) => `${row} ${field}`).sort()).toEqual([
    '1 attributes.a',
    '1 attributes.b',
    '1 attributes.d',
    '1 categories',
    '1 country',
    '1 description',
    '1 kind',
    '1 published',
    '1 translations.de',
    '1 translations.de_DE',
    '1 translations.en',
    '1 translations.xx_',
    '2 published',
    '3 attributes',
  ]);
});

test('names of object members are names like any other', async () => {
  const { items } = await parseCatalogue({
    name: 'a.ndjson',
    data: '{"id":"__proto__","title":"T","language":"en","attributes":{"__proto__":1,"constructor":2},"__proto__":{"x":1}}',
  });
  expect(items[0]?.id).toBe('__proto__');
  expect(Object.entries(items[0]?.attributes ?? {})).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
  expect(Object.getPrototypeOf(items[0])).toBe(Object.prototype);
});

test.each([
  ['ndjson', '{"id":"a","title":"One","language":"en","popularity":12}\n{"id":"b","title":"Two","language":"en","popularity":"0"}'],
  ['json', '[{"id":"a","title":"One","language":"en","sales":12},{"id":"b","title":"Two","language":"en","sales":0}]'],
  ['csv', 'id,title,language,views\na,One,en,12\nb,Two,en,0\n'],
  ['tsv', 'id\ttitle\tlanguage\tVerkäufe\na\tOne\ten\t12\nb\tTwo\ten\t0\n'],
])('popularity is read from %s, and 0 is a count', async (extension, data) => {
  const { items, problems, format } = await parseCatalogue({ name: `a.${extension}`, data });
  expect(format).toBe(extension);
  expect(items.map(({ popularity }) => popularity)).toEqual([12, 0]);
  expect(problems).toEqual([]);
});

test.each([
  ['-1', 'popularity is below 0; it was left out.'],
  ['1,234', 'popularity is not a number; it was left out.'],
  ['1e999', 'popularity is not a finite number; it was left out.'],
  ['many', 'popularity is not a number; it was left out.'],
])('popularity %j is a problem of its row, which goes on without it', async (value, message) => {
  const { items, problems } = await ndjson([row({ popularity: value })]);
  expect(items).toHaveLength(1);
  expect(items[0]).not.toHaveProperty('popularity');
  expect(problems).toMatchObject([{ row: 1, id: 'a', field: 'popularity', value, message, severity: 'warning' }]);
  expect(problems[0]?.remedy).toContain('without thousands separators');
});

test('an empty cell states no popularity', async () => {
  const { items, problems } = await parseCatalogue({ name: 'a.csv', data: 'id,title,language,popularity\na,One,en,\nb,Two,en,3\n' });
  expect(items.map(({ popularity }) => popularity)).toEqual([undefined, 3]);
  expect(problems).toEqual([]);
});
