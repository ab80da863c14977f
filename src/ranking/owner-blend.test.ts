// The blended search finds what scoring every row by the formula of `blendScores` finds, however the parts disagree.
import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import type { BlendWeights } from '../head/log-knowledge.ts';
import { itemItemScores } from '../head/log-knowledge.ts';
import { bitsetWhere } from '../index/bitset.ts';
import { itemItemTable } from '../owner/item-item.ts';
import { plantedLog } from '../owner/testing/planted-log.ts';
import { blendScores } from './blend.ts';
import { blendedScore, blendedSearch, blendPartFor, headScale, ownerBlend, similarRows } from './owner-blend.ts';
import { searchOf } from './testing/planted-search.ts';

const ROWS = 3000;
const HISTORY = [4, 8];
const random = seededRandom(3);
const normal = (): Float32Array => Float32Array.from({ length: ROWS }, () => gaussian(random));
const small = await itemItemTable(plantedLog().likes);
const offsets = new Int32Array(ROWS + 1).fill(small.items.length);
offsets.set(small.offsets);
const table = { ...small, offsets };

function worldOf(weights: BlendWeights) {
  const headScores = normal();
  const blend = ownerBlend({ prior: normal(), table, weights });
  const reader = { scale: headScale(headScores), itemItem: similarRows(table, HISTORY) };
  const part = blendPartFor(blend, HISTORY.length);
  const itemItem = new Float32Array(ROWS);
  itemItemScores(table, HISTORY, itemItem);
  const all = blendScores({ headScores, prior: blend.knowledge.prior, itemItem, history: HISTORY, weights });
  return { headScores, blend, reader, part, all, search: blendedSearch(blend, part, reader, searchOf([...headScores])) };
}

const even = (row: number): boolean => row % 2 === 0;

describe.each([
  { head: 1, prior: 0, itemItem: 0 },
  { head: 0, prior: 1, itemItem: 0 },
  { head: 1, prior: 0.7, itemItem: 0.5 },
  { head: 0.3, prior: 0.3, itemItem: 4 },
])('%j', (part) => {
  const { headScores, blend, reader, all, search } = worldOf([{ upTo: null, ...part }]);

  test('scores are those of the formula', () => {
    for (let row = 0; row < ROWS; row += 7)
      expect(blendedScore(blend, part, reader, row, headScores[row] as number)).toBeCloseTo(all[row] as number, 4);
  });

  test.each([1, 20, 200])('the best %d of the allowed rows are the best of all', async (k) => {
    const best = [...all]
      .map((score, row) => ({ row, score }))
      .filter(({ row }) => even(row))
      .sort(byScore)
      .slice(0, k);
    const found = await search(k, bitsetWhere(ROWS, even));
    expect(found).toHaveLength(k);
    for (const [place, { score }] of found.entries()) expect(score).toBeCloseTo(best[place]?.score ?? Number.NaN, 4);
    expect(found.every(({ row }) => even(row))).toBe(true);
  });
});

test('rows of which no part knows anything are found by being allowed', async () => {
  const { search } = worldOf([{ upTo: null, head: 1, prior: 1, itemItem: 1 }]);
  expect(
    (
      await search(
        5,
        bitsetWhere(ROWS, (row) => row === 2999 || row === 1500),
      )
    )
      .map(({ row }) => row)
      .sort(),
  ).toEqual([1500, 2999]);
});

test('opposed parts make the search look deeper', async () => {
  const headScores = Float32Array.from({ length: ROWS }, (_, row) => row);
  const blend = ownerBlend({
    prior: Float32Array.from(headScores, (value) => (value === 1500 ? 3000 : -value)),
    table,
    weights: [{ upTo: null, head: 1, prior: 1, itemItem: 0 }],
  });
  const asked: number[] = [];
  const byHead = searchOf([...headScores]);
  const search = blendedSearch(blend, blendPartFor(blend, 2), { scale: headScale(headScores), itemItem: new Map() }, (k, allowed) => {
    asked.push(k);
    return byHead(k, allowed);
  });
  expect(
    (
      await search(
        1,
        bitsetWhere(ROWS, () => true),
      )
    )[0]?.row,
  ).toBe(1500);
  expect(Math.max(...asked)).toBeLessThanOrEqual(1000);
  await search(
    3,
    bitsetWhere(ROWS, () => true),
  );
  expect(Math.max(...asked)).toBe(1000);
});

test('of a head that says the same of all, nothing counts', () => {
  expect(headScale([0.3, 0.3, 0.3]).deviation).toBe(0);
  const { blend } = worldOf([{ upTo: null, head: 1, prior: 0, itemItem: 0 }]);
  expect(blendedScore(blend, { head: 1, prior: 0, itemItem: 0 }, { scale: headScale([0.3, 0.3]), itemItem: new Map() }, 0, 0.3)).toBe(0);
});
