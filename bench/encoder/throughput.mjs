// Texts per second of both systems, block by block in turn, so that a busy machine slows both.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { openChromium } from '../lib.mjs';
import { catalogueTexts } from './texts.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TRANSFORMERS = `${ROOT}node_modules/@xenova/transformers/dist/transformers.web.js`;
/** Builds that transformers.js can run on, from here instead of its CDN. */
const RUNTIMES = { default: 'ort-wasm-simd-threaded.asyncify', same: 'ort-wasm-simd-threaded' };

/** Serves the sources and the model, cross-origin isolated so that threads can be asked for. */
async function serveSources() {
  const server = await createServer({
    root: ROOT,
    configFile: false,
    appType: 'mpa',
    logLevel: 'error',
    cacheDir: 'node_modules/.vite-bench',
    resolve: { alias: { '@xenova/transformers': TRANSFORMERS } },
    optimizeDeps: { noDiscovery: true },
    server: {
      port: 0,
      hmr: false,
      watch: null,
      headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    },
  });
  return server.listen();
}

/** @returns texts per second of each, their ratio, and the mean cosine between their vectors */
export async function measureThroughput({ texts: count, block, threads, runtime }) {
  const { texts, source } = catalogueTexts(count);
  const server = await serveSources();
  const browser = await openChromium();
  try {
    const base = server.resolvedUrls.local[0];
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error.message));
    await page.goto(`${base}bench/encoder/page.html`);
    await page.waitForFunction(() => globalThis.bench);
    const files = `${base}node_modules/onnxruntime-web/dist/${RUNTIMES[runtime]}`;
    const status = await page.evaluate((options) => globalThis.bench.prepare(options), {
      threads,
      runtime: { wasm: `${files}.wasm`, mjs: `${files}.mjs` },
    });
    const totalMs = { ours: 0, theirs: 0 };
    const cosines = [];
    for (let start = 0, turn = 0; start < texts.length; start += block, turn++) {
      const part = texts.slice(start, start + block);
      const result = await page.evaluate(([of, first]) => globalThis.bench.block(of, first), [part, turn % 2 ? 'theirs' : 'ours']);
      totalMs.ours += result.ours;
      totalMs.theirs += result.theirs;
      cosines.push(...result.cosines);
      console.log(`${start + part.length} texts: ${(result.theirs / result.ours).toFixed(2)} times as fast in this block`);
    }
    const perSecond = (ms) => Number(((texts.length / ms) * 1000).toFixed(2));
    return {
      rows: [
        { system: 'this project', 'texts per second': perSecond(totalMs.ours) },
        { system: `transformers.js ${status.version}`, 'texts per second': perSecond(totalMs.theirs) },
      ],
      ratio: totalMs.theirs / totalMs.ours,
      meanCosine: cosines.reduce((a, b) => a + b) / cosines.length,
      source,
      threads: status.threads,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}
