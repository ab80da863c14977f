// The instant encoder against the transformer: texts a second on the same texts in the same run, and what the quick
// vectors are worth, alone and mixed with refined ones. `npm run bench -- instant [--texts 2000] [--subset 100]`
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { catalogueTexts } from './encoder/texts.mjs';
import { cachedVectors } from './instant/cache.mjs';
import { drawTask } from './instant/protocol.mjs';
import { qualityTable } from './instant/quality.mjs';
import { figure, median, openChromium, quantile, table, writePage } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BLOCKS = 4;
const TASK = { apps: 600, languages: 20, queries: 900 };

const { values: args } = parseArgs({ options: { texts: { type: 'string', default: '2000' }, subset: { type: 'string', default: '100' } } });

const server = await createServer({
  root: ROOT,
  configFile: `${ROOT}vite.config.ts`,
  cacheDir: `${ROOT}.cache/vite-bench-instant`,
  logLevel: 'error',
  server: { port: 0, watch: null, hmr: false },
});
await server.listen();
const browser = await openChromium();
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(`${server.resolvedUrls.local[0]}bench/instant/page.html`);
  await page.waitForFunction(() => globalThis.bench);
  const about = await page.evaluate(() => globalThis.bench.prepare());
  console.log(`instant ready after ${Math.round(about.instantLoadMs)} ms; transformer on ${about.transformer.status.rung}, 1 thread`);
  const speed = await measureSpeed(page);
  const quality = await measureQuality(page, about);
  const path = writePage('instant', pageText(speed, quality), 'The instant encoder');
  console.log(`\nwritten: ${path.slice(ROOT.length)}`);
} finally {
  await browser.close();
  await server.close();
}

/** Blocks of the same texts through both encoders in turn; then all texts through the instant one. */
async function measureSpeed(page) {
  const { texts, source } = catalogueTexts(Number(args.texts));
  const subsetSize = Math.min(Number(args.subset), texts.length);
  const subset = Array.from({ length: subsetSize }, (_, i) => texts[Math.floor((i * texts.length) / subsetSize)]);
  const time = (name, list) => page.evaluate(([n, t]) => globalThis.bench.time(n, t), [name, list]);
  await time('instant', texts.slice(0, 500)); // both warm: compiled, caches filled
  await time('transformer', texts.slice(0, 8));
  const blocks = [];
  for (let b = 0; b < BLOCKS; b++) {
    const block = subset.filter((_, i) => i % BLOCKS === b);
    const passes = [];
    const instantPasses = async () => {
      for (let pass = 0; pass < 3; pass++) passes.push(await time('instant', block));
    };
    if (b % 2 === 0) await instantPasses();
    const transformerMs = await time('transformer', block);
    if (b % 2 === 1) await instantPasses();
    blocks.push({ texts: block.length, transformerMs, instantMs: median(passes) });
  }
  const allMs = await time('instant', texts);
  const searches = await page.evaluate(
    (t) => globalThis.bench.timeSearches(t),
    texts.slice(0, 500).map((text) => text.slice(0, 40)),
  );
  const rate = (name) => median(blocks.map((block) => (block.texts / block[`${name}Ms`]) * 1000));
  const speed = {
    load: loadavg()[0],
    source,
    texts: texts.length,
    subset: subset.length,
    characters: Math.round(texts.reduce((sum, text) => sum + text.length, 0) / texts.length),
    speedup: median(blocks.map((block) => block.transformerMs / block.instantMs)),
    lowest: Math.min(...blocks.map((block) => block.transformerMs / block.instantMs)),
    highest: Math.max(...blocks.map((block) => block.transformerMs / block.instantMs)),
    transformerRate: rate('transformer'),
    instantRate: rate('instant'),
    allRate: (texts.length / allMs) * 1000,
    searchMs: quantile(searches, 0.95),
  };
  figure('instant.speedup', speed.speedup.toFixed(0));
  figure('instant.speedup_lowest_block', speed.lowest.toFixed(0));
  figure('instant.texts_per_second', speed.allRate.toFixed(0));
  figure('instant.transformer_texts_per_second', speed.transformerRate.toFixed(1));
  figure('instant.search_encode_ms_p95', speed.searchMs.toFixed(2));
  return speed;
}

async function measureQuality(page, about) {
  const task = drawTask(TASK);
  if (!task) {
    console.log('Quality is left out: the data set apps is missing beside the project.');
    return undefined;
  }
  const texts = [...task.candidates, ...task.queries].map(({ text }) => text);
  const encode = (name) => (list) => page.evaluate(([n, t]) => globalThis.bench.vectors(n, t), [name, list]);
  const [quick, refined] = [
    await cachedVectors(ROOT, about.instant, texts, encode('instant')),
    await cachedVectors(ROOT, about.transformer, texts, encode('transformer')),
  ];
  const modules = ['adapter.ts', 'table-correction.ts', 'correction/apply.ts'].map((name) => server.ssrLoadModule(`/src/language/${name}`));
  const correction = Object.assign({}, ...(await Promise.all(modules)));
  const folder = `${ROOT}public/models/multilingual-e5-small/`;
  const { adapter: shape } = JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8'));
  const adapter = correction.readAdapter(new Uint8Array(readFileSync(folder + shape.ranking)), shape);
  const rows = qualityTable(task, { quick, refined, adapter, correction });
  for (const { key, selfMrr, categoryPrecision } of rows) {
    figure(`instant.${key}.self_mrr`, selfMrr.toFixed(3));
    figure(`instant.${key}.category_precision`, categoryPrecision.toFixed(3));
  }
  return { task, rows };
}

function pageText(speed, quality) {
  const speedRows = [
    { encoder: 'instant', 'texts a second': speed.instantRate.toFixed(0), 'texts a second, all texts': speed.allRate.toFixed(0) },
    { encoder: 'transformer, WASM, 1 thread', 'texts a second': speed.transformerRate.toFixed(1), 'texts a second, all texts': '' },
  ];
  const parts = [
    '## Speed',
    `The same ${speed.subset} of ${speed.texts} texts (${speed.source}; ${speed.characters} characters on average) through both encoders in ` +
      `${BLOCKS} blocks, in turn, one thread each, tokenizing included. Speedup: median over the blocks **${speed.speedup.toFixed(0)}** ` +
      `(${speed.lowest.toFixed(0)} to ${speed.highest.toFixed(0)}). A search of 40 characters is encoded in ${speed.searchMs.toFixed(2)} ms ` +
      `(95th percentile, text to vector; the scan comes on top). Load average of the ${cpus().length} cores afterwards: ${speed.load.toFixed(1)}` +
      `${speed.load > cpus().length ? ', so other work slowed both down' : ''}.`,
    table(speedRows),
  ];
  if (!quality) return [...parts, '## Quality', 'Not measured: the data set is missing.'].join('\n\n');
  const { candidates, queries, languages } = quality.task;
  const percent = ({ mean, low, high }) => `${mean >= 0 ? '+' : ''}${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  parts.push(
    '## Quality',
    `${candidates.length} apps, each in one of ${languages.length} languages drawn at random; ${queries.length} queries, each one of these apps in ` +
      'another language. Descriptions only, because names are not translated. Self MRR: reciprocal rank of the same app. Category ' +
      'precision@10: share of the ten best other apps that have a category of the query’s app. Same-language: share of the ten best in the ' +
      `query’s language (fair: ${(1 / languages.length).toFixed(2)}). Everything is centred by language, with the means of the candidates ` +
      'of that encoder. Against quick: difference in self MRR with its 95 % bootstrap interval over apps.',
    table(
      quality.rows.map((row) => ({
        vectors: row.name,
        'self MRR': row.selfMrr.toFixed(3),
        'category precision@10': row.categoryPrecision.toFixed(3),
        'same-language': row.sameLanguage.toFixed(3),
        'self MRR against quick': row.key === 'quick' ? '' : percent(row.gain),
      })),
    ),
    'Half refined: a random half of the candidates, and of the queries, have the transformer’s vector; the rest have the quick one. ' +
      'The transformer’s means are then fitted on the refined half alone. A query stands for a search, or for an item that was liked.',
  );
  return parts.join('\n\n');
}
