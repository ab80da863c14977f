// Compares ways to join a reader's vectors of several languages: `npm run bench -- fusion`. Debian's baskets, 5 packages seen. Languages are
// assigned at random, because few packages have their translations encoded. Prints a table.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figure, table } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
const SEEN = 5;
const SEEDS = [1, 2];
/** Measured for each seed, at most, so that the whole takes a minute. */
const MOST_CASES = 100;
/** Rows of a list that are fused: a search never gives all. */
const DEPTH = 200;
if (!existsSync(DATA)) {
  console.log('The comparison of fusions is left out: the folder of the Debian baskets is missing.');
  process.exit();
}
const { bring, closeSource } = await import('./source.mjs');
const { readEvaluationData, shownCatalogues } = await bring('/cli/lib/evaluation-data.ts');
const { seededRandom, shuffle, gaussian, randomBelow } = await bring('/src/base/random.ts');
const { userVectorSource } = await bring('/src/feedback/user-vectors.ts');
const { fitFusionWeights, reciprocalRankFusion } = await bring('/src/ranking/fusion.ts');
const { pickVaried } = await bring('/src/ranking/diversity.ts');

const { items, interactions } = await readEvaluationData(`${DATA}/items.ndjson`, `${DATA}/interactions.csv`);
const { log } = interactions;
const { vectors, dimensions: d } = await shownCatalogues(items, true)({}, {});
const baskets = log.users.map(() => []);
for (const [i, row] of log.item.entries()) baskets[log.user[i]].push(row);

/** Rows moved by a direction of their language of length `residual`, as an imperfect correction leaves them. */
function moved(languages, residual, random) {
  const out = vectors.slice();
  const directions = new Map([...new Set(languages)].map((tag) => [tag, unit(Float32Array.from({ length: d }, () => gaussian(random)))]));
  languages.forEach((tag, row) => {
    const own = out.subarray(row * d, (row + 1) * d);
    own.set(unit(own.map((value, j) => value + residual * directions.get(tag)[j])));
  });
  return out;
}
const unit = (vector) => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const rowOf = (all, row) => all.subarray(row * d, (row + 1) * d);
const scoresBy = (all, query) => {
  const scores = new Float32Array(items.length);
  for (let row = 0; row < scores.length; row++) {
    let sum = 0;
    for (let j = 0, at = row * d; j < d; j++, at++) sum += all[at] * query[j];
    scores[row] = sum;
  }
  return scores;
};
function ranked(scores, out) {
  const least = Float32Array.from(scores).sort()[Math.max(0, scores.length - DEPTH - out.size)];
  const list = [];
  for (let row = 0; row < scores.length; row++) if (scores[row] >= least && !out.has(row)) list.push({ row, score: scores[row] });
  return list.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, DEPTH);
}
const discount = (rank) => 1 / Math.log2(1 + rank);
function ndcg(list, relevant) {
  const ideal = Array.from({ length: Math.min(10, relevant.size) }, (_, i) => discount(i + 1)).reduce((a, b) => a + b, 0);
  return list.slice(0, 10).reduce((sum, { row }, place) => sum + (relevant.has(row) ? discount(place + 1) : 0), 0) / ideal;
}

/** One taste in all languages: the packages of a basket are spread unevenly over four languages. */
function oneTaste(random) {
  const tags = ['l1', 'l1', 'l1', 'l2', 'l2', 'l3', 'l4'];
  const languages = items.map(() => tags[randomBelow(tags.length, random)]);
  const cases = baskets
    .filter((basket) => basket.length >= SEEN + 3)
    .map((basket) => {
      const order = shuffle([...basket], random);
      return { history: order.slice(0, SEEN), relevant: new Set(order.slice(SEEN)) };
    });
  return { languages, cases };
}
/** A different taste in each of two languages: two baskets, one a language; `few` items of the second are seen. */
const twoTastes = (few) => (random) => {
  const languages = items.map(() => (random() < 0.5 ? 'l1' : 'l2'));
  const order = shuffle(
    baskets.filter((basket) => basket.length >= 20),
    random,
  );
  const cases = [];
  for (let i = 0; i + 1 < order.length; i++) {
    const parts = [order[i].filter((row) => languages[row] === 'l1'), order[i + 1].filter((row) => languages[row] === 'l2')].map((part) =>
      shuffle(part, random),
    );
    if (parts[0].length < SEEN + 2 || parts[1].length < few + 2) continue;
    cases.push({
      history: [...parts[0].slice(0, SEEN), ...parts[1].slice(0, few)],
      relevant: new Set([...parts[0].slice(SEEN), ...parts[1].slice(few)]),
    });
  }
  return { languages, cases };
};

function readerOf(history, languages, all, strength) {
  const events = history.map((row) => ({ itemId: row, kind: 'like', timeMs: 0 }));
  const source = userVectorSource(
    events,
    (row) => languages[row],
    (row) => rowOf(all, row),
    d,
    { nowMs: 0, strength },
  );
  return source.without([]);
}
/**
 * What every system needs, with one pass over the rows for each language: scores are linear in the vectors, so those of shrunk and
 * fused vectors follow from those of the languages alone.
 */
function scored(history, languages, all) {
  const { shared, byLanguage, likes } = readerOf(history, languages, all, 0);
  const own = new Map([...byLanguage].map(([tag, vector]) => [tag, { vector, n: likes.get(tag), scores: scoresBy(all, vector) }]));
  return { shared, own, scores: scoresBy(all, shared) };
}
function ownScores({ shared, own, scores }, languages, k) {
  const lengths = new Map([...own].map(([tag, { vector, n }]) => [tag, Math.hypot(...vector.map((value, j) => n * value + k * shared[j]))]));
  return scores.map((score, row) => {
    const one = own.get(languages[row]);
    return one ? (one.n * one.scores[row] + k * score) / lengths.get(languages[row]) : score;
  });
}
function fusedScores({ own }, weights) {
  const sum = new Float32Array(items.length);
  for (const [tag, { scores }] of own) for (let row = 0; row < sum.length; row++) sum[row] += (weights.get(tag) ?? 1) * scores[row];
  return sum;
}
const lists = ({ own }, out) => [...own.values()].map(({ scores }) => ranked(scores, out));
const SYSTEMS = {
  shared: ({ reader, out }) => ranked(reader.scores, out),
  'rank fusion (k 60)': ({ reader, out }) => reciprocalRankFusion(lists(reader, out)),
  'rank fusion, weighted by likes': ({ reader, out }) =>
    reciprocalRankFusion(
      lists(reader, out),
      [...reader.own.values()].map(({ n }) => n),
    ),
  'score fusion, equal weights': ({ reader, out }) => ranked(fusedScores(reader, new Map()), out),
  'score fusion, learned weights': ({ reader, out, weights }) => ranked(fusedScores(reader, weights), out),
  ...Object.fromEntries(
    [0, 1, 3, 10].map((k) => [`own language's vector, strength ${k}`, ({ reader, out, languages }) => ranked(ownScores(reader, languages, k), out)]),
  ),
};

/** Weights from the cases that are not measured: each relevant item against one drawn at random. */
function learn(cases, languages, all, random) {
  const pairs = cases.flatMap(({ history, relevant }) => {
    const user = readerOf(history, languages, all, 0);
    return [...relevant].slice(0, 5).map((liked) => {
      const other = randomBelow(items.length, random);
      const score = (vector, row) => vector.reduce((sum, value, j) => sum + value * all[row * d + j], 0);
      return { differences: new Map([...user.byLanguage].map(([tag, vector]) => [tag, score(vector, liked) - score(vector, other)])) };
    });
  });
  return fitFusionWeights(pairs);
}

const SCENARIOS = [
  ['one taste, corrected', oneTaste, 0],
  ['one taste, residual 0.3', oneTaste, 0.3],
  ['two tastes, 5 + 5', twoTastes(5), 0],
  ['two tastes, 5 + 2', twoTastes(2), 0],
];
const rows = new Map(Object.keys(SYSTEMS).map((system) => [system, { system }]));
for (const [name, plan, residual] of SCENARIOS) {
  const values = new Map(Object.keys(SYSTEMS).map((system) => [system, []]));
  for (const seed of SEEDS) {
    const random = seededRandom(seed);
    const { languages, cases } = plan(random);
    const all = residual > 0 ? moved(languages, residual, random) : vectors;
    const half = Math.floor(cases.length / 2);
    const weights = learn(cases.slice(0, half), languages, all, random);
    for (const { history, relevant } of cases.slice(half, half + MOST_CASES)) {
      const one = { reader: scored(history, languages, all), out: new Set(history), languages, weights };
      for (const [system, rank] of Object.entries(SYSTEMS)) values.get(system).push(ndcg(rank(one), relevant));
    }
  }
  console.error(`${name} done`);
  const base = values.get('shared');
  for (const [system, list] of values) {
    const mean = list.reduce((a, b) => a + b, 0) / list.length;
    const gaps = list.map((value, i) => value - base[i]);
    const gap = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const error = Math.sqrt(gaps.reduce((sum, value) => sum + (value - gap) ** 2, 0) / (gaps.length - 1) / gaps.length);
    rows.get(system)[name] =
      `${mean.toFixed(3)}${system === 'shared' ? ` (${list.length} cases)` : ` (${gap >= 0 ? '+' : ''}${gap.toFixed(3)} ± ${(1.96 * error).toFixed(3)})`}`;
    figure(`fusion.${name}.${system}`.replace(/[^a-z0-9.]+/gi, '_').toLowerCase(), Number(mean.toFixed(4)));
  }
}
table([...rows.values()]);

// Cost and gain of varied lists: one taste, the default query, picked from the best 40.
const varied = [];
for (const diversity of [0, 0.05, 0.1, 0.2, 0.3, 0.5]) {
  const [gains, likenesses] = [[], []];
  for (const seed of SEEDS.slice(0, 1)) {
    const { languages, cases } = oneTaste(seededRandom(seed));
    for (const { history, relevant } of cases.slice(0, MOST_CASES)) {
      const pool = ranked(scoresBy(vectors, readerOf(history, languages, vectors, 3).shared), new Set(history)).slice(0, 40);
      const list = pickVaried([{ ranked: pool, quota: 10 }], { diversity, vectorOf: (row) => rowOf(vectors, row) });
      gains.push(ndcg(list, relevant));
      let sum = 0;
      for (const [i, a] of list.entries()) {
        for (const b of list.slice(i + 1)) sum += rowOf(vectors, a.row).reduce((dot, value, j) => dot + value * vectors[b.row * d + j], 0);
      }
      likenesses.push(sum / 45);
    }
  }
  const mean = (list) => (list.reduce((a, b) => a + b, 0) / list.length).toFixed(3);
  varied.push({ diversity, 'nDCG@10': mean(gains), 'mean cosine within the list': mean(likenesses) });
}
table(varied);
await closeSource();
process.exit();
