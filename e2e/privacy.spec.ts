// Nothing that the visitor types, rates or imports is in any request of any part of the page. A proxy records all requests, those
// of the service worker too. Planted leaks prove that the check finds leaks.
import { expect, test } from '@playwright/test';
import { app, like, recommendations, untilReady } from './app.ts';
import { leaks, recordingProxy } from './recording-proxy.ts';
import { serveFolder } from './serve.ts';

const CANARY = { query: 'Zwergkanarie7391', title: 'Goldkanarie5528', id: 'kanarie-item-4417', file: 'kanariendatei9046' };
const WORDS = Object.values(CANARY);
const PARTS = ['discover', 'taste', 'catalogue', 'measure', 'map', 'privacy', 'settings'];

test('no query, rating, profile or imported text leaves the page', async ({ browser }) => {
  const host = await serveFolder();
  const proxy = await recordingProxy();
  const context = await browser.newContext({ proxy: { server: proxy.server, bypass: '<-loopback>' } });
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  const page = await context.newPage();
  try {
    await page.goto(`${host.url}?speed=quick&encoder=wasm`);
    await untilReady(page, 60_000);
    await like(page, (await recommendations(page).first().getAttribute('data-item-id')) ?? '');
    await page.locator('#query').fill(`${CANARY.query} in the harbour`);
    await page.keyboard.press('Enter');
    await expect(page.locator('#results')).toBeVisible();

    const rows = Array.from(
      { length: 8 },
      (_, at) =>
        `${at === 0 ? CANARY.id : `plain-${at}`},en,${at === 0 ? CANARY.title : `Story ${at}`},A tale of the sea and its ships number ${at},sea`,
    );
    const text = `id,language,title,description,categories\n${rows.join('\n')}\n`;
    await page.evaluate(
      async ({ name, text: csv, id }) => {
        const { recommender } = document.querySelector('kindred-app') ?? {};
        if (!recommender) throw new Error('no recommender');
        await recommender.openCatalogue(new File([csv], `${name}.csv`));
        for (const liked of [id, 'plain-1', 'plain-2', 'plain-3']) await recommender.rate(liked, 'like');
        await recommender.search(`${id} again`, { count: 3, quick: true });
        await recommender.train();
        await recommender.exportData();
      },
      { name: CANARY.file, text, id: CANARY.id },
    );
    for (const part of PARTS) {
      await page.goto(`${host.url}?speed=quick&encoder=wasm#/${part}`);
      await expect(app(page)).toHaveAttribute('data-panel', part);
      await page.waitForTimeout(300); // for requests that the part makes on its own
    }
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await untilReady(page, 60_000);

    expect(proxy.requests.length).toBeGreaterThan(20);
    expect(leaks(proxy.requests, WORDS)).toEqual([]);
    const origin = new URL(host.url).host;
    // The proxy refuses the browser's own services (it asks Google about forms). The page and its workers ask no other site.
    const others = proxy.requests.filter(({ url, method }) => method !== 'GET' || new URL(url).host !== origin).map(({ url }) => url);
    expect(others.filter((url) => !/^[a-z-]+\.googleapis\.com:443$/.test(url))).toEqual([]);
    expect(asked.filter((url) => /^https?:/.test(url) && new URL(url).host !== origin)).toEqual([]);

    // The control: the check must find each of these.
    const seen = proxy.requests.length;
    await page.evaluate(async (word) => {
      const silent = (answer: Promise<unknown>) => answer.catch(() => undefined);
      await silent(fetch(`./leak?q=${encodeURIComponent(word)}`));
      await silent(fetch(`./leak?b=${btoa(`x${word}y`)}`));
      await silent(fetch('./leak', { method: 'POST', body: new Uint16Array([...word].map((character) => character.charCodeAt(0))) }));
      await silent(fetch('./leak', { headers: { 'x-taste': word } }));
    }, CANARY.title);
    const planted = leaks(proxy.requests.slice(seen), WORDS);
    expect(planted.map((leak) => leak.split(' ').slice(3, 4).join())).toEqual(['address', 'address', 'body', 'headers']);
  } finally {
    await context.close();
    await proxy.close();
    await host.close();
  }
});

test('the receipt shows the requests and says that none went elsewhere; another site cannot be reached at all', async ({ page }) => {
  await page.goto('./?speed=quick#/privacy');
  const panel = page.locator('kindred-privacy-panel');
  await expect(panel.locator('tbody tr').first()).toBeVisible();
  await expect(panel.locator('#elsewhere')).toHaveText('0');
  await expect(panel.locator('#sent')).toHaveText(/^0/);
  const refused = await page.evaluate(() =>
    fetch('http://localhost:9/collect').then(
      () => 'sent',
      (error: unknown) => String(error),
    ),
  );
  expect(refused).toMatch(/TypeError/);
  const injected = await page.evaluate(() => {
    try {
      document.createElement('div').innerHTML = '<img src=x>';
      return 'taken';
    } catch (error) {
      return String(error);
    }
  });
  expect(injected).toMatch(/TypeError/);
});

test('export gives a file; erase leaves nothing, checks that, and says so', async ({ page }) => {
  await page.goto('./?speed=quick');
  await untilReady(page, 30_000);
  await like(page, (await recommendations(page).first().getAttribute('data-item-id')) ?? '');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.goto('./?speed=quick#/privacy');
  const panel = page.locator('kindred-privacy-panel');
  const download = page.waitForEvent('download');
  await panel.locator('#export').click();
  expect((await download).suggestedFilename()).toBe('kindred-export.json');
  await panel
    .getByRole('button', { name: /erase everything/i })
    .first()
    .click();
  await panel.locator('dialog[open]').getByRole('button', { name: /erase/i }).click();
  await expect(panel.locator('#verified')).toContainText('nothing is left', { timeout: 20_000 });
  const left = await page.evaluate(async () => ({
    databases: (await indexedDB.databases()).filter(({ name }) => name === 'kindred').length,
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    keys: Object.keys(localStorage),
  }));
  expect(left).toEqual({ databases: 0, caches: [], workers: 0, keys: [] });
});
