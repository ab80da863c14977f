// The command line and the page take the same language out of a text: an owner's head is trained in the space that it ranks in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../../src/base/random.ts';
import type { Item, ItemId } from '../../src/base/types.ts';
import { cleanText } from '../../src/catalogue/clean.ts';
import { contentKey, itemText } from '../../src/catalogue/text.ts';
import { createCpuBackend } from '../../src/compute/cpu/cpu-backend.ts';
import { normalizeRows } from '../../src/compute/cpu/linear.ts';
import { fingerprintOf } from '../../src/encoder/manifest.ts';
import { ItemTable } from '../../src/index/item-table.ts';
import { identityAdapter } from '../../src/language/adapter.ts';
import { readModelAdapter, shownCatalogues } from './evaluation-data.ts';
import { readModelManifest } from './node-encoder.ts';
import { defaultModelFolder } from './paths.ts';
import { translatedTexts } from './translated-texts.ts';
import { openVectorCache } from './vector-cache.ts';

const NO_LANGUAGE =
  'und und-Latn und-Cyrl mul mis zxx qaa qtz qab-Latn x-foo x-private-use i-default art-lojban2 english Deutsch e en- -en 12 zz-12-- ' +
  'en--GB en-GB-toolongsubtag de_ not_a_tag ??? 日本語 🙂 a-b-c';
const SHIPPED =
  'en de fr es pt it nl pl cs uk ru bg el tr ar he fa hi bn ta te ml th vi id zh ja ko fi hu sv ro sw am ka hy kk ms ur zh-TW yo zu ca ga sr-Latn';
const RELATED =
  'en-US en-GB en-Latn-US en-AU EN en_us eng de-AT de-CH de-1901 de-CH-1996 de_DE.UTF-8 fr-CA fr-BE fra es-MX es-419 es-AR pt-BR pt-PT PT_br ' +
  'it-CH nl-BE zh-Hant zh-Hans zh-HK zh-MO zh-SG zh-CN zh-Hant-HK zh-Hans-CN zh_TW cmn cmn-Hant yue yue-Hans wuu nan sr sr-Cyrl sr-RS sr-Latn-RS ' +
  'sr-Cyrl-BA sr-ME sh bs bs-Cyrl hr uz uz-Cyrl uz-Arab az az-Arab az-Cyrl kk-Arab kk-Latn kk-Cyrl mn mn-Mong pa pa-Arab ar-EG ar-SA ar-MA arb ary ' +
  'fa-AF fa-IR prs pes he-IL iw ji yi id-ID in ms-MY ms-Arab ms-Latn zsm ur-PK ur-IN ur-Latn hi-IN hi-Latn bn-BD bn-IN ta-LK ta-SG te-IN ml-IN ' +
  'th-TH vi-VN ja-JP ja-Latn ko-KR ko-KP fi-FI hu-HU sv-SE sv-FI ro-MD mo ro-RO sw-KE swh am-ET ka-GE hy-AM hyw yo-NG yo-BJ zu-ZA ca-ES-valencia ga-IE';
const OTHERS =
  'af sq eu be my km lo si ne mr gu kn or as sa ug tg tk ky tt ba cv ce os ab lt lv et sk sl mk da nb nn no is fo gl oc br cy gd mt lb rm fur wa ' +
  'ha ig sn so rw ln lg wo xh st tn ts qu ay gn nah mi sm to haw tl fil ceb jv su ' +
  'en-x-foo en-u-ca-buddhist de-t-it-m0-true bo dz ii iu chr ber-Tfng';
const TAGS = [NO_LANGUAGE, SHIPPED, RELATED, OTHERS].flatMap((list) => list.split(' '));

const model = defaultModelFolder();
const random = seededRandom(3);
let cacheFolder = '';
let dimensions = 0;

/** Vectors that lean to one side, as an encoder's do. */
const vectors = (count: number): Float32Array =>
  normalizeRows(
    Float32Array.from({ length: count * dimensions }, (_, at) => gaussian(random) + (at % 3)),
    dimensions,
  );
const itemOf = (language: string, row: number): Item => ({
  id: `i${row}` as ItemId,
  language,
  title: `title ${row}`,
  description: '',
  categories: [],
});

async function keep(texts: readonly string[], raw: Float32Array): Promise<void> {
  const cache = await openVectorCache(cacheFolder, { fingerprint: fingerprintOf(await readModelManifest(model)), dimensions });
  await cache.append(await Promise.all(texts.map((text) => contentKey(cleanText(text)))), raw);
  await cache.close();
}

async function byCommandLine(items: readonly Item[], raw: Float32Array): Promise<Float32Array> {
  await keep(
    items.map((item) => itemText(item)),
    raw,
  );
  return (await shownCatalogues(items, true)({}, { model, cacheFolder })).vectors ?? new Float32Array(0);
}

async function pageTable(items: readonly Item[], raw: Float32Array): Promise<ItemTable> {
  const table = new ItemTable(items, [], await readModelAdapter(model), createCpuBackend());
  table.setRefined([...items.keys()], raw);
  await table.ready();
  return table;
}

beforeAll(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'kindred-tags-'));
  ({ dimensions } = await readModelManifest(model));
});
afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

describe('200 tags and more, with the shipped adapter', () => {
  test('the list has what it must', () => {
    expect(new Set(TAGS).size).toBe(TAGS.length);
    expect(TAGS.length).toBeGreaterThanOrEqual(200);
  });

  test('an item has the same vector on the command line and in the page', async () => {
    const items = TAGS.map(itemOf);
    const raw = vectors(items.length);
    const [owner, page] = [await byCommandLine(items, raw), await pageTable(items, raw)];
    expect(page.rankedVectors()).toEqual(owner);
    expect(owner.some(Number.isNaN)).toBe(false);
  });

  test('also beside many items of few languages, and as a search', async () => {
    const common = ['en', 'zh-TW', 'sr-Latn', 'und'];
    const items = Array.from({ length: 120 }, (_, row) => itemOf(common[row % common.length] as string, 1000 + row));
    const raw = vectors(items.length);
    const [owner, table] = [await byCommandLine(items, raw), await pageTable(items, raw)];
    expect(table.rankedVectors()).toEqual(owner);
    const query = vectors(1);
    const search = (tag: string) => table.correct(query, tag);
    for (const tag of NO_LANGUAGE.split(' ')) expect(search(tag), tag).toEqual(search('und'));
    for (const [tag, nearest] of [
      ['sr', 'sr-Latn'],
      ['zh-Hant', 'zh-TW'],
      ['zh-HK', 'zh-TW'],
      ['zh-CN', 'zh'],
      ['iw', 'he'],
      ['EN', 'en'],
    ] as const)
      expect(search(tag), tag).toEqual(search(nearest));
    expect(search('zh-TW')).not.toEqual(search('zh'));
    expect(search('sr')).not.toEqual(search('und'));
  });

  test('translations that a head learns from', async () => {
    const items = TAGS.map((tag, row) => ({
      ...itemOf('en', 5000 + row),
      translations: { [`${tag}`]: { title: `translated ${row}`, description: '' } },
    }));
    const own = items.filter((item) => !Object.hasOwn(item.translations, 'en'));
    const raw = vectors(own.length);
    await keep(
      own.map((item) => itemText(item, Object.keys(item.translations)[0])),
      raw,
    );
    const owner = await translatedTexts(items, { most: 1000, seed: 1 }, { model, cacheFolder });
    const page = await pageTable(
      own.map((item, row) => itemOf(Object.keys(item.translations)[0] as string, row)),
      raw,
    );
    expect(page.rankedVectors()).toEqual(owner.vectors);
  });
});

test('without a shipped adapter, all unknown languages are centred as one', async () => {
  const items = ['und', 'x-foo'].map(itemOf);
  const table = new ItemTable(items, [], identityAdapter(2), createCpuBackend());
  table.setRefined([0, 1], Float32Array.of(1, 0, 0, 1));
  const [x = 0, y = 0] = table.rankedVectors();
  expect(x).toBeCloseTo(Math.SQRT1_2, 6);
  expect(y).toBeCloseTo(-Math.SQRT1_2, 6);
});
