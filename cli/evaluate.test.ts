// The real command on a small log: the report as HTML and JSON, problems by row, and refusals.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { EvaluationReport } from '../src/evaluation/report.ts';
import { run } from './main.ts';

const folder = mkdtempSync(join(tmpdir(), 'kindred-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const topics = ['sea', 'bread', 'stars'];
const items = Array.from({ length: 30 }, (_, i) => ({
  id: `i${i}`,
  language: 'en',
  title: `${topics[i % 3]} book ${i}`,
  categories: [topics[i % 3]],
}));
writeFileSync(path('items.ndjson'), items.map((item) => JSON.stringify(item)).join('\n'));
const likes = Array.from({ length: 24 }, (_, user) => Array.from({ length: 6 }, (_, n) => `u${user},i${(user % 3) + 3 * ((user + n) % 10)}`)).flat();
writeFileSync(path('likes.csv'), ['user,item', ...likes].join('\n'));

async function evaluate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await run(['evaluate', ...args], {
    out: (line) => lines.out.push(line),
    err: (line) => lines.err.push(line),
    signal: new AbortController().signal,
    nowMs: () => Date.UTC(2026, 0, 2),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}
const files = (log = 'likes.csv') => ['--catalogue', path('items.ndjson'), '--interactions', path(log), '--out', path('out/report.html')];

test('writes a report in which the systems that see the planted topics win', async () => {
  const { code, out, err } = await evaluate(...files(), '--systems', 'random,popularity,ease,tfidf-knn');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('24 users, 144 interactions, 30 items');
  const report = JSON.parse(readFileSync(path('out/report.json'), 'utf8')) as EvaluationReport;
  const ndcg = (name: string): number => report.systems.find((system) => system.name === name)?.metrics['ndcg@10']?.mean ?? Number.NaN;
  expect(report.split.users).toBe(24);
  expect(ndcg('ease')).toBeGreaterThan(ndcg('random'));
  expect(ndcg('tfidf-knn')).toBeGreaterThan(ndcg('popularity'));
  const html = readFileSync(path('out/report.html'), 'utf8');
  expect(html).toContain('<svg');
  expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)[^"'<]*\.(js|css)|<script|<link/);
  await evaluate(...files(), '--systems', 'random,popularity,ease,tfidf-knn');
  const again = JSON.parse(readFileSync(path('out/report.json'), 'utf8')) as EvaluationReport;
  expect(again.systems.map(({ metrics }) => metrics)).toEqual(report.systems.map(({ metrics }) => metrics));
});

test('one report a size of history; rows that cannot be used are named', async () => {
  writeFileSync(path('bad.csv'), ['user,item', ',i1', ...likes].join('\n'));
  const { code, err } = await evaluate(...files('bad.csv'), '--split', 'few-ratings', '--systems', 'popularity').catch((error: unknown) => ({
    code: -1,
    err: String(error),
  }));
  // Users of 6 likes are too few for histories of 10: said, not measured.
  expect(code).toBe(2);
  expect(err).toMatch(/few-ratings|histor|users/i);
  const kfold = await evaluate(...files('bad.csv'), '--systems', 'popularity');
  expect(kfold.code).toBe(1);
  expect(kfold.err).toContain('row');
});

test('folds of a masked split are pooled by name; a name given twice counts once', async () => {
  const text = (i: number) => ({ title: `${topics[i % 3]} ${i}`, description: '' });
  const translated = items.map((item, i) => ({ ...item, translations: { de: text(i), fi: text(i), sw: text(i) } }));
  writeFileSync(path('many.ndjson'), translated.map((item) => JSON.stringify(item)).join('\n'));
  const many = Array.from({ length: 20 }, (_, user) => Array.from({ length: 24 }, (_, n) => `u${user},i${(user + n) % 30}`)).flat();
  writeFileSync(path('many.csv'), ['user,item', ...many].join('\n'));
  const args = ['--catalogue', path('many.ndjson'), '--interactions', path('many.csv'), '--out', path('masked/report.html')];
  const { code, err } = await evaluate(...args, '--split', 'language-masked,language-masked', '--systems', 'popularity,random,popularity');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const names = ['cross', 'same'].flatMap((which) => ['a-to-b', 'b-to-a'].map((direction) => `report-language-masked-${which}-${direction}.json`));
  expect(
    readdirSync(path('masked'))
      .filter((name) => name.endsWith('.json'))
      .sort(),
  ).toEqual(names);
  for (const name of names) {
    const report = JSON.parse(readFileSync(path(`masked/${name}`), 'utf8')) as EvaluationReport;
    expect(report.systems.map((system) => system.name).sort()).toEqual(['popularity', 'random']);
    // Of 24 items in one of four languages nearly every user has 5 on one side and 6 on the other; all five folds are asked.
    expect(report.split.cases).toBeGreaterThan(15);
    expect(report.split.cases).toBe(report.split.users);
  }
});

test('a system that cannot take so large a log is listed as left out; a run without any system fails', async () => {
  const many = 6001;
  writeFileSync(
    path('large.ndjson'),
    Array.from({ length: many }, (_, i) => JSON.stringify({ id: `i${i}`, language: 'en', title: `Book ${i}`, categories: [] })).join('\n'),
  );
  const early = Array.from({ length: many }, (_, i) => `u${i},i${i},${1000 + i}`);
  const late = Array.from({ length: 40 * 20 }, (_, n) => `u${Math.floor(n / 20)},i${100 + (n % 20)},${20000 + n}`);
  writeFileSync(path('large.csv'), ['user,item,timestamp', ...early, ...late].join('\n'));
  const args = ['--catalogue', path('large.ndjson'), '--interactions', path('large.csv'), '--out', path('large/report.html'), '--split', 'temporal'];
  const { code, out, err } = await evaluate(...args, '--systems', 'popularity,ease', '--reference', 'ease');
  expect(code, err).toBe(0);
  expect(out).toMatch(/ease +left out: EASE would invert a matrix of 6001 × 6001 \w+; the limit is 6000/);
  expect(err).toContain('ease is left out of');
  const report = JSON.parse(readFileSync(path('large/report.json'), 'utf8')) as EvaluationReport;
  expect([report.reference, report.leftOut.map(({ system }) => system)]).toEqual(['popularity', ['ease']]);
  const alone = await evaluate(...args, '--systems', 'ease');
  expect(alone.code).toBe(2);
  expect(alone.err).toContain('No system can be measured');
});

test('unknown splits, systems and files end with 2', async () => {
  expect((await evaluate(...files(), '--split', 'magic')).err).toContain('leave-last-out');
  expect((await evaluate(...files(), '--systems', 'magic')).err).toContain('popularity');
  expect((await evaluate(...files(), '--systems', 'random', '--reference', 'ease')).err).toContain('--reference ease is none');
  expect((await evaluate(...files('nothing.csv'))).err).toContain('nothing.csv');
  expect(existsSync(path('nothing.csv'))).toBe(false);
});
