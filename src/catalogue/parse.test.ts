import { expect, test } from 'vitest';
import { type CatalogueReport, type ParseOptions, parseCatalogue } from './parse.ts';

const parse = (name: string, data: string | Uint8Array | Blob | ArrayBuffer, options?: ParseOptions): Promise<CatalogueReport> =>
  parseCatalogue({ name, data }, options);
const ndjson = (rows: readonly unknown[], options?: ParseOptions): Promise<CatalogueReport> =>
  parse('a.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'), options);
/** One complete row, changed by `fields`. */
const row = (fields: Record<string, unknown>): Record<string, unknown> => ({ id: 'a', language: 'en', title: 'Title', ...fields });

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
