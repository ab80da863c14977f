// How good recommendations are on Debian's baskets (metapackages as users), all baselines, full rankings:
// `npm run bench -- quality [--splits k-fold,cold-items,few-ratings,language-masked] [--masked-items N] [--page-only]
// [--without-heads]`. Runs `kindred evaluate`, whose reports stay under .cache/quality/KEY (of code and model), then the benchmark of
// trained heads. The page shows the splits of this run; with `--page-only`, all that were measured with this code and model.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, qualityFolder, writePage } from './lib.mjs';
import { writeMaskedBaskets } from './quality/masked-baskets.mjs';
import { MASKED, maskedRatio, meanOf, qualityPage } from './quality/page.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
const OUT = qualityFolder();
const RUNS = `${OUT}/runs`;
const TIME = '/usr/bin/time';
const { values: args } = parseArgs({
  options: {
    splits: { type: 'string', default: 'k-fold,cold-items,few-ratings,language-masked' },
    'masked-items': { type: 'string', default: '800' },
    'page-only': { type: 'boolean', default: false },
    'without-heads': { type: 'boolean', default: false },
  },
});

if (!existsSync(DATA)) {
  console.log('The quality benchmark is left out: the folder of the Debian baskets is missing.');
  process.exit();
}
mkdirSync(RUNS, { recursive: true });
const splits = args.splits.split(',');
if (!args['page-only']) {
  const plain = splits.filter((name) => name !== MASKED);
  if (plain.length > 0) evaluate('plain', DATA, OUT, plain.join(','));
  if (splits.includes(MASKED)) {
    const facts = writeMaskedBaskets(DATA, `${OUT}/masked`, Number(args['masked-items']));
    evaluate('masked', `${OUT}/masked`, `${OUT}/masked`, MASKED, facts);
  }
  if (!args['without-heads'])
    spawnSync(process.execPath, [`${ROOT}bench/heads.mjs`, '--splits', heads(splits).join(',')], { cwd: ROOT, stdio: 'inherit' });
}
const plain = reportsIn(OUT);
const masked = reportsIn(`${OUT}/masked`);
for (const report of plain) {
  for (const name of ['mean-embedding', 'tfidf-knn', 'ease', 'popularity']) {
    const mean = meanOf(report, name);
    if (mean != null) figure(`quality.${name}_ndcg10_${report.title}`.replaceAll('-', '_'), Number(mean.toFixed(4)));
  }
}
const ratio = maskedRatio(masked, 'mean-embedding');
if (ratio !== null) figure('quality.cross_over_same_ndcg', Number(ratio.toFixed(4)));
const withHeads = (args['page-only'] || !args['without-heads']) && existsSync(`${OUT}/heads.json`);
writePage(
  'quality',
  qualityPage({
    plain,
    masked,
    heads: withHeads ? readJson(`${OUT}/heads.json`) : {},
    runs: Object.fromEntries([
      ['plain', plain.length > 0 ? readJson(`${RUNS}/plain.json`) : null],
      ['masked', masked.length > 0 ? readJson(`${RUNS}/masked.json`) : null],
    ]),
    occurrences: itemsByOccurrences(),
  }),
  'Quality',
);

/** @returns {{ once: number, items: number }} items that are in one basket only, and items in any */
function itemsByOccurrences() {
  const counts = new Map();
  for (const line of readFileSync(`${DATA}/interactions.csv`, 'utf8').trim().split(/\r?\n/).slice(1)) {
    const item = line.split(',')[1];
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return { once: [...counts.values()].filter((count) => count === 1).length, items: counts.size };
}

/** @returns the same splits, and k-fold with 5 ratings */
function heads(splits) {
  return splits.flatMap((name) => (name === 'k-fold' ? [name, 'k-fold-5'] : [name]));
}

/**
 * Runs the command and keeps what it took: seconds on the clock and, where `time` is installed, seconds of work (all its
 * processes) and the most memory that one of them held.
 */
function evaluate(name, data, out, splits, facts = {}) {
  const command = [
    `${ROOT}cli/kindred.mjs`,
    'evaluate',
    '--catalogue',
    `${data}/items.ndjson`,
    '--interactions',
    `${data}/interactions.csv`,
    '--split',
    splits,
    '--out',
    `${out}/report.html`,
  ];
  const timeFile = `${RUNS}/${name}-time.txt`;
  const measured = existsSync(TIME);
  const startedMs = performance.now();
  const { status } = measured
    ? spawnSync(TIME, ['-f', '%M %U %S', '-o', timeFile, process.execPath, ...command], { cwd: ROOT, stdio: 'inherit' })
    : spawnSync(process.execPath, command, { cwd: ROOT, stdio: 'inherit' });
  if (status === 2 || status === null) process.exit(2);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  const [peakKb, user, system] = measured ? readFileSync(timeFile, 'utf8').trim().split('\n').at(-1).split(' ').map(Number) : [];
  const peakMb = measured ? Math.round(peakKb / 1024) : null;
  const cpuSeconds = measured ? Math.round(user + system) : null;
  writeFileSync(`${RUNS}/${name}.json`, JSON.stringify({ splits, seconds, cpuSeconds, peakMb, load: loadavg()[0], ...facts }));
  figure(`quality.evaluate_${name}_seconds`, seconds);
  if (peakMb !== null) figure(`quality.evaluate_${name}_peak_mb`, peakMb);
}

function reportsIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /^report.*\.json$/.test(file))
    .map((file) => readJson(`${folder}/${file}`))
    .filter(({ title }) => args['page-only'] || splits.some((name) => title === name || title.startsWith(`${name}-`)));
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}
