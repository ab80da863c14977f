import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { correctRows, fitCorrection } from '../language/correction/index.ts';
import { plantCatalogue } from '../language/correction/testing/planted.ts';
import { type FairnessInput, measureFairness } from './fairness.ts';

const TAGS = ['en', 'de', 'sw', 'hi'];

/** Each item shown in one language, in turn; its other languages are translations. Categories follow the content's first axis. */
async function planted(bias: number): Promise<FairnessInput> {
  const { raw, dimensions: d, languages, groups } = plantCatalogue({ items: 120, tags: TAGS, bias, dimensions: 24 });
  const correction = await fitCorrection({ raw, dimensions: d, languages, groups });
  const corrected = correctRows(correction, raw, languages);
  const k = correction.dimensions;
  const shown = languages.flatMap((_, row) => (row % TAGS.length === (groups[row] as number) % TAGS.length ? row : []));
  const rest = languages.flatMap((_, row) => (shown.includes(row) ? [] : row));
  const gather = (x: Float32Array, width: number, rows: readonly number[]): Float32Array => Float32Array.from(rows.flatMap((row) => [...x.subarray(row * width, (row + 1) * width)]));
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

test('a planted bias is seen before, and is gone after; shares sum to one', async () => {
  const report = await measureFairness(await planted(2));
  expect(report.before.sameLanguageOverFair).toBeGreaterThan(2.5);
  expect(report.after.sameLanguageOverFair).toBeLessThan(1.4);
  expect(report.before.preferenceRate).toBeGreaterThan(0.8);
  expect(report.after.preferenceRate).toBeCloseTo(0.5, 1);
  expect(report.after.peer ?? 0).toBeGreaterThan((report.before.peer ?? 1) + 0.2);
  expect(report.after.selfMrr ?? 0).toBeGreaterThan(report.before.selfMrr ?? 1);
  expect(report.after.rankCorrelation ?? 0).toBeGreaterThan((report.before.rankCorrelation ?? 1) + 0.2);
  expect(report.queries).toBe(120);
  for (const state of ['exposureBefore', 'exposureAfter'] as const) expect(report.languages.reduce((sum, language) => sum + language[state], 0)).toBeCloseTo(1, 9);
  expect(report.languages.map(({ catalogueShare }) => catalogueShare)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test('exact on a catalogue small enough for a pencil', async () => {
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

test('one language is fair by itself; zero rows take no part; an abort and wrong sizes are refused', async () => {
  const vectors = Float32Array.of(1, 0, 0, 1, 0, 0);
  const state = { dimensions: 2, vectors };
  const input: FairnessInput = { languages: ['en', 'en', 'de'], categories: [[], [], []], before: state, after: state, method: 'none', random: seededRandom(1) };
  const report = await measureFairness(input);
  expect(report.languages.map(({ tag }) => tag)).toEqual(['en']);
  expect(report.after).toEqual({ sameLanguageOverFair: 1, selfMrr: null, rankCorrelation: null, peer: null, preferenceRate: null });
  await expect(measureFairness({ ...input, signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  await expect(measureFairness({ ...input, languages: ['en'] })).rejects.toMatchObject({ code: 'bad-vector' });
  await expect(measureFairness({ ...input, before: { dimensions: 2, vectors: new Float32Array(6) } })).rejects.toMatchObject({ code: 'not-ready' });
});
