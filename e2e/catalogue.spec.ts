// A visitor's own file: imported, encoded, and after a change of one text encoded for that item only.
import { expect, test } from '@playwright/test';
import { app, openFile, untilReady } from './app.ts';

const ROWS = [
  ['a', 'en', 'Garden spade', 'A steel spade for digging heavy soil.', 'garden'],
  ['b', 'de', 'Gießkanne', 'Eine Kanne aus Zink für Beete und Balkon.', 'garden'],
  ['c', 'fr', 'Lampe de bureau', 'Une lampe orientable pour lire le soir.', 'home'],
  ['d', 'es', 'Mesa de roble', 'Una mesa maciza para seis personas.', 'home'],
];
const csv = (changed = ''): { name: string; mimeType: string; buffer: Buffer } => {
  const lines = ROWS.map(([id, lang, name, summary, tags]) => `${id},${lang},"${name}${id === changed ? ' XL' : ''}","${summary}",${tags}`);
  return { name: 'shelf.csv', mimeType: 'text/csv', buffer: Buffer.from(`id,lang,name,summary,tags\n${lines.join('\n')}\n`) };
};

test('own CSV: previewed with recognised columns and bad rows, opened, kept; one changed text encodes one item', async ({ page }) => {
  await page.goto('./?encoder=wasm&catalogue=examples/shop.csv#/catalogue');
  await untilReady(page);
  const file = csv();
  const panel = page.locator('kindred-import');
  await panel.locator('input[type="file"]').setInputFiles({ ...file, buffer: Buffer.concat([file.buffer, Buffer.from('e,english,"",nothing,x\n')]) });
  await expect(panel.locator('#preview-title')).toContainText('shelf.csv');
  await expect(panel).toContainText('title');
  await expect(panel.locator('tr[data-severity="error"]')).toHaveCount(1);
  await expect(app(page)).toHaveAttribute('data-encoded', '24'); // a preview opens nothing
  await panel.locator('#open').click();
  await expect(app(page)).toHaveAttribute('data-encoded', '4', { timeout: 60_000 });
  await untilReady(page);
  await expect(page.locator('#open-catalogue')).toContainText('shelf.csv');
  await expect(page.locator('#open-catalogue tr[data-severity="error"]')).toHaveCount(1);

  const before = Number(await app(page).getAttribute('data-texts-encoded'));
  await openFile(page, csv('b'));
  await expect.poll(async () => Number(await app(page).getAttribute('data-texts-encoded')), { timeout: 30_000 }).toBe(before + 1);
  await untilReady(page);
  await expect(app(page)).toHaveAttribute('data-encoded', '4');

  // The next visit opens it again, without a file and without encoding anything. The catalogue before it is kept too.
  await page.goto('./?encoder=wasm#/catalogue');
  await expect(page.locator('#open-catalogue')).toContainText('shelf.csv');
  await untilReady(page);
  await expect(app(page)).toHaveAttribute('data-encoded', '4');
  await expect(app(page)).toHaveAttribute('data-texts-encoded', '0');
  await expect(page.locator('kindred-kept-catalogues li')).toHaveCount(2);
  await page.locator('kindred-kept-catalogues .reopen').click();
  await expect(app(page)).toHaveAttribute('data-encoded', '24');
});

test('a zip renamed to csv is refused with advice, and the catalogue stays', async ({ page }) => {
  await page.goto('./?encoder=wasm&catalogue=examples/shop.csv#/catalogue');
  await untilReady(page);
  await page
    .locator('kindred-app input[type="file"]')
    .setInputFiles({ name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from('PK\u0003\u0004rest of an archive') });
  await expect(page.getByRole('alert').first()).toContainText(/zip/i);
  await expect(app(page)).toHaveAttribute('data-encoded', '24');
});

test('closing the page in the middle loses only the batch in progress', async ({ page }) => {
  await page.goto('./?encoder=wasm&catalogue=examples/shop.csv');
  await expect.poll(async () => Number(await app(page).getAttribute('data-encoded')), { timeout: 90_000, intervals: [50] }).toBeGreaterThan(5);
  const before = Number(await app(page).getAttribute('data-encoded'));
  await page.goto('about:blank');
  await page.goto('./?encoder=wasm&catalogue=examples/shop.csv');
  await untilReady(page);
  await expect(app(page)).toHaveAttribute('data-encoded', '24');
  expect(Number(await app(page).getAttribute('data-texts-encoded'))).toBeLessThanOrEqual(24 - before);
});
