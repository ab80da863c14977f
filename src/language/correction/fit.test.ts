import { describe, expect, test } from 'vitest';
import { RecommenderError } from '../../base/errors.ts';
import { gaussian, seededRandom } from '../../base/random.ts';
import { dot, normalizeRows } from '../../compute/cpu/linear.ts';
import { correctQuery, correctRows, correctShared } from './apply.ts';
import { parseCorrection, serialiseCorrection } from './codec.ts';
import { fitCorrection } from './fit.ts';
import { itemBias } from './hubness.ts';
import { measureLanguageBias } from './measure.ts';
import { type Planted, plantCatalogue, plantPrior, rowsWhere } from './testing/planted.ts';
import type { LanguageCorrection } from './types.ts';
import { CORRECTION_METHODS } from './types.ts';

const TAGS = ['en', 'de', 'fr', 'es', 'ja', 'ru'];

/** Items 0 to 119 with translations, to fit on; items 120 to 299 in one language each, to be found. */
const all = plantCatalogue({ items: 300, tags: TAGS, noise: 0.4 });
const isFitted = (row: number) => (all.groups[row] as number) < 120;
const isShown = (row: number) => row % TAGS.length === (all.groups[row] as number) % TAGS.length;
const catalogue = rowsWhere(all, (row) => isFitted(row) || isShown(row));
const measured = rowsWhere(all, (row) => !isFitted(row));

function measure(correction: LanguageCorrection, planted: Planted = measured, tags: readonly string[] = TAGS) {
  const items = planted.languages.length / tags.length;
  const vectors = correctRows(correction, planted.raw, planted.languages);
  const d = correction.dimensions;
  const shown = Array.from({ length: items }, (_, i) => (planted.groups[i * tags.length] as number) % tags.length);
  const own = new Float32Array(items * d);
  shown.forEach((l, i) => {
    own.set(vectors.subarray((i * tags.length + l) * d, (i * tags.length + l + 1) * d), i * d);
  });
  return measureLanguageBias({ vectors, items, languages: tags.length, dimensions: d, shown, bias: itemBias(own, d, correction.hubness) });
}

/** Mean reciprocal rank of an item among all in one language, asked by a noisy copy of its text. */
function sameLanguageRank(correction: LanguageCorrection, tag: string): number {
  const own = rowsWhere(all, (row) => all.languages[row] === tag);
  const random = seededRandom(4);
  const d = own.dimensions;
  const asked = normalizeRows(
    own.raw.map((value) => value + 0.06 * gaussian(random)),
    d,
  );
  const items = correctRows(correction, own.raw, own.languages);
  const queries = correctRows(correction, asked, own.languages);
  const k = correction.dimensions;
  const bias = itemBias(items, k, correction.hubness);
  let sum = 0;
  own.languages.forEach((_, i) => {
    const score = (j: number) => dot(queries, i * k, items, j * k, k) + (bias[j] as number);
    let rank = 1;
    own.languages.forEach((_, j) => {
      if (score(j) > score(i)) rank++;
    });
    sum += 1 / rank;
  });
  return sum / own.languages.length;
}

describe('fitCorrection', () => {
  test('finds items across languages that raw vectors do not, and says how it chose', async () => {
    const raw = measure(await fitCorrection(catalogue, { method: 'none', hubness: 0 }));
    const centred = measure(await fitCorrection(catalogue, { method: 'centre', hubness: 0 }));
    const correction = await fitCorrection(catalogue, { prior: plantPrior(TAGS), dimensions: [12, 24] });
    const found = measure(correction);
    expect(raw.sameLanguageOverFair).toBeGreaterThan(3);
    expect(found.sameLanguageOverFair).toBeLessThan(1.3);
    expect(found.selfReciprocalRank).toBeGreaterThan(raw.selfReciprocalRank + 0.3);
    expect(found.selfReciprocalRank).toBeGreaterThan(centred.selfReciprocalRank - 0.02);
    expect(correction.report).toMatchObject({ criterion: 'translations', rows: 120 * 6 + 180, translatedItems: 120, relabelledRows: 0 });
    expect(correction.report.candidates.map(({ method, dimensions }) => `${method} ${dimensions}`)).toEqual([
      'none 24',
      'centre 24',
      'shift 24',
      'lir 24',
      'lda 12',
      'lda 24',
    ]);
  });

  test.each(CORRECTION_METHODS.filter((method) => method !== 'none'))('%s takes the language out', async (method) => {
    const found = measure(await fitCorrection(catalogue, { method }));
    expect(found.sameLanguageOverFair).toBeLessThan(1.6);
    expect(found.selfReciprocalRank).toBeGreaterThan(0.7);
  });

  test('rankings within one language are not made worse', async () => {
    const before = await fitCorrection(catalogue, { method: 'none', hubness: 0 });
    const after = await fitCorrection(catalogue, { prior: plantPrior(TAGS) });
    // 300 queries: two standard errors of a mean reciprocal rank near 0.8 are about 0.04.
    for (const tag of ['en', 'ja']) expect(sameLanguageRank(after, tag)).toBeGreaterThan(sameLanguageRank(before, tag) - 0.04);
  });

  test('without translations the shipped covariances serve, chosen by neighbourhoods', async () => {
    const single = rowsWhere(all, (row) => isShown(row));
    const correction = await fitCorrection({ raw: single.raw, dimensions: 24, languages: single.languages }, { prior: plantPrior(TAGS) });
    expect(correction.report.criterion).toBe('neighbours');
    expect(correction.report.translatedItems).toBe(0);
    expect(measure(correction).sameLanguageOverFair).toBeLessThan(1.5);
  });

  test('the same rows give the same bytes; a fit survives storing', async () => {
    const options = { prior: plantPrior(TAGS), shared: { projection: identity(24), projectedDimensions: 24, width: 12 } };
    const first = await fitCorrection(catalogue, options);
    const bytes = serialiseCorrection(first);
    expect(serialiseCorrection(await fitCorrection(catalogue, options))).toEqual(bytes);
    const read = parseCorrection(bytes);
    expect(read).toEqual(first);
    expect(correctRows(read, measured.raw, measured.languages)).toEqual(correctRows(first, measured.raw, measured.languages));
  });

  test('wrong stated languages are noticed, and hardly cost anything', async () => {
    const random = seededRandom(6);
    const languages = catalogue.languages.map((tag) => (random() < 0.1 ? (TAGS[(TAGS.indexOf(tag) + 2) % TAGS.length] as string) : tag));
    const wrong = languages.filter((tag, i) => tag !== catalogue.languages[i]).length;
    const prior = plantPrior(TAGS);
    const clean = await fitCorrection(catalogue, { prior });
    const dirty = await fitCorrection({ ...catalogue, languages }, { prior });
    expect(dirty.report.relabelledRows).toBe(wrong);
    expect(measure(dirty).selfReciprocalRank).toBeGreaterThan(measure(clean).selfReciprocalRank - 0.01);
    expect(correctRows(dirty, catalogue.raw, languages)).toEqual(correctRows(dirty, catalogue.raw, catalogue.languages));
  });

  test('rows without a language are placed where they belong', async () => {
    const correction = await fitCorrection(catalogue, { prior: plantPrior(TAGS) });
    const unknown = correctRows(
      correction,
      measured.raw,
      measured.languages.map(() => undefined),
    );
    expect(unknown).toEqual(correctRows(correction, measured.raw, measured.languages));
  });
});

describe('any mix of languages', () => {
  test.each([2, 30, 100])('%i languages', async (count) => {
    const tags = Array.from({ length: count }, (_, l) => `x${String.fromCharCode(97 + Math.floor(l / 26))}${String.fromCharCode(97 + (l % 26))}`);
    const planted = plantCatalogue({ items: Math.max(30, 300 / count), tags, noise: 0.2, dimensions: 32 });
    const raw = measure(await fitCorrection(planted, { method: 'none', hubness: 0 }), planted, tags);
    const found = measure(await fitCorrection(planted, { prior: plantPrior(tags, 32) }), planted, tags);
    expect(raw.selfReciprocalRank).toBeLessThan(0.5);
    expect(found.selfReciprocalRank).toBeGreaterThan(0.95);
    // With 100 languages and 30 items each is shown in another: nothing of the own language can be listed.
    if (count < 100) expect(found.sameLanguageOverFair).toBeLessThan(1.3);
  });

  test('a language with one item: centred by its shipped mean, not by itself', async () => {
    const one = rowsWhere(all, (row) => (isShown(row) && all.languages[row] !== 'ja') || row === 4);
    expect(one.languages.filter((tag) => tag === 'ja')).toHaveLength(1);
    const correction = await fitCorrection(one, { prior: plantPrior(TAGS), hubness: 0 });
    const [en, ja] = [0, 4].map((row) => correctQuery(correction, all.raw.slice(row * 24, (row + 1) * 24), all.languages[row] as string)) as [
      Float32Array,
      Float32Array,
    ];
    expect(dot(en, 0, ja, 0, correction.dimensions)).toBeGreaterThan(0.5);
  });

  test('one language, no row, one row, zero rows', async () => {
    const prior = plantPrior(TAGS);
    const english = rowsWhere(all, (row) => all.languages[row] === 'en');
    const single = await fitCorrection(english, { prior });
    expect(single.report.criterion).toBe('default');
    expect(sameLanguageRank(single, 'en')).toBeGreaterThan(
      sameLanguageRank(await fitCorrection(english, { method: 'none', hubness: 0 }), 'en') - 0.04,
    );
    for (const rows of [0, 1]) {
      const tiny = await fitCorrection({ raw: all.raw.slice(0, rows * 24), dimensions: 24, languages: all.languages.slice(0, rows) });
      expect(tiny.method).toBe('centre');
      expect([...correctQuery(tiny, all.raw.slice(0, 24), 'en')].every(Number.isFinite)).toBe(true);
    }
    const empty = await fitCorrection({ raw: new Float32Array(48), dimensions: 24, languages: ['en', 'de'] }, { prior });
    expect([...correctRows(empty, new Float32Array(48), ['en', 'de'])].every((value) => value === 0)).toBe(true);
    expect(empty.report.rows).toBe(0);
  });

  test('rows are unit length or zero, and input is left alone', async () => {
    const raw = catalogue.raw.slice();
    raw.fill(0, 0, 24);
    const before = raw.slice();
    const correction = await fitCorrection({ ...catalogue, raw }, { prior: plantPrior(TAGS) });
    const rows = correctRows(correction, raw, catalogue.languages);
    const k = correction.dimensions;
    for (let row = 0; row < catalogue.languages.length; row++) expect(dot(rows, row * k, rows, row * k, k)).toBeCloseTo(row === 0 ? 0 : 1, 5);
    expect(raw).toEqual(before);
  });
});

test('vectors of a shared space land near what the full vectors give', async () => {
  const width = 20;
  const shared = { projection: identity(24), projectedDimensions: 24, width };
  const correction = await fitCorrection(catalogue, { prior: plantPrior(TAGS), shared, method: 'lda' });
  const means = correction.languages;
  const d = 24;
  let cosines = 0;
  measured.languages.forEach((tag, row) => {
    const centred = measured.raw.slice(row * d, row * d + width).map((value, j) => value - (means.get(tag)?.mean[j] as number));
    const quick = correctShared(correction, centred);
    const full = correctQuery(correction, measured.raw.slice(row * d, (row + 1) * d), tag);
    cosines += dot(quick, 0, full, 0, correction.dimensions) / measured.languages.length;
  });
  // 20 of 24 dimensions seen: √(20 / 24) = 0.91 where all count alike.
  expect(cosines).toBeGreaterThan(0.88);
});

describe('bad input', () => {
  const thrown = async (run: () => unknown): Promise<unknown> => {
    try {
      await run();
    } catch (error) {
      return error instanceof RecommenderError ? error.code : error;
    }
    return undefined;
  };

  test('is refused with a code', async () => {
    const one = { raw: new Float32Array(24).fill(0.1), dimensions: 24, languages: ['en'] };
    const correction = await fitCorrection(one);
    const cases: [() => unknown, string][] = [
      [() => fitCorrection({ ...one, languages: [] }), 'bad-argument'],
      [() => fitCorrection({ ...one, groups: [] }), 'bad-argument'],
      [() => fitCorrection({ ...one, raw: one.raw.map(() => Number.NaN) }), 'bad-vector'],
      [() => fitCorrection(one, { prior: plantPrior(TAGS, 8) }), 'bad-argument'],
      [() => fitCorrection(one, { dimensions: [0] }), 'bad-argument'],
      [() => fitCorrection(one, { hubness: -1 }), 'bad-argument'],
      [() => fitCorrection(one, { maxRows: 1 }), 'bad-argument'],
      [() => fitCorrection(one, { method: 'lda' }), 'bad-argument'],
      [() => correctRows(correction, new Float32Array(23), ['en']), 'bad-vector'],
      [() => correctShared(correction, new Float32Array(4)), 'bad-argument'],
      [() => fitCorrection(one, { signal: AbortSignal.abort() }), 'aborted'],
    ];
    for (const [run, code] of cases) expect(await thrown(run)).toBe(code);
  });

  test('a signal stops a fit between stages; progress never goes back', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const run = fitCorrection(catalogue, {
      signal: controller.signal,
      onProgress: ({ done, total }) => {
        told.push(done / total);
        if (told.length === 3) controller.abort();
      },
    });
    expect(await thrown(() => run)).toBe('aborted');
    expect(told).toHaveLength(3);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });

  test('stored bytes that are damaged', async () => {
    const bytes = serialiseCorrection(await fitCorrection(catalogue));
    const damaged = [
      bytes.slice(0, 4),
      bytes.slice(0, bytes.length - 4),
      bytes.slice(0, bytes.length - 1),
      bytes.map((byte, i) => (i === 0 ? 0 : byte)),
      bytes.map((byte, i) => (i > 8 && i < 40 ? 0 : byte)),
    ];
    const nan = bytes.slice();
    nan.fill(255, nan.length - 4);
    for (const one of [...damaged, nan]) expect(await thrown(() => parseCorrection(one))).toBe('bad-manifest');
  });
});

function identity(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}
