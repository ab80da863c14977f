// Whether the weights of an owner's blend still serve when a visitor's own tuned head takes the place of the owner's head:
// `npm run bench -- tuned-blend`. Debian's baskets: the owner learns from some users, the visitors are others. Weights are chosen on half
// of the visitors and measured on the other half, in turns: once by the owner's head, as an owner chooses them, and once by the tuned
// heads. The difference is the cost of keeping the owner's weights. Prints a table.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figure, table } from './lib.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DATA = `${ROOT}../shared/data/debian`;
const SEED = 1;
const SEEN = [5, 20];
/** Visitors for each number of likes, so that the whole takes some minutes. */
const MOST_VISITORS = 60;
/** Share of the users that are in the owner's log. */
const OWNERS_PART = 0.6;
if (!existsSync(DATA)) {
  console.log('The comparison of blends is left out: the folder of the Debian baskets is missing.');
  process.exit();
}
const { bring, closeSource } = await import('./source.mjs');
const { readEvaluationData, shownCatalogues } = await bring('/cli/lib/evaluation-data.ts');
const { seededRandom, shuffle } = await bring('/src/base/random.ts');
const { trainOwnerModel } = await bring('/src/owner/owner-model.ts');
const { combine, standardParts } = await bring('/src/ranking/blend.ts');
const { itemItemScores } = await bring('/src/head/log-knowledge.ts');
const { createWasmStepper, fineTune, score } = await bring('/src/head/cpu-stepper.ts', '/src/head/fine-tune.ts', '/src/head/heads.ts');
const { visitorTasks } = await bring('/src/feedback/examples.ts');
const { profileVector } = await bring('/src/feedback/profile.ts');

const { items, interactions } = await readEvaluationData(`${DATA}/items.ndjson`, `${DATA}/interactions.csv`);
const { log } = interactions;
const { vectors, dimensions: d } = await shownCatalogues(items, true)({}, {});
const baskets = log.users.map(() => []);
for (const [i, row] of log.item.entries()) baskets[log.user[i]].push(row);
const order = shuffle([...baskets.keys()], seededRandom(SEED));
const owners = new Set(order.slice(0, Math.round(OWNERS_PART * order.length)));
const users = [...owners].map((user) => baskets[user]);
const offsets = new Int32Array(users.length + 1);
users.forEach((rows, user) => {
  offsets[user + 1] = offsets[user] + rows.length;
});
const liked = Int32Array.from(users.flat());
const likes = { userCount: users.length, itemCount: items.length, offsets, items: liked, weights: new Float32Array(liked.length).fill(1) };
console.error(`${users.length} users of the owner, ${liked.length} likes`);
const model = await trainOwnerModel(likes, vectors, d, { kind: 'bilinear', rank: 64, epochs: 0, seed: SEED, prior: { asOfMs: 0 } });
const owner = { shape: model.head.shape, parameters: model.head.parameters };
console.error('weights', JSON.stringify(model.weights));

const rowOf = (row) => vectors.subarray(row * d, (row + 1) * d);
const rowById = new Map(items.map(({ id }, row) => [id, row]));
const source = { dimensions: d, items, vectorOf: (id) => rowOf(rowById.get(id)) };
const discount = (rank) => 1 / Math.log2(1 + rank);
function ndcg(scores, seen, relevant) {
  const list = [];
  for (let row = 0; row < scores.length; row++) {
    if (seen.has(row) || (list.length === 10 && scores[row] <= scores[list[9]])) continue;
    const place = list.findIndex((other) => scores[row] > scores[other]);
    list.splice(place < 0 ? list.length : place, 0, row);
    list.length = Math.min(10, list.length);
  }
  const ideal = Array.from({ length: Math.min(10, relevant.size) }, (_, i) => discount(i + 1)).reduce((a, b) => a + b, 0);
  return list.reduce((sum, row, place) => sum + (relevant.has(row) ? discount(place + 1) : 0), 0) / ideal;
}

const HEAD_ALONE = 0;
const GRID = [0, 0.1, 0.4, 0.8].flatMap((prior) => [0, 0.5, 1, 2, 4, 8].map((itemItem) => ({ head: 1, prior, itemItem })));

/** nDCG@10 [grid] by the owner's head, by the one in use after tuning, and by the tuned one whether or not it was taken. */
async function measured(history, relevant) {
  const events = history.map((row, at) => ({ itemId: items[row].id, kind: 'like', timeMs: at }));
  const user = profileVector(events, source.vectorOf, d);
  const tuned = await fineTune({
    start: owner,
    parent: owner,
    ...visitorTasks(events, source, SEED),
    seed: SEED,
    createStepper: createWasmStepper,
    budgetMs: 60_000,
    clock: () => 0,
  });
  const itemItem = new Float32Array(items.length);
  itemItemScores(model.itemItem, Int32Array.from(history), itemItem);
  const seen = new Set(history);
  const worths = ({ shape, parameters }) => {
    const parts = standardParts({ headScores: score(shape, user, vectors, parameters), prior: model.prior.values, itemItem });
    return GRID.map((weights) => ndcg(combine(parts, weights), seen, relevant));
  };
  const [byOwner, byCandidate] = [worths(owner), worths(tuned.candidate)];
  return { installed: tuned.installed, byOwner, byUsed: tuned.installed ? byCandidate : byOwner, byCandidate };
}

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
/** Index of the grid's best weights for a head, on the visitors of one half. */
const bestOn = (results, half, head) =>
  GRID.map((_, at) => mean(results.filter((_, i) => i % 2 === half).map((one) => one[head][at]))).reduce(
    (best, value, at, all) => (value > all[best] ? at : best),
    0,
  );

const rows = [];
for (const count of SEEN) {
  const random = seededRandom(SEED + count);
  const visitors = baskets
    .flatMap((basket, user) => (owners.has(user) || basket.length < count + 3 ? [] : [shuffle([...basket], random)]))
    .slice(0, MOST_VISITORS);
  const results = [];
  for (const basket of visitors) results.push(await measured(basket.slice(0, count), new Set(basket.slice(count))));
  const chosen = (head) => [0, 1].map((half) => bestOn(results, 1 - half, head));
  const [ownerWeights, usedWeights, candidateWeights] = ['byOwner', 'byUsed', 'byCandidate'].map(chosen);
  const systems = {
    "owner's head, owner's weights": results.map(({ byOwner }, i) => byOwner[ownerWeights[i % 2]]),
    "head in use, owner's weights": results.map(({ byUsed }, i) => byUsed[ownerWeights[i % 2]]),
    'head in use, weights by it': results.map(({ byUsed }, i) => byUsed[usedWeights[i % 2]]),
    'head in use alone': results.map(({ byUsed }) => byUsed[HEAD_ALONE]),
    "tuned head always, owner's weights": results.map(({ byCandidate }, i) => byCandidate[ownerWeights[i % 2]]),
    'tuned head always, weights by it': results.map(({ byCandidate }, i) => byCandidate[candidateWeights[i % 2]]),
  };
  const base = systems["head in use, owner's weights"];
  const row = {
    likes: count,
    visitors: results.length,
    tuned: results.filter(({ installed }) => installed).length,
    "owner's weights": ownerWeights.map((at) => `${GRID[at].prior}/${GRID[at].itemItem}`).join(', '),
    'by the head in use': usedWeights.map((at) => `${GRID[at].prior}/${GRID[at].itemItem}`).join(', '),
  };
  for (const [name, values] of Object.entries(systems)) {
    const gaps = values.map((value, i) => value - base[i]);
    const error = Math.sqrt(gaps.reduce((sum, value) => sum + (value - mean(gaps)) ** 2, 0) / (gaps.length - 1) / gaps.length);
    row[name] = `${mean(values).toFixed(3)} (${mean(gaps) >= 0 ? '+' : ''}${mean(gaps).toFixed(3)} ± ${(1.96 * error).toFixed(3)})`;
    figure(`tuned_blend.${count}.${name}`.replace(/[^a-z0-9.]+/gi, '_').toLowerCase(), Number(mean(values).toFixed(4)));
  }
  rows.push(row);
  console.error(JSON.stringify(row));
}
table(rows);
await closeSource();
process.exit();
