// The product's list without a log on planted tastes: several interests beat their mean, one like is a cosine, a dislike stays local.
import { describe, expect, test } from 'vitest';
import { gaussian, type RandomSource, randomBelow, seededRandom } from '../base/random.ts';
import { meanEmbeddingSystem } from './baselines/embedding.ts';
import { contextOf, itemOf, matrixOf, scoresOf } from './baselines/testing/planted.ts';
import { kindredVisitorPopularitySystem, kindredVisitorSystem } from './kindred-visitor.ts';
import { buildLog, type Interaction } from './log.ts';
import { evaluateSystems } from './run.ts';
import { fewRatings } from './splits/by-user.ts';
import type { EvaluationCatalogue } from './types.ts';

const [TOPICS, PER_TOPIC, DIMENSIONS] = [12, 20, 16];
const ITEMS = TOPICS * PER_TOPIC;

/** Items near one of twelve directions on a circle, with noise in all others: between two topics lie others. */
function world(random: RandomSource): EvaluationCatalogue {
  const vectors = new Float32Array(ITEMS * DIMENSIONS);
  for (let row = 0; row < ITEMS; row++) {
    const angle = (2 * Math.PI * row) / TOPICS;
    const own = Array.from({ length: DIMENSIONS }, (_, j) => 0.1 * gaussian(random) + (j === 0 ? Math.cos(angle) : j === 1 ? Math.sin(angle) : 0));
    const length = Math.hypot(...own);
    vectors.set(
      own.map((value) => value / length),
      row * DIMENSIONS,
    );
  }
  const items = Array.from({ length: ITEMS }, (_, row) => itemOf(row));
  return { items, languages: items.map(() => 'en'), texts: items.map(({ title }) => title), vectors, dimensions: DIMENSIONS };
}

/** Readers with two topics each, 16 likes. */
function twoTastes(random: RandomSource) {
  const likes = Array.from({ length: 200 }, (_, user): Interaction[] => {
    const topics = [randomBelow(TOPICS, random), randomBelow(TOPICS, random)];
    return Array.from({ length: 16 }, (_, turn) => {
      const item = randomBelow(PER_TOPIC, random) * TOPICS + (topics[turn % 2] as number);
      return { user: `u${user}`, item, weight: 1, timeMs: Number.NaN, position: 0 };
    });
  });
  return buildLog(likes.flat(), ITEMS).log;
}

const catalogue = world(seededRandom(5));
const { vectors = new Float32Array(0) } = catalogue;
const empty = matrixOf([], ITEMS);
const cosine = (a: number, b: number): number => {
  let sum = 0;
  for (let j = 0; j < DIMENSIONS; j++) sum += (vectors[a * DIMENSIONS + j] as number) * (vectors[b * DIMENSIONS + j] as number);
  return sum;
};

test('readers with two tastes: the likes themselves beat their mean, and the interval of the gain is above 0', async () => {
  const split = fewRatings(twoTastes(seededRandom(6)), { seed: 1, counts: [6], testShare: 0.5 })[0];
  if (!split) throw new Error('a split');
  const { results } = await evaluateSystems(split, [meanEmbeddingSystem(), kindredVisitorSystem()], catalogue, { ks: [10], resamples: 500 });
  const [mean, visitor] = results.map(({ metrics }) => metrics.get('ndcg@10')?.interval);
  expect(visitor?.low).toBeGreaterThan(mean?.high ?? Number.NaN);
});

describe('one like', () => {
  const few = 40; // too few for hubs, so that no bias is added
  const small = { ...catalogue, items: catalogue.items.slice(0, few), languages: catalogue.languages.slice(0, few) };

  test('is the cosine with it; below the mark for hubs nothing is added', async () => {
    const context = contextOf(matrixOf([], few), { ...small, vectors: vectors.slice(0, few * DIMENSIONS) });
    const scores = scoresOf(await kindredVisitorSystem().fit(context), [7], few);
    scores.forEach((score, row) => {
      expect(score).toBeCloseTo(cosine(7, row), 5);
    });
  });

  test('with categories: four fifths of the cosine of texts and a fifth of that of categories', async () => {
    const items = small.items.map((item, row) => ({ ...item, categories: [row % 2 === 0 ? 'even' : 'odd'] }));
    const context = contextOf(matrixOf([], few), { ...small, items, vectors: vectors.slice(0, few * DIMENSIONS) });
    const scores = scoresOf(await kindredVisitorSystem().fit(context), [7], few);
    scores.forEach((score, row) => {
      const rest = score - 0.8 * cosine(7, row);
      if (row % 2 === 1) expect(rest).toBeCloseTo(0.2, 5);
      else expect(Math.abs(rest)).toBeLessThan(0.1);
    });
  });

  test('hubs are marked down', async () => {
    const scores = scoresOf(await kindredVisitorSystem().fit(contextOf(empty, catalogue)), [7], ITEMS);
    for (let row = 0; row < ITEMS; row++) expect((scores[row] as number) - cosine(7, row)).toBeLessThan(0);
  });
});

test('a dislike takes from what is near it, hardly from what is near a like', async () => {
  const fitted = await kindredVisitorSystem().fit(contextOf(empty, catalogue));
  const plain = scoresOf(fitted, [0, 12, 3], ITEMS, [1, 1, 0]);
  const disliked = scoresOf(fitted, [0, 12, 3], ITEMS, [1, 1, -1]);
  const loss = (topic: number): number => {
    const rows = [...plain.keys()].filter((row) => row % TOPICS === topic);
    return rows.reduce((sum, row) => sum + (plain[row] as number) - (disliked[row] as number), 0) / rows.length;
  };
  expect(loss(3)).toBeGreaterThan(2 * loss(0));
  expect(loss(0)).toBeGreaterThan(0);
});

test('a count of popularity: the well known come first without a like; with one, both count', async () => {
  const liked = [1, 1, 1, 5, 5, 9].map((row) => [row]);
  const context = contextOf(matrixOf(liked, ITEMS), catalogue);
  const fitted = await kindredVisitorPopularitySystem().fit(context);
  const none = scoresOf(fitted, [], ITEMS);
  expect([none[1], none[5], none[9]].every((score, at, all) => at === 0 || (score as number) < (all[at - 1] as number))).toBe(true);
  expect(none[9]).toBeGreaterThan(none[0] as number);
  // Of items that nobody has liked, taste alone decides.
  const plain = scoresOf(await kindredVisitorSystem().fit(context), [9], ITEMS);
  const both = scoresOf(fitted, [9], ITEMS);
  const unknown = [...plain.keys()].filter((row) => ![1, 5, 9].includes(row));
  const order = (scores: Float32Array) => [...unknown].sort((a, b) => (scores[b] as number) - (scores[a] as number)).slice(0, 20);
  expect(order(both)).toEqual(order(plain));
  expect(both[1]).toBeGreaterThan(both[order(plain)[0] as number] as number);
});
