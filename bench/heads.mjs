// Whether heads trained on an owner's log are worth shipping, on Debian's baskets: `npm run bench -- heads [--splits NAMES]`. Each head is
// trained on the split's training users alone; nothing is encoded, so splits whose vectors are not in the cache are left out, saying so.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, qualityFolder, table, writePage } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
const SEED = 1;
const COLLABORATIVE = ['popularity', 'item-knn', 'ease', 'bpr-mf'];
const { values: args } = parseArgs({ options: { splits: { type: 'string', default: 'k-fold,k-fold-5,few-ratings,cold-items,language-masked' } } });
if (!existsSync(DATA)) {
  console.log('The benchmark of heads is left out: the folder of the Debian baskets is missing.');
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
const evaluation = await bringEvaluation();
const { systemByName } = await bring('/src/evaluation/baselines/systems.ts');
const { shortHistories, trainedSystems } = await bring('/src/owner/systems/short-histories.ts', '/src/owner/systems/trained.ts');

process.chdir(ROOT);
const { items, interactions } = await readEvaluationData(`${DATA}/items.ndjson`, `${DATA}/interactions.csv`);
const { log } = interactions;

/** Named groups of splits, whose results are pooled. */
function groups() {
  const wanted = args.splits.split(',');
  const folds = evaluation.kFoldUsers(log, { seed: SEED });
  const masked = () => {
    const splits = evaluation.languageMasked(log, items, { seed: SEED });
    return [...new Set(splits.map(({ name }) => name))].map((name) => ({ name, splits: splits.filter((split) => split.name === name) }));
  };
  return [
    ...(wanted.includes('k-fold') ? [{ name: 'k-fold', splits: folds }] : []),
    ...(wanted.includes('k-fold-5') ? [{ name: 'k-fold-5', splits: folds.map((split) => shortHistories(split, 5)) }] : []),
    ...(wanted.includes('few-ratings') ? evaluation.fewRatings(log, { seed: SEED }).map((split) => ({ name: split.name, splits: [split] })) : []),
    ...(wanted.includes('cold-items') ? [{ name: 'cold-items', splits: [evaluation.coldItems(log, { seed: SEED })] }] : []),
    ...(wanted.includes('language-masked') ? masked() : []),
  ];
}

const manifest = await readModelManifest(defaultModelFolder());
const cache = await openVectorCache(DEFAULT_CACHE, { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });
/** Texts of a split that the cache does not have. */
async function missingOf({ shownLanguages }) {
  let missing = 0;
  for (const [row, item] of items.entries()) if (!cache.has(await contentKey(cleanText(itemText(item, shownLanguages?.[row]))))) missing++;
  return missing;
}

const text = trainedSystems({ kind: 'bilinear', epochs: 1, seed: SEED });
const whitened = trainedSystems({ kind: 'bilinear', epochs: 0, seed: SEED });
const withCategories = trainedSystems({ kind: 'bilinear', epochs: 0, featureDimensions: 128, seed: SEED });
const small = trainedSystems({ kind: 'bilinear', rank: 64, epochs: 0, seed: SEED });
const dot = trainedSystems({ kind: 'dot', epochs: 1, seed: SEED });
const mlp = trainedSystems({ kind: 'mlp', hidden: 16, epochs: 2, seed: SEED });
const called = (system, name, title) => ({ name, title, needsVectors: true, fit: (context) => system.fit(context) });
const reference = ['mean-embedding', 'popularity'].map((name) => systemByName(name));
const baselines = [...reference, ...['embedding-knn', 'tfidf-knn', 'item-knn', 'ease', 'bpr-mf'].map((name) => systemByName(name))];
const everywhere = [whitened.head, whitened.table, whitened.blend, withCategories.head, withCategories.blend];
/** Slow to train, so only on the splits of few ratings, which share one fit. */
const once = [
  called(small.head, 'head-bilinear-64', 'Bilinear head of rank 64'),
  dot.head,
  called(text.head, 'head-bilinear-sgd', 'Bilinear head, one epoch of softmax at most'),
  mlp.head,
];

const catalogueOf = shownCatalogues(items, true);
const results = new Map();
const leftOut = [];
for (const { name, splits } of groups()) {
  const missing = await missingOf(splits[0]);
  if (missing > 0) {
    leftOut.push(`${name} (${missing} texts have no vector yet)`);
    console.log(`${name}: left out, ${missing} of ${items.length} texts are not encoded.`);
    continue;
  }
  const startMs = performance.now();
  const bySystem = new Map();
  for (const split of splits) {
    evaluation.assertNoLeakage(split, log);
    const catalogue = await catalogueOf(split, { processes: 1 });
    const systems = [...(/^k-fold-|masked/.test(name) ? reference : baselines), ...everywhere, ...(name.startsWith('few-ratings') ? once : [])];
    for (const result of (await evaluation.evaluateSystems(split, systems, catalogue, { ks: [10], resamples: 500 })).results) {
      bySystem.set(result.system, [...(bySystem.get(result.system) ?? []), result]);
    }
  }
  const pooled = [...bySystem.values()].map((list) => evaluation.poolFolds(list, name, { random: seededRandom(SEED), resamples: 2000 }));
  results.set(name, pooled);
  console.log(
    `${name}: ${pooled.map((one) => `${one.system} ${meanOf(one).toFixed(4)}`).join(', ')} (${((performance.now() - startMs) / 1000).toFixed(0)} s)`,
  );
}
await cache.close();
await closeSource();

function meanOf(result) {
  return result.metrics.get('ndcg@10').interval.mean;
}
const find = (name, system) => results.get(name)?.find((one) => one.system === system);
const against = (name, reference) =>
  new Map(
    evaluation
      .compareSystems(results.get(name), { reference, metrics: ['ndcg@10'], random: seededRandom(SEED), resamples: 10_000 })
      .map((one) => [one.system, one]),
  );
const p = (value) => (value < 0.001 ? '< 0.001' : value.toFixed(3));

const names = [...results.keys()];
const systems = [...new Map([...results.values()].flat().map((one) => [one.system, one.title]))];
const cell = (result) => {
  if (!result) return '–';
  const { mean, low, high } = result.metrics.get('ndcg@10').interval;
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
};
const half = Math.ceil(names.length / 2);
const tables = [names.slice(0, half), names.slice(half)]
  .filter((part) => part.length > 0)
  .map((part) => table(systems.map(([system]) => ({ system, ...Object.fromEntries(part.map((name) => [name, cell(find(name, system))])) }))));
const OWN = [
  'head-bilinear',
  'blend-bilinear',
  'head-bilinear-features',
  'blend-bilinear-features',
  'head-bilinear-64',
  'head-dot',
  'head-bilinear-sgd',
  'head-mlp',
];
const details = names.map((name) => {
  const compared = against(name, 'mean-embedding');
  const own = OWN.filter((system) => compared.has(system)).map((system) => {
    const { difference, p: raw, adjustedP } = compared.get(system);
    return `${system} ${difference.mean >= 0 ? '+' : '−'}${Math.abs(difference.mean).toFixed(3)} (p ${p(raw)}, Holm ${p(adjustedP)})`;
  });
  return `- **${name}**, ${find(name, 'mean-embedding').users.length} cases: ${own.join(', ')}.`;
});
const parts = names.flatMap((name) =>
  ['bilinear', 'bilinear-features'].map((suffix) => {
    const blend = meanOf(find(name, `blend-${suffix}`));
    const [head, prior, pairs] = [`head-${suffix}`, 'popularity', 'table'].map((system) => meanOf(find(name, system)));
    return {
      split: name,
      vectors: suffix === 'bilinear' ? 'text' : 'text and categories',
      head: head.toFixed(4),
      prior: prior.toFixed(4),
      table: pairs.toFixed(4),
      blend: blend.toFixed(4),
      'blend − best part': (blend - Math.max(head, prior, pairs)).toFixed(4),
    };
  }),
);
const partTable = table(parts);
const figures = {};
for (const name of names) {
  const key = name.replaceAll('-', '_');
  const compared = against(name, 'mean-embedding');
  const round = (value) => Number(value.toFixed(4));
  figures[`heads.mean_embedding_ndcg10_${key}`] = round(meanOf(find(name, 'mean-embedding')));
  figures[`heads.bilinear_ndcg10_${key}`] = round(meanOf(find(name, 'head-bilinear')));
  figures[`heads.bilinear_p_${key}`] = round(compared.get('head-bilinear').p);
  figures[`heads.blend_ndcg10_${key}`] = round(meanOf(find(name, 'blend-bilinear')));
  figures[`heads.categories_ndcg10_${key}`] = round(meanOf(find(name, 'head-bilinear-features')));
}
for (const [name, value] of Object.entries(figures)) figure(name, value);
mkdirSync(qualityFolder(), { recursive: true });
writeFileSync(`${qualityFolder()}/heads.json`, JSON.stringify(figures));
const cold = results.has('cold-items')
  ? `Cold items: head-bilinear ${meanOf(find('cold-items', 'head-bilinear')).toFixed(3)}, best collaborative baseline ${Math.max(...COLLABORATIVE.map((system) => meanOf(find('cold-items', system)))).toFixed(3)}.`
  : '';
writePage(
  'heads',
  `Heads, prior, table and blend as \`kindred train\` makes them, on Debian's baskets (${log.users.length} metapackages as users), each trained on the split's training users alone. nDCG@10 with its 95 % interval (bootstrap over users), over the full ranking of all candidates. k-fold-5: the folds of k-fold, histories cut to 5 items drawn at random, so that 5 ratings are measured on all users who have them and not on a sample.

${tables.join('\n\n')}

${systems
  .filter(([system]) => OWN.includes(system) || system === 'table')
  .map(([system, title]) => `${system}: ${title}.`)
  .join(' ')}

## Against the mean embedding, paired

${details.join('\n')}

${cold}

## The blend against its parts

The prior alone ranks as popularity does.

${partTable}

## How to read it

The bilinear head is not found by gradient descent but in closed form: I + ABᵀ ∝ (S + ridge · I)⁻¹, S the covariance of vectors within users (WCCN, Hatch, Kajarekar & Stolcke 2006); the ridge is chosen on held-out users. Directions in which packages of one basket differ anyway count less. Where softmax training from there does no better on held-out users, early stopping gives back its start: compare head-bilinear and head-bilinear-sgd. Categories joined to the vectors (128 dimensions, a fifth of the cosine) are the columns with features.

The shipped projection and maps were learnt from texts of Debian packages, these among them (their texts, no basket), and the choices of \`kindred train\` were made on these baskets. They are therefore not the only thing to judge by.

A mixture or a bucket's own weights must beat the plainer choice by two standard errors on held-out users, so the blend is the head itself where prior and table add nothing on those users.${leftOut.length > 0 ? `\n\nLeft out: ${leftOut.join('; ')}.` : ''}`,
  'Heads',
);
