// Every part of the built page at 1280 and 390 pixels, light, dark and right to left: nothing overflows, axe finds nothing,
// and a picture of each is kept among the files of the run.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { app, untilReady } from './app.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PARTS = ['discover', 'taste', 'catalogue', 'measure', 'map', 'privacy', 'settings'];
const LOOKS = [
  { name: '1280', width: 1280, scheme: 'light', ui: 'en' },
  { name: '390', width: 390, scheme: 'light', ui: 'en' },
  { name: 'dark', width: 1280, scheme: 'dark', ui: 'en' },
  { name: 'rtl', width: 390, scheme: 'light', ui: 'ar' },
] as const;

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** From the test's own context, so that the page's policy stays as it is. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResult> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join(' | ')}`);
}

for (const { name, width, scheme, ui } of LOOKS) {
  test(`every part at ${name}`, async ({ browser, baseURL }, info) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: 'reduce', ...(baseURL ? { baseURL } : {}) });
    const page = await context.newPage();
    await page.goto(`./?speed=quick&ui=${ui}`);
    await untilReady(page, 30_000);
    await page.evaluate(async () => {
      const { recommender } = document.querySelector('kindred-app') ?? {};
      const { items = [] } = (await recommender?.recommend({ count: 4 })) ?? {};
      for (const { item } of items) await recommender?.rate(item.id, 'like');
    });
    for (const part of PARTS) {
      await page.goto(`./?speed=quick&ui=${ui}#/${part}`);
      await expect(app(page)).toHaveAttribute('data-panel', part);
      await expect(page.locator('[data-part]:not([hidden]) h2').first()).toBeVisible();
      await page.waitForTimeout(400);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${part} is wider than the window`).toBeLessThanOrEqual(0);
      expect(await violations(page), part).toEqual([]);
      const path = info.outputPath(`${part}-${name}.png`);
      await page.screenshot({ path });
      await info.attach(`${part}-${name}`, { path, contentType: 'image/png' });
    }
    await context.close();
  });
}
