// The element when script and page have different origins, and in an iframe of another site.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type {} from '../src/widget/types.ts';
import { element, folderWith, likeFirst, listed, problemsOf, SHELF } from './element.ts';
import { type StaticHost, serveFolder } from './serve.ts';

/** Headers of a content delivery network: readable from every origin. */
const SHARED = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' };
/** Makes a page cross-origin isolated: WebAssembly gets its threads. */
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

let cdn: StaticHost;
let site: StaticHost;
let pages: Awaited<ReturnType<typeof folderWith>>;

/** The policy of docs/embedding.md for a script from another origin, with threads, plus Trusted Types. */
const policy = (origin: string): string =>
  [
    "default-src 'self'",
    `script-src ${origin} blob: 'wasm-unsafe-eval'`,
    `worker-src blob: ${origin}`,
    `connect-src 'self' ${origin}`,
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types kindred lit-html',
  ].join('; ');

const shop = (origin: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(new URL(origin).origin)}"><title>Shop</title>
<script type="module" src="${origin}kindred.js"></script></head>
<body><kindred-recommendations catalogue="items.csv" count="4" speed="SPEED"></kindred-recommendations></body></html>`;

const around = (frame: string): string => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Around</title>
<script src="${new URL('embed-frame.js', frame).href}"></script><script src="listen.js"></script></head>
<body><iframe data-kindred title="Recommendations" width="600" src="${frame}"></iframe></body></html>`;

const LISTEN = `window.heard = []; addEventListener('message', ({ data, origin }) => window.heard.push({ ...data, origin }));`;

test.beforeAll(async () => {
  cdn = await serveFolder(undefined, '/kindred/', 0, false, SHARED);
  pages = await folderWith({ 'items.csv': SHELF, 'listen.js': LISTEN });
  site = await serveFolder(pages.path, '/', 0);
});
test.afterAll(async () => {
  await Promise.all([cdn.close(), site.close()]);
  await pages.remove();
});

/** Puts a page on the site. A mocked answer does not work: the browser would refuse it the local network of the other origin. */
async function open(page: Page, body: string): Promise<void> {
  await writeFile(join(pages.path, 'page.html'), body);
  await page.goto(`${site.url}page.html`);
}

test('script, worker and models from another origin, under a strict policy', async ({ page }) => {
  const problems = problemsOf(page);
  await open(page, shop(cdn.url).replace('SPEED', 'quick'));
  await expect(listed(page)).toHaveCount(4);
  await likeFirst(page);
  expect(problems).toEqual([]);
  expect(site.requests).toContain('items.csv');
  expect(site.requests.filter((path) => /models|assets/.test(path))).toEqual([]);
});

test('the transformer from another origin: a worker started by the worker, and its threads', async ({ page }) => {
  const problems = problemsOf(page);
  const isolated = await serveFolder(pages.path, '/', 0, false, ISOLATED);
  const isolatedCdn = await serveFolder(undefined, '/kindred/', 0, false, { ...SHARED, ...ISOLATED });
  try {
    await writeFile(join(pages.path, 'isolated.html'), shop(isolatedCdn.url).replace('SPEED', 'refined'));
    await page.goto(`${isolated.url}isolated.html`);
    await expect(element(page)).toHaveAttribute('data-phase', 'ready', { timeout: 120_000 });
    const threads = await page.evaluate(() => document.querySelector('kindred-recommendations')?.recommender?.status.encoder?.threads);
    expect(threads).toBeGreaterThan(1);
    await likeFirst(page);
    expect(problems).toEqual([]);
    expect(isolatedCdn.requests).toContain('models/multilingual-e5-small/weights.00.bin');
  } finally {
    await Promise.all([isolated.close(), isolatedCdn.close()]);
  }
});

test('an iframe of another site takes the height of its content and tells what is clicked, to the allowed origin only', async ({ page }) => {
  const problems = problemsOf(page);
  const frame = `${cdn.url}embed.html?catalogue=examples/shop.csv&count=2&speed=quick&allow=${new URL(site.url).origin}`;
  await open(page, around(frame));
  const inside = page.frameLocator('iframe');
  await expect(listed(inside)).toHaveCount(2);
  const height = await page.locator('iframe').evaluate((one) => one.getBoundingClientRect().height);
  await expect.poll(() => page.locator('iframe').evaluate((one) => one.getBoundingClientRect().height)).toBeGreaterThan(200);
  const said = (type: string) =>
    page.evaluate((wanted) => (window as unknown as { heard: Record<string, unknown>[] }).heard.filter((one) => one.type === wanted), type);
  expect(await said('ready')).toEqual([{ kindred: 1, type: 'ready', itemCount: 24, origin: new URL(cdn.url).origin }]);
  await likeFirst(inside);
  // Neither recommendations nor likes leave the frame.
  const types = await page.evaluate(() => [...new Set((window as unknown as { heard: { type: string }[] }).heard.map(({ type }) => type))].sort());
  expect(types).toEqual(['ready', 'resize']);

  await page.evaluate((origin) => {
    const { contentWindow } = document.querySelector('iframe') ?? {};
    contentWindow?.postMessage({ kindred: 1, type: 'set', attributes: { count: '5', theme: 'dark', catalogue: 'other.csv' } }, origin);
  }, new URL(cdn.url).origin);
  await expect(listed(inside)).toHaveCount(5);
  await expect(element(inside)).toHaveAttribute('theme', 'dark');
  await expect(element(inside)).toHaveAttribute('catalogue', `${cdn.url}examples/shop.csv`);
  await expect.poll(() => page.locator('iframe').evaluate((one) => one.getBoundingClientRect().height)).toBeGreaterThan(height);
  expect(problems).toEqual([]);
});

test('a frame that names another origin neither speaks to nor listens to this one', async ({ page }) => {
  await open(page, around(`${cdn.url}embed.html?catalogue=examples/shop.csv&count=2&speed=quick&allow=https://elsewhere.example`));
  const inside = page.frameLocator('iframe');
  await expect(listed(inside)).toHaveCount(2);
  await page.evaluate(() =>
    document.querySelector('iframe')?.contentWindow?.postMessage({ kindred: 1, type: 'set', attributes: { count: '5' } }, '*'),
  );
  await likeFirst(inside);
  await expect(listed(inside)).toHaveCount(2);
  expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([]);
});

test('a frame reads no catalogue of another origin and says so', async ({ page }) => {
  const frame = `${cdn.url}embed.html?catalogue=${encodeURIComponent(`${site.url}items.csv`)}&allow=${new URL(site.url).origin}`;
  await open(page, around(frame));
  await expect(page.frameLocator('iframe').getByRole('alert')).toContainText('only files of');
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { heard: { code?: string }[] }).heard.map(({ code }) => code)))
    .toContain('bad-argument');
});
