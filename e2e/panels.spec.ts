// Every part of the built page, wide, narrow, dark and right to left: nothing is wider than the window, axe-core finds nothing,
// the keyboard reaches it. The run keeps a screenshot of each.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page, test } from '@playwright/test';
import { app, cardsOf, goTo, recommendations, untilReady } from './app.ts';

const PANELS = ['taste', 'catalogue', 'measure', 'map', 'privacy', 'settings', 'discover'] as const;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LOOKS = [
  { name: 'wide', width: 1280, height: 900, colorScheme: 'light', ui: 'en' },
  { name: 'narrow-dark', width: 390, height: 844, colorScheme: 'dark', ui: 'de' },
  { name: 'narrow-right-to-left', width: 390, height: 844, colorScheme: 'light', ui: 'ar' },
  // A window of 1280 pixels at 200 % is one of 640.
  { name: 'twice-as-large-forced-colours', width: 640, height: 450, colorScheme: 'dark', ui: 'ru', forcedColors: 'active' },
] as const;

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await axe.run({ runOnly: tags });
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join(' | ')}`,
    );
  });
}

for (const { name, width, height, colorScheme, ui, ...look } of LOOKS) {
  test(`every part, ${name}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', ...look });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`./?speed=quick&ui=${ui}`);
    await untilReady(page, 60_000);
    await expect(recommendations(page).first()).toBeVisible(); // a list comes after the device is ready
    const ids = (await cardsOf(recommendations(page))).slice(0, 3).map(({ id }) => id);
    await page.evaluate(async (liked) => {
      const { recommender } = document.querySelector('kindred-app') ?? {};
      for (const id of liked) await recommender?.rate(id, 'like');
    }, ids);
    await expect(page.locator('kindred-ratings [data-rating="like"]')).toHaveCount(3);
    await expect(app(page)).toHaveAttribute('data-basis', 'profile');
    for (const panel of PANELS) {
      await goTo(page, panel);
      await expect(page.locator(`[data-part="${panel}"]`).locator('h2').first()).toBeFocused();
      await expect(page.locator('.unloaded')).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `${panel} is as wide as the window`).toBeLessThanOrEqual(
        0,
      );
      await test.info().attach(`${panel}-${name}.png`, { body: await page.screenshot(), contentType: 'image/png' });
      expect(await violations(page), panel).toEqual([]);
    }
    expect(errors).toEqual([]);
    await context.close();
  });
}

test('by keyboard alone: to a part by its link, back, and past the bar to the content', async ({ page }) => {
  await page.goto('./?speed=quick');
  await untilReady(page, 60_000);
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.textContent?.trim() ?? '';
    });
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Start here: like a few');
  await page.locator('kindred-app nav a[href="#/settings"]').focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Settings');
  await expect(page).toHaveTitle('Settings · Kindred');
  await page.goBack();
  await expect.poll(focused).toBe('Start here: like a few');
});

test('a reload keeps the part, the search and the languages', async ({ page }) => {
  await page.goto('./?speed=quick#/discover?q=children%20in%20a%20village');
  await untilReady(page, 60_000);
  await expect(page.locator('#results kindred-item-card').first()).toBeVisible();
  await page.locator('kindred-language-filter summary').click();
  await page.locator('kindred-language-filter [value="sw"]').check();
  await expect
    .poll(() =>
      page
        .locator('#recommendations kindred-item-card')
        .evaluateAll((cards) => cards.every((card) => /^(sw|en)$/.test(card.getAttribute('data-language') ?? ''))),
    )
    .toBe(true);
  await page.reload();
  await untilReady(page, 60_000);
  await expect(page.locator('#results kindred-item-card').first()).toBeVisible();
  await expect(page.locator('#query')).toHaveValue('children in a village');
  await expect(page.locator('kindred-language-filter [value="sw"]')).toBeChecked();
  await goTo(page, 'map');
  await page.reload();
  await expect(app(page)).toHaveAttribute('data-panel', 'map');
});
