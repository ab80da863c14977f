// Quick vectors give recommendations at once; the transformer refines them in the background; the end result is the same.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { dataFile, leftOutNote, missingData } from '../src/base/testing/left-out.ts';
import { app, card, cardsOf, goTo, like, openFile, recommendations, search, untilReady } from './app.ts';

const APPS = 'apps/items.ndjson';
const DEMO = new URL('../public/catalogues/world-library/items.ndjson', import.meta.url);

const count = async (page: Page, name: string): Promise<number> => Number(await app(page).getAttribute(`data-${name}`));

test('2,654 apps: recommendations and search within seconds, refinement behind them', async ({ page }) => {
  const missing = missingData(APPS);
  if (missing !== undefined) test.skip(true, leftOutNote(missing));
  await expectQuickStart(page, dataFile(APPS), 'Musik abspielen');
});

test('the demo opened as a file: recommendations and search within seconds, refinement behind them', async ({ page }) => {
  await expectQuickStart(page, DEMO, 'Kindheit auf dem Land');
});

async function expectQuickStart(page: Page, catalogue: URL, query: string): Promise<void> {
  const file = fileURLToPath(catalogue);
  const total = readFileSync(file, 'utf8').split('\n').filter(Boolean).length;
  await page.goto('./?encoder=wasm&catalogue=examples/shop.csv#/catalogue'); // the tokenizer comes with it
  await untilReady(page); // so that nothing of it is still running

  // Timed in the page, from the click that opens the file to the first list that likes can change. Handing over the file is not counted.
  await page.evaluate(() => {
    const element = document.querySelector('kindred-app');
    if (!(element instanceof HTMLElement)) return;
    element.addEventListener('kindred-open', () => performance.mark('import'));
    new MutationObserver(() => {
      if (Number(element.dataset.quick) > 24) performance.mark('quick');
    }).observe(element, { attributes: true });
  });
  await openFile(page, file);
  await expect.poll(() => count(page, 'quick'), { timeout: 30_000, intervals: [50] }).toBeGreaterThan(total * 0.99); // a true duplicate is left out
  await goTo(page, 'discover');
  const first = (await cardsOf(recommendations(page)))[0];
  if (!first) throw new Error('no card');
  await like(page, first.id);
  await expect(app(page)).toHaveAttribute('data-basis', 'profile');
  const elapsed = await page.evaluate(
    () =>
      performance.measure('drop', {
        start: performance.getEntriesByName('import')[0]?.startTime ?? 0,
        end: performance.getEntriesByName('quick')[0]?.startTime ?? 0,
      }).duration,
  );
  console.log(`${total} items: quick vectors for all ${elapsed.toFixed(0)} ms after opening`);
  expect(elapsed).toBeGreaterThan(0);
  expect(elapsed).toBeLessThan(3000);

  await page.locator('kindred-app input[type="search"]').fill(query);
  await expect(page.locator('#results kindred-item-card').first()).toBeVisible({ timeout: 5000 });

  await expect.poll(() => count(page, 'encoded'), { timeout: 120_000 }).toBeGreaterThan(8);
  expect(await count(page, 'encoded')).toBeLessThan(total);
}

test('after a close in the middle it continues where it stopped, and ends as without quick vectors', async ({ page, browser }) => {
  const rows = readFileSync(DEMO, 'utf8')
    .split('\n')
    .filter(Boolean)
    .filter((_, i) => i % 20 === 0);
  const ids = rows.map((row) => (JSON.parse(row) as { id: string }).id);
  await page.route('**/few.ndjson', (route) => route.fulfill({ contentType: 'application/x-ndjson', body: rows.join('\n') }));
  await page.goto('./?encoder=wasm&catalogue=few.ndjson');
  await expect.poll(() => count(page, 'quick'), { timeout: 60_000 }).toBe(rows.length);
  await like(page, (await cardsOf(recommendations(page)))[0]?.id ?? '');
  await expect.poll(() => count(page, 'encoded'), { timeout: 120_000, intervals: [50] }).toBeGreaterThan(3);
  const before = await count(page, 'encoded');
  await page.goto('about:blank');
  await page.goto('./?encoder=wasm&catalogue=few.ndjson');
  await untilReady(page);
  expect(await count(page, 'encoded')).toBe(rows.length);
  expect(await count(page, 'texts-encoded')).toBeLessThanOrEqual(rows.length - before);
  await expect(app(page)).toHaveAttribute('data-top-refined', 'true');

  const vectorsOf = (target: Page) =>
    target.evaluate(async (wanted) => {
      const element = document.querySelector('kindred-app') as HTMLElement & { recommender: { vectors(ids: string[]): Promise<Float32Array> } };
      return [...(await element.recommender.vectors(wanted))];
    }, ids);
  const refinedOnly = await (await browser.newContext()).newPage();
  await refinedOnly.route('**/few.ndjson', (route) => route.fulfill({ contentType: 'application/x-ndjson', body: rows.join('\n') }));
  await refinedOnly.goto('./?encoder=wasm&speed=refined&catalogue=few.ndjson');
  await untilReady(refinedOnly);
  // The language correction is fitted in the background after the last vector.
  const different = async () => {
    const [two, one] = [await vectorsOf(page), await vectorsOf(refinedOnly)];
    const d = two.length / ids.length;
    return ids.filter((_, row) => {
      let cosine = 0;
      for (let j = row * d; j < (row + 1) * d; j++) cosine += (two[j] as number) * (one[j] as number);
      return two.length !== one.length || !(cosine > 0.9999);
    });
  };
  await expect.poll(different, { timeout: 20_000 }).toEqual([]);
  await refinedOnly.context().close();
});

test('quick only: nothing of the transformer is fetched, recommendations and search work', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('./?speed=quick&pack=none');
  await untilReady(page, 60_000);
  expect(await count(page, 'encoded')).toBe(522);
  const hits = await search(page, 'children and animals in a village');
  expect(hits.length).toBeGreaterThan(5);
  await like(page, hits[0]?.id ?? '');
  await expect(app(page)).toHaveAttribute('data-basis', 'profile');
  await expect(card(page, hits[0]?.id ?? '')).toBeVisible();
  expect(fetched.filter((path) => /weights|graph|\.wasm/.test(path))).toEqual([]);
});
