import { describe, expect, test } from 'vitest';
import { normalizeRows } from '../../compute/cpu/linear.ts';
import { correctRows } from './apply.ts';
import { parseCorrection, serialiseCorrection } from './codec.ts';
import { fitCorrection } from './fit.ts';
import { measureLanguageBias } from './measure.ts';
import { applyMaps, mapOfTag, readShippedMaps } from './shipped-maps.ts';
import { type Planted, plantCatalogue, plantPrior, rowsWhere } from './testing/planted.ts';
import type { LanguageCorrection } from './types.ts';

const D = 24;

/** The file of maps that exchange dimensions 0 and 1, 2 and 3, … of `pairs` pairs: y + y (S − I). */
function exchangeFile(languages: number, pairs: number): Uint8Array {
  const rank = 2 * pairs;
  const steps = new Float32Array(languages * 2 * rank).fill(1 / 127);
  const factors = new Int8Array(languages * 2 * rank * D);
  for (let l = 0; l < languages; l++) {
    const left = factors.subarray(l * 2 * rank * D, (l * 2 + 1) * rank * D);
    const right = factors.subarray((l * 2 + 1) * rank * D, (l + 1) * 2 * rank * D);
    for (let i = 0; i < rank; i++) {
      left[i * rank + i] = 127;
      right[i * D + i] = -127;
      right[i * D + (i % 2 === 0 ? i + 1 : i - 1)] = 127;
    }
  }
  return new Uint8Array([...new Uint8Array(steps.buffer), ...new Uint8Array(factors.buffer)]);
}

/** Rows of a language with dimensions exchanged in pairs, as if the encoder had learnt it differently. */
function exchanged(planted: Planted, tag: string, pairs: number): Planted {
  const raw = planted.raw.slice();
  planted.languages.forEach((language, row) => {
    if (language !== tag) return;
    for (let i = 0; i < 2 * pairs; i++) raw[row * D + i] = planted.raw[row * D + (i % 2 === 0 ? i + 1 : i - 1)] as number;
  });
  return { ...planted, raw };
}

describe('shipped maps', () => {
  const maps = readShippedMaps(exchangeFile(2, 3), { dimensions: D, languages: ['de', 'zh'], rank: 6 });

  test('a map is y + (y L) R; rows without one stay', () => {
    const x = Float32Array.from({ length: 2 * D }, (_, i) => i);
    applyMaps(x, D, [maps.byTag.get('de'), undefined]);
    expect([...x.subarray(0, 8)].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 0, 3, 2, 5, 4, 6, 7]);
    expect([...x.subarray(D)]).toEqual(Array.from({ length: D }, (_, i) => D + i));
  });

  test('a language takes the map of a more general tag, not of another script', () => {
    expect(mapOfTag(maps, 'de-CH')).toBe(maps.byTag.get('de'));
    expect(mapOfTag(maps, 'zh-CN')).toBe(maps.byTag.get('zh'));
    expect(mapOfTag(maps, 'zh-TW')).toBeUndefined();
    expect(mapOfTag(maps, 'fr')).toBeUndefined();
  });

  test('a file of another size is refused', () => {
    expect(() => readShippedMaps(exchangeFile(2, 3), { dimensions: D, languages: ['de'], rank: 6 })).toThrow(
      /maps of 1 languages have 672 bytes instead of 336/,
    );
  });
});

describe('a fit with shipped maps', () => {
  const TAGS = ['en', 'de', 'fr', 'es'];
  const all = exchanged(plantCatalogue({ items: 240, tags: TAGS, noise: 0.4 }), 'de', 8);
  const isShown = (row: number) => row % TAGS.length === (all.groups[row] as number) % TAGS.length;
  const single = rowsWhere(all, isShown);
  const prior = exchangedPrior();

  function exchangedPrior() {
    const plain = plantPrior(TAGS);
    const means = plain.means.slice();
    const at = TAGS.indexOf('de') * D;
    for (let i = 0; i < 16; i++) means[at + i] = plain.means[at + (i % 2 === 0 ? i + 1 : i - 1)] as number;
    return { ...plain, means };
  }

  /** Mean reciprocal rank of an item among all, asked in German. */
  function found(correction: LanguageCorrection): number {
    const vectors = correctRows(correction, all.raw, all.languages);
    const shown = Array.from({ length: 240 }, (_, item) => item % TAGS.length);
    const k = correction.dimensions;
    // Only German asks: the other languages' queries are left out, and items shown in German with them.
    const german = vectors.slice();
    all.languages.forEach((tag, row) => {
      if (tag !== 'de' && !isShown(row)) german.fill(0, row * k, (row + 1) * k);
    });
    return measureLanguageBias({ vectors: normalizeRows(german, k), items: 240, languages: TAGS.length, dimensions: k, shown }).selfReciprocalRank;
  }

  test('finds items of a language that the encoder placed differently', async () => {
    const input = { raw: single.raw, dimensions: D, languages: single.languages };
    const maps = readShippedMaps(exchangeFile(1, 8), { dimensions: D, languages: ['de'], rank: 16 });
    const without = await fitCorrection(input, { prior, method: 'lda' });
    const having = await fitCorrection(input, { prior: { ...prior, maps }, method: 'lda' });
    expect(without.languages.get('de')?.shipped).toBeUndefined();
    expect(having.languages.get('de')?.shipped).toBe(maps.byTag.get('de'));
    expect(found(having)).toBeGreaterThan(found(without) + 0.1);
  });

  test('without the covariances that go with them, maps are left alone, translations or not', async () => {
    const maps = readShippedMaps(exchangeFile(1, 8), { dimensions: D, languages: ['de'], rank: 16 });
    const { covariances, ...rest } = prior;
    expect(covariances).toBeDefined();
    const projection = Float32Array.from({ length: D * D }, (_, i) => (i % (D + 1) === 0 ? 1 : 0));
    const basis = { projection, width: D };
    for (const input of [single, all]) {
      const rows = { raw: input.raw, dimensions: D, languages: input.languages, ...(input === all ? { groups: all.groups } : {}) };
      const having = await fitCorrection(rows, { prior: { ...rest, maps, basis }, method: 'lda' });
      expect(having).toEqual(await fitCorrection(rows, { prior: { ...rest, basis }, method: 'lda' }));
    }
  });

  test('the maps are stored with the correction', async () => {
    const maps = readShippedMaps(exchangeFile(2, 8), { dimensions: D, languages: ['de', 'fr'], rank: 16 });
    const correction = await fitCorrection(
      { raw: all.raw, dimensions: D, languages: all.languages, groups: all.groups },
      { prior: { ...prior, maps }, method: 'lda' },
    );
    const bytes = serialiseCorrection(correction);
    const read = parseCorrection(bytes);
    expect(read).toEqual(correction);
    expect(correctRows(read, all.raw, all.languages)).toEqual(correctRows(correction, all.raw, all.languages));
    expect(() => parseCorrection(bytes.subarray(0, bytes.length - 100))).toThrow(/cannot be used/);
  });
});
