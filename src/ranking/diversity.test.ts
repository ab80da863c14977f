import { expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import { pickVaried } from './diversity.ts';

// Two near doubles and one of another kind.
const vectors = [Float32Array.of(1, 0), Float32Array.of(0.999, 0.0447), Float32Array.of(0, 1)];
const ranked = [0.9, 0.85, 0.5].map((score, row) => ({ row, score }));
const rows = (quota: number, diversity: number) =>
  pickVaried([{ ranked, quota }], { diversity, vectorOf: (row) => vectors[row] }).map(({ row }) => row);

test('0 is the order of scores, and vectors are not asked for', () => {
  const refuse = () => expect.unreachable('no vector is needed');
  expect(pickVaried([{ ranked, quota: 2 }], { diversity: 0, vectorOf: refuse })).toEqual(ranked.slice(0, 2));
});

test('a near double comes later, by the formula', () => {
  // λ = 0.3 after row 0: row 1 has 0.7 · 0.85 − 0.3 · 0.999 = 0.295, row 2 has 0.7 · 0.5 − 0 = 0.35
  expect(rows(3, 0.3)).toEqual([0, 2, 1]);
  // λ = 0.2: 0.8 · 0.85 − 0.2 · 0.999 = 0.480, 0.8 · 0.5 = 0.4
  expect(rows(3, 0.2)).toEqual([0, 1, 2]);
  expect(rows(2, 1)).toEqual([0, 2]);
});

test('what the list holds before counts as chosen, and scores in another unit weigh the same', () => {
  const options = { diversity: 0.3, vectorOf: (row: number) => vectors[row] };
  // Row 2 resembles the row before entirely: 0.7 · 0.5 − 0.3; rows 0 and 1 do not: 0.7 · 0.9.
  expect(pickVaried([{ ranked, quota: 3 }], { ...options, before: [2] }).map(({ row }) => row)).toEqual([0, 1, 2]);
  const tenfold = ranked.map(({ row, score }) => ({ row, score: 10 * score }));
  expect(pickVaried([{ ranked: tenfold, quota: 3 }], { ...options, unit: 10 }).map(({ row }) => row)).toEqual(rows(3, 0.3));
});

test('negative likeness counts too, and rows without a vector resemble nothing', () => {
  const apart = [Float32Array.of(1, 0), undefined, Float32Array.of(-1, 0)];
  const order = pickVaried([{ ranked, quota: 3 }], { diversity: 0.5, vectorOf: (row) => apart[row] }).map(({ row }) => row);
  expect(order).toEqual([0, 2, 1]); // row 2: 0.25 + 0.5, row 1: 0.425
});

test('on random vectors the list is as the definition says, and quotas hold', () => {
  const random = seededRandom(6);
  const rowCount = 30;
  const all = Array.from({ length: rowCount }, () => {
    const vector = Float32Array.from({ length: 5 }, () => gaussian(random));
    return vector.map((value) => value / Math.hypot(...vector));
  });
  const cosine = (a: number, b: number) => (all[a] ?? new Float32Array(0)).reduce((sum, value, j) => sum + value * (all[b]?.[j] ?? 0), 0);
  const list = Array.from({ length: rowCount }, (_, row) => ({ row, score: 1 - row / 40 }));
  const pools = [
    { ranked: list.slice(0, 20), quota: 4 },
    { ranked: list.slice(20), quota: 3 },
  ];
  const picked = pickVaried(pools, { diversity: 0.35, vectorOf: (row) => all[row] });
  expect(picked.filter(({ row }) => row < 20)).toHaveLength(4);
  expect(picked.filter(({ row }) => row >= 20)).toHaveLength(3);
  picked.forEach(({ row, score }, place) => {
    const before = picked.slice(0, place);
    const value = (candidate: { row: number; score: number }) =>
      0.65 * candidate.score - 0.35 * (place === 0 ? 0 : Math.max(...before.map((one) => cosine(one.row, candidate.row))));
    const open = list.filter(
      (one) =>
        !before.some((chosen) => chosen.row === one.row) &&
        before.filter((chosen) => chosen.row < 20 === one.row < 20).length < (one.row < 20 ? 4 : 3),
    );
    expect(value({ row, score })).toBeCloseTo(Math.max(...open.map(value)), 5);
  });
});

test.each([-0.1, 1.1, Number.NaN])('diversity %d is refused', (diversity) => {
  expect(() => rows(2, diversity)).toThrowError(/diversity is/);
});
