import { expect, test } from 'vitest';
import { normalizeRows, project } from '../../compute/cpu/linear.ts';
import { fitMaps, languagesToMap, MAP_STRENGTH } from './maps.ts';
import { plantCatalogue } from './testing/planted.ts';

/** Items in two languages of which the second turns the first two dimensions by `angle`. */
function turned(items: number, angle: number) {
  const planted = plantCatalogue({ items, tags: ['en', 'de'], dimensions: 6, bias: 0, noise: 0.05 });
  const { raw, dimensions: d } = planted;
  for (let row = 1; row < raw.length / d; row += 2) {
    const [a, b] = [raw[row * d] as number, raw[row * d + 1] as number];
    raw[row * d] = Math.cos(angle) * a - Math.sin(angle) * b;
    raw[row * d + 1] = Math.sin(angle) * a + Math.cos(angle) * b;
  }
  return { ...planted, pairs: Array.from({ length: items }, (_, i) => [2 * i, 2 * i + 1]) };
}

function meanCosine(rows: Float32Array, d: number, maps: ReadonlyMap<string, Float32Array>): number {
  let sum = 0;
  for (let row = 0; row < rows.length / d; row += 2) {
    const [en, de] = ['en', 'de'].map((tag, l) => {
      const x = rows.slice((row + l) * d, (row + l + 1) * d);
      const map = maps.get(tag);
      return map ? normalizeRows(project(x, map, 1, d, d), d) : x;
    }) as [Float32Array, Float32Array];
    for (let j = 0; j < d; j++) sum += (en[j] as number) * (de[j] as number);
  }
  return (2 * sum * d) / rows.length;
}

test('maps undo most of a turn that one language makes, on items they have not seen', () => {
  const { raw, dimensions: d, languages, pairs } = turned(4000, 0.6);
  const seen = pairs.slice(0, 3800);
  const maps = fitMaps(raw, d, seen, languagesToMap(languages, seen));
  const unseen = raw.slice(7600 * d);
  expect(meanCosine(unseen, d, new Map())).toBeLessThan(0.95);
  expect(meanCosine(unseen, d, maps)).toBeGreaterThan(0.985);
});

test('with few rows a map stays near the identity: shrinkage', () => {
  const { raw, dimensions: d, languages, pairs } = turned(120, 0.6);
  const map = fitMaps(raw, d, pairs, languagesToMap(languages, pairs)).get('de');
  if (!map) throw new Error('120 rows get a map');
  const off = Math.abs(map[1] as number);
  expect(off).toBeGreaterThan(0.01);
  expect(off).toBeLessThan((2 * 120 * Math.sin(0.6)) / (120 + MAP_STRENGTH));
});

test('by rows and by dimensions the same map comes out', () => {
  // 120 rows against 100 and 128 dimensions: one side of the switch each, the last 28 dimensions empty.
  const { raw, dimensions: d, languages, pairs } = turned(120, 0.6);
  const widen = (to: number) => {
    const out = new Float32Array((raw.length / d) * to);
    for (let row = 0; row < raw.length / d; row++) out.set(raw.subarray(row * d, (row + 1) * d), row * to);
    return out;
  };
  const wanted = languagesToMap(languages, pairs);
  const narrow = fitMaps(widen(100), 100, pairs, wanted).get('de') ?? new Float32Array(0);
  const wide = fitMaps(widen(128), 128, pairs, wanted).get('de') ?? new Float32Array(0);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) expect(wide[i * 128 + j]).toBeCloseTo(narrow[i * 100 + j] as number, 5);
});

test('languages with fewer than 100 translated rows, and rows without a language, get none', () => {
  const { languages, pairs } = turned(99, 0.6);
  expect(languagesToMap(languages, pairs).size).toBe(0);
  const more = turned(100, 0.6);
  expect([
    ...languagesToMap(
      more.languages.map((tag) => (tag === 'de' ? undefined : tag)),
      more.pairs,
    ).keys(),
  ]).toEqual(['en']);
});
