// The real command line with the real encoder: packs, shards and their merging, and a second run that encodes nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'kindred-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const catalogue = join(folder, 'items.csv');
writeFileSync(
  catalogue,
  'id,language,title\na,en,The lighthouse\nb,de,Der Leuchtturm\nc,fr,Le phare\nd,es,El faro\ne,sw,Mnara wa taa\nf,hi,प्रकाशस्तंभ\n',
);

async function kindred(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await run(args, {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal: new AbortController().signal,
    nowMs: () => Date.UTC(2026, 0, 2),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}
const contents = (name: string): Record<string, string> =>
  Object.fromEntries(readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file)).toString('hex')]));
const packTo = (name: string, ...more: string[]) =>
  kindred('pack', '--catalogue', catalogue, '--out', join(folder, name), '--cache', join(folder, 'cache'), '--processes', '1', ...more);

test('encodes each text once, continues from the cache, and shards merge to the same bytes', async () => {
  const first = await packTo('whole');
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.out).toContain('6 encoded now, 0 were there already');
  const before = contents('whole');
  expect((await packTo('whole')).out).toContain('0 encoded now, 6 were there already');
  expect(contents('whole')).toEqual(before);
  await packTo('one', '--shard', '1/2');
  await packTo('two', '--shard', '2/2');
  const shard = contents('two');
  expect((await kindred('pack', 'merge', join(folder, 'two'), join(folder, 'one'), '--out', join(folder, 'two'))).err).toContain(
    'is one of the shards',
  );
  expect(contents('two')).toEqual(shard);
  expect(await kindred('pack', 'verify', join(folder, 'two'), '--catalogue', catalogue)).toMatchObject({ code: 0 });
  const merged = await kindred('pack', 'merge', join(folder, 'two'), join(folder, 'one'), '--out', join(folder, 'merged'));
  expect(merged.code).toBe(0);
  expect(contents('merged')).toEqual(before);
  const lacking = await kindred('pack', 'merge', join(folder, 'two'), '--out', join(folder, 'lacking'));
  expect(lacking).toMatchObject({ code: 2 });
  expect(lacking.err).toContain('shard 1/2 is missing');
});

test('verify encodes a sample again and finds a damaged file', async () => {
  const good = await kindred('pack', 'verify', join(folder, 'whole'), '--catalogue', catalogue);
  expect(good.code).toBe(0);
  expect(good.out).toMatch(/6 encoded again: lowest cosine (0\.99|1\.0)/);
  const file = readdirSync(join(folder, 'whole')).find((name) => name.startsWith('vectors')) ?? '';
  const bytes = readFileSync(join(folder, 'whole', file));
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  writeFileSync(join(folder, 'whole', file), bytes);
  const bad = await kindred('pack', 'verify', join(folder, 'whole'));
  expect(bad.code).toBe(1);
  expect(bad.out).toContain('SHA-256');
});

test('unknown commands, options and files end with 2 and say what there is', async () => {
  expect((await kindred('pakc')).err).toContain('There are: check, pack');
  expect((await kindred('pack', '--catalogue', catalogue, '--out', folder, '--shard', '3/2')).err).toContain('--shard 3/2');
  const missing = await kindred('check', join(folder, 'nothing.csv'));
  expect(missing.code).toBe(2);
  expect(missing.err).toContain('nothing.csv');
  expect((await kindred('check', catalogue)).out).toContain('6 items of 6 rows');
  expect((await kindred('check', catalogue)).out).not.toContain('popularity');
  const counted = join(folder, 'counted.csv');
  writeFileSync(counted, 'id,language,title,views\na,en,The lighthouse,7\nb,de,Der Leuchtturm,\n');
  expect((await kindred('check', counted)).out).toContain('popularity: stated by 1 of 2 items');
});
