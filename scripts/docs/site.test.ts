import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/base/errors.ts';
import { declarationsOf } from './api.mjs';
import { docsFiles, slugOf } from './site.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const files = new Map(docsFiles(ROOT).map(({ path, content }) => [path, String(content)]));

test('troubleshooting explains every error code, and no other', () => {
  const text = readFileSync(`${ROOT}/docs/troubleshooting.md`, 'utf8');
  expect([...text.matchAll(/^### (.+)$/gm)].map(([, code]) => code).sort()).toEqual([...ERROR_CODES].sort());
});

test('every link between pages leads to a page, and every anchor to a heading', () => {
  const broken: string[] = [];
  for (const [path, html] of files) {
    if (!path.endsWith('.html')) continue;
    for (const [, href = ''] of html.matchAll(/(?:href|src)="([^"]+)"/g)) {
      if (/^[a-z]+:/i.test(href)) continue;
      const url = new URL(href, `http://site/docs/${path}`);
      if (!url.pathname.startsWith('/docs/')) continue; // the product itself, or a file of the repository
      const target = files.get(decodeURIComponent(url.pathname.slice('/docs/'.length)));
      const anchor = decodeURIComponent(url.hash.slice(1));
      if (target === undefined || (anchor && !target.includes(`id="${anchor}"`))) broken.push(`${path}: ${href}`);
    }
  }
  expect(broken).toEqual([]);
});

test('pages hold no script and nothing from another host', () => {
  for (const [path, html] of files) {
    if (!path.endsWith('.html')) continue;
    expect(html, path).not.toMatch(/<script|<style|\sstyle=|<img[^>]+src="https?:/);
  }
});

test('the API page has every method of the recommender', () => {
  const source = readFileSync(`${ROOT}/src/client/recommender.ts`, 'utf8');
  const api = files.get('api.html') ?? '';
  const body = source.slice(source.indexOf('export interface Recommender {'));
  const methods = [...body.matchAll(/^ {2}(\w+)[(<]/gm)].map(([, name]) => name as string);
  expect(methods.length).toBeGreaterThan(15);
  for (const name of methods) expect(api, name).toMatch(new RegExp(`<code>${name}[(&]`));
});

test('a declaration comes with its docstring, without its body', () => {
  const [one, two] = declarationsOf(
    '/** Adds. @throws never */\nexport function add(a: number): number {\n  return a;\n}\n/** A thing. */\nexport interface Thing {\n  /** Its size, bytes. */\n  size: number;\n}\nfunction hidden() {}',
  );
  expect(one).toContain('Adds.');
  expect(one).toContain('export function add(a: number): number'.replace('export ', ''));
  expect(one).not.toContain('return a');
  expect(two).toContain('```ts\nsize: number\n```\n\nIts size, bytes.');
});

test('headings get the anchors that other renderers give them', () => {
  expect(slugOf('Another host for the files')).toBe('another-host-for-the-files');
  expect(slugOf('What is `nDCG@10`?')).toBe('what-is-ndcg10');
});
