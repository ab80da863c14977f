import { expect, test } from 'vitest';
import { fitNumericStatistics, minMaxScale, standardize } from './attributes.ts';

const items = [{ attributes: { pages: 2, price: 7 } }, { attributes: { pages: 4, price: 7, odd: Number.NaN } }, {}, { attributes: { pages: 9 } }];

test('statistics over the items that state the attribute', () => {
  const statistics = fitNumericStatistics(items);
  expect([...statistics.keys()]).toEqual(['pages', 'price']);
  const pages = statistics.get('pages');
  expect(pages).toMatchObject({ count: 3, mean: 5, min: 2, max: 9 });
  expect(pages?.standardDeviation).toBeCloseTo(Math.sqrt((9 + 1 + 16) / 3), 12);
});

test('z-score and min-max', () => {
  const pages = fitNumericStatistics(items, ['pages']).get('pages');
  if (!pages) throw new Error('pages was not measured');
  expect(standardize(5, pages)).toBe(0);
  expect(standardize(9, pages)).toBeCloseTo(4 / Math.sqrt(26 / 3), 12);
  expect(minMaxScale(2, pages)).toBe(0);
  expect(minMaxScale(9, pages)).toBe(1);
  expect(minMaxScale(16, pages)).toBe(2);
});

test('constant columns give 0; missing, NaN, infinite and unmeasured give undefined', () => {
  const statistics = fitNumericStatistics(items, ['price', 'absent']);
  const price = statistics.get('price');
  const absent = statistics.get('absent');
  if (!price || !absent) throw new Error('the named attributes were not measured');
  for (const scale of [standardize, minMaxScale]) {
    expect(scale(7, price)).toBe(0);
    expect(scale(8, price)).toBe(0);
    expect(scale(undefined, price)).toBeUndefined();
    expect(scale(Number.NaN, price)).toBeUndefined();
    expect(scale(Number.POSITIVE_INFINITY, price)).toBeUndefined();
    expect(scale(1, absent)).toBeUndefined();
  }
  expect(absent).toMatchObject({ count: 0, mean: Number.NaN });
});

test('Welford keeps the deviation of large values that are close together', () => {
  const large = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16].map((size) => ({ attributes: { size } }));
  expect(fitNumericStatistics(large).get('size')?.standardDeviation).toBeCloseTo(Math.sqrt(22.5), 6);
});

test('names of object members are names like any other', () => {
  const statistics = fitNumericStatistics([
    {
      attributes: Object.fromEntries([
        ['__proto__', 1],
        ['constructor', 2],
      ]),
    },
  ]);
  expect(statistics.get('__proto__')?.mean).toBe(1);
  expect(statistics.get('constructor')?.mean).toBe(2);
});
