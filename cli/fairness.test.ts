// The real command on a planted catalogue with planted vectors in the cache, so that nothing is encoded: numbers, files, refusals.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../src/base/random.ts';
import { cleanText } from '../src/catalogue/clean.ts';
import { contentKey } from '../src/catalogue/text.ts';
import { normalizeRows } from '../src/compute/cpu/linear.ts';
import { fingerprintOf } from '../src/encoder/manifest.ts';
import { plantCatalogue } from '../src/language/correction/testing/planted.ts';
import { readAdapterFiles } from './lib/fairness-data.ts';
import { type FairnessSummary, pairedIntervals } from './lib/fairness-report.ts';
import { readModelManifest } from './lib/node-encoder.ts';
import { defaultModelFolder } from './lib/paths.ts';
import { openVectorCache } from './lib/vector-cache.ts';
import { run } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'kindred-fairness-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const TAGS = ['en', 'de', 'sw'];
const ITEMS = 60;
const textOf = (item: number, tag: string) => `Work ${item} as told in ${tag}`;

/** Item i is shown in language i mod 3; all have their two translations. Each category has all languages. */
const items = Array.from({ length: ITEMS }, (_, i) => {
  const [own = 'en', ...others] = [0, 1, 2].map((l) => TAGS[(i + l) % 3] ?? '');
  const translations = Object.fromEntries(others.map((tag) => [tag, { title: textOf(i, tag) }]));
  return { id: `<i${i}>`, language: own, title: textOf(i, own), categories: [`c${Math.floor(i / 12)}`], translations };
});

beforeAll(async () => {
  writeFileSync(path('items.ndjson'), items.map((item) => JSON.stringify(item)).join('\n'));
  writeFileSync(path('plain.ndjson'), items.map(({ id, language, title }) => JSON.stringify({ id, language, title })).join('\n'));
  const manifest = await readModelManifest(defaultModelFolder());
  const { adapter } = await readAdapterFiles(undefined);
  const { raw, languages, groups } = plantCatalogue({ items: ITEMS, tags: TAGS, bias: 0, dimensions: manifest.dimensions });
  // What a language adds is what the shipped encoder adds: its own means.
  const means = languages.map((tag) => adapter.languages.indexOf(tag) * manifest.dimensions);
  for (let i = 0; i < raw.length; i++) {
    const [row, j] = [Math.floor(i / manifest.dimensions), i % manifest.dimensions];
    raw[i] = 0.4 * (raw[i] as number) + (adapter.means[(means[row] as number) + j] as number);
  }
  normalizeRows(raw, manifest.dimensions);
  const cache = await openVectorCache(path('cache'), { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });
  await cache.append(await Promise.all(languages.map((tag, row) => contentKey(cleanText(textOf(groups[row] as number, tag))))), raw);
  await cache.close();
});

async function fairness(args: string[], signal = new AbortController().signal): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await run(['fairness', '--cache', path('cache'), ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal,
    nowMs: () => Date.UTC(2026, 0, 2),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}
const summaryOf = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as FairnessSummary;

test('a planted bias is measured before and is smaller after; HTML and JSON agree; a second run gives the same', async () => {
  const { code, out, err } = await fairness(['--catalogue', path('items.ndjson'), '--out', path('out/report.html')]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('60 items, 120 translations; 180 texts were in the cache, 0 were encoded');
  const summary = summaryOf('out/report.json');
  const measure = (key: string) => summary.measures.find((one) => one.key === key);
  const own = measure('sameLanguageOverFair');
  expect(own?.before.mean ?? 0).toBeGreaterThan(2);
  expect(own?.after.mean ?? 9).toBeLessThan(1.4);
  expect(own?.change.high ?? 1).toBeLessThan(0);
  for (const { before, after } of summary.measures) {
    for (const { mean, low, high } of [before, after]) expect((low ?? 1) <= (mean ?? 0) && (mean ?? 1) <= (high ?? 0)).toBe(true);
  }
  expect(measure('selfMrr')?.queries).toBe(ITEMS);
  expect(summary.languages.map(({ items: count, catalogueShare }) => [count, catalogueShare])).toEqual([20, 20, 20].map((count) => [count, 1 / 3]));
  const html = readFileSync(path('out/report.html'), 'utf8');
  expect(html).toContain('<svg');
  expect(html).toContain((own?.after.mean ?? 0).toFixed(3));
  // Asking in another language finds the item more often, in each language; both kinds of relevance are on the page.
  expect(summary.ndcg.map(({ relevance, languages: askedIn }) => [relevance, askedIn.map(({ tag, queries }) => [tag, queries])])).toEqual([
    [
      'category',
      [
        ['de', 20],
        ['en', 20],
        ['sw', 20],
      ],
    ],
    [
      'translation',
      [
        ['de', 40],
        ['en', 40],
        ['sw', 40],
      ],
    ],
  ]);
  expect(summary.languages.map(({ meritShare }) => (meritShare ?? 0).toFixed(2))).toEqual(['0.33', '0.33', '0.33']);
  expect(html.match(/nDCG@10 by language/g)?.length).toBeGreaterThanOrEqual(4);
  expect(html.match(/class="whisker after"/g)).toHaveLength(6);
  expect(html).not.toMatch(/<script|<link|https?:\/\//);
  await fairness(['--catalogue', path('items.ndjson'), '--out', path('again.json')]);
  expect(summaryOf('again.json')).toEqual(summary);
  expect(existsSync(path('again.html'))).toBe(false);
});

test('measures that need translations or categories are empty without them', async () => {
  const { code, out } = await fairness(['--catalogue', path('plain.ndjson'), '--out', path('plain.json')]);
  expect(code).toBe(0);
  expect(out).toMatch(/MRR\) +– +–/);
  const open = summaryOf('plain.json')
    .measures.filter(({ before }) => before.mean === null)
    .map(({ key }) => key);
  expect(open).toEqual(['selfMrr', 'rankCorrelation', 'peer', 'preferenceRate', 'languageNdcg']);
  expect(summaryOf('plain.json').ndcg).toEqual([]);
});

test('fewer translations when so asked', async () => {
  expect((await fairness(['--catalogue', path('items.ndjson'), '--translated', '5'])).out).toContain('60 items, 10 translations;');
});

test('a stop ends with 130, a missing file and a bad seed with 2', async () => {
  expect((await fairness(['--catalogue', path('items.ndjson')], AbortSignal.abort())).code).toBe(130);
  expect((await fairness(['--catalogue', path('nothing.csv')])).err).toContain('nothing.csv');
  expect((await fairness(['--catalogue', path('items.ndjson'), '--seed', 'x'])).code).toBe(2);
});

test('intervals: without width when all queries agree, with the change on the same draws', () => {
  const parts = (values: number[]) => values.map((sum) => ({ sum, weight: 1 }));
  const same = pairedIntervals(parts([2, 2, 2]), parts([1, 1, 1]), seededRandom(1));
  expect(same).toEqual({ before: { mean: 2, low: 2, high: 2 }, after: { mean: 1, low: 1, high: 1 }, change: { mean: -1, low: -1, high: -1 } });
  // The queries differ a lot, their change does not: only a paired interval can tell.
  const paired = pairedIntervals(parts([0, 8, 4, 6]), parts([1, 9, 5, 7]), seededRandom(1));
  expect((paired.before.high ?? 0) - (paired.before.low ?? 0)).toBeGreaterThan(3);
  expect(paired.change).toEqual({ mean: 1, low: 1, high: 1 });
});
