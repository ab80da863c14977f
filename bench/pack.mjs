// A first visit with the owner's vectors, on the built page: time and bytes until the list that a like leads to.
// `npm run build && npm run bench -- pack [--visits 7]`
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { figure, median, openChromium, table, writePage } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const WEIGHTS = /models\/.*\.(bin|onnx)|ort-.*\.wasm/;
const { values: args } = parseArgs({ options: { visits: { type: 'string', default: '7' } } });

if (!existsSync(`${ROOT}dist/index.html`)) throw new Error('There is no build to visit. Run "npm run build" first.');
const loader = await createServer({
  root: ROOT,
  configFile: false,
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  logLevel: 'error',
  appType: 'custom',
});
const { serveFolder } = await loader.ssrLoadModule('/e2e/serve.ts');
const host = await serveFolder(undefined, undefined, undefined, true);
const browser = await openChromium();
try {
  await visit('?'); // the browser's own first start is no part of it
  const withPack = [];
  const without = [];
  for (let i = 0; i < Number(args.visits); i++) {
    withPack.push(await visit(''));
    without.push(await visit('?pack=none'));
  }
  const rows = [
    ['with its pack', withPack],
    ['without', without],
  ].map(([name, visits]) => ({
    'first visit, the demo of 522 items': name,
    'page open to first cards': `${Math.round(median(visits.map((one) => one.cardsMs)))} ms`,
    'to the list after a like': `${Math.round(median(visits.map((one) => one.listMs)))} ms`,
    'transferred by then': `${(median(visits.map((one) => one.bytes)) / 1e6).toFixed(2)} MB`,
    'of it weights and runtime': `${(median(visits.map((one) => one.weightBytes)) / 1e6).toFixed(2)} MB`,
  }));
  const text = table(rows);
  figure('pack.first_visit_ms', Math.round(median(withPack.map((one) => one.listMs))));
  figure('pack.bytes_before_recommendations', Math.round(median(withPack.map((one) => one.bytes))));
  figure('pack.without_first_visit_ms', Math.round(median(without.map((one) => one.listMs))));
  figure('pack.without_bytes_before_recommendations', Math.round(median(without.map((one) => one.bytes))));
  writePage(
    'pack',
    `Medians of ${args.visits} visits each, in turn, without a GPU, each with an empty profile, no service worker, a local host that sends text as gzip.\n\n${text}\n\nWithout a pack the list after a like comes from instant vectors, and loading and encoding go on. With the pack all vectors are there, and the encoder is fetched only when a search, a new item or the check of a sample needs it.`,
    'Packs',
  );
} finally {
  await browser.close();
  await host.close();
  await loader.close();
}

async function visit(query) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const sizes = [];
  page.on('requestfinished', (request) => {
    sizes.push(
      request.sizes().then(
        ({ responseBodySize, responseHeadersSize }) => ({ url: request.url(), bytes: responseBodySize + responseHeadersSize }),
        () => ({ url: '', bytes: 0 }),
      ),
    );
  });
  const startedMs = performance.now();
  await page.goto(`${host.url}${query}`);
  const card = page.locator('#recommendations kindred-item-card').first();
  await card.waitFor();
  const cardsMs = performance.now() - startedMs;
  await page.waitForFunction(() => Number(document.querySelector('kindred-app').dataset.quick) === 522, undefined, { polling: 20, timeout: 120_000 });
  await card.locator('[data-kind="like"]').click();
  await page.waitForFunction(() => document.querySelector('kindred-app').dataset.basis === 'profile', undefined, { polling: 20 });
  const listMs = performance.now() - startedMs;
  const loaded = await Promise.all(sizes);
  await context.close();
  const sum = (list) => list.reduce((total, one) => total + one.bytes, 0);
  return { cardsMs, listMs, bytes: sum(loaded), weightBytes: sum(loaded.filter(({ url }) => WEIGHTS.test(url))) };
}
