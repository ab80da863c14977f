// Whether categories joined to the vectors help readers where there are likes but no head and no log: `npm run bench -- categories`.
// Three catalogues, several shares of the cosine. Nothing is encoded; splits whose vectors are not in the cache are named and left out.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMaskedBaskets } from './quality/masked-baskets.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data`;
const SHARES = [0.05, 0.1, 0.2, 0.3];
const DIMENSIONS = 128;
const SEED = 1;
if (!existsSync(DATA)) {
  console.log('The benchmark of categories is left out: the folder of the data is missing.');
  process.exit();
}
const { bring, bringEvaluation, closeSource } = await import('./source.mjs');
const { readEvaluationData, shownCatalogues } = await bring('/cli/lib/evaluation-data.ts');
const { openVectorCache } = await bring('/cli/lib/vector-cache.ts');
const { readModelManifest } = await bring('/cli/lib/node-encoder.ts');
const { DEFAULT_CACHE, defaultModelFolder } = await bring('/cli/lib/paths.ts');
const { fingerprintOf } = await bring('/src/encoder/manifest.ts');
const { cleanText, contentKey, itemText } = await bring('/src/catalogue/clean.ts', '/src/catalogue/text.ts');
const { seededRandom } = await bring('/src/base/random.ts');
const { appendFeatures, fitFeatures } = await bring('/src/head/features.ts');
const evaluation = await bringEvaluation();
const { systemByName } = await bring('/src/evaluation/baselines/systems.ts');
const { shortHistories } = await bring('/src/owner/systems/short-histories.ts');

process.chdir(ROOT);
const scratch = mkdtempSync(join(tmpdir(), 'categories-'));
const manifest = await readModelManifest(defaultModelFolder());
const cache = await openVectorCache(DEFAULT_CACHE, { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });

const plain = systemByName('mean-embedding');
const systems = [plain, ...SHARES.map(withCategories)];

function withCategories(share) {
  return {
    name: `categories-${share}`,
    title: `Mean embedding, categories ${share} of the cosine`,
    needsVectors: true,
    fit(context) {
      const { items, vectors, dimensions } = context.catalogue;
      const joined = appendFeatures(fitFeatures(items, { dimensions: DIMENSIONS, share, numericShare: 0 }), vectors, dimensions, items);
      return plain.fit({ ...context, catalogue: { ...context.catalogue, vectors: joined, dimensions: dimensions + DIMENSIONS } });
    },
  };
}

/** Where a catalogue has no log, the works of one creator are taken as one reader's likes. */
async function byCreator(name) {
  const rows = ['user_id,item_id'];
  const works = new Map();
  for (const line of readFileSync(`${DATA}/${name}/items.ndjson`, 'utf8').split('\n').filter(Boolean)) {
    const { id, creator } = JSON.parse(line);
    if (creator) works.set(creator, [...(works.get(creator) ?? []), id]);
  }
  [...works.values()]
    .filter((ids) => ids.length >= 3)
    .forEach((ids, user) => {
      for (const id of ids) rows.push(`u${user},${id}`);
    });
  const log = join(scratch, `${name}.csv`);
  writeFileSync(log, `${rows.join('\n')}\n`);
  return readEvaluationData(`${DATA}/${name}/items.ndjson`, log);
}

async function missingOf(items, { shownLanguages }) {
  let missing = 0;
  for (const [row, item] of items.entries()) if (!cache.has(await contentKey(cleanText(itemText(item, shownLanguages?.[row]))))) missing++;
  return missing;
}

const groups = [];
const add = (name, { items }, splits) => groups.push({ name, items, splits });
const debian = await readEvaluationData(`${DATA}/debian/items.ndjson`, `${DATA}/debian/interactions.csv`);
for (const split of evaluation.fewRatings(debian.interactions.log, { seed: SEED })) add(`debian ${split.name}`, debian, [split]);
add(
  'debian k-fold-5',
  debian,
  evaluation.kFoldUsers(debian.interactions.log, { seed: SEED }).map((split) => shortHistories(split, 5)),
);
add(
  'debian k-fold-1',
  debian,
  evaluation.kFoldUsers(debian.interactions.log, { seed: SEED }).map((split) => shortHistories(split, 1)),
);
for (const name of ['apps', 'stories']) {
  const data = await byCreator(name);
  add(`${name} by creator`, data, [evaluation.leaveLastOut(data.interactions.log, { seed: SEED })]);
}
writeMaskedBaskets(`${DATA}/debian`, scratch, 10_000);
const masked = await readEvaluationData(`${scratch}/items.ndjson`, `${scratch}/interactions.csv`);
for (const split of evaluation.languageMasked(masked.interactions.log, masked.items, { seed: SEED }))
  add(`debian ${split.name} ${split.promises?.historyLanguages?.join()} → ${split.promises?.candidateLanguages?.join()}`, masked, [split]);

const p = (value) => (value < 0.001 ? '< 0.001' : value.toFixed(3));
for (const { name, items, splits } of groups) {
  const missing = await missingOf(items, splits[0]);
  if (missing > 0) {
    console.log(`| ${name} | left out: ${missing} of ${items.length} texts have no vector |`);
    continue;
  }
  const catalogueOf = shownCatalogues(items, true);
  const bySystem = new Map();
  for (const split of splits) {
    const catalogue = await catalogueOf(split, { processes: 1 });
    const { results } = await evaluation.evaluateSystems(split, systems, catalogue, { ks: [10], resamples: 200 });
    for (const result of results) bySystem.set(result.system, [...(bySystem.get(result.system) ?? []), result]);
  }
  const pooled = [...bySystem.values()].map((list) => evaluation.poolFolds(list, name, { random: seededRandom(SEED), resamples: 200 }));
  const compared = evaluation.compareSystems(pooled, {
    reference: 'mean-embedding',
    metrics: ['ndcg@10'],
    random: seededRandom(SEED),
    resamples: 10_000,
  });
  const base = pooled[0].metrics.get('ndcg@10').interval.mean;
  const cells = compared.map(
    ({ difference, p: raw }) =>
      `${(base + difference.mean).toFixed(3)} (${difference.mean >= 0 ? '+' : '−'}${Math.abs(difference.mean).toFixed(3)}, p ${p(raw)})`,
  );
  console.log(`| ${name} | ${pooled[0].users.length} | ${base.toFixed(3)} | ${cells.join(' | ')} |`);
}
await cache.close();
await closeSource();
rmSync(scratch, { recursive: true });
