// The built page in a fresh profile: bytes until the first recommendations, and a reload until the first search result.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { CHROMIUM_FLAGS, ensureChromium } from '../../scripts/find-chromium.mjs';
import { median } from '../lib.mjs';
import { serveStatic } from './static-host.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ITEMS = 64;
const RELOADS = 5;
const QUERY = 'a journey by sea';
const TIMEOUT_MS = 280_000;

/** Where things are on the page. */
const ON_PAGE = {
  app: 'kindred-app',
  card: '#recommendations kindred-item-card',
  like: '#recommendations kindred-item-card [data-kind="like"]',
  input: 'input[type="search"]',
  results: '#results',
  resultCard: '#results kindred-item-card',
};

/** Runs in the page before its scripts: types the query as soon as there is an input, and notes when a result is drawn. */
function searchAtOnce({ app, input, results, resultCard, query }) {
  const look = () => {
    const root = document.querySelector(app)?.shadowRoot;
    if (root?.querySelector(resultCard)) {
      globalThis.searchedMs = performance.now(); // since the navigation began
      return;
    }
    const field = root?.querySelector(input);
    if (field && !root.querySelector(results)) {
      field.value = query;
      field.form.requestSubmit();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function firstVisit(page, url, host) {
  const startMs = performance.now();
  await page.goto(url);
  await page.locator(ON_PAGE.card).first().waitFor({ timeout: TIMEOUT_MS });
  const firstCardsMs = performance.now() - startMs;
  await page.locator(ON_PAGE.like).first().click();
  await page.locator(`${ON_PAGE.app}[data-basis="profile"]`).waitFor({ timeout: TIMEOUT_MS });
  const first = { firstCardsMs, firstRecommendationMs: performance.now() - startMs, bytesToFirst: host.sentBytes() };
  await page.locator(`${ON_PAGE.app}[data-phase="ready"]`).waitFor({ timeout: TIMEOUT_MS });
  const encoded = Number(await page.locator(ON_PAGE.app).getAttribute('data-encoded'));
  return { ...first, encoded, readyMs: performance.now() - startMs };
}

/** @returns bytes and times; see index.mjs for what each means */
export async function measureVisit() {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bench-'));
  const dist = join(folder, 'dist');
  await build({ root: ROOT, logLevel: 'error', build: { outDir: dist, emptyOutDir: true } });
  const catalogue = readFileSync(join(dist, 'catalogues/world-library/items.ndjson'), 'utf8').split('\n').slice(0, ITEMS).join('\n');
  const host = await serveStatic(dist, { 'bench.ndjson': catalogue });
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), { executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
  try {
    const url = `${host.url}?encoder=wasm&catalogue=bench.ndjson`;
    const page = await context.newPage();
    const first = await firstVisit(page, url, host);
    const from = host.requests.length;
    await page.addInitScript(searchAtOnce, { ...ON_PAGE, query: QUERY });
    const times = [];
    for (let i = 0; i < RELOADS; i++) {
      await page.reload();
      const searched = await page.waitForFunction(() => globalThis.searchedMs, null, { timeout: TIMEOUT_MS });
      times.push(await searched.jsonValue());
    }
    console.log(`reload to the first search result, ms: ${times.map(Math.round).join(', ')}`);
    const warmModelRequests = host.requests.slice(from).filter((path) => /\.(bin|onnx|wasm|f32)$/.test(path)).length;
    return { ...first, warmSearchMs: median(times), warmModelRequests, items: ITEMS };
  } finally {
    await context.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
