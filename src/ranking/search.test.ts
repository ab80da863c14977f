// The threshold search finds what scoring every row finds, however its two parts disagree.

import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { bitsetWhere, hasRow } from '../index/bitset.ts';
import { type Search, thresholdSearch } from './search.ts';
import { searchOf } from './testing/planted-search.ts';

const ROWS = 3000;
const all = bitsetWhere(ROWS, () => true);
const random = seededRandom(11);
const values = (): number[] => Array.from({ length: ROWS }, () => gaussian(random));

/** Score = first + second + bonus; rows with a bonus are always scored. */
function planted(first: readonly number[], second: readonly number[], bonus: ReadonlyMap<number, number> = new Map()) {
  const order = [...second.keys()].sort((a, b) => (second[b] ?? 0) - (second[a] ?? 0) || a - b);
  const byFirst = searchOf(first);
  const asked: number[] = [];
  const counted: Search = (k, allowed) => {
    asked.push(k);
    return byFirst(k, allowed);
  };
  const bound = (row: number, firstPart: number): number => firstPart + (second[row] ?? 0);
  const search = thresholdSearch({
    rowCount: ROWS,
    search: counted,
    bestRows: (count, allowed) => order.filter((row) => hasRow(allowed, row)).slice(0, count),
    alwaysScored: (allowed) => [...bonus.keys()].filter((row) => hasRow(allowed, row)),
    score: (row, firstPart) => bound(row, firstPart) + (bonus.get(row) ?? 0),
    bound,
  });
  const best = (k: number, allowed = all) =>
    first
      .map((value, row) => ({ row, score: value + (second[row] ?? 0) + (bonus.get(row) ?? 0) }))
      .filter(({ row }) => hasRow(allowed, row))
      .sort(byScore)
      .slice(0, k);
  return { search, best, asked };
}

describe.each([1, 0.1, 4])('second part times %d', (weight) => {
  const bonus = new Map(Array.from({ length: 1500 }, (_, i) => [2 * i, i % 10]));
  test.each([1, 20, 200])('the best %d of the allowed rows are the best of all', async (k) => {
    const { search, best } = planted(
      values(),
      values().map((value) => weight * value),
      bonus,
    );
    expect(await search(k, all)).toEqual(best(k));
    const thirds = bitsetWhere(ROWS, (row) => row % 3 === 0);
    expect(await search(k, thirds)).toEqual(best(k, thirds));
  });
});

test('it looks deeper only where the bound asks for it, and never asks for more than 1,000 rows', async () => {
  const agreeing = values();
  const shallow = planted(agreeing, agreeing);
  expect(await shallow.search(3, all)).toEqual(shallow.best(3));
  expect(shallow.asked).toEqual([200]);
  const opposed = planted(
    [...new Array(ROWS).keys()],
    Array.from({ length: ROWS }, (_, row) => (row === 1500 ? 3000 : -row)),
  );
  expect(await opposed.search(1, all)).toEqual([{ row: 1500, score: 4500 }]);
  expect(opposed.asked).not.toContain(1000);
  await opposed.search(3, all);
  expect(Math.max(...opposed.asked)).toBe(1000);
});

test('few allowed rows, and none', async () => {
  const { search, best } = planted(values(), values());
  const few = bitsetWhere(ROWS, (row) => row === 5 || row === 2999);
  expect(await search(10, few)).toEqual(best(10, few));
  expect(
    await search(
      10,
      bitsetWhere(ROWS, () => false),
    ),
  ).toEqual([]);
});
