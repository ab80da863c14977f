import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../base/random.ts';
import type { RowBitset } from '../compute/backend.ts';
import { bitsetWhere, hasRow } from '../index/bitset.ts';
import { fitFusionWeights, fusedQuery, ownLanguageSearch, reciprocalRankFusion, vectorFor } from './fusion.ts';

const list = (...rows: number[]) => rows.map((row, place) => ({ row, score: 1 - place / 10 }));

describe('reciprocal-rank fusion', () => {
  test('worked by hand', () => {
    const fused = reciprocalRankFusion([list(7, 3, 5), list(3, 9)]);
    expect(fused.map(({ row }) => row)).toEqual([3, 7, 9, 5]);
    expect(fused[0]?.score).toBeCloseTo(1 / 62 + 1 / 61, 12);
    expect(fused[2]?.score).toBeCloseTo(1 / 62, 12);
  });

  test('weights, equal scores by row, and a bad k', () => {
    expect(reciprocalRankFusion([list(1), list(2)], [1, 2]).map(({ row }) => row)).toEqual([2, 1]);
    expect(reciprocalRankFusion([list(2), list(1)]).map(({ row }) => row)).toEqual([1, 2]);
    expect(reciprocalRankFusion([])).toEqual([]);
    expect(() => reciprocalRankFusion([list(1)], undefined, Number.NaN)).toThrowError(/k is NaN/);
  });
});

describe('fused query', () => {
  test('its scores have the order of the weighted sum of scores', () => {
    const random = seededRandom(3);
    const vector = () => Float32Array.from({ length: 8 }, () => gaussian(random));
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, j) => sum + value * (b[j] ?? 0), 0);
    const users = new Map(['en', 'de', 'sw'].map((tag) => [tag, vector()]));
    const weights = new Map([
      ['en', 0.2],
      ['de', 1.5],
    ]);
    const query = fusedQuery(users, weights) ?? new Float32Array(8);
    expect(Math.hypot(...query)).toBeCloseTo(1, 5);
    const rows = Array.from({ length: 50 }, vector);
    const summed = (row: Float32Array) => [...users].reduce((sum, [tag, user]) => sum + (weights.get(tag) ?? 1) * dot(user, row), 0);
    const ratio = summed(rows[0] as Float32Array) / dot(query, rows[0] as Float32Array);
    for (const row of rows) expect(summed(row)).toBeCloseTo(ratio * dot(query, row), 4);
  });

  test('nothing to fuse', () => {
    expect(fusedQuery(new Map(), new Map())).toBeUndefined();
    expect(
      fusedQuery(
        new Map([
          ['en', Float32Array.of(1, 0)],
          ['de', Float32Array.of(-1, 0)],
        ]),
        new Map(),
      ),
    ).toBeUndefined();
  });
});

describe("each item by its own language's vector", () => {
  const random = seededRandom(12);
  const vector = () => Float32Array.from({ length: 6 }, () => gaussian(random));
  const rows = Array.from({ length: 60 }, vector);
  const tags = rows.map((_, row) => ['en', 'de', 'sw'][row % 3] ?? '');
  const rowsOf = new Map(['en', 'de', 'sw'].map((tag) => [tag, bitsetWhere(60, (row) => tags[row] === tag)]));
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, j) => sum + value * (b[j] ?? 0), 0);
  let scans = 0;
  const scan = async (query: Float32Array, k: number, allowed: RowBitset) => {
    scans++;
    const all = rows.flatMap((one, row) => (hasRow(allowed, row) ? [{ row, score: dot(one, query) }] : []));
    return all.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, k);
  };

  test('equals scoring every row by hand; languages without likes have the shared vector', async () => {
    const user = {
      shared: vector(),
      byLanguage: new Map([
        ['en', vector()],
        ['de', vector()],
        ['fr', vector()],
      ]),
    };
    const expected = rows
      .flatMap((one, row) => (row % 4 === 0 ? [] : [{ row, score: dot(one, vectorFor(tags[row] ?? '', user)) }]))
      .sort((a, b) => b.score - a.score)
      .slice(0, 15);
    expect(vectorFor('sw', user)).toBe(user.shared);
    expect(
      await ownLanguageSearch(
        scan,
        user,
        rowsOf,
      )(
        15,
        bitsetWhere(60, (row) => row % 4 !== 0),
      ),
    ).toEqual(expected);
  });

  test('one scan where the vectors do not differ', async () => {
    const shared = vector();
    scans = 0;
    await ownLanguageSearch(
      scan,
      { shared, byLanguage: new Map([['en', shared.slice()]]) },
      rowsOf,
    )(
      5,
      bitsetWhere(60, () => true),
    );
    expect(scans).toBe(1);
  });
});

describe('weights learned from held-out likes', () => {
  const random = seededRandom(9);
  const pair = (en: number, de: number) => ({
    differences: new Map([
      ['en', en],
      ['de', de],
    ]),
  });

  test('a language that tells likes from others weighs more than one that does not', () => {
    const pairs = Array.from({ length: 4000 }, () => pair(0.15 + 0.1 * gaussian(random), 0.1 * gaussian(random)));
    const weights = fitFusionWeights(pairs);
    const fewer = fitFusionWeights(pairs.slice(0, 400));
    expect(fewer.get('en')).toBeGreaterThan(1.2);
    expect(weights.get('en')).toBeGreaterThan(fewer.get('en') ?? 0);
    expect((weights.get('en') ?? 0) + (weights.get('de') ?? 0)).toBeCloseTo(2, 9);
  });

  test('few pairs leave equal weights nearly as they are, and one that misleads is never below 0', () => {
    expect(fitFusionWeights([pair(0.3, 0)]).get('en')).toBeLessThan(1.05);
    const misleading = fitFusionWeights(
      Array.from({ length: 2000 }, () => pair(0.2, -0.3)),
      { strength: 1 },
    );
    expect(misleading.get('de')).toBe(0);
    expect(fitFusionWeights([]).size).toBe(0);
  });

  test('at the least of the loss its gradient is 0', () => {
    const pairs = Array.from({ length: 60 }, () => pair(0.1 + 0.1 * gaussian(random), 0.05 + 0.1 * gaussian(random)));
    const weights = fitFusionWeights(pairs);
    const ratio = (weights.get('en') ?? 0) / (weights.get('de') ?? 1);
    const loss = (en: number, de: number) =>
      pairs.reduce(
        (sum, { differences }) => sum + Math.log1p(Math.exp(-10 * (en * (differences.get('en') ?? 0) + de * (differences.get('de') ?? 0)))),
        0,
      ) +
      25 * ((en - 1) ** 2 + (de - 1) ** 2);
    let best = { en: 1, de: 1, value: Number.POSITIVE_INFINITY };
    for (let en = 0; en < 3; en += 0.01) for (let de = 0; de < 3; de += 0.01) if (loss(en, de) < best.value) best = { en, de, value: loss(en, de) };
    expect(ratio).toBeCloseTo(best.en / best.de, 1);
  });

  test('bad options', () => {
    expect(() => fitFusionWeights([], { strength: 0 })).toThrowError(/strength is 0/);
  });
});
