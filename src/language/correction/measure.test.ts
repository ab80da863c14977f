import { describe, expect, test } from 'vitest';
import { gaussian, seededRandom } from '../../base/random.ts';
import { normalizeRows } from '../../compute/cpu/linear.ts';
import { measureLanguageBias } from './measure.ts';
import { plantCatalogue } from './testing/planted.ts';

const shown = (items: number, languages: number) => Array.from({ length: items }, (_, i) => i % languages);

describe('measureLanguageBias', () => {
  test('by hand: two languages on two axes, all in the reader’s own first', () => {
    // Vectors are the language alone: the top 1 is always of the query's language.
    const en = [1, 0];
    const de = [0, 1];
    const vectors = Float32Array.from([en, de, en, de, en, de, en, de].flat());
    const found = measureLanguageBias({
      vectors,
      items: 4,
      languages: 2,
      dimensions: 2,
      shown: [0, 0, 1, 1],
      k: 1,
      categories: [['a'], ['a'], ['b'], ['b', 'a']],
    });
    expect(found.sameLanguageShare).toBe(1);
    expect(found.sameLanguageOverFair).toBeCloseTo(2, 10); // fair: (1/3 + 2/3) / 2
    // The item in the other language scores 0 and so does every item of its language: both items of the own come first.
    expect(found.selfReciprocalRank).toBeCloseTo(1 / 3, 10);
    // Rankings by en and de are each other's reverse.
    expect(found.rankCorrelation).toBeCloseTo(-1, 10);
    // en asks: 0 and 1 find each other (yes, yes), 2 and 3 find 0 (no, yes). de asks: 0 and 1 find 2 (no, no), 2 and 3 each other (yes, yes).
    expect(found.categoryPrecision).toBeCloseTo(5 / 8, 10);
  });

  test('without any bias: own item first, fair shares, rankings agree', () => {
    const { raw, dimensions } = plantCatalogue({ items: 200, tags: ['a', 'b', 'c', 'd'], bias: 0, noise: 0 });
    const found = measureLanguageBias({ vectors: raw, items: 200, languages: 4, dimensions, shown: shown(200, 4) });
    expect(found.selfReciprocalRank).toBe(1);
    expect(found.rankCorrelation).toBeCloseTo(1, 6);
    expect(found.sameLanguageOverFair).toBeCloseTo(1, 6);
    expect(found.categoryPrecision).toBeNaN();
  });

  test('random vectors: self is found by chance', () => {
    const random = seededRandom(5);
    const vectors = normalizeRows(
      Float32Array.from({ length: 100 * 3 * 8 }, () => gaussian(random)),
      8,
    );
    const found = measureLanguageBias({ vectors, items: 100, languages: 3, dimensions: 8, shown: shown(100, 3) });
    expect(found.selfReciprocalRank).toBeLessThan(0.12); // expected H(100) / 100 = 0.052
    expect(Math.abs(found.rankCorrelation)).toBeLessThan(0.05);
  });

  test('missing texts neither ask nor count; an item cannot be shown in one', () => {
    const { raw, dimensions: d } = plantCatalogue({ items: 30, tags: ['a', 'b'], bias: 0, noise: 0 });
    for (let item = 15; item < 30; item++) raw.fill(0, (item * 2 + 1) * d, (item * 2 + 2) * d);
    const input = { vectors: raw, items: 30, languages: 2, dimensions: d };
    const found = measureLanguageBias({ ...input, shown: new Array<number>(30).fill(0) });
    expect(found.perItem.selfReciprocalRank.filter((value) => !Number.isNaN(value)).length).toBe(15);
    expect(() => measureLanguageBias({ ...input, shown: new Array<number>(30).fill(1) })).toThrow(/Item 15 is shown in language 1/);
    expect(() => measureLanguageBias({ ...input, items: 31, shown: [] })).toThrow(/not 31 items/);
  });

  test('a bias moves items in every list', () => {
    const { raw, dimensions } = plantCatalogue({ items: 20, tags: ['a', 'b'], bias: 0 });
    const bias = new Float32Array(20);
    bias[0] = -10;
    const found = measureLanguageBias({ vectors: raw, items: 20, languages: 2, dimensions, shown: shown(20, 2), bias });
    expect(found.perItem.selfReciprocalRank[0]).toBeCloseTo(1 / 20, 10);
  });
});
