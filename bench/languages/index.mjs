// How much language decides what is near, by the protocol "Language bias": `npm run bench -- languages [--halves 5] [--sets apps,stories,baskets] [--page-only]`.
// Apps (descriptions) and stories; the vectors are read from .cache/vectors, none is made here. What is measured is kept half by half
// under .cache/languages/KEY, so that a run that was cut off goes on; KEY changes with the code and the model. The page shows the sets
// that `--sets` names.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, measurementKey } from '../lib.mjs';
import { measureBaskets } from './baskets.mjs';
import { commonLanguages, descriptionIn, openModel, readItems, readMatrix, wholeText } from './data.mjs';
import { drawHalf, fitInput, measureHalf } from './protocol.mjs';
import { languageFigures, writeLanguagePage } from './report.mjs';
import { closeRoom, correction } from './room.mjs';

const { values: args } = parseArgs({
  options: {
    halves: { type: 'string', default: '5' },
    sets: { type: 'string', default: 'apps,stories,baskets' },
    'page-only': { type: 'boolean', default: false },
  },
});
const halves = Number(args.halves);
const KEY = measurementKey('src/language', 'src/compute/cpu', 'bench/languages', 'public/models/multilingual-e5-small/manifest.json');
const OUT = fileURLToPath(new URL(`../../.cache/languages/${KEY}/`, import.meta.url));
const BASKETS = `${OUT}baskets.json`;
/** Languages with fewer texts than this are left out of stories. */
const LEAST_TEXTS = 30;

const SYSTEMS = [
  { key: 'raw', name: 'as they come', fit: { method: 'none', hubness: 0 } },
  { key: 'centred', name: 'minus the mean of their language', fit: { method: 'centre', hubness: 0 } },
  { key: 'lir', name: 'LIR, one component', fit: { method: 'lir', hubness: 0 }, halves: 1 },
  { key: 'shift', name: 'shifted to the mean of all', fit: { method: 'shift', hubness: 0 }, halves: 1 },
  { key: 'adapter', name: 'shipped adapter, no translations in the catalogue', fit: {}, translations: false },
  { key: 'fitted', name: 'fitted on the catalogue’s translations', fit: {} },
];

const DATA_SETS = [
  { name: 'apps', languagesOf: (items) => commonLanguages(items).slice(0, 20), textOf: descriptionIn, leastLanguages: 15 },
  {
    name: 'stories',
    languagesOf: (items) => commonLanguages(items).filter(([, texts]) => texts >= LEAST_TEXTS),
    textOf: wholeText,
    leastLanguages: 2,
  },
  {
    name: 'stories-known',
    source: 'stories',
    title: 'Stories, of these languages those that the encoder was trained on',
    languagesOf: (items, known) => commonLanguages(items).filter(([tag, texts]) => texts >= LEAST_TEXTS && known.includes(tag)),
    textOf: wholeText,
    leastLanguages: 2,
  },
];

async function measureSet({ name, source = name, languagesOf, textOf, leastLanguages }, model) {
  const items = readItems(source);
  if (!items) return console.log(`${name} is left out: the data folder is missing.`);
  const matrix = await readMatrix(
    model,
    items,
    languagesOf(items, model.manifest.languages).map(([tag]) => tag),
    textOf,
    { leastLanguages },
  );
  if (matrix.items.length < 80)
    return console.log(`${name} is left out: only ${matrix.items.length} items have vectors (npm run bench -- embeddings).`);
  const d = model.dimensions;
  for (let seed = 1; seed <= halves; seed++) {
    const file = `${OUT}${name}-${seed}.json`;
    if (existsSync(file)) continue;
    const half = drawHalf(matrix, d, seed);
    const rows = [];
    for (const system of SYSTEMS) {
      if (seed > (system.halves ?? halves)) continue;
      const started = performance.now();
      const fitted = await correction.fitCorrection(fitInput(matrix, d, half, { translations: system.translations ?? true }), {
        prior: model.prior,
        ...system.fit,
      });
      const fitMs = performance.now() - started;
      const { sameLanguageOverFair, selfReciprocalRank, categoryPrecision, rankCorrelation } = measureHalf(matrix, d, half, fitted);
      rows.push({
        key: system.key,
        method: fitted.method,
        dimensions: fitted.dimensions,
        fitMs,
        sameLanguageOverFair,
        selfReciprocalRank,
        categoryPrecision,
        rankCorrelation,
      });
      console.log(
        name,
        seed,
        system.key,
        fitted.method,
        fitted.dimensions,
        sameLanguageOverFair.toFixed(3),
        selfReciprocalRank.toFixed(3),
        categoryPrecision.toFixed(3),
        rankCorrelation.toFixed(3),
      );
    }
    writeFileSync(file, JSON.stringify({ name, seed, items: matrix.items.length, languages: matrix.languages, rows }));
  }
}

mkdirSync(OUT, { recursive: true });
const wanted = args.sets.split(',');
if (!args['page-only']) {
  const model = await openModel();
  for (const set of DATA_SETS) if (wanted.includes(set.source ?? set.name)) await measureSet(set, model);
  if (wanted.includes('baskets') && !existsSync(BASKETS)) {
    const baskets = await measureBaskets(model);
    if (baskets) writeFileSync(BASKETS, JSON.stringify(baskets));
  }
  await model.cache.close();
}
const results = DATA_SETS.filter(({ name, source = name }) => wanted.includes(source))
  .map(({ name, title = `${name[0].toUpperCase()}${name.slice(1)}` }) => ({
    name,
    title,
    halves: Array.from({ length: halves }, (_, i) => `${OUT}${name}-${i + 1}.json`)
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, 'utf8'))),
  }))
  .filter((result) => result.halves.length > 0);
if (results.length === 0) console.log('Nothing was measured: there are no data sets or no vectors.');
else {
  const hasBaskets = wanted.includes('baskets') && existsSync(BASKETS);
  const baskets = hasBaskets ? JSON.parse(readFileSync(BASKETS, 'utf8')) : undefined;
  for (const [key, value] of languageFigures(results, SYSTEMS, baskets)) figure(key, value);
  writeLanguagePage(results, SYSTEMS, baskets);
}
await closeRoom();
process.exit();
