// The element on a plain page of a plain static host, in a sub-folder and without isolation headers.
import { expect, test } from '@playwright/test';
import { type StaticHost, serveFolder } from './serve.ts';

let host: StaticHost;
test.beforeAll(async () => {
  host = await serveFolder();
});
test.afterAll(() => host.close());

test('<kindred-recommendations> lists, learns from a like and says so in events', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${host.url}examples/shop.html`);
  const element = page.locator('kindred-recommendations').first();
  const cards = element.locator('kindred-item-card');
  await expect(cards.first()).toBeVisible({ timeout: 60_000 });
  await expect(element).toHaveAttribute('data-phase', 'ready', { timeout: 120_000 });
  const first = await cards.first().getAttribute('data-item-id');
  await cards.first().locator('[data-kind="like"]').click();
  await expect(element).toHaveAttribute('data-basis', 'profile');
  await expect(element.locator(`kindred-item-card[data-item-id="${first}"]`)).toHaveCount(0);
  expect(errors).toEqual([]);
  expect(host.requests.filter((path) => path.startsWith('models/')).length).toBeGreaterThan(3);
});

test('the page itself works from the sub-folder', async ({ page }) => {
  await page.goto(`${host.url}?catalogue=examples/shop.csv`);
  await expect(page.locator('kindred-app')).toHaveAttribute('data-phase', 'ready', { timeout: 120_000 });
  await expect(page.locator('kindred-app')).toHaveAttribute('data-encoded', '24');
});
