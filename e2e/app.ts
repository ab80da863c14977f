// Helpers of the specs: find things on the page and wait for the engine.
import { expect, type Locator, type Page } from '@playwright/test';

export interface ShownCard {
  id: string;
  language: string;
  categories: string[];
}

export const app = (page: Page): Locator => page.locator('kindred-app');
export const recommendations = (page: Page): Locator => page.locator('#recommendations kindred-item-card');
export const hits = (page: Page): Locator => page.locator('#results kindred-item-card');
export const card = (page: Page, id: string): Locator => page.locator(`kindred-item-card[data-item-id="${id}"]`).first();

export async function cardsOf(list: Locator): Promise<ShownCard[]> {
  return list.evaluateAll((cards) =>
    cards.map((element) => ({
      id: element.getAttribute('data-item-id') ?? '',
      language: element.getAttribute('data-language') ?? '',
      categories: (element.getAttribute('data-categories') ?? '').split(' | ').filter(Boolean),
    })),
  );
}

export async function untilReady(page: Page, timeoutMs = 280_000): Promise<void> {
  await expect(app(page)).toHaveAttribute('data-phase', 'ready', { timeout: timeoutMs });
}

/** Searches and waits for the transformer's answer, or for the quick one if the speed is `quick`. */
export async function search(page: Page, query: string): Promise<ShownCard[]> {
  await page.locator('kindred-app input[type="search"]').fill(query);
  await page.keyboard.press('Enter');
  const reader = (await app(page).getAttribute('data-speed')) === 'quick' ? 'quick' : 'refined';
  await expect(page.locator(`#results[data-query-encoder="${reader}"]`)).toBeVisible();
  await expect(hits(page).first()).toBeVisible();
  return cardsOf(hits(page));
}

export async function like(page: Page, id: string): Promise<void> {
  await card(page, id).locator('[data-kind="like"]').click();
}

/** Goes to a part of the page by its link. */
export async function goTo(page: Page, panel: string): Promise<void> {
  await page.locator(`kindred-app .parts a[href="#/${panel}"]`).click();
  await expect(app(page)).toHaveAttribute('data-panel', panel);
}

/** On the panel Catalogue: previews a file, then opens it. */
export async function openFile(page: Page, file: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
  await page.locator('kindred-import input[type="file"]').setInputFiles(file);
  await page.locator('kindred-import #open').click();
}
