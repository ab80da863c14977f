// What language costs a recommendation: Debian's baskets with histories in other languages than the candidates (`cross`) and in
// theirs (`same`), 5 items seen, before and after the correction.
import { cleanText, contentKey, correction, evaluation, itemText, readEvaluationData, seededRandom, systemByName } from './room.mjs';

const DATA = new URL('../../../shared/data/debian/', import.meta.url).pathname;
const SEED = 1;
const RESAMPLES = 10_000;

/** As the page has them: every item's own text alone, no translations, so that what is shipped says what translations do. */
export const STATES = [
  { key: 'raw', name: 'as they come', fit: { method: 'none', hubness: 0 } },
  { key: 'centred', name: 'minus the mean of their language', fit: { method: 'centre', hubness: 0 } },
  { key: 'adapter', name: 'shipped adapter, as on a device', fit: {} },
];

/** nDCG@10 of the mean of 5 liked vectors. @returns undefined when texts are not encoded, saying so */
export async function measureBaskets({ cache, prior, dimensions: d }) {
  const data = await readEvaluationData(`${DATA}items.ndjson`, `${DATA}interactions.csv`).catch(() => undefined);
  if (!data) return console.log('Baskets are left out: the data folder is missing.');
  const { items, interactions: { log } } = data;
  const splits = evaluation.languageMasked(log, items, { seed: SEED });
  const { shownLanguages: languages } = splits[0];
  const raw = new Float32Array(items.length * d);
  let missing = 0;
  for (const [row, item] of items.entries()) {
    const vector = await cache.get(await contentKey(cleanText(itemText(item, languages[row]))));
    if (vector) raw.set(vector, row * d);
    else missing++;
  }
  if (missing > 0) return console.log(`Baskets are left out: ${missing} of ${items.length} texts are not encoded (kindred evaluate --split language-masked encodes them).`);
  const system = systemByName('mean-embedding');
  const states = [];
  for (const { key, name, fit } of STATES) {
    const fitted = await correction.fitCorrection({ raw, dimensions: d, languages }, { prior, ...fit });
    const vectors = correction.correctRows(fitted, raw, languages);
    const bias = correction.itemBias(vectors, fitted.dimensions, fitted.hubness);
    const catalogue = { items, languages, texts: [], dimensions: fitted.dimensions, vectors };
    const byCase = new Map();
    for (const split of splits) {
      const { results } = await evaluation.evaluateSystems(split, [biased(system, bias)], catalogue, { ks: [10], resamples: 100 });
      byCase.set(split.case, [...(byCase.get(split.case) ?? []), { ...results[0], system: key }]);
    }
    const [cross, same] = ['cross', 'same'].map((name) => evaluation.poolFolds(byCase.get(name), name, { random: seededRandom(SEED), resamples: RESAMPLES }));
    states.push({ key, name, cross, same });
    console.log(key, 'cross', meanOf(cross).toFixed(4), 'same', meanOf(same).toFixed(4), 'ratio', (meanOf(cross) / meanOf(same)).toFixed(4));
  }
  const compare = (side) => {
    const compared = evaluation.compareSystems(states.map((state) => state[side]), { reference: 'raw', metrics: ['ndcg@10'], random: seededRandom(SEED), resamples: RESAMPLES });
    return Object.fromEntries(compared.map(({ system: key, difference, p }) => [key, { difference, p }]));
  };
  const against = { same: compare('same'), cross: compare('cross') };
  return states.map(({ key, name, cross, same }) => ({
    key,
    name,
    cases: same.users.length,
    cross: cross.metrics.get('ndcg@10').interval,
    same: same.metrics.get('ndcg@10').interval,
    sameAgainstRaw: against.same[key],
    crossAgainstRaw: against.cross[key],
  }));
}

const meanOf = (result) => result.metrics.get('ndcg@10').interval.mean;

/** The hubness bias counts for items, as in the index. */
function biased(system, bias) {
  return {
    ...system,
    fit: async (context) => {
      const fitted = await system.fit(context);
      return {
        ...fitted,
        score: (history, weights, scores) => {
          fitted.score(history, weights, scores);
          for (let row = 0; row < scores.length; row++) scores[row] += bias[row];
        },
      };
    },
  };
}
