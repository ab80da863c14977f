import { describe, expect, test } from 'vitest';
import { fitMeans, languageJudge, PRIOR_STRENGTH } from './means.ts';
import { plantCatalogue } from './testing/planted.ts';
import type { LanguagePrior } from './types.ts';

const prior: LanguagePrior = { dimensions: 2, languages: ['en', 'de'], means: Float32Array.of(0, 0, 2, 0) };

describe('fitMeans', () => {
  test('shrinks (n · own + k · prior) / (n + k) towards the shipped mean moved to this catalogue', () => {
    // Own en (1, 1), de (1, 1), one row each: shift = ((1, 1) − (0, 0) + (1, 1) − (2, 0)) / 2 = (0, 1).
    const { byTag, unknown } = fitMeans(Float32Array.of(1, 1, 1, 1), 2, ['en', 'de'], prior);
    expect(byTag.get('en')?.mean[0]).toBeCloseTo(1 / (1 + PRIOR_STRENGTH.shipped), 6);
    expect(byTag.get('en')?.mean[1]).toBeCloseTo(1, 6);
    expect([...unknown]).toEqual([1, 1]); // average of the shipped (1, 0), moved
  });

  test('a shipped language without rows keeps its moved mean; an unshipped one leans on the average', () => {
    const { byTag } = fitMeans(Float32Array.of(3, 0), 2, ['yo'], prior);
    // Average (1, 0), shift (2, 0): the prior of yo is its own row, de is (4, 0).
    expect(byTag.get('yo')).toEqual({ rows: 1, mean: Float32Array.of(3, 0) });
    expect(byTag.get('de')).toEqual({ rows: 0, mean: Float32Array.of(4, 0) });
  });

  test('pt-BR leans on the shipped pt, zh-Hant on zh for want of better', () => {
    const shipped: LanguagePrior = { dimensions: 1, languages: ['pt', 'zh', 'en'], means: Float32Array.of(1, 5, 9) };
    const { byTag } = fitMeans(Float32Array.of(1, 5), 1, ['pt-BR', 'zh-Hant'], shipped);
    expect(byTag.get('pt-BR')?.mean[0]).toBeCloseTo(1, 6);
    expect(byTag.get('zh-Hant')?.mean[0]).toBeCloseTo(5, 6);
  });

  test('zero rows and rows without a language do not count; nothing at all gives zeros', () => {
    const { byTag } = fitMeans(Float32Array.of(2, 2, 0, 0, 9, 9), 2, ['en', 'en', undefined]);
    expect(byTag.get('en')?.rows).toBe(1);
    expect([...(byTag.get('en')?.mean ?? [])]).toEqual([2, 2]);
    expect([...fitMeans(new Float32Array(0), 2, []).unknown]).toEqual([0, 0]);
  });
});

describe('languageJudge', () => {
  const planted = plantCatalogue({ items: 40, tags: ['en', 'de', 'fr', 'ja'] });
  const d = planted.dimensions;
  const judge = languageJudge(fitMeans(planted.raw, d, planted.languages));
  const row = (r: number) => planted.raw.subarray(r * d, (r + 1) * d);

  test('right labels stand, wrong and missing ones are put right', () => {
    for (let r = 0; r < planted.languages.length; r++) {
      const tag = planted.languages[r];
      expect(judge(row(r), tag)).toBe(tag);
      expect(judge(row(r), tag === 'ja' ? 'en' : 'ja')).toBe(tag);
      expect(judge(row(r), undefined)).toBe(tag);
    }
  });

  test('languages of few rows claim none of another', () => {
    const few = fitMeans(planted.raw.subarray(0, 9 * 4 * d), d, planted.languages.slice(0, 36));
    expect(languageJudge(few)(row(0), 'ja')).toBe('ja');
  });

  test('a language of which nothing is known is believed', () => {
    expect(judge(row(0), 'xx')).toBe('xx');
  });
});
