import { describe, expect, test } from 'vitest';
import { chineseScript, detectShares, loadDetector, scriptShares } from './detect.ts';
import { canonicalTag, languageName, nearestTag, scriptFallbacks, scriptOf } from './tags.ts';

describe('tags', () => {
  test('scripts, stated or likely', () => {
    expect(['zh-TW', 'zh-CN', 'zh', 'zh-Hant', 'sr', 'sr-Latn', 'pt-BR', 'xx-!'].map(scriptOf)).toEqual([
      'Hant',
      'Hans',
      'Hans',
      'Hant',
      'Cyrl',
      'Latn',
      'Latn',
      '',
    ]);
  });

  test('fallbacks never leave the script', () => {
    expect(scriptFallbacks('zh-TW')).toEqual(['zh-TW', 'zh-Hant']);
    expect(scriptFallbacks('zh-CN')).toEqual(['zh-CN', 'zh-Hans', 'zh']);
    expect(scriptFallbacks('sr-Latn-RS')).toEqual(['sr-Latn-RS', 'sr-Latn']);
    expect(scriptFallbacks('pt-BR')).toEqual(['pt-BR', 'pt-Latn', 'pt']);
  });

  test.each([
    ['pt-BR', ['en', 'pt'], 'pt'],
    ['pt', ['pt-BR', 'pt-PT'], 'pt-BR'],
    ['zh-TW', ['zh', 'zh-Hant'], 'zh-Hant'],
    ['zh-Hant', ['zh', 'zh-TW'], 'zh-TW'],
    ['zh-Hant', ['zh', 'en'], undefined],
    ['PT_br', ['pt-BR'], 'pt-BR'],
    ['sr', ['sr-Latn'], undefined],
    ['en', [], undefined],
  ])('nearest to %s in %j is %s', (tag, available, nearest) => {
    expect(nearestTag(tag, available)).toBe(nearest);
  });

  test('another script only where it is allowed', () => {
    expect(nearestTag('zh-Hant', ['zh', 'en'], { anyScript: true })).toBe('zh');
    expect(nearestTag('fr', ['zh', 'en'], { anyScript: true })).toBeUndefined();
  });

  test('canonical form and names', () => {
    expect([canonicalTag('PT_br'), canonicalTag('iw'), canonicalTag('lgg-x-official'), canonicalTag('not a tag')]).toEqual([
      'pt-BR',
      'he',
      'lgg-x-official',
      'not a tag',
    ]);
    expect(languageName('de', 'en')).toBe('German');
    expect(languageName('zh-Hant', 'en')).not.toBe(languageName('zh-Hans', 'en'));
    expect(languageName('not a tag', 'en')).toBe('not a tag');
  });
});

describe('mixed texts', () => {
  test('scripts by share, largest first', () => {
    expect([...scriptShares('abcd 12 где')]).toEqual([
      ['Latn', 4 / 7],
      ['Cyrl', 3 / 7],
    ]);
    expect(scriptShares('123 !?').size).toBe(0);
    expect([...scriptShares('海辺の').keys()]).toEqual(['Hani', 'Hira']);
  });

  test('the two Chineses by characters that only one has', () => {
    expect(chineseScript('这个时候我们来学习')).toBe('Hans');
    expect(chineseScript('這個時候我們來學習')).toBe('Hant');
    expect(chineseScript('山水人口')).toBeUndefined();
    expect(chineseScript('')).toBeUndefined();
  });

  test('languages by sentence and by script', async () => {
    const detect = await loadDetector();
    const shares = detectShares(
      'Ein Ermittler sucht den Mörder eines Richters in der Altstadt. Une inspectrice enquête sur la mort d’un armateur du port. 海辺の町で暮らす少女',
      detect,
    );
    expect(shares.map(({ language }) => language).sort()).toEqual(['de', 'fr', 'ja']);
    expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(shares[0]?.share).toBeGreaterThanOrEqual(shares[1]?.share ?? 1);
    expect(detectShares('12 34', detect)).toEqual([]);
  });

  test('a word of another script inside a sentence takes its share', async () => {
    const detect = await loadDetector();
    const [first, second] = detectShares('Рассказ о зимнем путешествии по Сибири и о дружбе двух мальчиков 어린이', detect);
    expect(first?.language).toBe('ru');
    expect(second?.language).toBe('ko');
    expect(second?.share).toBeLessThan(0.1);
  });
});
