// A fresh Chromium for each group of systems, so that none finds another's memory, and a dev server that hands out the vectors.
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { openChromium } from '../lib.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export class TimeoutError extends Error {}

/** @param source from vectorSource() */
export async function openServer(source, queryCount) {
  const server = await createServer({
    root: ROOT,
    configFile: `${ROOT}vite.config.ts`,
    cacheDir: `${ROOT}.cache/vite-bench-index`,
    logLevel: 'error',
    server: { port: 0, watch: null, hmr: false },
    // The libraries are served as published, because Vite reloads the page when it finds a dependency late, which would end a measurement.
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [vectorFiles(source, queryCount)],
  });
  await server.listen();
  return server;
}

/** `/bench-vectors/DIMENSIONS/PART` and `/bench-vectors/DIMENSIONS/queries`, as raw float32. */
function vectorFiles(source, queryCount) {
  return {
    name: 'bench:vectors',
    configureServer(server) {
      server.middlewares.use('/bench-vectors/', (request, response) => {
        const [dimensions, name] = request.url.split('/').filter(Boolean);
        const vectors = name === 'queries' ? source.queries(queryCount, Number(dimensions)) : source.part(Number(name), Number(dimensions));
        response.setHeader('Content-Type', 'application/octet-stream');
        response.end(Buffer.from(vectors.buffer));
      });
    },
  };
}

/** Runs `measure(call, heapBytes)` in a page that holds the vectors. @param webgpu offer WebGPU in software where there is no GPU */
export async function withPage(server, size, { webgpu = false } = {}, measure) {
  const browser = await openChromium({ webgpu });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
    await page.goto(`${server.resolvedUrls.local[0]}bench/index/page.html`);
    await page.waitForFunction(() => globalThis.bench);
    const call = (name, argument, capMs = Number.POSITIVE_INFINITY) =>
      within(
        capMs,
        page.evaluate(([n, a]) => globalThis.bench[n](a), [name, argument]),
      );
    const tools = await page.context().newCDPSession(page);
    const heapBytes = async () => {
      await tools.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await tools.send('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    };
    await call('load', size);
    return await measure(call, heapBytes);
  } finally {
    await browser.close();
  }
}

async function within(capMs, promise) {
  if (capMs === Number.POSITIVE_INFINITY) return promise;
  promise.catch(() => {}); // it ends with the browser
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError()), Math.max(0, capMs));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
