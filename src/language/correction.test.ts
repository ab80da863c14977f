import { describe, expect, test } from 'vitest';
import { type AdapterData, centreRows, fitLanguageMeans, identityAdapter, PRIOR_STRENGTH, projectRows, readAdapter } from './correction.ts';

const adapter = (languages: string[], means: number[][]): AdapterData => ({
  ...identityAdapter(2),
  languages,
  means: Float32Array.from(means.flat()),
});

describe('fitLanguageMeans', () => {
  test('shrinks (n·own + k·prior) / (n + k) towards the shipped mean moved to this domain', () => {
    // One language: shift = own − shipped, so the moved prior equals the own mean and shrinkage changes nothing.
    const one = fitLanguageMeans(adapter(['en'], [[1, 0]]), Float32Array.of(3, 3, 5, 5), ['en', 'en']);
    expect([...(one.byLanguage.get('en') ?? [])]).toEqual([4, 4]);
    // Two: shipped en (0,0), de (2,0); own en (1,1) from one item, de (1,1) from one item.
    // shift = ((1,1)−(0,0) + (1,1)−(2,0)) / 2 = (0,1); prior en = (0,1); mean en = ((1,1) + 20·(0,1)) / 21.
    const two = fitLanguageMeans(
      adapter(
        ['en', 'de'],
        [
          [0, 0],
          [2, 0],
        ],
      ),
      Float32Array.of(1, 1, 1, 1),
      ['en', 'de'],
    );
    const en = two.byLanguage.get('en') ?? new Float32Array(2);
    expect(PRIOR_STRENGTH).toEqual({ shipped: 20, unknown: 5 });
    expect(en[0]).toBeCloseTo(1 / 21, 6);
    expect(en[1]).toBeCloseTo(1, 6);
    expect([...two.priorOf('fr')].map((x) => Math.round(x * 1e6) / 1e6)).toEqual([1, 1]); // grand mean (1,0) + shift
    expect(two.priorOf('de-AT')).toEqual(two.priorOf('de'));
  });

  test('rows without a vector do not count', () => {
    const means = fitLanguageMeans(adapter(['en'], [[0, 0]]), Float32Array.of(1, 1, 9, 9), ['en', undefined]);
    expect([...(means.byLanguage.get('en') ?? [])]).toEqual([1, 1]);
  });

  test('works without any row', () => {
    const means = fitLanguageMeans(adapter(['en'], [[1, 0]]), new Float32Array(0), []);
    expect([...means.priorOf('en')]).toEqual([1, 0]);
  });
});

describe('centreRows', () => {
  test('equals centring first and projecting after: unit((x − m) P) = unit(xP − mP)', () => {
    const projection = Float32Array.of(1, 2, 0, 1, -1, 3); // [3 × 2]
    const shaped: AdapterData = { dimensions: 3, projectedDimensions: 2, languages: [], means: new Float32Array(0), projection };
    const x = Float32Array.of(0.2, 0.5, -0.1, 0.9, 0.1, 0.4);
    const m = Float32Array.of(0.1, 0.2, 0.3);
    const centred = x.map((value, i) => value - (m[i % 3] as number));
    const direct = projectRows(shaped, centred);
    const means = { byLanguage: new Map([['en', projectRows(shaped, m)]]), priorOf: () => new Float32Array(2) };
    const got = centreRows(projectRows(shaped, x), 2, ['en', 'en'], means);
    for (const row of [0, 1]) {
      const length = Math.hypot(direct[row * 2] as number, direct[row * 2 + 1] as number);
      expect(got[row * 2]).toBeCloseTo((direct[row * 2] as number) / length, 5);
      expect(got[row * 2 + 1]).toBeCloseTo((direct[row * 2 + 1] as number) / length, 5);
    }
  });

  test('a row without a vector stays zero, and the input is left alone', () => {
    const input = Float32Array.of(0, 0, 3, 4);
    const means = fitLanguageMeans(identityAdapter(2), Float32Array.of(0, 0), ['en']);
    const out = centreRows(input, 2, [undefined, 'en'], means);
    expect([...out].map((x) => Math.round(x * 1e6) / 1e6)).toEqual([0, 0, 0.6, 0.8]);
    expect([...input]).toEqual([0, 0, 3, 4]);
  });
});

test('readAdapter refuses a file of the wrong size', () => {
  expect(() => readAdapter(new Uint8Array(10), { dimensions: 2, projectedDimensions: 1, languages: ['en'] })).toThrow(/10 bytes instead of 16/);
});
