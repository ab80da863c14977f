// Learning on the page: likes train a head, its curve is drawn, the history shows it and lists follow it. A head trained on
// random ratings is refused.
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { seededRandom } from '../src/base/random.ts';
import { app, recommendations, untilReady } from './app.ts';

interface Row {
  id: string;
  language: string;
  categories: string[];
}
const ROWS = readFileSync(new URL('../public/catalogues/world-library/items.ndjson', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Row);

function categoriesBySize(): string[] {
  const counts = new Map<string, number>();
  for (const { categories } of ROWS) for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([category]) => category);
}

/** Items of two unrelated categories, in many languages. */
function likesOf(count: number): string[] {
  const [first = '', second = ''] = categoriesBySize();
  const onlyIn = (category: string, other: string): Row[] =>
    ROWS.filter(({ categories }) => categories.includes(category) && !categories.includes(other));
  return [...onlyIn(first, second).slice(0, count / 2), ...onlyIn(second, first).slice(0, count / 2)].map(({ id }) => id);
}

async function rate(page: Page, ratings: readonly (readonly [string, 'like' | 'dislike'])[]): Promise<void> {
  await page.evaluate(async (all) => {
    const { recommender } = document.querySelector('kindred-app') ?? {};
    for (const [id, kind] of all) await recommender?.rate(id, kind);
  }, ratings);
}

const panel = (page: Page) => page.locator('kindred-taste-panel');
/** A longer list than the page shows, with scores: a small change of taste may leave the first cards as they are. */
const longList = (page: Page) =>
  page.evaluate(async () => {
    const list = await document.querySelector('kindred-app')?.recommender?.recommend({ count: 100 });
    return list?.items.map(({ item, score }) => `${item.id} ${score.toFixed(4)}`);
  });

/** Items of the largest category: a reader with one taste, for whom a head finds more than the likes alone do. */
function likesOfOneKind(count: number): string[] {
  const [first = ''] = categoriesBySize();
  return ROWS.filter(({ categories }) => categories.includes(first))
    .slice(0, count)
    .map(({ id }) => id);
}

test('twelve likes of one kind train a head: curve, history, another list; restoring brings the old one back', async ({ page }) => {
  await page.goto('./?speed=quick');
  await untilReady(page, 20_000);
  await rate(
    page,
    likesOfOneKind(12).map((id) => [id, 'like'] as const),
  );
  await expect(app(page)).toHaveAttribute('data-basis', 'profile');
  await page.goto('./?speed=quick#/taste');
  // Training starts on its own after five ratings; this one trains on all twelve.
  await panel(page).locator('#train').click();
  await expect(panel(page).locator('#stop')).toHaveCount(0, { timeout: 60_000 });
  const trained = panel(page).locator('[data-head]:not([data-head="start"])');
  await expect(trained.first()).toBeVisible();
  await expect(panel(page).locator('kindred-curves canvas')).toBeVisible();
  await expect(trained.first()).toContainText('12 ratings');

  const history = await page.evaluate(() => document.querySelector('kindred-app')?.recommender?.heads());
  const best = history?.records.find(({ installed, origin }) => installed && origin === 'trained');
  expect(best, JSON.stringify(history?.records.map(({ reason }) => reason))).toBeTruthy();
  if (history?.activeId === 'start') await panel(page).locator(`[data-head="${best?.id}"] .restore`).click();
  await page.goto('./?speed=quick#/discover');
  await expect(recommendations(page).first()).toBeVisible();
  const byHead = await longList(page);
  expect(byHead).toHaveLength(100);
  await page.goto('./?speed=quick#/taste');
  await panel(page).locator('[data-head="start"] .restore').click();
  await expect(panel(page).locator('[data-head="start"]')).toHaveAttribute('aria-current', 'true');
  await page.goto('./?speed=quick#/discover');
  await expect.poll(() => longList(page)).not.toEqual(byHead);
});

test('random ratings do not replace the head in use', async ({ page }) => {
  await page.goto('./?speed=quick');
  await untilReady(page, 20_000);
  const likes = likesOf(12);
  await rate(
    page,
    likes.map((id) => [id, 'like'] as const),
  );
  const heads = () => page.evaluate(async () => document.querySelector('kindred-app')?.recommender?.heads());
  await page.evaluate(() => document.querySelector('kindred-app')?.recommender?.train());
  const before = (await heads())?.activeId;
  const random = seededRandom(7);
  const others = ROWS.filter(({ id }) => !likes.includes(id)).sort(() => random() - 0.5);
  await rate(
    page,
    others.slice(0, 30).map(({ id }) => [id, random() < 0.5 ? 'like' : 'dislike'] as const),
  );
  const record = await page.evaluate(() => document.querySelector('kindred-app')?.recommender?.train());
  expect(record?.installed, record?.reason).toBe(false);
  expect((await heads())?.activeId).toBe(before);
  await page.goto('./?speed=quick#/taste');
  await expect(panel(page).locator(`[data-head="${record?.id}"] .refused`)).toBeVisible();
});
