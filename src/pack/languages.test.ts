// Sums that do not depend on order or on how items are split.
import { describe, expect, test } from 'vitest';
import { createLanguageSums, restoreLanguageSums } from './languages.ts';
import { syntheticKeys, vectorFor } from './testing/synthetic.ts';

const D = 16;
const keys = syntheticKeys(200);
const vectors = Array.from({ length: 200 }, (_, i) => vectorFor(keys.subarray(i * 32, (i + 1) * 32), D));
const tagOf = (i: number) => ['zh-Hant', 'de', 'de', 'am'][i % 4] ?? '';

function summed(order: readonly number[]) {
  const sums = createLanguageSums(D);
  for (const i of order) sums.add(tagOf(i), vectors[i] ?? new Float32Array());
  return sums;
}

describe('language sums', () => {
  const forwards = vectors.map((_, i) => i);

  test('backwards and in parts: the same bits', () => {
    const all = summed(forwards);
    expect(summed(forwards.toReversed()).sums()).toEqual(all.sums());
    const merged = summed(forwards.slice(0, 67));
    const rest = summed(forwards.slice(67));
    merged.merge(restoreLanguageSums(D, rest.counts(), rest.sums()));
    expect(merged.sums()).toEqual(all.sums());
    expect(merged.means()).toEqual(all.means());
    expect(Object.entries(merged.counts())).toEqual([
      ['am', 50],
      ['de', 100],
      ['zh-Hant', 50],
    ]);
  });

  test('a restored sum is its own: adding to it leaves the source alone', () => {
    const source = summed(forwards);
    const before = source.sums();
    const copy = restoreLanguageSums(D, source.counts(), before);
    copy.add('de', vectors[0] ?? new Float32Array());
    expect(source.sums()).toEqual(before);
    expect(copy.counts()).toMatchObject({ de: 101 });
  });

  test('refuses what is no unit vector and what is of another size', () => {
    const sums = createLanguageSums(2);
    expect(() => sums.add('de', Float32Array.of(1, Number.NaN))).toThrow(/not 2 values within/);
    expect(() => sums.add('de', Float32Array.of(1, 0, 0))).toThrow(/not 2 values/);
    expect(() => sums.merge(createLanguageSums(3))).toThrow(/3 and of 2 dimensions/);
    expect(sums.counts()).toEqual({});
  });
});
