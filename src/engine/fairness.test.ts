import { expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import { normalizeRows } from '../compute/cpu/linear.ts';
import { fairnessReport } from './fairness.ts';

const DIMENSIONS = 12;
const TAGS = ['en', 'hi', 'sw'];

const space = (vectors: Float32Array) => ({ vectors, dimensions: DIMENSIONS });

/** 90 items in three languages and three categories; `pull` is how much of a vector is its language. */
function planted(pull: number): { items: Item[]; vectors: Float32Array } {
  const random = seededRandom(3);
  const items = Array.from({ length: 90 }, (_, row): Item => ({ id: `i${row}` as ItemId, language: TAGS[row % 3] as string, title: '', description: '', categories: [`c${Math.floor(row / 3) % 3}`] }));
  const vectors = Float32Array.from({ length: 90 * DIMENSIONS }, (_, at) => {
    const [row, j] = [Math.floor(at / DIMENSIONS), at % DIMENSIONS];
    return (j === row % 3 ? pull : 0) + (j === 3 + (Math.floor(row / 3) % 3) ? 1 : 0) + 0.3 * gaussian(random);
  });
  return { items, vectors: normalizeRows(vectors, DIMENSIONS) };
}

test('vectors that hold their language are seen to favour it, freed ones are fair', async () => {
  const { items, vectors: before } = planted(3);
  const report = await fairnessReport({ items, before: space(before), after: space(planted(0).vectors), method: 'lda' }, seededRandom(1));
  expect(report.queries).toBe(90);
  expect(report.before.sameLanguageOverFair).toBeGreaterThan(2.5);
  expect(Math.abs(report.after.sameLanguageOverFair - 1)).toBeLessThan(0.25);
  expect(report.before.preferenceRate).toBeGreaterThan(0.95);
  expect(Math.abs((report.after.preferenceRate ?? 0) - 0.5)).toBeLessThan(0.1);
  expect(report.after.peer ?? 0).toBeGreaterThan((report.before.peer ?? 1) + 0.2);
  expect([report.after.selfMrr, report.after.rankCorrelation]).toEqual([null, null]);
});

test('exposure adds up to one, and each language has its share of the catalogue', async () => {
  const { items, vectors } = planted(1);
  const { languages } = await fairnessReport({ items, before: space(vectors), after: space(vectors), method: 'centre' }, seededRandom(1));
  expect(languages.map(({ tag, items: count }) => [tag, count])).toEqual(TAGS.map((tag) => [tag, 30]));
  expect(languages.reduce((sum, { exposureAfter }) => sum + exposureAfter, 0)).toBeCloseTo(1, 10);
  expect(languages.map(({ exposureBefore }) => exposureBefore)).toEqual(languages.map(({ exposureAfter }) => exposureAfter));
});

test('too few vectors and an abort are said', async () => {
  const { items, vectors } = planted(1);
  const input = { items, before: space(vectors), after: space(new Float32Array(vectors.length)), method: 'none' };
  await expect(fairnessReport(input, seededRandom(1))).rejects.toMatchObject({ code: 'not-ready' });
});
