// What systems make of the tastes of a log: users with 1 to 30 likes seen, and items that nobody has rated.
import { buildLog, evaluation, fnv1a, kindredVisitorPopularitySystem, namedSystems, readEvaluationData, shownCatalogues } from './room.mjs';

const DATA = new URL('../../../shared/data/', import.meta.url).pathname;
export const COUNTS = [1, 2, 3, 5, 10, 30];
export const SEED = 1;

/** @param userCount users drawn by hash; undefined: all @returns items and log; ratings of 8 and more on anime are likes (`ratingThreshold`) */
export async function readTastes(name, userCount) {
  const { items, interactions } = await readEvaluationData(`${DATA}${name}/items.ndjson`, `${DATA}${name}/interactions.csv`);
  return { name, items, log: userCount === undefined ? interactions.log : drawUsers(interactions.log, userCount) };
}

/** Rows of a log in the form that `buildLog` takes. */
export function interactionsOf(log) {
  return Array.from(log.user, (user, at) => ({
    user: log.users[user],
    item: log.item[at],
    weight: log.weight[at],
    timeMs: log.timeMs[at],
    position: log.position?.[at] ?? 0,
  }));
}

function drawUsers(log, count) {
  const drawn = new Set(
    [...log.users]
      .map((user) => ({ user, hash: fnv1a(user) }))
      .sort((a, b) => a.hash - b.hash)
      .slice(0, count)
      .map(({ user }) => user),
  );
  return buildLog(
    interactionsOf(log).filter(({ user }) => drawn.has(user)),
    log.itemCount,
  ).log;
}

/**
 * Groups of sizes of history: those of one group have the same users (with more likes than its largest size) and the same candidates.
 * On Debian few baskets hold more than 30, so that size stands alone.
 */
const GROUPS = { debian: [[1, 2, 3, 5, 10], [30]], 'anime-series': [[1, 10]] };
/** Share of users that is asked; the others are training. Debian has few baskets with more than ten items. */
const TEST_SHARE = { debian: 0.4 };
/** Readers of each split at most, in the order of the hash of their names. */
const MOST_CASES = 150;

/** @returns results by split: [{ split, cases, trainUsers, systems: [{ name, title, ndcg, coverage, novelty }] }] */
export async function measureTastes({ name, items, log }) {
  const splits = [
    ...(GROUPS[name] ?? [COUNTS]).flatMap((counts) => evaluation.fewRatings(log, { seed: SEED, counts, testShare: TEST_SHARE[name] ?? 0.3 })),
    evaluation.coldItems(log, { seed: SEED }),
  ].map((split) => withFewerCases(split, log));
  for (const split of splits) evaluation.assertNoLeakage(split, log);
  const ten = splits.find((split) => split.name === 'few-ratings-10');
  const systems = [...namedSystems(), kindredVisitorPopularitySystem()].map(fittedOnce);
  const catalogueOf = shownCatalogues(items, true);
  const results = [];
  for (const split of [...splits, lessKnownHalf(ten)]) {
    const startMs = performance.now();
    const catalogue = await catalogueOf(split, { processes: 1 });
    const { results: measured, leftOut } = await evaluation.evaluateSystems(split, systems, catalogue, { ks: [10], resamples: 2000 });
    for (const { system, reason } of leftOut) console.log(name, split.name, system, 'left out:', reason);
    const rows = measured.map((one) => ({
      name: one.system,
      title: one.title,
      ndcg: one.metrics.get('ndcg@10').interval,
      novelty: one.metrics.get('novelty@10').interval.mean,
      coverage: one.listMetrics.get('coverage@10'),
    }));
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(
      `${name} ${split.name} (${split.cases.length} cases, ${seconds} s): ${rows.map((row) => `${row.name} ${row.ndcg.mean.toFixed(4)}`).join(', ')}`,
    );
    results.push({ split: split.name, cases: split.cases.length, trainUsers: usersOf(split.train), systems: rows });
  }
  return results;
}

const usersOf = ({ offsets, userCount }) => Array.from({ length: userCount }, (_, user) => offsets[user + 1] > offsets[user]).filter(Boolean).length;

function withFewerCases(split, log) {
  const order = [...split.cases].sort((a, b) => fnv1a(log.users[a.user]) - fnv1a(log.users[b.user]));
  return { ...split, cases: order.slice(0, MOST_CASES).sort((a, b) => a.user - b.user) };
}

/** The same histories; only the half of the items that fewest training users liked is ranked. */
function lessKnownHalf(split) {
  const counts = new Float64Array(split.train.itemCount);
  for (const item of split.train.items) counts[item]++;
  const order = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
  const candidates = new Uint8Array(counts.length);
  for (const row of order.slice(0, Math.floor(order.length / 2))) candidates[row] = 1;
  const cases = split.cases.flatMap((one) => {
    const relevant = one.relevant.filter((row) => candidates[row] === 1);
    return relevant.length > 0 ? [{ ...one, relevant }] : [];
  });
  return { ...split, name: 'less-known-10', candidates, cases };
}

/** Splits that share a training matrix share one fit. */
function fittedOnce(system) {
  const fits = new WeakMap();
  return {
    ...system,
    fit(context) {
      const known = fits.get(context.train);
      if (known?.catalogue === context.catalogue) return known.fitted;
      const fitted = Promise.resolve(system.fit(context)).then(({ dispose: _, ...kept }) => kept);
      fits.set(context.train, { catalogue: context.catalogue, fitted });
      return fitted;
    },
  };
}

const SEASON_WORDS =
  /\b(season|seasons|movies?|ova|ovas|ona|specials?|tv|part|ii|iii|iv|v|vi|2nd|3rd|4th|5th|6th|first|second|third|final|zoku|shin|gekijouban|picture|recap|\d+)\b/i;
const LEAST_LETTERS = 4;

/** Series of a title: what stands before ":", " - ", "(" or a word for a season or a film, in small letters; the whole title where that is shorter than four. */
export function seriesOf(title) {
  const [start = title] = title.split(/:| - |\(/);
  const word = SEASON_WORDS.exec(start);
  const name = word && word.index >= LEAST_LETTERS ? start.slice(0, word.index) : start;
  const letters = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return letters.length >= LEAST_LETTERS ? letters : title.toLowerCase();
}

/** One item a series: the first of the file. Who likes one item of a series likes the series. */
export function bySeries({ name, items, log }) {
  const rowOf = new Map();
  const kept = [];
  const series = items.map((item) => {
    const key = seriesOf(item.title);
    if (!rowOf.has(key)) rowOf.set(key, kept.push(item) - 1);
    return rowOf.get(key);
  });
  const all = interactionsOf(log).map((one) => ({ ...one, item: series[one.item] }));
  // The last of a user's interactions with an item is kept: likes go last.
  return {
    name: `${name}-series`,
    items: kept,
    log: buildLog(
      [...all].sort((a, b) => Math.sign(a.weight) - Math.sign(b.weight)),
      kept.length,
    ).log,
  };
}
