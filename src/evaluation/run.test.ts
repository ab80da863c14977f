import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { SystemResult } from './aggregate.ts';
import { poolFolds } from './aggregate.ts';
import { historyLanguage } from './case-ranking.ts';
import { compareSystems } from './compare.ts';
import { evaluateSystem, evaluateSystems } from './run.ts';
import { kFoldUsers, leaveLastOut } from './splits/by-user.ts';
import { languageMasked } from './splits/language-masked.ts';
import { SMALL_DIMENSIONS, smallCatalogue, smallItems, smallLog } from './testing/small-log.ts';
import type { EvaluationCase, RecommenderSystem, Split } from './types.ts';

const ITEMS = smallItems(80);
const LOG = smallLog(120, 80);
const CATALOGUE = smallCatalogue(ITEMS);
const SPLIT = leaveLastOut(LOG, { seed: 1 });
const FAST = { ks: [5, 10], resamples: 200 };

/** Scores by how many training users have an item. */
const popularity: RecommenderSystem = {
  name: 'popularity',
  title: 'Popularity',
  fit: ({ train }) => {
    const counts = new Float32Array(train.itemCount);
    for (const row of train.items) counts[row] = (counts[row] as number) + 1;
    return { score: (_history, _weights, scores) => scores.set(counts) };
  },
};

/** Cosine with the sum of the history's vectors. */
const similar: RecommenderSystem = {
  name: 'similar',
  title: 'Similar vectors',
  needsVectors: true,
  fit: ({ catalogue }) => ({
    score: (history, _weights, scores) => {
      const vectors = catalogue.vectors ?? new Float32Array(0);
      for (let row = 0; row < scores.length; row++) {
        let sum = 0;
        for (const seen of history)
          for (let d = 0; d < SMALL_DIMENSIONS; d++)
            sum += (vectors[seen * SMALL_DIMENSIONS + d] as number) * (vectors[row * SMALL_DIMENSIONS + d] as number);
        scores[row] = sum;
      }
    },
  }),
};

/** Gives each item the score of a function; counts the cases. */
function fixed(scoreOf: (row: number) => number, name = 'fixed') {
  const seen = { cases: 0, disposed: 0 };
  const system: RecommenderSystem = {
    name,
    title: name,
    fit: () => ({
      score: (_history, _weights, scores) => {
        seen.cases += 1;
        for (let row = 0; row < scores.length; row++) scores[row] = scoreOf(row);
      },
      dispose: () => {
        seen.disposed += 1;
      },
    }),
  };
  return { system, seen };
}

const meanOf = (result: SystemResult, metric: string): number => result.metrics.get(metric)?.interval.mean ?? Number.NaN;
const oneCase = (change: Partial<EvaluationCase>, split: Partial<Split> = {}): Split => ({
  name: 'by-hand',
  seed: 1,
  train: { userCount: 1, itemCount: 80, offsets: Int32Array.of(0, 0), items: new Int32Array(0), weights: new Float32Array(0) },
  cases: [{ user: 0, history: Int32Array.of(0), historyWeights: Float32Array.of(1), relevant: Int32Array.of(4), ...change }],
  ...split,
});

test('by hand: history, excluded rows and rows that are no candidates do not compete', async () => {
  // Falling scores: without more, row 4 is fifth.
  const { system } = fixed((row) => -row);
  const rankOf = async (split: Split): Promise<number> => 1 / meanOf(await evaluateSystem(split, system, CATALOGUE, FAST), 'mrr');
  expect(await rankOf(oneCase({ history: new Int32Array(0), historyWeights: new Float32Array(0) }))).toBeCloseTo(5, 9);
  expect(await rankOf(oneCase({}))).toBeCloseTo(4, 9);
  expect(await rankOf(oneCase({ excluded: Int32Array.of(1, 2) }))).toBeCloseTo(2, 9);
  expect(await rankOf(oneCase({}, { candidates: Uint8Array.from({ length: 80 }, (_, row) => (row >= 3 ? 1 : 0)) }))).toBeCloseTo(2, 9);
});

test('by hand: the list, the table of languages and the measures of all lists', async () => {
  const shownLanguages = ITEMS.map((_, row) => (row < 8 ? 'fi' : 'de'));
  const { system } = fixed((row) => (row < 10 ? -row : Number.NEGATIVE_INFINITY));
  const result = await evaluateSystem(oneCase({ relevant: Int32Array.of(4, 9) }, { shownLanguages }), system, CATALOGUE, {
    ks: [5, 12],
    resamples: 10,
  });
  expect([...result.topLists]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -1, -1]);
  expect(result.listMetrics.get('coverage@5')).toBeCloseTo(5 / 80, 12);
  expect(result.languages).toEqual([
    {
      language: 'de',
      candidates: 72,
      relevant: 1,
      shown: 0,
      exposureRatio: 0,
      recall: 0,
      meanRankShare: expect.closeTo(8 / 78, 12),
      meanDiscount: 0,
    },
    {
      language: 'fi',
      candidates: 7,
      relevant: 1,
      shown: 5,
      exposureRatio: expect.closeTo(79 / 7, 12),
      recall: 1,
      meanRankShare: expect.closeTo(3 / 78, 12),
      meanDiscount: expect.closeTo(1 / Math.log2(5), 12),
    },
  ]);
  expect(meanOf(result, 'language-preference')).toBe(1);
  expect(meanOf(result, 'recall@5')).toBe(0.5);
});

test('a system that knows the answer is perfect, equal scores measure as chance', async () => {
  const one = oneCase({ relevant: Int32Array.of(4, 9, 70) });
  const oracle = await evaluateSystem(one, fixed((row) => ([4, 9, 70].includes(row) ? 1 : 0)).system, CATALOGUE, FAST);
  for (const metric of ['ndcg@5', 'recall@5', 'mrr', 'map', 'hit@5']) expect(meanOf(oracle, metric)).toBeCloseTo(1, 12);
  const flat = await evaluateSystem(one, fixed(() => 0.5).system, CATALOGUE, FAST);
  expect(meanOf(flat, 'recall@10')).toBeCloseTo(10 / 79, 12);
  expect(meanOf(flat, 'mean-rank-share')).toBeCloseTo(0.5, 12);
});

test('planted tastes are found by vectors, not by popularity, and the comparison says so', async () => {
  const { results, leftOut } = await evaluateSystems(SPLIT, [popularity, similar], CATALOGUE, FAST);
  expect(leftOut).toEqual([]);
  const [popular, vectors] = results;
  if (!popular || !vectors) throw new Error('two results');
  expect(meanOf(vectors, 'ndcg@10')).toBeGreaterThan(1.5 * meanOf(popular, 'ndcg@10'));
  const comparisons = compareSystems(results, {
    reference: 'popularity',
    random: seededRandom(1),
    resamples: 500,
    metrics: ['ndcg@10', 'mrr'],
  });
  expect(comparisons.map(({ metric, system }) => [metric, system])).toEqual([
    ['ndcg@10', 'similar'],
    ['mrr', 'similar'],
  ]);
  expect(comparisons[0]?.difference.low).toBeGreaterThan(0);
  expect(comparisons[0]?.adjustedP).toBeLessThan(0.01);
  expect(comparisons[0]?.difference.mean).toBeCloseTo(meanOf(vectors, 'ndcg@10') - meanOf(popular, 'ndcg@10'), 10);
  expect(vectors.metrics.get('similarity@5')?.interval.mean).toBeGreaterThan(popular.metrics.get('similarity@5')?.interval.mean ?? 1);
});

test('without vectors, systems that need them are left out with the reason, and refused when asked for alone', async () => {
  const { vectors: _, ...bare } = CATALOGUE;
  const { results, leftOut } = await evaluateSystems(SPLIT, [popularity, similar], bare, FAST);
  expect(results.map(({ system }) => system)).toEqual(['popularity']);
  expect(leftOut).toEqual([{ system: 'similar', reason: expect.stringContaining('vectors') }]);
  expect(results[0]?.metrics.has('similarity@5')).toBe(false);
  await expect(evaluateSystem(SPLIT, similar, bare, FAST)).rejects.toMatchObject({ code: 'bad-argument' });
});

test('a system that refuses the split is left out with its reason, and the others are measured', async () => {
  const choosy: RecommenderSystem = { ...popularity, name: 'choosy', refuses: ({ itemCount }) => `${itemCount} items are too many.` };
  const done: number[] = [];
  const { results, leftOut } = await evaluateSystems(SPLIT, [choosy, popularity], CATALOGUE, {
    ...FAST,
    onProgress: (step) => done.push(step.done / step.total),
  });
  expect(results.map(({ system }) => system)).toEqual(['popularity']);
  expect(leftOut).toEqual([{ system: 'choosy', reason: '80 items are too many.' }]);
  expect(done.at(-1)).toBe(1);
});

test('the same seed gives the same result; times come from the clock that is passed in', async () => {
  let nowMs = 0;
  const clock = () => (nowMs += 2);
  const a = await evaluateSystem(SPLIT, popularity, CATALOGUE, { ...FAST, clock });
  const b = await evaluateSystem(SPLIT, popularity, CATALOGUE, { ...FAST, clock });
  expect(a).toEqual(b);
  expect([a.fitMs, a.scoreMsPerCase[0], a.scoreMs]).toEqual([2, 2, 2 * SPLIT.cases.length]);
});

test('pooled folds are one result over all users', async () => {
  const splits = kFoldUsers(LOG, { seed: 2, folds: 3 });
  const results = await Promise.all(splits.map((split) => evaluateSystem(split, popularity, CATALOGUE, FAST)));
  const pooled = poolFolds(results, 'user-folds', { random: seededRandom(1), resamples: 100 });
  expect(pooled.users).toHaveLength(results.reduce((sum, { users }) => sum + users.length, 0));
  expect(pooled.metrics.get('mrr')?.interval.users).toBe(pooled.users.length);
  const mean = results.reduce((sum, one) => sum + meanOf(one, 'mrr') * one.users.length, 0) / pooled.users.length;
  expect(meanOf(pooled, 'mrr')).toBeCloseTo(mean, 12);
  const held = (rows: SystemResult['languages']): number => rows.reduce((sum, { relevant }) => sum + relevant, 0);
  expect(held(pooled.languages)).toBe(results.reduce((sum, { languages }) => sum + held(languages), 0));
  // Two copies of one fold are like one.
  const [first] = results;
  if (!first) throw new Error('no result');
  expect(
    poolFolds([first, first], 'twice', { random: seededRandom(1), resamples: 10 }).languages.map(({ recall, exposureRatio }) => [
      recall,
      exposureRatio,
    ]),
  ).toEqual(
    first.languages.map(({ recall, exposureRatio }) => [
      Number.isNaN(recall) ? Number.NaN : expect.closeTo(recall, 12),
      expect.closeTo(exposureRatio, 12),
    ]),
  );
  expect(() => poolFolds([first, { ...first, system: 'other' }], 'x', { random: seededRandom(1) })).toThrow(
    expect.objectContaining({ code: 'bad-argument' }),
  );
  expect(() => poolFolds([], 'x', { random: seededRandom(1) })).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});

test('a masked split is evaluated in the languages it shows', async () => {
  const [cross, same] = languageMasked(LOG, ITEMS, { seed: 3, historyCount: 2, fold: 0 });
  if (!cross?.shownLanguages || !same) throw new Error('two splits');
  const result = await evaluateSystem(cross, similar, CATALOGUE, FAST);
  expect(new Set(result.languages.map(({ language }) => language))).toEqual(new Set(cross.promises?.candidateLanguages));
  // No history language is among the candidates, so every place costs the full calibration error.
  expect(meanOf(result, 'calibration-languages@5')).toBeCloseTo(Math.log(100), 6);
  expect(meanOf(await evaluateSystem(same, similar, CATALOGUE, FAST), 'calibration-languages@5')).toBeLessThan(Math.log(100));
});

test('an abort stops between cases; the system is disposed then and after a fault', async () => {
  const controller = new AbortController();
  const { system, seen } = fixed((row) => {
    if (row === 0 && seen.cases === 3) controller.abort();
    return row;
  });
  // The clock jumps, so that every case is a turn of the event loop.
  let nowMs = 0;
  const clock = () => (nowMs += 100);
  await expect(evaluateSystem(SPLIT, system, CATALOGUE, { ...FAST, signal: controller.signal, clock })).rejects.toMatchObject({
    code: 'aborted',
  });
  expect(seen).toEqual({ cases: 3, disposed: 1 });
  const broken = fixed(() => Number.NaN);
  await expect(evaluateSystem(SPLIT, broken.system, CATALOGUE, FAST)).rejects.toMatchObject({ code: 'bad-vector' });
  expect(broken.seen).toEqual({ cases: 1, disposed: 1 });
});

test('progress ends at all cases of all systems', async () => {
  const told: number[] = [];
  await evaluateSystems(SPLIT, [popularity, fixed((row) => row).system], CATALOGUE, {
    ...FAST,
    onProgress: ({ done, total }) => {
      expect(total).toBe(2 * SPLIT.cases.length);
      told.push(done);
    },
  });
  expect(told.at(-1)).toBe(2 * SPLIT.cases.length);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test('unusable splits and cut-offs are refused', async () => {
  const refused = (split: Split, options = FAST) => expect(evaluateSystem(split, popularity, CATALOGUE, options)).rejects;
  await refused({ ...SPLIT, cases: [] }).toMatchObject({ code: 'evaluation-empty' });
  await refused(SPLIT, { ...FAST, ks: [] }).toMatchObject({ code: 'bad-argument' });
  await refused(SPLIT, { ...FAST, ks: [0] }).toMatchObject({ code: 'bad-argument' });
  await refused({ ...SPLIT, train: { ...SPLIT.train, itemCount: 7 } }).toMatchObject({ code: 'bad-argument' });
  const result = await evaluateSystem(SPLIT, popularity, CATALOGUE, FAST);
  expect(() => compareSystems([result], { reference: 'nobody', random: seededRandom(1) })).toThrow(/no result of "nobody".*popularity/);
  expect(() => compareSystems([result, { ...result, split: 'x' }], { reference: 'popularity', random: seededRandom(1) })).toThrow(/one split/);
});

test('the language of a history is the most frequent one, and the first of equally frequent ones', () => {
  const languages = ['de', 'fi', 'fi', 'de', 'sw'];
  expect(historyLanguage(Int32Array.of(0, 1, 2), languages)).toBe('fi');
  expect(historyLanguage(Int32Array.of(4, 1, 0), languages)).toBe('de');
  expect(historyLanguage(new Int32Array(0), languages)).toBeUndefined();
});

test('each system draws from a random source of its own', async () => {
  const drawn = new Map<string, number>();
  const drawing = (name: string): RecommenderSystem => ({
    ...popularity,
    name,
    fit: (context) => {
      drawn.set(name, context.random());
      return popularity.fit(context);
    },
  });
  await evaluateSystems(SPLIT, [drawing('a'), drawing('b')], CATALOGUE, FAST);
  expect(new Set([...drawn.values(), seededRandom(SPLIT.seed)()]).size).toBe(3);
});
