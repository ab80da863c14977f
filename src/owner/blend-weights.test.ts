// The blend against its parts on planted scores: it is never below the best part, and it finds which part, table and prior to trust.
import { expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { type BlendCase, learnBlend } from './blend-weights.ts';

const ITEMS = 200;
const SIZES = [1, 2, 3, 5, 10, 20];

interface Loudness {
  head: number;
  prior: number;
  table: number;
}

/** Cases whose parts hold what is relevant under noise; a louder part is worse. The second table and prior are noise alone. */
function* planted(noise: Loudness, seed = 1, users = 22): Generator<BlendCase> {
  const random = seededRandom(seed);
  for (let user = 0; user < users; user++) {
    for (const size of SIZES) {
      const relevant = Int32Array.from({ length: 5 }, (_, i) => (user * 7 + i * 31) % ITEMS);
      const truth = new Set(relevant);
      const part = (loudness: number) => Float32Array.from({ length: ITEMS }, (_, row) => (truth.has(row) ? 1 : 0) + loudness * gaussian(random));
      const history = Int32Array.from({ length: size }, (_, i) => (user * 7 + 3 + i * 31) % ITEMS);
      const table = part(noise.table).map((value) => Math.max(0, value));
      yield { history, relevant, headScores: part(noise.head), priors: [part(noise.prior), part(9)], tables: [part(9).map(Math.abs), table] };
    }
  }
}

test.each([
  ['taste', { head: 0.4, prior: 3, table: 3 }],
  ['prior', { head: 3, prior: 0.4, table: 3 }],
  ['table', { head: 3, prior: 3, table: 0.4 }],
  ['all a little', { head: 0.8, prior: 0.8, table: 0.8 }],
  ['nothing', { head: 50, prior: 50, table: 50 }],
])('%s: the blend of each number of likes is no worse than the best part of the cases that it was learned on', async (_, noise) => {
  const { heldOut, weights } = await learnBlend(() => planted(noise));
  expect(heldOut.map(({ cases }) => cases)).toEqual(SIZES.map(() => 22));
  for (const { taste, prior, table, blend } of heldOut) expect(blend).toBeGreaterThanOrEqual(Math.max(taste, prior, table));
  for (const { head } of weights) expect(head).toBeGreaterThan(0);
});

test('parts that know different things are better together; the table with the best blend is chosen', async () => {
  const { heldOut, table, prior } = await learnBlend(() => planted({ head: 0.8, prior: 0.8, table: 0.8 }));
  expect([table, prior]).toEqual([1, 0]);
  for (const { taste, prior: popular, table: similar, blend } of heldOut) expect(blend).toBeGreaterThan(Math.max(taste, popular, similar) + 0.05);
});

test('a later prior that costs nothing is taken', async () => {
  const alike = function* (): Generator<BlendCase> {
    for (const one of planted({ head: 0.5, prior: 1, table: 1 }))
      yield { ...one, priors: [one.priors[0] as Float32Array, one.priors[0] as Float32Array] };
  };
  expect((await learnBlend(alike)).prior).toBe(1);
});

test('few cases of a bucket take the weights of all; no case is refused', async () => {
  const { weights } = await learnBlend(() => planted({ head: 0.5, prior: 3, table: 3 }, 1, 3));
  expect(new Set(weights.map(({ head, prior, itemItem }) => `${head} ${prior} ${itemItem}`)).size).toBe(1);
  await expect(learnBlend(() => [])).rejects.toMatchObject({ code: 'bad-argument' });
});
