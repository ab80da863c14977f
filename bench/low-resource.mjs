// What helps a head in a language of which little is known: `npm run bench -- low-resource [--parts planted,debian-cold,debian-few]
// [--debian-seeds 1,2,3] [--recipes=NAMES] [--page-only]`. Planted languages, then Debian's baskets where the cache of vectors has
// translations; nothing is encoded. The page shows the parts of this run; with `--page-only`, all that were measured with this code and
// model. `--recipes` measures some of Debian's rows again and keeps the others of this code and model.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { figure, measurementKey, table, writePage } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
/** Kept results hold for this code and model alone. */
const KEPT = `${ROOT}.cache/low-resource/${measurementKey('src/head', 'src/owner', 'src/language', 'bench/low-resource.mjs', 'public/models/multilingual-e5-small/manifest.json')}`;
const { values: args } = parseArgs({
  options: {
    parts: { type: 'string', default: 'planted,debian-cold,debian-few' },
    seeds: { type: 'string', default: '6' },
    'debian-seeds': { type: 'string', default: '1' },
    recipes: { type: 'string' },
    'page-only': { type: 'boolean', default: false },
  },
});
const { bring, bringEvaluation, closeSource } = await import('./source.mjs');
const { RECIPES } = await bring('/src/owner/testing/planted-recipes.ts');
const { ndcgOfCases, plantedWorld, POOR } = await bring('/src/owner/testing/planted-languages.ts');
const { initialParameters } = await bring('/src/head/layout.ts');
const { createWasmStepper } = await bring('/src/head/cpu-stepper.ts');
const { pretrain } = await bring('/src/owner/pretrain.ts');
const { allScores, ndcgOf } = await bring('/src/owner/held-out.ts');
const { meanVector } = await bring('/src/owner/user-vectors.ts');
const { likedRows } = await bring('/src/owner/likes.ts');
const { seededRandom, shuffle } = await bring('/src/base/random.ts');
const evaluation = await bringEvaluation();
process.chdir(ROOT);

const isRich = (tag) => tag !== POOR;
const BASE = 'joint, T 1';
const PLAIN = 'as they come (default)';
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const signed = (value) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;

const perUser = ({ values, users }) => evaluation.perUserMeans(Float64Array.from(values), Int32Array.from(users));

/**
 * @param values recipe → { users, values } of cases: users are what is drawn for intervals
 * @param epochs recipe → epochs of each training, as the held-out users chose
 * @returns a row a recipe: mean over users, and its difference from the base on the same users with interval and p
 */
function compared(values, base, epochs) {
  const means = new Map([...values].map(([recipe, own]) => [recipe, perUser(own)]));
  const others = [...means.keys()].filter((recipe) => recipe !== base);
  const found = others.map((recipe) => evaluation.comparePaired(means.get(recipe), means.get(base), { random: seededRandom(1), resamples: 5000 }));
  const adjusted = evaluation.holm(found.map(({ p }) => p));
  return [...means].map(([recipe, own]) => {
    const at = others.indexOf(recipe);
    const told = found[at] && `${signed(found[at].difference.mean)} [${signed(found[at].difference.low)}, ${signed(found[at].difference.high)}]`;
    const p = found[at] && (adjusted[at] < 0.001 ? '< 0.001' : adjusted[at].toFixed(3));
    return {
      recipe,
      ...(epochs.size > 0 && { epochs: (epochs.get(recipe) ?? []).filter((one) => one !== '').join(', ') }),
      'nDCG@10': mean([...own.values]).toFixed(3),
      [`against ${base}`]: told ?? '',
      'p (Holm)': p ?? '',
    };
  });
}
const collect = (values, recipe, found, firstUser) => {
  const own = values.get(recipe) ?? { users: [], values: [] };
  own.values.push(...found);
  own.users.push(...found.map((_, i) => firstUser + i));
  values.set(recipe, own);
};

/** Seeds from 11: the thresholds of the tests were set with smaller ones. */
async function planted() {
  const seeds = Array.from({ length: Number(args.seeds) }, (_, i) => 11 + i);
  const settings = [
    {
      name: 'cold language',
      told: 'Nobody has rated the poor language; people who read another one are asked for its items, 3 items seen.',
      poorUsers: 0,
      fromPoor: false,
    },
    {
      name: 'few raters, own language',
      told: '8 people have rated the poor language, 4 items each (60 people the rich ones, 6 each); people who read it, 2 items seen.',
      poorUsers: 8,
      fromPoor: true,
    },
    {
      name: 'few raters, from another language',
      told: 'The same training; people who read another language, 3 items seen.',
      poorUsers: 8,
      fromPoor: false,
    },
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

/** Debian's packages, likes and vectors for `debianWorld`. Where something is missing, it says so and returns undefined. */
async function debianData() {
  if (!existsSync(DATA)) return void console.log('Debian is left out: the folder of the baskets is missing.');
  const { readEvaluationData } = await bring('/cli/lib/evaluation-data.ts');
  const { openVectorCache } = await bring('/cli/lib/vector-cache.ts');
  const { readModelManifest } = await bring('/cli/lib/node-encoder.ts');
  const { readAdapterFiles } = await bring('/cli/lib/fairness-data.ts');
  const { DEFAULT_CACHE, defaultModelFolder } = await bring('/cli/lib/paths.ts');
  const { fingerprintOf } = await bring('/src/encoder/manifest.ts');
  const { cleanText, contentKey, itemText } = await bring('/src/catalogue/clean.ts', '/src/catalogue/text.ts');
  const { items, interactions } = await readEvaluationData(`${DATA}/items.ndjson`, `${DATA}/interactions.csv`);
  const manifest = await readModelManifest(defaultModelFolder());
  const cache = await openVectorCache(DEFAULT_CACHE, { fingerprint: fingerprintOf(manifest), dimensions: manifest.dimensions });
  const texts = [];
  for (const [row, item] of items.entries()) {
    for (const tag of [
      item.language,
      ...Object.keys(item.translations ?? {})
        .filter((one) => one !== item.language)
        .sort(),
    ]) {
      const key = await contentKey(cleanText(itemText(item, tag)));
      if (tag === item.language || cache.has(key)) texts.push({ row, tag, key, isOwn: tag === item.language });
    }
  }
  const missing = texts.filter(({ key }) => !cache.has(key)).length;
  const translated = new Set(texts.filter(({ isOwn }) => !isOwn).map(({ row }) => row));
  if (missing > 0 || translated.size < 1000) {
    await cache.close();
    return void console.log(`Debian is left out: ${missing} packages and all but ${translated.size} packages' translations have no vector yet.`);
  }
  const raw = await cache.read(texts.map(({ key }) => key));
  await cache.close();
  const { adapter } = await readAdapterFiles();
  return { items, log: interactions.log, texts, translated, adapter, raw };
}

/** Half of the translated packages are shown in one of their other languages. The translations of the other half may be learnt from. */
async function debianWorld({ items, texts, translated, adapter, raw }, seed) {
  const { firstVectors } = await bring('/src/language/table-correction.ts');
  const random = seededRandom(seed);
  const poor = new Set(shuffle([...translated], random).slice(0, translated.size / 2));
  const { dimensions } = adapter;
  const neutral = (chosen) => {
    const rows = new Float32Array(chosen.length * dimensions);
    for (const [i, at] of chosen.entries()) rows.set(raw.subarray(at * dimensions, (at + 1) * dimensions), i * dimensions);
    const tags = chosen.map((at) => texts[at].tag);
    return { vectors: firstVectors(adapter, rows, tags), languages: tags };
  };
  const textsOf = items.map(() => []);
  for (const [at, { row }] of texts.entries()) textsOf[row].push(at);
  const shown = textsOf.map(([own, ...others], row) => (poor.has(row) ? others[Math.floor(random() * others.length)] : own));
  const known = texts.flatMap(({ row, isOwn }, at) => (isOwn || poor.has(row) ? [] : [at]));
  return {
    ...neutral(shown),
    dimensions: adapter.projectedDimensions,
    isPoor: Uint8Array.from(items, (_, row) => (poor.has(row) ? 1 : 0)),
    translations: { ...neutral(known), itemRow: Int32Array.from(known, (at) => texts[at].row) },
  };
}

const matrixOf = (rows, itemCount) => {
  const offsets = new Int32Array(rows.length + 1);
  for (const [user, own] of rows.entries()) offsets[user + 1] = offsets[user] + own.length;
  const itemRows = Int32Array.from(rows.flatMap((own) => [...own]));
  return { userCount: rows.length, itemCount, offsets, items: itemRows, weights: new Float32Array(itemRows.length).fill(1) };
};

/** Nobody has rated what is shown in the poor languages. It is recommended to people from 5 packages shown in English. */
function coldSplit(log, { isPoor }, seed) {
  const split = evaluation.coldLanguage(
    log,
    [...isPoor].map((one) => (one ? 'qaa' : 'en')),
    { seed, language: 'qaa', candidates: 'cold' },
  );
  evaluation.assertNoLeakage(split, log);
  const random = seededRandom(seed + 1);
  const cases = split.cases.map((one) => ({ ...one, history: shuffle(one.history.slice(), random).slice(0, 5) }));
  return { train: split.train, splits: [{ name: 'cold language', cases, candidates: split.candidates }] };
}

/** Every tenth user in training has rated packages shown in the poor languages. The users who are tested are not in training. */
function fewSplit(log, { isPoor }, seed) {
  const kept = [...log.item.keys()].filter((at) => isPoor[log.item[at]]);
  const take = (values) => values.constructor.from(kept, (at) => values[at]);
  const poorLog = { ...log, user: take(log.user), item: take(log.item), weight: take(log.weight), timeMs: take(log.timeMs) };
  const few = evaluation.fewRatings(poorLog, { seed, counts: [1, 5], testShare: 0.5 });
  for (const split of few) evaluation.assertNoLeakage(split, poorLog);
  const tested = new Set(few[0].cases.map(({ user }) => user));
  const random = seededRandom(seed + 1);
  const rows = likedRows(
    matrixOf(
      log.users.map((_, user) => log.item.filter((_, at) => log.user[at] === user)),
      log.itemCount,
    ),
  );
  const raters = new Set([...rows.keys()].filter((user) => !tested.has(user) && random() < 0.1));
  const train = matrixOf(
    rows.map((own, user) => (tested.has(user) ? [] : own.filter((row) => !isPoor[row] || raters.has(user)))),
    log.itemCount,
  );
  const alone = matrixOf(
    rows.map((own, user) => (raters.has(user) ? own.filter((row) => isPoor[row]) : [])),
    log.itemCount,
  );
  const rich = matrixOf(
    rows.map((own, user) => (tested.has(user) ? [] : own.filter((row) => !isPoor[row]))),
    log.itemCount,
  );
  for (const split of few) evaluation.assertNoLeakage({ ...split, train }, log);
  return {
    train,
    alone,
    rich,
    raters: raters.size,
    likes: alone.items.length,
    splits: few.map((split, i) => ({ name: `few ratings, ${[1, 5][i]} seen`, cases: split.cases, candidates: isPoor })),
  };
}

/** nDCG@10 of each case among the candidates. */
function ndcgOfSplit({ shape, parameters }, { vectors, dimensions }, { cases, candidates }) {
  return cases.map((one) => {
    const scores = allScores(shape, parameters, vectors, meanVector(vectors, dimensions, one.history));
    for (let row = 0; row < scores.length; row++) if (!candidates[row]) scores[row] = Number.NEGATIVE_INFINITY;
    for (const row of one.excluded ?? []) scores[row] = Number.NEGATIVE_INFINITY;
    return ndcgOf(scores, one);
  });
}

/** Every training is that of `kindred train` with its defaults: closed-form start, up to 3 epochs, chosen on users held out of the training. */
async function debian(part) {
  const data = await debianData();
  if (!data) return [];
  const results = new Map();
  for (const seed of args['debian-seeds'].split(',').map(Number)) {
    const world = await debianWorld(data, seed);
    const { vectors, dimensions: d, languages, translations } = world;
    const fit = async (likes, options = {}) => {
      const { help, ...more } = options;
      return pretrain(likes, vectors, d, {
        kind: 'bilinear',
        seed,
        createStepper: createWasmStepper,
        ...more,
        ...(help && { help: { languages, ...(help.mixing || help.alignment ? { translations } : {}), ...help } }),
      });
    };
    const facts = `${data.items.length} packages, of which ${world.isPoor.reduce((sum, one) => sum + one, 0)} are shown in one of ${new Set(languages).size - 1} other languages and ${new Set(translations.itemRow).size} others have ${translations.itemRow.length} translations to learn from`;
    const run = async (split, told, recipes) => {
      for (const [recipe, make] of recipes.filter(([name]) => !args.recipes || args.recipes.split(',').includes(name))) {
        const startMs = performance.now();
        const head = await make(split);
        for (const one of split.splits) {
          const result = results.get(one.name) ?? { name: one.name, told, values: new Map(), epochs: new Map() };
          results.set(one.name, result);
          const own = result.values.get(recipe) ?? { users: [], values: [] };
          own.values.push(...ndcgOfSplit(head, world, one));
          own.users.push(...one.cases.map(({ user }) => user));
          result.values.set(recipe, own);
          result.epochs.set(recipe, [...(result.epochs.get(recipe) ?? []), head.epochs ?? '']);
        }
        console.log(
          `debian, seed ${seed}, ${split.splits.map(({ name }) => `${name} ${mean(results.get(name).values.get(recipe).values).toFixed(4)}`).join(', ')}: ${recipe}, ${head.start ?? ''}, ${head.epochs ?? ''} epochs, ${((performance.now() - startMs) / 1000).toFixed(0)} s`,
        );
      }
    };
    const cosine = async () => ({ shape: { kind: 'dot', dimensions: d }, parameters: Float32Array.of(Math.log(10), 0) });
    const shared = [
      ['no head (cosine)', cosine],
      [PLAIN, ({ train }) => fit(train)],
      ['--mixing', ({ train }) => fit(train, { help: { mixing: true } })],
      ['--align', ({ train }) => fit(train, { help: { alignment: true } })],
      ['--mixing --align', ({ train }) => fit(train, { help: { mixing: true, alignment: true } })],
    ];
    if (part === 'debian-cold')
      await run(coldSplit(data.log, world, seed), `${facts}. Nobody has rated those; 5 packages shown in English are seen.`, shared);
    if (part === 'debian-few') {
      const split = fewSplit(data.log, world, seed);
      await run(
        split,
        `${facts}. ${split.raters} users in training have rated the former (${split.likes} of ${split.train.items.length} likes); the users who are asked are unseen, and what they have seen is shown in those languages too.`,
        [
          ...shared,
          ['--language-temperature 3', ({ train }) => fit(train, { help: { temperature: 3 } })],
          ['--language-temperature 100', ({ train }) => fit(train, { help: { temperature: 100 } })],
          ['poor languages alone', ({ alone }) => fit(alone)],
          ['poor languages alone, --prior-head of the rich', async ({ rich, alone }) => fit(alone, { priorHead: await fit(rich) })],
        ],
      );
    }
  }
  return [...results.values()];
}

const HEADINGS = {
  planted: 'Planted languages',
  'debian-cold': 'Debian: languages that nobody has rated',
  'debian-few': 'Debian: few ratings in the poor languages',
};
const ABOUT_PLANTED =
  'Items have a topic, which people like, and louder detail, which nobody cares for. 0.8 of the length of a text lies in directions that its language has alone; half of the items of the two rich languages have a text in every language, those of the poor one only their own. Every recipe is the same training (softmax, Adam, the same start, epochs and rate) with one kind of help; those with more examples take more steps: history dropout as many as mixing and as alignment, so that it is what these two are to be held against. Epochs and step were chosen on seeds 1 and 2, the tables are of other seeds.';
const ABOUT_DEBIAN =
  'Real packages, baskets and translations, as far as their vectors are in the cache. Vectors are those of the shipped encoder after its adapter, which has learnt from translations already. Every training is that of `kindred train` with its defaults and the options named, its steps on WASM kernels (the same but for rounding). A user counts once, with the mean over seeds.';
const PARTS = { planted, 'debian-cold': () => debian('debian-cold'), 'debian-few': () => debian('debian-few') };
const keptOf = (name) => (existsSync(`${KEPT}/${name}.json`) ? JSON.parse(readFileSync(`${KEPT}/${name}.json`, 'utf8')) : undefined);
const wanted = args.parts.split(',').filter(Boolean);
for (const name of args['page-only'] ? [] : wanted) {
  if (!PARTS[name]) throw new Error(`--parts ${name} is unknown. There are: ${Object.keys(PARTS).join(', ')}.`);
  const startMs = performance.now();
  const results = await PARTS[name]();
  if (results.length === 0) continue;
  const seconds = Math.round((performance.now() - startMs) / 1000);
  const before = args.recipes && keptOf(name);
  const merged = results.map(({ values, epochs = [], ...result }) => {
    const old = before?.results.find((one) => one.name === result.name);
    return { ...result, values: [...new Map([...(old?.values ?? []), ...values])], epochs: [...new Map([...(old?.epochs ?? []), ...epochs])] };
  });
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(
    `${KEPT}/${name}.json`,
    JSON.stringify({
      seconds: seconds + (before?.seconds ?? 0),
      load: Number(loadavg()[0].toFixed(1)),
      seeds: name === 'planted' ? `11 to ${10 + Number(args.seeds)}` : args['debian-seeds'],
      results: merged,
    }),
  );
}
await closeSource();

const measured = Object.keys(PARTS).flatMap((name) => {
  if (!args['page-only'] && !wanted.includes(name)) return [];
  const kept = keptOf(name);
  return kept ? [{ name, ...kept }] : [];
});
const sections = measured.map(({ name: part, seconds, load: busy, seeds, results }) => {
  const texts = results.map(({ name, told, values, epochs }) => {
    for (const [recipe, own] of values)
      figure(
        `low_resource.${part}_${name}_${recipe}`
          .replace(/∞/g, 'inf')
          .replace(/[^a-z0-9.]+/gi, '_')
          .replace(/_+$/, '')
          .toLowerCase(),
        Number(mean([...perUser(own).values]).toFixed(4)),
      );
    const people = new Set(values.flatMap(([, { users }]) => users)).size;
    return `### ${name.replace(/^./, (first) => first.toUpperCase())}\n\n${told} ${people} people are asked.\n\n${table(compared(new Map(values), part === 'planted' ? BASE : PLAIN, new Map(epochs)))}`;
  });
  return `## ${HEADINGS[part]}\n\n\`--parts ${part}\`: seeds ${seeds}, ${seconds} s at a load of ${busy}. ${part === 'planted' ? ABOUT_PLANTED : ABOUT_DEBIAN}\n\n${texts.join('\n\n')}`;
});
if (sections.length > 0) {
  writePage(
    'low-resource',
    `What helps a head in a language of which little is known; what each help does is in [low-resource.md](../low-resource.md). nDCG@10; differences paired by person, 95 % bootstrap interval, p by sign flips, adjusted for the number of recipes of the table (Holm).

${sections.join('\n\n')}`,
    'Low-resource help',
  );
}
