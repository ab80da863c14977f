// What language costs a recommendation: Debian's baskets with histories in other languages than the candidates (`cross`) and in
// theirs (`same`), 5 items seen, before and after the correction.
import { cleanText, contentKey, correction, evaluation, itemText, readEvaluationData, seededRandom, systemByName } from './room.mjs';

const DATA = new URL('../../../shared/data/debian/', import.meta.url).pathname;
const SEED = 1;
const RESAMPLES = 10_000;

/** As in the page: only the own text of every item. What translations teach comes from the shipped adapter alone. */
export const STATES = [
  { key: 'raw', name: 'as they come', fit: { method: 'none', hubness: 0 } },
  { key: 'centred', name: 'minus the mean of their language', fit: { method: 'centre', hubness: 0 } },
  { key: 'adapter', name: 'shipped adapter, as on a device', fit: {} },
];

/** nDCG@10 of the mean of 5 liked vectors. @returns undefined when texts are not encoded, saying so */
export async function measureBaskets({ cache, prior, dimensions: d }) {
  const data = await readEvaluationData(`${DATA}items.ndjson`, `${DATA}interactions.csv`).catch(() => undefined);
  if (!data) return console.log('Baskets are left out: the data folder is missing.');
  const {
    items,
    interactions: { log },
  } = data;
  const splits = evaluation.languageMasked(log, items, { seed: SEED });
  const { shownLanguages: languages } = splits[0];
  const raw = new Float32Array(items.length * d);
  let missing = 0;
  for (const [row, item] of items.entries()) {
    const vector = await cache.get(await contentKey(cleanText(itemText(item, languages[row]))));
    if (vector) raw.set(vector, row * d);
    else missing++;
  }
  if (missing > 0)
    return console.log(
      `Baskets are left out: ${missing} of ${items.length} texts are not encoded (kindred evaluate --split language-masked encodes them).`,
    );
  const system = systemByName('mean-embedding');
  const states = [];
  for (const { key, name, fit } of STATES) {
    const fitted = await correction.fitCorrection({ raw, dimensions: d, languages }, { prior, ...fit });
    const vectors = correction.correctRows(fitted, raw, languages);
    const bias = correction.itemBias(vectors, fitted.dimensions, fitted.hubness);
    const catalogue = { items, languages, texts: [], dimensions: fitted.dimensions, vectors };
    const byUser = { cross: new Map(), same: new Map() };
    for (const split of splits) {
      const { results } = await evaluation.evaluateSystems(split, [biased(system, bias)], catalogue, { ks: [10], resamples: 1 });
      const { users, values } = results[0].metrics.get('ndcg@10').perUser;
      const found = byUser[split.case];
      for (const [at, user] of users.entries()) found.set(user, [...(found.get(user) ?? []), values[at]]);
    }
    states.push({ key, name, cross: meansOf(byUser.cross), same: meansOf(byUser.same) });
  }
  const options = () => ({ random: seededRandom(SEED), resamples: RESAMPLES });
  const [before] = states;
  return states.map((state) => {
    const [cross, same] = [state.cross, state.same].map(({ values }) => evaluation.bootstrapMean(values, options()));
    console.log(state.key, 'cross', cross.mean.toFixed(4), 'same', same.mean.toFixed(4), 'ratio', (cross.mean / same.mean).toFixed(4));
    const against = (side) => (state === before ? undefined : evaluation.comparePaired(state[side], before[side], options()));
    return {
      key: state.key,
      name: state.name,
      cases: state.same.users.length,
      cross,
      same,
      sameAgainstRaw: against('same'),
      crossAgainstRaw: against('cross'),
    };
  });
}

/** A person who is tested in both directions counts once. */
function meansOf(byUser) {
  const users = Int32Array.from(byUser.keys());
  return { users, values: Float64Array.from(byUser.values(), (values) => values.reduce((sum, value) => sum + value, 0) / values.length) };
}

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
