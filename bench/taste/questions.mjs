// The first minute: what the list is worth after five answers, by who chose the questions.
import {
  appendFeatures,
  catalogueFeatures,
  evaluation,
  fnv1a,
  kindredVisitorSystem,
  seededRandom,
  shownCatalogues,
  shuffle,
  suggestQuestions,
} from './room.mjs';

const ANSWERS = 5;
/** Most questions in one call of `suggestQuestions`. */
const BATCH = 100;
const MOST_ASKED = 2000;
const LEAST_RATINGS = 40;

/**
 * Half of a reader's likes are held out; the other ratings are what they can answer: like, dislike, or skipped where not rated. All methods
 * go on until five are answered.
 * @returns [{ method, ndcg, asked, readers }]
 */
export async function measureQuestions({ items, log }, readerCount) {
  const catalogue = await shownCatalogues(items, true)({}, { processes: 1 });
  const projection = catalogueFeatures(items);
  const joined = projection ? appendFeatures(projection, catalogue.vectors, catalogue.dimensions, items) : catalogue.vectors;
  const dimensions = catalogue.dimensions + (projection?.dimensions ?? 0);
  const rowOf = new Map(items.map(({ id }, row) => [id, row]));
  const vectors = {
    items,
    dimensions,
    vectorOf: (id) => (rowOf.has(id) ? joined.subarray(rowOf.get(id) * dimensions, (rowOf.get(id) + 1) * dimensions) : undefined),
  };
  const readers = readersOf(log).slice(0, readerCount);
  const chosen = new Set(readers.map(({ user }) => user));
  const counts = new Float64Array(items.length);
  for (const [at, user] of log.user.entries()) if (!chosen.has(user) && log.weight[at] > 0) counts[log.item[at]]++;
  const popular = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const first = [];
  const methods = [
    { method: 'random', ask: (reader) => inOrder(shuffle([...items.keys()], seededRandom(reader.user + 1)), reader) },
    { method: 'popular', ask: (reader) => inOrder(popular, reader) },
    { method: 'suggestQuestions', ask: (reader) => suggested(vectors, rowOf, reader, first) },
  ];
  const rows = [];
  for (const { method, ask } of methods) {
    const asked = [];
    const cases = [];
    for (const reader of readers) {
      const answers = await ask(reader);
      asked.push(answers.asked);
      cases.push({
        user: reader.user,
        history: Int32Array.from(answers.rows),
        historyWeights: Float32Array.from(answers.rows, (row) => reader.ratings.get(row)),
        relevant: reader.heldOut,
      });
    }
    const train = {
      userCount: log.users.length,
      itemCount: items.length,
      offsets: new Int32Array(log.users.length + 1),
      items: new Int32Array(0),
      weights: new Float32Array(0),
    };
    const { results } = await evaluation.evaluateSystems(
      { name: `questions-${method}`, seed: 1, train, cases },
      [kindredVisitorSystem()],
      catalogue,
      { ks: [10] },
    );
    const ndcg = results[0].metrics.get('ndcg@10').interval;
    console.log('questions', method, ndcg.mean.toFixed(4), 'asked', asked.reduce((sum, n) => sum + n, 0) / asked.length);
    rows.push({ method, ndcg, asked: asked.reduce((sum, n) => sum + n, 0) / asked.length, readers: readers.length });
  }
  return rows;
}

/** In the order of the hash of their users. */
function readersOf(log) {
  const own = new Map();
  for (const [at, user] of log.user.entries()) own.set(user, [...(own.get(user) ?? []), at]);
  return [...own]
    .filter(([, places]) => places.length >= LEAST_RATINGS)
    .sort(([a], [b]) => fnv1a(log.users[a]) - fnv1a(log.users[b]))
    .map(([user, places]) => {
      const likes = shuffle(
        places.filter((at) => log.weight[at] > 0),
        seededRandom(user + 1),
      );
      const held = new Set(likes.slice(0, Math.ceil(likes.length / 2)));
      return {
        user,
        heldOut: Int32Array.from(held, (at) => log.item[at]).sort(),
        ratings: new Map(places.filter((at) => !held.has(at)).map((at) => [log.item[at], Math.sign(log.weight[at])])),
      };
    })
    .filter(({ heldOut }) => heldOut.length > 0);
}

function inOrder(order, { ratings }) {
  const rows = [];
  let asked = 0;
  for (const row of order) {
    if (rows.length === ANSWERS) break;
    asked++;
    if (ratings.has(row)) rows.push(row);
  }
  return { rows, asked };
}

/** After each answer the questions are chosen anew. @param first batches before the first answer, which are the same for all readers; filled */
async function suggested(vectors, rowOf, { ratings, user }, first) {
  const events = [];
  const rows = [];
  const asked = new Set();
  for (let turn = 0; rows.length < ANSWERS && asked.size < MOST_ASKED; turn++) {
    const choose = () =>
      suggestQuestions({
        count: BATCH,
        vectors,
        events,
        allowed: (id) => !asked.has(id),
        random: seededRandom(events.length === 0 ? turn : 1000 * user + turn),
      });
    if (events.length === 0 && !first[turn]) first[turn] = await choose();
    const batch = events.length === 0 ? first[turn] : await choose();
    if (batch.length === 0) break;
    for (const id of batch) {
      asked.add(id);
      const rating = ratings.get(rowOf.get(id));
      if (rating === undefined) continue;
      rows.push(rowOf.get(id));
      events.push({ itemId: id, kind: rating > 0 ? 'like' : 'dislike', timeMs: events.length });
      break;
    }
  }
  return { rows, asked: asked.size };
}
