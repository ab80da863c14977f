// Likes in one language: how much of the top ten is in it, over its share of the catalogue. Each item is shown in one language drawn at
// random; the likes are random items of one language, so that a fair list has its share and no more.
import { commonLanguages, descriptionIn, openModel, readItems, readMatrix, wholeText } from '../languages/data.mjs';
import { evaluation, firstVectors, kindredVisitorSystem, readModelAdapter, seededRandom, shuffle } from './room.mjs';

export const LIKES = [1, 5, 10];
const READERS = 20;
const LIST = 10;
/** Languages with fewer shown items than this have no readers. */
const LEAST_SHOWN = 15;
const SETS = [
  { name: 'apps', languagesOf: (items) => commonLanguages(items).slice(0, 20), textOf: descriptionIn, leastLanguages: 15 },
  { name: 'stories', languagesOf: (items) => commonLanguages(items).filter(([, texts]) => texts >= 30), textOf: wholeText, leastLanguages: 2 },
];

/** @returns [{ set, features, likes, mean, low, high, languages, items }], intervals by bootstrap of readers */
export async function measureOwnLanguage() {
  const model = await openModel();
  const adapter = await readModelAdapter();
  const rows = [];
  for (const { name, languagesOf, textOf, leastLanguages } of SETS) {
    const all = readItems(name);
    if (!all) continue;
    const tags = languagesOf(all).map(([tag]) => tag);
    const matrix = await readMatrix(model, all, tags, textOf, { leastLanguages });
    const shown = showEach(matrix, model.dimensions);
    const vectors = firstVectors(adapter, shown.raw, shown.languages);
    for (const features of [false, true]) {
      const items = matrix.items.map((item, row) => ({
        ...item,
        language: shown.languages[row],
        categories: features ? (item.categories ?? []) : [],
        attributes: {},
      }));
      const catalogue = { items, languages: shown.languages, texts: [], vectors, dimensions: adapter.projectedDimensions };
      const fitted = await kindredVisitorSystem().fit({ catalogue });
      for (const likes of LIKES) {
        const { ratios, languages } = ratiosOf(fitted, shown.languages, likes);
        const { mean, low, high } = evaluation.bootstrapMean(Float64Array.from(ratios), { random: seededRandom(1), resamples: 2000 });
        console.log('own language', name, features ? 'with categories' : 'text alone', likes, mean.toFixed(3));
        rows.push({ set: name, features, likes, mean, low, high, languages, items: items.length });
      }
    }
  }
  await model.cache.close();
  return rows;
}

/** @returns raw vectors of the shown texts, and their languages */
function showEach({ items, vectors, languages }, d) {
  const random = seededRandom(1);
  const raw = new Float32Array(items.length * d);
  const shown = items.map((_, row) => {
    const at = (l) => (row * languages.length + l) * d;
    const open = [...languages.keys()].filter((l) => vectors.subarray(at(l), at(l) + d).some((value) => value !== 0));
    const l = open[Math.floor(random() * open.length)];
    raw.set(vectors.subarray(at(l), at(l) + d), row * d);
    return languages[l];
  });
  return { raw, languages: shown };
}

function ratiosOf(fitted, languages, count) {
  const random = seededRandom(2);
  const rowsOf = new Map();
  for (const [row, tag] of languages.entries()) rowsOf.set(tag, [...(rowsOf.get(tag) ?? []), row]);
  const spoken = [...rowsOf].filter(([, rows]) => rows.length >= LEAST_SHOWN);
  const ratios = spoken.flatMap(([, rows]) =>
    Array.from({ length: READERS }, () => {
      const liked = Int32Array.from(shuffle([...rows], random).slice(0, count));
      const scores = new Float32Array(languages.length);
      fitted.score(liked, new Float32Array(count).fill(1), scores);
      const taken = new Set(liked);
      const own = new Set(rows);
      const candidates = [...scores.keys()].filter((row) => !taken.has(row)).sort((a, b) => scores[b] - scores[a]);
      const share = (list) => list.filter((row) => own.has(row)).length / list.length;
      return share(candidates.slice(0, LIST)) / share(candidates);
    }),
  );
  return { ratios, languages: spoken.length };
}
