// The real command on a planted log, with planted vectors in the cache so that nothing is encoded: the head file, its curves, refusals.
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../src/base/random.ts';
import { cleanText } from '../src/catalogue/clean.ts';
import { contentKey, itemText } from '../src/catalogue/text.ts';
import { fingerprintOf, rankingFingerprintOf } from '../src/encoder/manifest.ts';
import { readHeadFile } from '../src/head/head-file.ts';
import { readModelManifest } from './lib/node-encoder.ts';
import { defaultModelFolder } from './lib/paths.ts';
import { openVectorCache } from './lib/vector-cache.ts';
import { run } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'kindred-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const TOPICS = ['sea', 'bread', 'stars', 'chess'];
const items = Array.from({ length: 32 }, (_, i) => ({
  id: `i${i}`,
  language: 'en',
  title: `${TOPICS[i % 4]} ${i}`,
  categories: [TOPICS[i % 4] ?? ''],
}));
writeFileSync(path('items.ndjson'), items.map((item) => JSON.stringify(item)).join('\n'));
// The same topics in two languages, each item with a translation into the other; a third of the items are in the poor one.
const bilingual = items.map((item, i) => {
  const [own, other] = i % 3 === 0 ? ['sw', 'en'] : ['en', 'sw'];
  return { ...item, language: own, translations: { [other as string]: { title: `${TOPICS[i % 4]} ${i} ${other}`, description: '' } } };
});
writeFileSync(path('bilingual.ndjson'), bilingual.map((item) => JSON.stringify(item)).join('\n'));
// A user keeps to one topic of 8 items and likes 5 of them.
const likes = Array.from({ length: 80 }, (_, user) =>
  [0, 1, 3, 4, 6].map((n) => `u${user},i${(user % 4) + 4 * ((Math.floor(user / 4) + n) % 8)}`),
).flat();
writeFileSync(path('likes.csv'), ['user,item', ...likes].join('\n'));

beforeAll(async () => {
  const manifest = await readModelManifest(defaultModelFolder());
  const cache = await openVectorCache(path('cache'), { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });
  const random = seededRandom(5);
  const centres = TOPICS.map(() => Array.from({ length: manifest.dimensions }, () => gaussian(random)));
  const texts = [
    ...items.map((item) => ({ ...item, description: '', tag: 'en' })),
    ...bilingual.map((item) => ({ ...item, description: '', tag: Object.keys(item.translations)[0] })),
  ];
  const keys = await Promise.all(texts.map((item) => contentKey(cleanText(itemText(item, item.tag)))));
  const vectors = texts.flatMap((_, i) => {
    const values = (centres[i % 4] ?? []).map((centre) => centre + 2 * gaussian(random));
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  });
  await cache.append(keys, Float32Array.from(vectors));
  await cache.close();
});

async function train(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await run(['train', '--catalogue', path('items.ndjson'), '--interactions', path('likes.csv'), '--cache', path('cache'), ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal: new AbortController().signal,
    nowMs: () => Date.UTC(2026, 0, 2),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

test('writes a head that the page can read, the same one each time, with prior, table, blend and curves', async () => {
  const more = ['--features', '0', '--head', 'bilinear', '--rank', '6', '--epochs', '1', '--curves', path('curves.csv'), '--log-dir', path('board')];
  const { code, out, err } = await train('--out', path('head.json'), ...more);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('80 users, 400 interactions, 32 items');
  const manifest = await readModelManifest(defaultModelFolder());
  const text = readFileSync(path('head.json'), 'utf8');
  const encoder = { fingerprint: rankingFingerprintOf(manifest), dimensions: manifest.adapter?.projectedDimensions ?? manifest.dimensions };
  const head = await readHeadFile(text, { encoder });
  expect(head.shape).toEqual({ kind: 'bilinear', dimensions: encoder.dimensions, rank: 6 });
  expect(head.createdMs).toBe(Date.UTC(2026, 0, 2));
  expect(head.training.users).toBe(80);
  expect(head.training.heldOut.best).toBeGreaterThanOrEqual(head.training.heldOut.plain);
  expect(head.log?.items.length).toBe(32);
  expect(head.log?.weights.at(-1)?.upTo).toBeNull();
  // Neighbours share a topic, as all users keep to one.
  const table = head.log?.table;
  const topic = (place: number): string => head.log?.items[place]?.slice(1) ?? '';
  expect(table?.items.length).toBeGreaterThan(0);
  for (let place = 0; place < (head.log?.items.length ?? 0); place++) {
    const neighbours = [...(table?.items.subarray(table.offsets[place], table.offsets[place + 1]) ?? [])];
    expect(neighbours.every((other) => Number(topic(other)) % 4 === Number(topic(place)) % 4)).toBe(true);
  }
  const curve = readFileSync(path('curves.csv'), 'utf8').trim().split('\n');
  expect(curve[0]).toBe('step,epoch,loss,learningRate,heldOut,timeMs');
  expect(curve.length).toBeGreaterThan(1);
  expect(readdirSync(path('board'))).toEqual([expect.stringContaining('tfevents')]);
  await train('--out', path('again.json'), ...more);
  expect(readFileSync(path('again.json'), 'utf8')).toBe(text);
});

test('a signed head with categories; the public key for the page is printed', async () => {
  writeFileSync(path('key.pem'), generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { code, out } = await train('--out', path('signed.json'), '--rank', '4', '--epochs', '0', '--features', '16', '--sign-key', path('key.pem'));
  expect(code).toBe(0);
  const publicKey = /public key for the page: (\S+)/.exec(out)?.[1] ?? '';
  const head = await readHeadFile(readFileSync(path('signed.json'), 'utf8'), { publicKey });
  expect(head.features?.dimensions).toBe(16);
  expect(head.shape.dimensions).toBe(head.encoder.dimensions + 16);
});

const BILINGUAL = ['--catalogue', path('bilingual.ndjson'), '--features', '0', '--rank', '8', '--epochs', '2'];
const headIn = async (name: string) => readHeadFile(readFileSync(path(name), 'utf8'));

test.each([
  [['--language-temperature', '5'], { temperature: 5, mixing: false, alignment: false, translations: 0 }],
  [['--mixing'], { mixing: true, alignment: false, translations: 32 }],
  [['--align', '--translations', '20'], { mixing: false, alignment: true, translations: 20 }],
])('%j change the head, and the file says so', async (options, facts) => {
  if (!existsSync(path('plain.json'))) expect((await train('--out', path('plain.json'), ...BILINGUAL)).code).toBe(0);
  expect((await train('--out', path('helped.json'), ...BILINGUAL, ...options)).code).toBe(0);
  const [plain, helped] = [await headIn('plain.json'), await headIn('helped.json')];
  expect(plain.training.languages).toBeUndefined();
  expect(helped.training.languages).toEqual(facts);
  expect(helped.parameters).not.toEqual(plain.parameters);
});

test('training starts from a prior head with its kind and sizes, and the file names it', async () => {
  await train('--out', path('rich.json'), '--features', '0', '--rank', '6', '--epochs', '1');
  const { code } = await train('--out', path('poor.json'), '--prior-head', path('rich.json'), '--epochs', '0');
  expect(code).toBe(0);
  const [rich, poor] = [await headIn('rich.json'), await headIn('poor.json')];
  expect(poor.shape).toEqual(rich.shape);
  expect(poor.training.languages?.priorHead).toBe(
    createHash('sha256')
      .update(readFileSync(path('rich.json')))
      .digest('hex'),
  );
  expect(poor.training.start).toBe('prior head');
  expect(poor.parameters).toEqual(rich.parameters);
});

test('impossible options for languages end with 2 and say why', async () => {
  const out = ['--out', path('none.json')];
  const refused = async (message: string, ...args: string[]) =>
    expect(await train(...out, ...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  await refused('--language-temperature 0.5 is not a number from 1 to 100', '--language-temperature', '0.5');
  await refused('--language-temperature warm is not a number', '--language-temperature', 'warm');
  await refused('--mixing needs translations, and no item of the catalogue has one', '--mixing');
  await refused('--align needs translations', '--align');
  await refused('--translations is for --mixing and --align', '--translations', '5');
  await refused('--translations 0 is not a whole number from 1', '--align', '--translations', '0');
  await refused('--align changes the steps of training, and --epochs 0 has none', '--align', '--epochs', '0');
  await refused('missing.json cannot be read', '--prior-head', path('missing.json'));
  await refused('is no JSON', '--prior-head', path('likes.csv'));
  await refused('--rank is not for --prior-head', '--prior-head', path('rich.json'), '--rank', '4');
  expect(readdirSync(folder)).not.toContain('none.json');
});

test('unknown heads, options of another head, endings and keys end with 2', async () => {
  const out = ['--out', path('none.json')];
  expect(await train(...out, '--head', 'magic')).toMatchObject({ code: 2, err: expect.stringContaining('bilinear, mlp, dot') });
  expect(await train(...out, '--head', 'dot', '--rank', '4')).toMatchObject({ code: 2, err: expect.stringContaining('--rank') });
  expect(await train(...out, '--curves', path('curves.png'))).toMatchObject({ code: 2, err: expect.stringContaining('.csv') });
  expect(await train(...out, '--sign-key', path('missing.pem'))).toMatchObject({ code: 2, err: expect.stringContaining('missing.pem') });
  expect(readdirSync(folder)).not.toContain('none.json');
});
