import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { correctRows } from '../../language/correction/apply.ts';
import { fitCorrection } from '../../language/correction/fit.ts';
import { plantCatalogue } from '../../language/correction/testing/planted.ts';
import { measureFairness } from './measure-fairness.ts';
import type { FairnessInput } from './types.ts';

const TAGS = ['en', 'de', 'sw', 'hi'];

/** Each item shown in one language, in turn; its other languages are translations. Categories follow the content's first axis. */
async function planted(bias: number): Promise<FairnessInput> {
  const { raw, dimensions: d, languages, groups } = plantCatalogue({ items: 120, tags: TAGS, bias, dimensions: 24 });
  const correction = await fitCorrection({ raw, dimensions: d, languages, groups });
  const corrected = correctRows(correction, raw, languages);
  const k = correction.dimensions;
  const shown = languages.flatMap((_, row) => (row % TAGS.length === (groups[row] as number) % TAGS.length ? row : []));
  const rest = languages.flatMap((_, row) => (shown.includes(row) ? [] : row));
  const gather = (x: Float32Array, width: number, rows: readonly number[]): Float32Array =>
    Float32Array.from(rows.flatMap((row) => [...x.subarray(row * width, (row + 1) * width)]));
  return {
    languages: shown.map((row) => languages[row] as string),
    categories: shown.map((row) => [`c${(groups[row] as number) % 6}`]),
    translations: rest.map((row) => ({ item: groups[row] as number, language: languages[row] as string })),
    before: { dimensions: d, vectors: gather(raw, d, shown), translations: gather(raw, d, rest) },
    after: { dimensions: k, vectors: gather(corrected, k, shown), translations: gather(corrected, k, rest) },
    method: correction.method,
    random: seededRandom(1),
  };
}

test('a planted bias is measured before and is gone after; shares sum to one', async () => {
  const report = await measureFairness(await planted(2));
  expect(report.before.sameLanguageOverFair).toBeGreaterThan(2.5);
  expect(report.after.sameLanguageOverFair).toBeLessThan(1.4);
  expect(report.before.preferenceRate).toBeGreaterThan(0.8);
  expect(report.after.preferenceRate).toBeCloseTo(0.5, 1);
  expect(report.after.peer ?? 0).toBeGreaterThan((report.before.peer ?? 1) + 0.2);
  expect(report.after.selfMrr ?? 0).toBeGreaterThan(report.before.selfMrr ?? 1);
  expect(report.after.rankCorrelation ?? 0).toBeGreaterThan((report.before.rankCorrelation ?? 1) + 0.2);
  expect(report.queries).toBe(120);
  for (const state of ['exposureBefore', 'exposureAfter'] as const)
    expect(report.languages.reduce((sum, language) => sum + language[state], 0)).toBeCloseTo(1, 9);
  expect(report.languages.map(({ catalogueShare }) => catalogueShare)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('by hand on four items', async () => {
  // a and b are of one language and alike, c and d of the other and alike.
  const vectors = Float32Array.of(1, 0, 1, 0, 0, 1, 0, 1);
  const input: FairnessInput = {
    languages: ['en', 'en', 'de', 'de'],
    categories: [['x'], ['x'], ['x'], ['x']],
    before: { dimensions: 2, vectors },
    after: { dimensions: 2, vectors, bias: Float32Array.of(0, 0, 9, 9) },
    method: 'none',
    random: seededRandom(1),
  };
  const report = await measureFairness(input);
  expect(report.before).toMatchObject({ selfMrr: null, rankCorrelation: null, preferenceRate: 1 });
  expect(report.before.sameLanguageOverFair).toBeCloseTo(1, 9); // all three others are listed
  expect(report.after.preferenceRate).toBeCloseTo(0.5, 9); // de wins everywhere
  const [first = 1, second = 0, third = 0] = [1, 1 / Math.log2(3), 1 / 2];
  const total = first + second + third;
  const de = report.languages.find(({ tag }) => tag === 'de');
  // As de asks de is first, then en; as en asks both de are first.
  expect(de?.exposureAfter).toBeCloseTo((first + first + second) / (2 * total), 9);
});

test('merit, nDCG by language and Lang-nDCG by hand', async () => {
  // Lists, best first: a: b c d; b: a d c; c: b a d; d: b a c. Fitting pairs: a–c, b–c; d fits nothing.
  const vectors = Float32Array.of(1, 0, 0.8, 0.6, 0.6, -0.8, 0, 1);
  const order = (row: number) =>
    [0, 1, 2, 3].filter((other) => other !== row).sort((x, y) => dot(vectors, 2 * y, vectors, 2 * row, 2) - dot(vectors, 2 * x, vectors, 2 * row, 2));
  expect([0, 1, 2, 3].map(order)).toEqual([
    [1, 2, 3],
    [0, 3, 2],
    [0, 1, 3],
    [1, 0, 2],
  ]);
  const state = { dimensions: 2, vectors, translations: Float32Array.of(0, 1, 1, 0) };
  const report = await measureFairness({
    languages: ['en', 'de', 'de', 'en'],
    categories: [['x'], ['y'], ['x', 'y'], []],
    // Row 0 asked in Finnish by the vector of row 3 (order 3 1 0 2: rank 3), and in Swahili by its own.
    translations: [
      { item: 0, language: 'fi' },
      { item: 0, language: 'sw' },
    ],
    before: state,
    after: { ...state, translations: Float32Array.of(1, 0, 1, 0) },
    method: 'none',
    random: seededRandom(1),
    queries: [0, 1, 2],
  });
  const d = (rank: number): number => 1 / Math.log2(1 + rank);
  // a: c (de); b: c (de); c: a (en) and b (de), one half each.
  expect(report.languages.map(({ tag, meritShare }) => [tag, meritShare])).toEqual([
    ['de', expect.closeTo(2.5 / 3, 9)],
    ['en', expect.closeTo(0.5 / 3, 9)],
  ]);
  // a finds c at 2; b finds c at 3; c finds both first.
  const [byCategory, byTranslation] = report.ndcg;
  expect(byCategory?.languages.map(({ tag, queries, before }) => [tag, queries, before.mean])).toEqual([
    ['de', 2, expect.closeTo((d(3) + 1) / 2, 9)],
    ['en', 1, expect.closeTo(d(2), 9)],
  ]);
  expect(byCategory?.languages[0]?.before).toMatchObject({ low: expect.closeTo(d(3), 9), high: expect.closeTo(1, 9) });
  expect(byCategory?.languages[1]?.before).toMatchObject({ low: null, high: null });
  expect(byCategory?.languages[0]?.change).toEqual({ mean: 0, low: 0, high: 0 });
  expect(byTranslation?.languages.map(({ tag, before, after, change }) => [tag, before.mean, after.mean, change.mean])).toEqual([
    ['fi', expect.closeTo(d(3), 9), 1, expect.closeTo(1 - d(3), 9)],
    ['sw', 1, 1, 0],
  ]);
  expect(report.translations).toBe(2);
  // Gains: a: c is foreign (½ of ½); b: c is own; c: b own at 2, a foreign at 1, ideal b first.
  expect(report.before.languageNdcg).toBeCloseTo((d(2) + d(3) + (0.5 * d(1) + d(2)) / (d(1) + 0.5 * d(2))) / 3, 9);
});

test('an item of which only translations are queries does not change what the other queries measure', async () => {
  const all = await planted(2);
  const queries = Array.from({ length: 40 }, (_, row) => row);
  const { translations: _, ...plain } = all;
  const none = ({ vectors, dimensions }: FairnessInput['before']) => ({ vectors, dimensions });
  const without = await measureFairness({ ...plain, before: none(all.before), after: none(all.after), queries });
  const asked = await measureFairness({ ...all, random: seededRandom(1), queries });
  expect(asked.queries).toBe(40);
  expect(asked.translations).toBe(120 * (TAGS.length - 1));
  expect(asked.languages).toEqual(without.languages);
  expect(asked.before.peer).toBeCloseTo(without.before.peer ?? 0, 9);
  expect(without.before.selfMrr).toBeNull();
  expect(asked.ndcg.map(({ relevance }) => relevance)).toEqual(['category', 'translation']);
  expect(without.ndcg.map(({ relevance }) => relevance)).toEqual(['category']);
  // The correction helps those who ask in another language: each language gains, beyond chance.
  for (const { change } of asked.ndcg[1]?.languages ?? []) expect(change.low ?? 0).toBeGreaterThan(0);
});

test('one language is fair by itself; zero rows take no part; an abort and wrong sizes are refused', async () => {
  const vectors = Float32Array.of(1, 0, 0, 1, 0, 0);
  const state = { dimensions: 2, vectors };
  const input: FairnessInput = {
    languages: ['en', 'en', 'de'],
    categories: [[], [], []],
    before: state,
    after: state,
    method: 'none',
    random: seededRandom(1),
  };
  const report = await measureFairness(input);
  expect(report.languages.map(({ tag }) => tag)).toEqual(['en']);
  expect(report.after).toEqual({
    sameLanguageOverFair: 1,
    selfMrr: null,
    rankCorrelation: null,
    peer: null,
    preferenceRate: null,
    languageNdcg: null,
  });
  expect(report).toMatchObject({ ndcg: [], translations: 0, languages: [{ meritShare: null }] });
  await expect(measureFairness({ ...input, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  await expect(measureFairness({ ...input, languages: ['en'] })).rejects.toMatchObject({ code: 'bad-vector' });
  await expect(measureFairness({ ...input, before: { dimensions: 2, vectors: new Float32Array(6) } })).rejects.toMatchObject({ code: 'not-ready' });
});
