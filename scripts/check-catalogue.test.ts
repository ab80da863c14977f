// The shipped demo catalogue must be sound, and the checker must see each kind of defect: every one is put into a copy.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Texts {
  items: string;
  categories: string;
  readme?: string;
}
interface Checker {
  catalogueProblems(texts: Texts, thisYear?: number): string[];
  readCatalogue(folder?: string): Texts;
}
type Item = Record<string, unknown>;
type Names = Record<string, Record<string, string>>;

const script = new URL('./check-catalogue.mjs', import.meta.url);
const shippedFolder = fileURLToPath(new URL('../public/catalogues/world-library', import.meta.url));
const { catalogueProblems, readCatalogue } = (await import(/* @vite-ignore */ script.href)) as Checker;
const shipped = readCatalogue();
const { readme: _, ...data } = shipped;

const parsed = (): Item[] =>
  shipped.items
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Item);
const written = (items: Item[]): string => `${items.map((item) => JSON.stringify(item)).join('\n')}\n`;
const one = (id: string): Item => {
  const item = parsed().find((candidate) => candidate.id === id);
  if (item === undefined) throw new Error(`the test needs the item ${id}`);
  return item;
};
const withItem = (id: string, change: Item): Texts => ({
  ...data,
  items: written(parsed().map((item) => (item.id === id ? { ...item, ...change } : item))),
});
const withLine = (id: string, change: (line: string) => string): Texts => ({
  ...data,
  items: shipped.items
    .split('\n')
    .map((line) => (line.startsWith(`{"id":"${id}"`) ? change(line) : line))
    .join('\n'),
});
const withNames = (change: (names: Names) => void): Texts => {
  const names = JSON.parse(shipped.categories) as Names;
  change(names);
  return { ...data, categories: JSON.stringify(names) };
};
const textOf = (id: string, field: string): string => String(one(id)[field]);

test('the shipped catalogue is sound, its README table included', () => {
  expect(shipped.readme).toBeDefined();
  expect(catalogueProblems(shipped)).toEqual([]);
});

const MALAY =
  'Seorang budak lelaki dari kampung kecil terpaksa berpindah ke bandar kerana bapanya kehilangan pekerjaan. Apabila tiba di sana, dia mendapati bahawa ' +
  'kawan baharunya ialah anak seorang nelayan yang boleh bercakap dengan burung, sehingga mereka berdua merantau bersama-sama.';
const SHONA =
  'Mukomana anobva kumusha anoenda kuguta achitsvaga basa asi anosangana nematambudziko mazhinji. Shamwari yake inomubatsira kuwana pekugara, uye ' +
  'vanotanga kuimba pamwe chete mumabhawa. Pakupedzisira anodzokera kumba kuna amai vake avo vaimumirira nguva refu vachinamata.';

test.each<[string, Texts, RegExp]>([
  ['a line that is not JSON', withLine('en-walden', (line) => line.slice(1)), /^items\.ndjson line \d+ is not JSON .*write one object per line/],
  ['a line that is not an object', withLine('en-walden', () => '[]'), /^items\.ndjson line \d+ is not an object/],
  ['a last line without its end', { ...data, items: shipped.items.trimEnd() }, /every line, the last too/],
  ['a field too many', withItem('en-walden', { link: 'https://example.org' }), /^en-walden has the fields .*link: write exactly/],
  ['a missing field', withItem('en-walden', { license: undefined }), /^en-walden has the fields/],
  [
    'another order of fields',
    withLine('en-walden', (line) => JSON.stringify({ id: 'en-walden', license: 'CC0-1.0', ...JSON.parse(line) })),
    /in this order/,
  ],
  ['spaces between fields', withLine('en-walden', (line) => line.replace(':', ': ')), /^en-walden is not in compact JSON/],
  ['letters taken apart', withLine('fr-candide', (line) => line.normalize('NFD')), /^fr-candide is not in Unicode NFC/],
  ['another licence', withItem('en-walden', { license: 'CC-BY-4.0' }), /^en-walden has the license/],
  ['an unknown kind', withItem('en-walden', { kind: 'song' }), /^en-walden has the kind/],
  ['an unknown language', withItem('en-walden', { language: 'eo' }), /^en-walden has the language "eo"/],
  ['an id of another language', withItem('en-walden', { id: 'fr-walden' }), /^fr-walden has an id that does not begin with its language/],
  ['an id in capitals', withItem('en-walden', { id: 'en-Walden' }), /^en-Walden has an id that is not lower-case/],
  ['an empty title', withItem('en-walden', { title: ' ' }), /^en-walden has no title/],
  ['no creator', withItem('en-walden', { creator: '' }), /^en-walden has no creator/],
  ['stray white space', withItem('en-walden', { creator: 'Henry  Thoreau' }), /^en-walden has stray white space in its creator/],
  [
    'a description too short',
    withItem('en-walden', { description: 'A man builds a small cabin beside a pond.' }),
    /description of 9 words: write 30 to 60/,
  ],
  [
    'a description too long',
    withItem('en-walden', { description: `${textOf('en-walden', 'description')} ${textOf('en-the-hobbit', 'description')}` }),
    /words: write 30 to 60/,
  ],
  ['a Chinese description too short', withItem('zh-xi-you-ji', { description: '一只猴子和他的师父去西天取经。' }), /words: write 35 to 70/],
  [
    'a Japanese description too long',
    withItem('ja-ringu', { description: textOf('ja-ringu', 'description') + textOf('ja-suna-no-onna', 'description') }),
    /words: write 40 to 75/,
  ],
  [
    'a romanised title',
    withItem('ru-vishnevyy-sad', { title: 'Vishnevyy sad' }),
    /^ru-vishnevyy-sad has a title that holds letters outside Cyrillic/,
  ],
  ['a Latin look-alike in a Greek title', withItem('el-z', { title: 'Z' }), /^el-z has a title that holds letters outside Greek: Z/],
  ['a Latin look-alike in a Cyrillic word', withItem('uk-misto', { title: 'Мiсто' }), /^uk-misto has a title that holds letters outside Cyrillic: i/],
  ['a Latin word in a Japanese title', withItem('ja-ringu', { title: 'Ring リング' }), /^ja-ringu has a title that holds letters outside/],
  ['Arabic letters in Persian', withItem('fa-golestan', { creator: 'سعدي' }), /^fa-golestan has a creator that holds an Arabic letter/],
  ['a Romanian cedilla', withItem('ro-ion', { creator: 'Liviu Rebreanuş' }), /^ro-ion has a creator that holds a cedilla/],
  ['a title of digits', withItem('en-walden', { title: '1854' }), /^en-walden has a title without a letter/],
  [
    'French under "it"',
    withItem('it-il-sorpasso', { description: textOf('fr-mon-oncle', 'description') }),
    /^it-il-sorpasso is stated to be in "it" but reads as fr/,
  ],
  [
    'Persian under "ar"',
    withItem('ar-al-ayyam', { description: textOf('fa-golestan', 'description') }),
    /^ar-al-ayyam is stated to be in "ar" but reads as fa/,
  ],
  [
    'Russian under "uk"',
    withItem('uk-misto', { description: textOf('ru-anna-karenina', 'description') }),
    /^uk-misto is stated to be in "uk" but reads as ru/,
  ],
  ['Malay under "id"', withItem('id-atheis', { description: MALAY }), /^id-atheis is stated to be in "id" but holds more function words of ms/],
  [
    'Swahili under "id"',
    withItem('id-atheis', { description: textOf('sw-kuli', 'description') }),
    /^id-atheis is stated to be in "id" but holds \d of its frequent/,
  ],
  ['Shona under "sw"', withItem('sw-kuli', { description: SHONA }), /^sw-kuli is stated to be in "sw" but holds \d of its frequent/],
  [
    'Indonesian under "sw"',
    withItem('sw-kuli', { description: textOf('id-atheis', 'description') }),
    /^sw-kuli is stated to be in "sw" but holds \d of its frequent/,
  ],
  [
    'a half-English text under "sw"',
    withItem('sw-kuli', { description: `Na ya wa kwa ni. ${textOf('en-walden', 'description')}` }),
    /^sw-kuli is stated to be in "sw" but holds more function words of en/,
  ],
  ['an unknown category', withItem('en-walden', { categories: ['nature', 'gardening'] }), /^en-walden has the unknown category "gardening"/],
  ['a single category', withItem('en-walden', { categories: ['nature'] }), /^en-walden has not 2 to 4 categories/],
  ['five categories', withItem('en-walden', { categories: ['nature', 'love', 'war', 'music', 'crime'] }), /^en-walden has not 2 to 4 categories/],
  ['a category twice', withItem('en-walden', { categories: ['nature', 'nature'] }), /^en-walden names a category twice/],
  ['a code of no country', withItem('en-walden', { country: 'QX' }), /^en-walden has the country "QX"/],
  ['a union for a country', withItem('en-walden', { country: 'EU' }), /^en-walden has the country "EU"/],
  ['a country that is no more', withItem('en-walden', { country: 'SU' }), /^en-walden has the country "SU"/],
  ['a year to come', withItem('en-walden', { published: '2999', attributes: { year: 2999 } }), /^en-walden has the year 2999/],
  ['a year in words', withItem('en-walden', { attributes: { year: '1854' } }), /^en-walden has the year "1854"/],
  [
    'a film before film',
    withItem('en-casablanca', { published: '1842', attributes: { year: 1842 } }),
    /^en-casablanca has the year 1842: write a whole number from 1888/,
  ],
  ['two different years', withItem('en-walden', { published: '1855' }), /^en-walden has published "1855" but the year 1854/],
  ['another attribute', withItem('en-walden', { attributes: { year: 1854, pages: 300 } }), /^en-walden has attributes other than year/],
  ['an id twice', { ...data, items: shipped.items + JSON.stringify(one('en-walden')) }, /^en-walden has the same id as en-walden/],
  ['a title twice', withItem('en-walden', { title: 'Animal Farm' }), /^en-walden has the same title as en-animal-farm/],
  [
    'a description twice',
    withItem('en-walden', { description: textOf('en-animal-farm', 'description') }),
    /^en-walden has the same description as en-animal-farm/,
  ],
  ['lines out of order', { ...data, items: written(parsed().reverse()) }, /stands after .*sort the lines by id/],
  ['too few items', { ...data, items: written(parsed().slice(0, 479)) }, /^the catalogue has 479 items: have at least 480/],
  ['too few languages', { ...data, items: written(parsed().slice(0, 18 * 23)) }, /^the catalogue has 23 languages: have at least 24/],
  ['too few items in a language', { ...data, items: written(parsed().slice(3)) }, /^language "ar" has 15 items: have at least 16/],
  ['categories that are not JSON', { ...data, categories: '{' }, /^categories\.json is not JSON/],
  ['a category without names', withNames((names) => void delete names.war), /^categories\.json lacks war/],
  ['a category too many', withNames((names) => void Object.assign(names, { sport: names.war })), /^categories\.json has the unknown category sport/],
  [
    'a category nobody has',
    { ...data, items: shipped.items.replaceAll(',"satire"', '').replaceAll('"satire",', '') },
    /^category satire is used by no item/,
  ],
  ['a name missing in one language', withNames((names) => void delete names.war?.sw), /^category war has no name in "sw"/],
  [
    'a name in a strange language',
    withNames((names) => void Object.assign(names.war ?? {}, { eo: 'Milito' })),
    /^category war has a name in the unknown language eo/,
  ],
  [
    'a name in another script',
    withNames((names) => void Object.assign(names.war ?? {}, { ru: 'War' })),
    /^category war has a name in "ru" that holds letters outside Cyrillic/,
  ],
  [
    'one name for two categories',
    withNames((names) => void Object.assign(names.war ?? {}, { de: 'liebe' })),
    /^categories love and war are both "liebe" in "de"/,
  ],
  [
    'a count wrong in the README',
    { ...shipped, readme: shipped.readme?.replace(/(\| `en` \|[^|]*\|) *\d+/, '$1 7') ?? '' },
    /^README\.md tells of 7 items in "en", the catalogue has 18/,
  ],
])('caught: %s', (_name, texts, expected) => {
  expect(catalogueProblems(texts)).toContainEqual(expect.stringMatching(expected));
});

test('the command prints the problems with the item and exits 1, or 0 when there are none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  try {
    cpSync(shippedFolder, folder, { recursive: true });
    const run = () => spawnSync(process.execPath, [fileURLToPath(script), folder], { encoding: 'utf8' });
    expect(run()).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(folder, 'items.ndjson'), withItem('en-walden', { country: 'XX' }).items);
    const spoiled = run();
    expect(spoiled.status).toBe(1);
    expect(spoiled.stderr).toBe('en-walden has the country "XX": write a current ISO 3166-1 alpha-2 code.\n1 problem.\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
