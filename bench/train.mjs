// Training a scoring head against TensorFlow.js and jax-js in Chromium: examples a second and time to a loss, same data, same
// loss, same optimiser, same batches. `npm run bench -- train [--rounds 5] [--visits 3] [--heads 'dot;mlp, 64 hidden']`
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { figure, median, openChromium, writePage } from './lib.mjs';
import { pageText } from './train/report.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BENCH = fileURLToPath(new URL('./', import.meta.url));
const PEER_MODULES = [
  '@jax-js/jax',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-core/dist/register_all_gradients.js',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
];
const HEADS = ['dot', 'bilinear, rank 16', 'bilinear, rank 32', 'mlp, 64 hidden'];
const TASK = { examples: 1000, users: 100, items: 800, batchSize: 64, learningRate: 0.003, seed: 1 };
const CPU_NAMES = ['own-wasm', 'own-plain', 'tfjs-wasm', 'tfjs-cpu', 'jax-wasm'];
const GPU_NAMES = ['own-webgpu', 'tfjs-webgpu', 'jax-webgpu'];
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const NOT_ISOLATED = { 'Cross-Origin-Opener-Policy': 'unsafe-none', 'Cross-Origin-Embedder-Policy': 'unsafe-none' };
/**
 * An isolated page may use threads, and both libraries then use them. Pages without isolation show whether they are faster with one thread.
 * WebGPU may run in software, where a visit takes minutes: one visit, and fewer cold epochs.
 */
const MODES = [
  { mode: 'threads', headers: ISOLATED, webgpu: false, names: CPU_NAMES, epochs: 10, mostVisits: Number.POSITIVE_INFINITY },
  { mode: 'one thread', headers: NOT_ISOLATED, webgpu: false, names: CPU_NAMES, epochs: 10, mostVisits: Number.POSITIVE_INFINITY },
  { mode: 'webgpu', headers: NOT_ISOLATED, webgpu: true, names: GPU_NAMES, epochs: 4, mostVisits: 1 },
];

const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    visits: { type: 'string', default: '3' },
    'round-ms': { type: 'string', default: '200' },
    heads: { type: 'string', default: HEADS.join(';') },
  },
});
const [rounds, visits, roundMs] = [Number(args.rounds), Number(args.visits), Number(args['round-ms'])];
if (!existsSync(`${BENCH}node_modules/@jax-js/jax`)) {
  console.error('The peers are not installed. To install them: cd bench && npm ci --ignore-scripts');
  process.exit(1);
}

const runs = [];
for (const kind of MODES) {
  const server = await createServer({
    // So that the libraries are found in bench/node_modules.
    root: BENCH,
    configFile: `${ROOT}vite.config.ts`,
    cacheDir: `${ROOT}.cache/vite-bench-train`,
    logLevel: 'error',
    server: { port: 0, watch: null, hmr: false, headers: kind.headers, fs: { allow: [ROOT] } },
    // Listed, because Vite reloads the page when it finds a dependency late, which would end a measurement.
    optimizeDeps: { noDiscovery: true, include: PEER_MODULES },
  });
  await server.listen();
  try {
    for (const head of args.heads.split(';')) {
      for (let visit = 0; visit < Math.min(visits, kind.mostVisits); visit++)
        runs.push({ mode: kind.mode, head, ...(await visitPage(server, kind, head, visit)) });
    }
  } finally {
    await server.close();
  }
}
report();

/** A fresh Chromium: cold times first, then rounds in turns. */
async function visitPage(server, { webgpu, names: all, epochs }, head, visit) {
  const browser = await openChromium({ webgpu });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
    await page.goto(`${server.resolvedUrls.local[0]}train/page.html`);
    await page.waitForFunction(() => globalThis.bench);
    const call = (name, argument) => page.evaluate(([n, a]) => globalThis.bench[n](a), [name, argument]);
    const about = await call('prepare', { head, ...TASK });
    const able = all.filter((name) => name !== 'own-webgpu' || about.trainsOnGpu);
    // Each visit begins with another system, so that the cold machine does not always slow the same one.
    const names = able.map((_, i) => able[(i + visit) % able.length]);
    // The oracle says what the loss should be; on the GPU's page it is not timed.
    const oracle = names.includes('own-plain') ? [] : ['own-plain'];
    const { cold, tfjsThreads } = await call('runCold', { names: [...names, ...oracle], epochs });
    const warm = await call('runWarm', { names, rounds, roundMs });
    const rates = able.map((name) => `${name} ${Math.round(median(warm[name]))}`).join(', ');
    console.log(`${head}, ${about.isolated ? 'isolated' : 'not isolated'}, ${about.cores} cores, tfjs threads ${tfjsThreads}: ${rates} examples/s`);
    return { ...about, names: able, cold, warm, tfjsThreads, load: loadavg()[0] };
  } finally {
    await browser.close();
  }
}

function report() {
  const version = (name) => JSON.parse(readFileSync(`${BENCH}node_modules/${name}/package.json`, 'utf8')).version;
  const versions = { tfjs: version('@tensorflow/tfjs-core'), jax: version('@jax-js/jax') };
  const { text, figures } = pageText(runs, { ...TASK, heads: args.heads.split(';'), visits, rounds, versions });
  for (const [name, value] of Object.entries(figures)) figure(name, value);
  if (args.heads !== HEADS.join(';')) {
    console.log('The page is left as it was: it shows a run of all heads.');
    return;
  }
  const path = writePage('train', text, 'Training a scoring head');
  console.log(`\nwritten: ${path.slice(ROOT.length)}`);
}
