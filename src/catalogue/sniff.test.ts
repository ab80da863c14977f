import { expect, test } from 'vitest';
import { parseCatalogue } from './parse.ts';

const FOREIGN: [what: string, start: number[] | string][] = [
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04, 0x14, 0, 0, 0]],
  ['an Excel workbook', 'PK\u0003\u0004....[Content_Types].xml....xl/workbook.xml'],
  ['a Word document', 'PK\u0003\u0004....[Content_Types].xml....word/document.xml'],
  ['an OpenDocument spreadsheet', 'PK\u0003\u0004....mimetypeapplication/vnd.oasis.opendocument.spreadsheet'],
  ['an old Microsoft Office file', [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]],
  ['a PDF document', '%PDF-1.7\n'],
  ['a gzip archive', [0x1f, 0x8b, 0x08, 0]],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a]],
  ['a JPEG image', [0xff, 0xd8, 0xff, 0xe0]],
  ['a GIF image', 'GIF89a....'],
  ['a WebP image', 'RIFF....WEBPVP8 '],
  ['an SQLite database', 'SQLite format 3\u0000'],
  ['a web page', '<!DOCTYPE html><html><body>404, not found'],
  ['an XML file', '<?xml version="1.0"?><rss></rss>'],
  ['UTF-16 text without a byte order mark', Array.from('id,title\n1,One', (c) => [c.charCodeAt(0), 0]).flat()],
  ['a binary file', [1, 2, 3, 0, 0, 5, 65, 66, 67, 0, 200, 30]],
];

for (const [what, start] of FOREIGN) {
  test(`${what} under the name of a CSV is refused by what it is`, async () => {
    const data = typeof start === 'string' ? new TextEncoder().encode(start) : Uint8Array.from(start);
    const refused = expect(parseCatalogue({ name: 'items.csv', data })).rejects;
    await refused.toMatchObject({ code: 'catalogue-format', message: expect.stringContaining(what) as string });
  });
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * 2));
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), littleEndian);
  return new Uint8Array(view.buffer);
}

test('UTF-16 with a byte order mark, of both orders', async () => {
  for (const littleEndian of [true, false]) {
    const { items, problems } = await parseCatalogue({
      name: 'a.csv',
      data: utf16('\uFEFFid,title,lang\r\n1,Größe 😀,de\r\n', littleEndian),
    });
    expect(items).toMatchObject([{ id: '1', title: 'Größe 😀', language: 'de' }]);
    expect(problems).toEqual([]);
  }
});

/** As windows-1252 writes it: one byte a character. */
const oneByteEach = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

test('rows with invalid bytes get a warning that names them', async () => {
  for (const [name, data] of [
    ['a.csv', 'id,title,lang\n1,One,en\n2,Gr\u00F6\u00DFe,de\n3,Three,en\n'],
    [
      'a.ndjson',
      '{"id":"1","title":"One","language":"en"}\n{"id":"2","title":"Gr\u00F6\u00DFe","language":"de"}\n{"id":"3","title":"Three","language":"en"}',
    ],
    [
      'a.json',
      '[{"id":"1","title":"One","language":"en"},{"id":"2","title":"Gr\u00F6\u00DFe","language":"de"},{"id":"3","title":"Three","language":"en"}]',
    ],
  ] as const) {
    const { items, problems } = await parseCatalogue({ name, data: oneByteEach(data) });
    expect(items).toHaveLength(3);
    expect(problems).toMatchObject([{ row: 2, id: '2', field: 'title', value: 'Gr\uFFFD\uFFFDe', severity: 'warning' }]);
  }
});

test('a file that is mostly broken is refused, at the start or at the end', async () => {
  const rows = Array.from({ length: 10 }, (_, at) => `${at},Gr\u00F6\u00DFe ${at} ${'x'.repeat(50)},de\n`).join('');
  await expect(parseCatalogue({ name: 'a.csv', data: oneByteEach(`id,title,lang\n${rows}`) })).rejects.toMatchObject({
    code: 'catalogue-format',
    message: expect.stringContaining('10 of its 10 rows') as string,
  });
  await expect(parseCatalogue({ name: 'a.csv', data: oneByteEach('\u00F6\u00DF\u00FC a'.repeat(50)) })).rejects.toMatchObject({
    code: 'catalogue-format',
    message: expect.stringContaining('UTF-8') as string,
  });
});

test('a character cut by the edge of a chunk is whole again', async () => {
  const title = 'ß😀'.repeat(200_000);
  const { items } = await parseCatalogue({ name: 'a.ndjson', data: new Blob([`{"id":"1","language":"de","title":"x${title}"}`]) });
  expect(items[0]?.title).toBe(`x${title}`);
});
