// Helpers of the element's specs: find its cards on a page, and make a folder of pages.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

export const element = (page: Page | FrameLocator): Locator => page.locator('kindred-recommendations').first();
export const listed = (page: Page | FrameLocator): Locator => page.locator('kindred-recommendations kindred-item-card');

/** Likes the first card and waits for the new list. */
export async function likeFirst(page: Page | FrameLocator): Promise<void> {
  const cards = element(page).locator('kindred-item-card');
  await expect(cards.first()).toBeVisible({ timeout: 60_000 });
  const id = await cards.first().getAttribute('data-item-id');
  await cards.first().locator('[data-kind="like"]').click();
  await expect(element(page)).toHaveAttribute('data-basis', 'profile');
  await expect(element(page).locator(`kindred-item-card[data-item-id="${id}"]`)).toHaveCount(0);
}

/** Collects errors of the page, also refusals by its policy and missing files, except a missing icon. */
export function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico')) problems.push(message.text());
  });
  return problems;
}

export const SHELF = `id,language,title,description,categories,link
bread,en,Baking bread at home,"Flour, water and salt: loaves from your own oven.",Baking,https://shop.example/bread
brot,de,Brot backen,"Sauerteig und Roggen, gebacken im eigenen Ofen.",Baking,
pain,fr,Faire son pain,"Farine, eau et levain pour une miche maison.",Baking,
stars,en,Reading the night sky,"Constellations and planets, found without a telescope.",Astronomy,
sterne,de,Sterne im Winter,"Sternbilder am Nachthimmel, ohne Fernrohr zu finden.",Astronomy,
etoiles,fr,Les étoiles du sud,"Constellations et planètes vues sans télescope.",Astronomy,
`;

/** A folder with the files, deleted by `remove`. */
export async function folderWith(files: Record<string, string>): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'kindred-pages-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
