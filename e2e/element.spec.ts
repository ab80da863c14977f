// The element on plain pages of a plain static host, in a sub-folder and without isolation headers.
import { expect, type Page, test } from '@playwright/test';
import { element, likeFirst, listed, problemsOf } from './element.ts';
import { type StaticHost, serveFolder } from './serve.ts';

let host: StaticHost;
test.beforeAll(async () => {
  host = await serveFolder();
});
test.afterAll(() => host.close());

/** Number of workers with an engine: one per page, for any number of elements. */
const engines = (page: Page): number => page.workers().filter((worker) => /\/worker-[^/]+\.js$/.test(worker.url())).length;

test('<kindred-recommendations> lists, learns from a like and says so in events', async ({ page }) => {
  const problems = problemsOf(page);
  await page.goto(`${host.url}examples/shop.html`);
  await expect(element(page)).toHaveAttribute('data-phase', 'ready', { timeout: 120_000 });
  await likeFirst(page);
  expect(problems).toEqual([]);
  expect(host.requests.filter((path) => path.startsWith('models/')).length).toBeGreaterThan(3);
});

test('a blog with a card template of its own: filled, styled by the page, rated and followed', async ({ page }) => {
  const problems = problemsOf(page);
  await page.goto(`${host.url}examples/blog.html`);
  await element(page).evaluate((one) => one.setAttribute('speed', 'quick')); // before it is visible, so that nothing large is loaded
  const cards = page.locator('[data-kindred-item]');
  await element(page).scrollIntoViewIfNeeded();
  await expect(cards).toHaveCount(3);
  const first = cards.first();
  await expect(first.locator('h3 a')).toHaveAttribute('href', /^blog\.html\?post=/);
  await expect(first.locator('.next')).toHaveCSS('border-block-start-width', '3px');
  const id = await first.getAttribute('data-kindred-item');
  await first.locator('[data-action="like"]').click();
  await expect(element(page)).toHaveAttribute('data-basis', 'profile');
  await expect(page.locator(`[data-kindred-item="${id}"]`)).toHaveCount(0);
  await expect(cards).toHaveCount(3);
  await cards.first().locator('h3 a').click();
  await expect(page).toHaveURL(/blog\.html\?post=/);
  expect(problems).toEqual([]);
});

test('several elements share one engine, and one that is moved or put back finds it', async ({ page }) => {
  await page.goto(`${host.url}examples/shop.html`);
  await page.evaluate(() => {
    const first = document.querySelector('kindred-recommendations');
    first?.setAttribute('speed', 'quick');
    const second = first?.cloneNode(true);
    if (second) document.querySelector('main')?.prepend(second);
  });
  await expect(listed(page)).toHaveCount(12);
  expect(engines(page)).toBe(1);
  const ready = await page.evaluate(async () => {
    const [one, other] = document.querySelectorAll('kindred-recommendations');
    let again = 0;
    one?.addEventListener('ready', () => again++);
    other?.after(one ?? '');
    one?.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    document.querySelector('main')?.append(one ?? '');
    return again;
  });
  expect(ready).toBe(0);
  await likeFirst(page);
  for (const one of await page.locator('kindred-recommendations').all()) await expect(one).toHaveAttribute('data-basis', 'profile');
  expect(engines(page)).toBe(1);
});

test('nothing of the engine is fetched before the element is near the window', async ({ page }) => {
  await page.route('**/shop.html', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('<h1>', '<div class="far"></div><h1>');
    await route.fulfill({ response, body });
  });
  await page.route('**/shop.css', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n.far { block-size: 6000px; }` });
  });
  await page.goto(`${host.url}examples/shop.html`);
  await expect(page.locator('.fallback')).toBeAttached();
  await page.waitForFunction(() => customElements.get('kindred-recommendations'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 200))));
  expect(page.workers()).toHaveLength(0);
  await element(page).evaluate((one) => one.setAttribute('speed', 'quick'));
  await element(page).scrollIntoViewIfNeeded();
  await expect(listed(page)).toHaveCount(6);
});

test('the page itself works from the sub-folder', async ({ page }) => {
  await page.goto(`${host.url}?catalogue=examples/shop.csv`);
  await expect(page.locator('kindred-app')).toHaveAttribute('data-phase', 'ready', { timeout: 120_000 });
  await expect(page.locator('kindred-app')).toHaveAttribute('data-encoded', '24');
});
