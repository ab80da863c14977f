// What helps a head in a language of which little is known: `npm run bench -- low-resource [--parts planted,debian] [--seeds 6]`. Planted
// languages, then Debian's baskets where the cache of vectors has translations; nothing is encoded.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { load } from '../cli/load.mjs';
import { figure, table, writePage } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
const { values: args } = parseArgs({ options: { parts: { type: 'string', default: 'planted,debian' }, seeds: { type: 'string', default: '6' } } });
process.env.KINDRED_SOURCE = '1';
const closers = [];
const bring = async (path) => {
  const { module, close } = await load('-', path);
  closers.push(close);
  return module;
};
const { RECIPES } = await bring('/src/head/low-resource-recipes.ts');
const { ndcgOfCases, plantedWorld, POOR } = await bring('/src/head/low-resource-testing.ts');
const { initialParameters } = await bring('/src/head/layout.ts');
const { withinUserSpectrum, whitenedParameters } = await bring('/src/head/pretrain-whitening.ts');
const { likedRows } = await bring('/src/head/pretrain-likes.ts');
const { seededRandom, shuffle } = await bring('/src/base/random.ts');
const evaluation = await bring('/src/evaluation/index.ts');
process.chdir(ROOT);

const isRich = (tag) => tag !== POOR;
const BASE = 'joint, T 1';
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;

/**
 * @param values recipe → { users, values }: users are what is drawn for intervals
 * @returns a row a recipe: mean, and its difference from the base on the same users with interval and p
 */
function compared(values, base) {
  return [...values].map(([recipe, own]) => {
    const { difference, p } = evaluation.comparePaired(own, values.get(base), { random: seededRandom(1), resamples: 2000 });
    const told = recipe === base ? '' : `${signed(difference.mean)} [${signed(difference.low)}, ${signed(difference.high)}]`;
    return { recipe, 'nDCG@10': mean([...own.values]).toFixed(3), [`against ${base}`]: told, p: recipe === base ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3) };
  });
}
const collect = (values, recipe, found, firstUser) => {
  const own = values.get(recipe) ?? { users: [], values: [] };
  own.values.push(...found);
  own.users.push(...found.map((_, i) => firstUser + i));
  values.set(recipe, own);
};

/** Seeds from 11, so that they are none that the tests' thresholds were set with. */
async function planted() {
  const seeds = Array.from({ length: Number(args.seeds) }, (_, i) => 11 + i);
  const settings = [
    { name: 'cold language', told: 'Nobody has rated the poor language; people who read another one are asked for its items, 3 items seen.', poorUsers: 0, fromPoor: false },
    { name: 'few raters, own language', told: '8 people have rated the poor language, 4 items each (60 people the rich ones, 6 each); people who read it, 2 items seen.', poorUsers: 8, fromPoor: true },
    { name: 'few raters, from another language', told: 'The same training; people who read another language, 3 items seen.', poorUsers: 8, fromPoor: false },
  ];
  const results = settings.map((setting) => ({ ...setting, values: new Map() }));
  for (const poorUsers of [0, 8]) {
    for (const seed of seeds) {
      const world = plantedWorld({ seed, poorUsers });
      const shape = { kind: 'bilinear', dimensions: world.dimensions, rank: 12 };
      const start = { shape, parameters: initialParameters(shape, seededRandom(seed), 10) };
      for (const [recipe, make] of Object.entries(RECIPES)) {
        const head = await make(world, { start, isRich, epochs: 10, learningRate: 0.01, seed });
        for (const result of results.filter((one) => one.poorUsers === poorUsers)) {
          const cases = world.cases.filter(({ from }) => (from === POOR) === result.fromPoor);
          collect(result.values, recipe, [...ndcgOfCases(head, world.vectors, cases)], seed * 1000);
        }
      }
      console.log(`planted, ${poorUsers} raters, seed ${seed} done`);
    }
  }
  return results;
}

/**
 * Debian with poor languages: of the packages whose translation is in the cache, half are shown in it (to be recommended), of the other
 * half both texts are known (to learn from).
 */
async function debian() {
  if (!existsSync(DATA)) return console.log('Debian is left out: the folder of the baskets is missing.');
  const { readEvaluationData } = await bring('/cli/lib/evaluation-data.ts');
  const { openVectorCache } = await bring('/cli/lib/vector-cache.ts');
  const { readModelManifest } = await bring('/cli/lib/node-encoder.ts');
  const { readAdapterFiles } = await bring('/cli/lib/fairness-data.ts');
  const { DEFAULT_CACHE, defaultModelFolder } = await bring('/cli/lib/paths.ts');
  const { fingerprintOf } = await bring('/src/encoder/manifest.ts');
  const { cleanText, contentKey, itemText } = await bring('/src/catalogue/index.ts');
  const { centreRows, fitLanguageMeans, projectRows } = await bring('/src/language/correction.ts');
  const { items, interactions } = await readEvaluationData(`${DATA}/items.ndjson`, `${DATA}/interactions.csv`);
  const manifest = await readModelManifest(defaultModelFolder());
  const cache = await openVectorCache(DEFAULT_CACHE, { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });
  const keyOf = (item, tag) => contentKey(cleanText(itemText(item, tag)));
  const texts = [];
  const translated = [];
  for (const [row, item] of items.entries()) {
    texts.push({ key: await keyOf(item), tag: item.language });
    for (const tag of Object.keys(item.translations ?? {}).filter((one) => one !== item.language).sort()) {
      const key = await keyOf(item, tag);
      if (key === texts[row].key || !cache.has(key)) continue;
      translated.push({ row, tag, key });
      break;
    }
  }
  const missing = texts.filter(({ key }) => !cache.has(key)).length;
  if (missing > 0 || translated.length < 100) {
    await cache.close();
    return console.log(`Debian is left out: ${missing} packages and all but ${translated.length} translations have no vector yet (npm run bench -- embeddings).`);
  }
  const labels = items.map(() => 'rich');
  const others = new Map();
  shuffle(translated, seededRandom(1)).forEach(({ row, ...text }, i) => {
    if (i % 2 === 0) {
      texts[row] = text;
      labels[row] = POOR;
    } else {
      others.set(row, [texts.length]).set(texts.length, [row]);
      texts.push(text);
    }
  });
  const raw = await cache.read(texts.map(({ key }) => key));
  await cache.close();
  const { adapter } = await readAdapterFiles();
  const projected = projectRows(adapter, raw);
  const dimensions = adapter.projectedDimensions;
  const tags = texts.map(({ tag }) => tag);
  const vectors = centreRows(projected, dimensions, tags, fitLanguageMeans(adapter, projected, tags));
  const languages = texts.map((_, row) => labels[row] ?? POOR);
  const { log } = interactions;
  const split = evaluation.coldLanguage(log, labels.map((label) => (label === POOR ? 'qaa' : 'en')), { seed: 1, language: 'qaa', candidates: 'cold' });
  evaluation.assertNoLeakage(split, log);
  const random = seededRandom(2);
  const raters = new Set(split.cases.filter(() => random() < 0.25).map(({ user }) => user));
  const candidates = Int32Array.from([...split.candidates.keys()].filter((row) => split.candidates[row] === 1));
  const asked = split.cases.filter(({ user }) => !raters.has(user));
  const cases = asked.map(({ history, relevant }) => ({ history: shuffle(history.slice(), random).slice(0, 5), relevant, candidates }));
  const cold = likedRows(split.train);
  const few = cold.map((rows, user) => (raters.has(user) ? Int32Array.of(...rows, ...(split.cases.find((one) => one.user === user)?.relevant ?? [])) : rows));
  const about = `${items.length} packages; ${candidates.length} are shown in one of ${new Set(translated.map(({ tag }) => tag)).size - 1} languages other than English and are the candidates, ${others.size / 2} others have a translation to learn from. ${asked.length} users are asked, 5 English packages seen.`;
  const shape = { kind: 'bilinear', dimensions, rank: dimensions };
  const spectrum = (users) => withinUserSpectrum(users, vectors, dimensions);
  const start = { shape, parameters: whitenedParameters(shape, await spectrum(cold), 0.3, 10) };
  const pairs = [...others].filter(([row, [other]]) => row < other).map(([row, [other]]) => Int32Array.of(row, other));
  const settings = [
    { name: 'cold language', told: about, users: cold, recipes: ['start', BASE, 'joint, history dropout', 'joint, mixing', 'joint, alignment', 'joint, mixing and alignment'] },
    { name: 'few raters', told: `The same, and ${raters.size} other users have rated packages shown in those languages (${few.reduce((sum, rows, user) => sum + rows.length - cold[user].length, 0)} likes).`, users: few, recipes: ['start', 'poor alone', 'rich alone', 'transfer', BASE, 'joint, T 3', 'joint, T ∞', 'joint, mixing and alignment'] },
  ];
  const results = [];
  for (const { users, recipes, ...setting } of settings) {
    const values = new Map();
    const plain = { shape: { kind: 'dot', dimensions }, parameters: Float32Array.of(Math.log(10), 0) };
    collect(values, 'cosine', [...ndcgOfCases(plain, vectors, cases)], 0);
    for (const recipe of recipes) {
      const head = await RECIPES[recipe]({ vectors, dimensions, others, languages, users }, { start, isRich, epochs: 1, learningRate: 1e-4, batchSize: 256, negatives: 256, seed: 1 });
      collect(values, recipe, [...ndcgOfCases(head, vectors, cases)], 0);
      console.log(`debian, ${setting.name}: ${recipe} ${mean(values.get(recipe).values).toFixed(4)}`);
    }
    const aligned = { shape, parameters: whitenedParameters(shape, await spectrum([...users, ...pairs]), 0.3, 10) };
    collect(values, 'start, translations as one user', [...ndcgOfCases(aligned, vectors, cases)], 0);
    results.push({ ...setting, values });
  }
  return results;
}

const ABOUT_DEBIAN = `## Debian

Vectors are those of the shipped encoder after its adapter, which has learnt from translations already. Start: the closed-form head of \`kindred train\` (I + ABᵀ ∝ (S + 0.3 I)⁻¹) of the likes in English. Recipes train it for one epoch; "translations as one user" adds each pair of translations to S instead.`;
const parts = args.parts.split(',');
const results = [
  ...(parts.includes('planted') ? (await planted()).map((result) => ({ ...result, name: `Planted: ${result.name}` })) : []),
  ...(parts.includes('debian') ? ((await debian()) ?? []).map((result) => ({ ...result, name: `Debian: ${result.name}` })) : []),
];
for (const close of closers) await close();
const sections = results.map(({ name, told, values }) => {
  for (const [recipe, own] of values) figure(`low_resource.${name} ${recipe}`.replace(/∞/g, 'inf').replace(/[^a-z0-9.]+/gi, '_').toLowerCase(), Number(mean(own.values).toFixed(4)));
  return `## ${name}\n\n${told}\n\n${table(compared(values, BASE))}`;
});
if (sections.length > 0) {
  writePage(
    'low-resource',
    `What helps a head in a language of which little is known. Every recipe is the same training (softmax, Adam, the same start, epochs and rate) with one kind of help; those with more examples take more steps: history dropout as many as mixing and as alignment, so that it is what these two are to be held against. What each does is in [low-resource.md](../low-resource.md). nDCG@10 of unseen people's items among all items of the poor language; differences paired by person, 95 % bootstrap interval, p by sign flips, not adjusted for the number of recipes.

${sections.join('\n\n')}

## The planted languages

Items have a topic, which people like, and louder detail, which nobody cares for. 0.8 of the length of a text lies in directions that its language has alone; half of the items of the two rich languages have a text in every language, those of the poor one only their own. Epochs and step were chosen on seeds 1 and 2, the table is of other seeds.${results.some(({ name }) => name.startsWith('Debian')) ? `\n\n${ABOUT_DEBIAN}` : ''}`,
    'Low-resource help',
  );
}
