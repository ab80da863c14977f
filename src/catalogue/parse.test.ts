import { expect, test } from 'vitest';
import { type CatalogueReport, type ParseOptions, parseCatalogue } from './parse.ts';

const parse = (name: string, data: string | Uint8Array | Blob | ArrayBuffer, options?: ParseOptions): Promise<CatalogueReport> =>
  parseCatalogue({ name, data }, options);
const ndjson = (rows: readonly unknown[], options?: ParseOptions): Promise<CatalogueReport> =>
  parse('a.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'), options);
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

test('a missing id is derived from the content and always the same', async () => {
  const rows = [row({ id: undefined }), row({ id: '', title: 'Other' })];
  const first = await ndjson(rows);
  const second = await ndjson(rows.toReversed(), { detectLanguage: () => 'de' });
  expect(first.items[0]?.id).toMatch(/^text-[0-9a-f]{16}$/);
  expect(second.items.map(({ id }) => id)).toEqual(first.items.map(({ id }) => id).toReversed());
  expect(first.problems).toMatchObject([
    { field: 'id', severity: 'warning', id: first.items[0]?.id },
    { field: 'id', severity: 'warning' },
  ]);
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

test('the second row with an id is an error', async () => {
  const { items, problems } = await ndjson([row({}), row({ title: 'Another' })]);
  expect(items).toMatchObject([{ title: 'Title' }]);
  expect(problems).toMatchObject([{ row: 2, id: 'a', field: 'id', value: 'a', severity: 'error' }]);
});

test('the same title, description and language under another id is kept out with a warning', async () => {
  const { items, problems } = await ndjson([
    row({}),
    row({ id: 'b', title: ' <i>Title</i>' }),
    row({ id: 'c', language: 'de' }),
    row({ id: undefined }),
  ]);
  expect(items.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(problems).toMatchObject([
    { row: 2, id: 'b', severity: 'warning' },
    { row: 4, severity: 'warning' },
  ]);
  expect(problems[0]?.message).toContain('duplicate of "a"');
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
  const { items, problems } = await ndjson(
    links.map((link, at) => row({ id: at, title: `T${at}`, link, image: at === 0 ? link : undefined })),
  );
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
  expect(problems.map(({ row, field }) => `${row} ${field}`)).toEqual([
    '1 link',
    '1 image',
    '2 link',
    '3 link',
    '4 link',
    '5 link',
    '6 link',
  ]);
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
  const { items } = await parse(
    'a.ndjson',
    '{"id":"__proto__","title":"T","language":"en","attributes":{"__proto__":1,"constructor":2},"__proto__":{"x":1}}',
  );
  expect(items[0]?.id).toBe('__proto__');
  expect(Object.entries(items[0]?.attributes ?? {})).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
  expect(Object.getPrototypeOf(items[0])).toBe(Object.prototype);
});

test('damaged lines of NDJSON are problems with their line; the others go on', async () => {
  const { items, problems, rowCount, format } = await parse(
    'a.ndjson',
    '{"id":"a","title":"A","language":"en"\n\n{"id":"b","title":"B","language":"en"}\n[1]\n"x"\nnull\n{"id":"c","title":"C","language":"en"}\n',
  );
  expect(format).toBe('ndjson');
  expect(items.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(problems.map(({ row, field, severity }) => [row, field, severity])).toEqual([
    [1, 'row', 'error'],
    [4, 'row', 'error'],
    [5, 'row', 'error'],
    [6, 'row', 'error'],
  ]);
  expect(rowCount).toBe(6);
});

test('values in problems are shortened to 80 characters', async () => {
  const { problems } = await ndjson([row({ link: `javascript:${'😀'.repeat(100)}` })]);
  expect(problems[0]?.value.length).toBeLessThanOrEqual(80);
  expect(problems[0]?.value).toMatch(/^javascript:.*😀…$/u);
});

test('the list of problems is bounded, prefers errors, and the count is whole', async () => {
  const rows = Array.from({ length: 20 }, (_, at) => row({ id: at, title: at < 10 ? `T${at}` : '', country: 'Nowhere' }));
  const report = await ndjson(rows, { maxProblems: 12 });
  expect(report).toMatchObject({ problemCount: 20, errorCount: 10 });
  expect(report.problems).toHaveLength(12);
  expect(report.problems.filter(({ severity }) => severity === 'error')).toHaveLength(10);
  expect(report.problems.map(({ row: at }) => at)).toEqual(report.problems.map(({ row: at }) => at).toSorted((a, b) => a - b));
});

test('JSON: an array, or an object with items; keys may be synonyms or mapped', async () => {
  const rows = [row({}), 5, { id: 'b', name: 'B', lang: 'de' }];
  for (const data of [
    JSON.stringify(rows),
    JSON.stringify({ items: rows }),
    JSON.stringify({ version: 1, items: rows }, null, 2),
    JSON.stringify(rows, null, 2),
  ]) {
    const report = await parse('a.json', data);
    expect(report.format).toBe('json');
    expect(report.items).toMatchObject([{ id: 'a' }, { id: 'b', title: 'B', language: 'de' }]);
    expect(report.problems).toMatchObject([{ row: 2, field: 'row', value: '5', severity: 'error' }]);
  }
  const mapped = await ndjson([{ id: 'a', heading1: 'H', title: 'T', language: 'en' }], { headerMapping: { title: 'heading1' } });
  expect(mapped.items[0]?.title).toBe('H');
  expect(mapped).toMatchObject({ headerMapping: { heading1: 'title' }, unmappedColumns: ['title'] });
});

test('damaged JSON, and JSON of another form, is catalogue-format', async () => {
  for (const data of ['[{"id": 1, "title": "x"},', '{\n  "rows": []\n}', '42', '"text"']) {
    await expect(parse('a.json', data)).rejects.toMatchObject({ code: 'catalogue-format' });
  }
});

test('Blob, ArrayBuffer, bytes and string give the same', async () => {
  const text = JSON.stringify(row({ title: 'Größe 😀' }));
  const bytes = new TextEncoder().encode(text);
  const expected = (await parse('a.ndjson', text)).items;
  expect((await parse('a.ndjson', bytes)).items).toEqual(expected);
  expect((await parse('a.ndjson', bytes.slice().buffer)).items).toEqual(expected);
  expect((await parse('a.ndjson', new Blob([text]))).items).toEqual(expected);
});

test('over maxBytes is catalogue-too-large', async () => {
  const text = JSON.stringify(row({ title: 'ü'.repeat(60) }));
  for (const data of [text, new TextEncoder().encode(text), new Blob([text])]) {
    await expect(parse('a.ndjson', data, { maxBytes: 120 })).rejects.toMatchObject({
      code: 'catalogue-too-large',
      details: { maxBytes: 120 },
    });
  }
});

test('nothing usable is catalogue-empty', async () => {
  for (const data of ['', ' \n\n', '\uFEFF', '[]', '{"items":[]}', 'id,title\n', 'id\ttitle\n\n']) {
    await expect(parse('a', data)).rejects.toMatchObject({ code: 'catalogue-empty' });
  }
  await expect(ndjson([row({ title: '' })])).rejects.toMatchObject({
    code: 'catalogue-empty',
    message: expect.stringContaining('title is missing') as string,
    details: { rowCount: 1 },
  });
});

test('an aborted signal stops the reading, before and during it', async () => {
  await expect(ndjson([row({})], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  const controller = new AbortController();
  const rows = Array.from({ length: 50_000 }, (_, at) => row({ id: at, title: `T${at}` }));
  const reading = ndjson(rows, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done > 0) controller.abort();
    },
  });
  await expect(reading).rejects.toMatchObject({ code: 'aborted' });
});

test('progress never goes back and ends at the total', async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => row({ id: at, title: `T${at}` }));
  for (const [name, data, unit] of [
    ['a.ndjson', rows.map((each) => JSON.stringify(each)).join('\n'), 'bytes'],
    ['a.json', JSON.stringify(rows), 'rows'],
  ] as const) {
    const seen: number[] = [];
    let total = 0;
    await parse(name, data, {
      onProgress: (progress) => {
        expect(progress.unit).toBe(unit);
        seen.push(progress.done);
        total = progress.total;
      },
    });
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(total);
    expect(total).toBe(unit === 'rows' ? rows.length : data.length);
  }
});
