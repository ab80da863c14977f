import { expect, test } from 'vitest';
import { type CatalogueReport, type ParseOptions, parseCatalogue } from './parse.ts';

const parse = (data: string, options?: ParseOptions, name = 'a.csv'): Promise<CatalogueReport> => parseCatalogue({ name, data }, options);

test('quoted fields hold separators, line ends and quotation marks', async () => {
  const { items, format, problems } = await parse('id,title,text,lang\r\n1,"One, ""two""","line\r\nline",en\r\n2,Plain,,de\r\n');
  expect(format).toBe('csv');
  expect(problems).toEqual([]);
  expect(items).toMatchObject([
    { id: '1', title: 'One, "two"', description: 'line line', language: 'en' },
    { id: '2', title: 'Plain', description: '', language: 'de' },
  ]);
});

test('TSV, also under the name of a CSV; semicolons, bars, old Mac line ends, and the line "sep="', async () => {
  for (const [data, format] of [
    ['id\ttitle, long\ttitle\tlang\n1\tx, y\tOne\ten\n', 'tsv'],
    ['id;title;lang\n1;One;en\n', 'csv'],
    ['id|title|lang\n1|One|en', 'csv'],
    ['id,title,lang\r1,One,en\r', 'csv'],
    ['\n\nsep=;\r\nid;title;lang\r\n1;One;en', 'csv'],
    ['\uFEFFid,title,lang\n1,One,en', 'csv'],
  ] as const) {
    const report = await parse(data);
    expect(report.format).toBe(format);
    expect(report.items).toMatchObject([{ id: '1', title: 'One', language: 'en' }]);
  }
});

test('the extension decides where the content does not', async () => {
  expect((await parse('title\nOne', {}, 'a.tsv')).format).toBe('tsv');
  expect((await parse('title\nOne', {}, 'a.csv')).format).toBe('csv');
});

test('content wins over the extension', async () => {
  expect((await parse('{"id":1,"title":"A, b","language":"en"}\n{"id":2,"title":"B","language":"en"}', {}, 'a.csv')).format).toBe('ndjson');
  expect((await parse('[{"id":1,"title":"A","language":"en"}]', {}, 'a.ndjson')).format).toBe('json');
  expect((await parse('id,title,lang\n1,One,en', {}, 'a.json')).format).toBe('csv');
});

test('columns: synonyms, languages, attributes, and what is left', async () => {
  const report = await parse(
    'Nr,Titel,titel.en,description.en,Sprache,Schlagwörter,attributes.pages,attr:price,attr:size,Jahr\n1,Mann,Man,A man,de,"x;y",12,3.5,,1998\n',
  );
  expect(report.items[0]).toMatchObject({
    language: 'de',
    title: 'Mann',
    translations: { en: { title: 'Man', description: 'A man' } },
    categories: ['x', 'y'],
    attributes: { pages: 12, price: 3.5 },
    published: '1998',
  });
  expect(report.headerMapping).toEqual({
    Titel: 'title',
    'titel.en': 'title.en',
    'description.en': 'description.en',
    Sprache: 'language',
    Schlagwörter: 'categories',
    'attributes.pages': 'attributes.pages',
    'attr:price': 'attributes.price',
    'attr:size': 'attributes.size',
    Jahr: 'published',
  });
  expect(report.unmappedColumns).toEqual(['Nr']);
});

test('an attribute that is no number is a problem of its row', async () => {
  const { items, problems } = await parse('id,title,lang,attributes.pages\n1,One,en,twelve\n');
  expect(items[0]).not.toHaveProperty('attributes');
  expect(problems).toMatchObject([{ row: 1, id: '1', field: 'attributes.pages', value: 'twelve', severity: 'warning' }]);
});

test('translations and attributes may be JSON in a cell', async () => {
  const { items } = await parse('id,title,lang,translations,attributes\n1,One,en,"{""de"":{""title"":""Eins""}}","{""pages"":3}"\n');
  expect(items[0]).toMatchObject({ translations: { de: { title: 'Eins', description: '' } }, attributes: { pages: 3 } });
});

test('a stated mapping is used; one that names no column is bad-argument', async () => {
  const data = 'id,title,subtitle,lang\n1,One,Uno,es\n';
  expect((await parse(data, { headerMapping: { title: 'subtitle' } })).items[0]?.title).toBe('Uno');
  await expect(parse(data, { headerMapping: { title: 'absent' } })).rejects.toMatchObject({
    code: 'bad-argument',
    message: expect.stringContaining('id, title, subtitle, lang') as string,
  });
});

test('a file without a title column is catalogue-format and names its columns', async () => {
  await expect(parse('alpha,beta\n1,2\n')).rejects.toMatchObject({
    code: 'catalogue-format',
    message: expect.stringContaining('alpha, beta') as string,
  });
});

test('rows that are too long are errors, too short ones warnings; blank ones do not count', async () => {
  const { items, problems, rowCount } = await parse('id,title,lang\n1,One,en,extra\n\n2,Two,en,,\n,,\n3,Three\n');
  expect(rowCount).toBe(3);
  expect(items.map(({ id }) => id)).toEqual(['2', '3']);
  expect(problems.filter(({ field }) => field === 'row')).toMatchObject([
    { row: 1, severity: 'error' },
    { row: 3, id: '3', severity: 'warning' },
  ]);
});

test('a quotation mark that is never closed costs its row only', async () => {
  const { items, problems } = await parse('id,title,lang\n1,One,en\n2,"Two,en\n3,Three,en\n4,Four,en\n');
  expect(items.map(({ id }) => id)).toEqual(['1', '3', '4']);
  expect(problems).toMatchObject([{ row: 2, field: 'row', severity: 'error', value: '2,"Two,en' }]);
});

test('the same in a file longer than the longest record', async () => {
  const rows = Array.from({ length: 80_000 }, (_, at) => `${at},Title number ${at},en`);
  rows[10] = '10,"Open,en';
  const { items, errorCount } = await parse(`id,title,lang\n${rows.join('\n')}\n`);
  expect(errorCount).toBe(1);
  expect(items).toHaveLength(79_999);
});

test('quotation marks that are never closed in every row end the reading, soon', async () => {
  const data = `id,title,lang\n1,One,en\n${'2,"x"y,en\n'.repeat(300_000)}`;
  const { items, problems } = await parse(data);
  expect(items).toHaveLength(1);
  expect(problems.at(-1)?.message).toContain('were not read');
});

test('a quotation mark inside a quoted field is a warning', async () => {
  const { items, problems } = await parse('id,title,lang\n1,"One "two" three",en\n');
  expect(items[0]?.title).toBe('One "two" three');
  expect(problems).toMatchObject([{ row: 1, field: 'row', severity: 'warning' }]);
});
