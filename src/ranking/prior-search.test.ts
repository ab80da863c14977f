// The search by interests and prior finds what scoring every row finds, whichever of them weighs more.
import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { bitsetWhere } from '../index/bitset.ts';
import { headScale, orderByPrior } from './owner-blend.ts';
import { priorSearch } from './prior-search.ts';
import { searchOf } from './testing/planted-search.ts';

const ROWS = 3000;
const random = seededRandom(11);
const normal = (mean = 0, deviation = 1): Float32Array => Float32Array.from({ length: ROWS }, () => mean + deviation * gaussian(random));
const cosines = normal(0.8, 0.02);
const prior = normal();
const byPrior = orderByPrior(prior);
const scale = headScale(cosines);
const odd = (row: number): boolean => row % 2 === 1;

describe.each([-0.25, 0, 0.5, 2.5, 6])('weight %d', (weight) => {
  const search = priorSearch({ prior, byPrior, weight, search: searchOf([...cosines]), scale });
  const all = Array.from(cosines, (cosine, row) => ({
    row,
    score: (cosine - scale.mean) / scale.deviation + weight * (prior[row] as number),
  })).sort(byScore);

  test.each([1, 20, 200])('the best %d of the allowed rows, by their whole score', async (k) => {
    const best = all.filter(({ row }) => odd(row)).slice(0, k);
    const found = await search(k, bitsetWhere(ROWS, odd));
    expect(found.map(({ row }) => row)).toEqual(best.map(({ row }) => row));
    for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(best[place]?.score ?? Number.NaN, 6);
  });
});

test('where the search scores all rows alike the prior alone ranks', async () => {
  const flat = new Array<number>(ROWS).fill(0.7);
  const search = priorSearch({ prior, byPrior, weight: 1, search: searchOf(flat), scale: headScale(flat) });
  const all = bitsetWhere(ROWS, () => true);
  expect((await search(5, all)).map(({ row }) => row)).toEqual([...byPrior.subarray(0, 5)]);
});

test('few allowed rows are all found', async () => {
  const search = priorSearch({ prior, byPrior, weight: 1, search: searchOf([...cosines]), scale });
  const rows = [3, 1500, 2999];
  const found = await search(
    10,
    bitsetWhere(ROWS, (row) => rows.includes(row)),
  );
  expect(found.map(({ row }) => row).sort((a, b) => a - b)).toEqual(rows);
});
