// The instant encoder on the shipped table: its check vectors, its order and its sense; and what it says of a damaged table.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkVectors, parseManifestText } from '../manifest.ts';
import { readCompact } from '../tokenizer/compact.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { UnigramTokenizer } from '../tokenizer/unigram.ts';
import type { InstantEncoder } from './instant-encoder.ts';
import { type InstantManifest, parseInstantManifest } from './instant-manifest.ts';
import { createInstantEncoder, loadInstantEncoder } from './load-instant.ts';
import { PieceTable } from './table.ts';

const models = new URL('../../../public/models/', import.meta.url);
const read = (path: string) => new Uint8Array(new Uint8Array(readFileSync(new URL(path, models))).buffer);
const readText = (path: string) => readFileSync(new URL(path, models), 'utf8');

let manifest: InstantManifest;
let bytes: Uint8Array<ArrayBuffer>;
let tokenizer: Tokenizer;
let encoder: InstantEncoder;

beforeAll(() => {
  manifest = parseInstantManifest(readText('multilingual-e5-small-instant/manifest.json'), 'manifest.json');
  bytes = read('multilingual-e5-small-instant/table.bin');
  const compact = readCompact(read('multilingual-e5-small/tokenizer.bin'));
  tokenizer = new UnigramTokenizer(compact.vocabulary, compact.special);
  encoder = createInstantEncoder(bytes, manifest, tokenizer);
});

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  for (let j = 0; j < a.length; j++) dot += (a[j] as number) * (b[j] as number);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

describe('vectors', () => {
  test('agree with the check vectors of the manifest, and say which table and tokenizer made them', async () => {
    const wanted = checkVectors(manifest);
    const got = await encoder.encode(manifest.check.texts);
    manifest.check.texts.forEach((text, row) => {
      const [a, b] = [got, wanted].map((vectors) => vectors.subarray(row * 128, (row + 1) * 128)) as [Float32Array, Float32Array];
      expect(cosine(a, b), text).toBeGreaterThan(0.9999);
      expect(Math.hypot(...a)).toBeCloseTo(1, 5);
    });
    expect(encoder.status).toMatchObject({ rung: 'instant', model: 'instant-e5' });
    expect(encoder.status.checkCosine).toBeGreaterThan(0.9999);
    expect(encoder.fingerprint).toBe('instant-e5/128/sum/03ae9fd1c7653c6d/tokenizer-a73e79aee1a27dc8');
  });

  test('a text without pieces gives zero, not NaN', async () => {
    const vectors = await encoder.encode(['', 'a', '\u0001']);
    expect([...vectors.subarray(0, 128)].every((value) => value === 0)).toBe(true);
    expect([...vectors.subarray(256)].every((value) => value === 0)).toBe(true);
    expect(Math.hypot(...vectors.subarray(128, 256))).toBeCloseTo(1, 5);
    expect([...encoder.encodeIds(new Int32Array(0))].every((value) => value === 0)).toBe(true);
  });

  test('rows come in the order of the texts, as one text alone gives them, in batches and as a whole', async () => {
    const texts = Array.from({ length: 1300 }, (_, i) => `item ${i} of the catalogue`);
    const seen: number[] = [];
    const batches = new Float32Array(texts.length * 128);
    const progress: number[] = [];
    const whole = await encoder.encode(texts, {
      onBatch: (rows, vectors) => {
        rows.forEach((row, i) => {
          seen.push(row);
          batches.set(vectors.subarray(i * 128, (i + 1) * 128), row * 128);
        });
      },
      onProgress: ({ done }) => progress.push(done),
    });
    expect(seen).toEqual(texts.map((_, i) => i));
    expect(batches).toEqual(whole);
    expect(progress).toEqual([0, 512, 1024, 1300]);
    for (const row of [0, 700, 1299]) expect(whole.subarray(row * 128, (row + 1) * 128)).toEqual(encoder.encodeNow(texts[row] as string));
  });

  test('a long text is one sum: no window, no limit', () => {
    const once = 'Ein Kochbuch für Anfänger mit Rezepten aus Bayern. ';
    expect(cosine(encoder.encodeNow(once.repeat(400)), encoder.encodeNow(once))).toBeGreaterThan(0.999);
  });

  test('a translation is nearer than any other sentence', async () => {
    const sentences = [
      ['A simple stopwatch', 'Eine einfache Stoppuhr', 'Un cronómetro sencillo', 'シンプルなストップウォッチ'],
      ['The history of India', 'Die Geschichte Indiens', 'La historia de la India', 'インドの歴史'],
      ['Recipes for vegetable soup', 'Rezepte für Gemüsesuppe', 'Recetas de sopa de verduras', '野菜スープのレシピ'],
      ['Learn to play chess', 'Schach spielen lernen', 'Aprende a jugar al ajedrez', 'チェスを学ぶ'],
    ];
    const vectors = sentences.map((forms) => forms.map((text) => encoder.encodeNow(text)));
    let right = 0;
    let total = 0;
    vectors.forEach((forms, item) => {
      const query = forms[0] as Float32Array;
      for (let language = 1; language < forms.length; language++) {
        const scores = vectors.map((other) => cosine(query, other[language] as Float32Array));
        total++;
        if (scores.indexOf(Math.max(...scores)) === item) right++;
      }
    });
    expect(right).toBe(total);
  });
});

describe('stopping and breathing', () => {
  test('stops within a slice when aborted from another task', async () => {
    const abort = new AbortController();
    const texts = Array.from({ length: 200_000 }, (_, i) => `text number ${i}`);
    setTimeout(() => abort.abort(), 0);
    await expect(encoder.encode(texts, { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
    await expect(encoder.encode(['a'], { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('gives the event loop a turn when 20 ms are over', async () => {
    let nowMs = 0;
    const slow = createInstantEncoder(bytes, manifest, tokenizer, () => {
      nowMs += 1;
      return nowMs;
    });
    let turns = 0;
    const ticking = setInterval(() => turns++, 0);
    await slow.encode(Array.from({ length: 4000 }, () => 'a'));
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('what does not fit is refused', () => {
  test('a cut table, foreign bytes, NaN', () => {
    const create = (table: Uint8Array<ArrayBuffer>) => () => createInstantEncoder(table, manifest, tokenizer);
    expect(create(bytes.slice(0, 5000))).toThrow(/5000 bytes instead of 8631140/);
    expect(create(new Uint8Array(bytes.length).fill(255))).toThrow(/NaN/);
    const turned = bytes.slice();
    turned.copyWithin(131072 + 32, 131072, 131072 + 8_000_000); // every row one piece further
    expect(create(turned)).toThrow(expect.objectContaining({ code: 'encoder-failed' }));
  });

  test('a layout that does not describe a table, ids outside of it, another vocabulary', () => {
    const withLayout = (layout: string[]) => () => createInstantEncoder(bytes, { ...manifest, layout }, tokenizer);
    expect(withLayout(['books float32 [32 x 256 x 4]', 'codes uint8 [250002 x 16]', 'scale float16 [250002]'])).toThrow(
      /codes uint8 \[250002 x 32\]/,
    );
    expect(withLayout(['books int4 [32 x 256 x 4]'])).toThrow(expect.objectContaining({ code: 'bad-manifest' }));
    expect(() => encoder.encodeIds(Int32Array.of(5, 250_002))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    expect(() => createInstantEncoder(bytes, { ...manifest, pieces: 1000 }, tokenizer)).toThrow(/250002 pieces and the instant table 1000 rows/);
    expect(() => parseInstantManifest('{"format":1}', 'x/manifest.json')).toThrow(/field "name"/);
    expect(() => parseInstantManifest('<html>', 'x/manifest.json')).toThrow(/not JSON/);
  });

  test('a small table of another width sums the same way', () => {
    // 2 pieces, 2 subvectors of 1 value, 2 codes: books (1, 2), (10, 20); codes (0, 1), (1, 0); scales 1, 0.5.
    const small = new Uint8Array(16 + 4 + 4);
    new Float32Array(small.buffer, 0, 4).set([1, 2, 10, 20]);
    small.set([0, 1, 1, 0], 16);
    new Uint16Array(small.buffer, 20, 2).set([0x3c00, 0x3800]);
    const shape = {
      dimensions: 2,
      pieces: 2,
      subvectors: 2,
      codes: 2,
      layout: ['books float32 [2 x 2 x 1]', 'codes uint8 [2 x 2]', 'scale float16 [2]'],
    };
    const table = new PieceTable(small, shape);
    const sum = new Float64Array(2);
    table.sumRows(Int32Array.of(0, 1, 1), sum);
    expect([...sum]).toEqual([1 + 1 + 1, 20 + 5 + 5]);
    expect([...table.row(1)]).toEqual([1, 5]);
    small[16] = 2;
    expect(() => new PieceTable(small, shape)).toThrow(/code over 1/);
  });
});

describe('loading', () => {
  const host = 'https://models.example/';
  const fetched: string[] = [];
  const serve =
    (change: (path: string, data: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): typeof fetch =>
    async (input) => {
      const path = String(input).slice(host.length);
      fetched.push(path);
      return new Response(change(path, read(path)));
    };

  test('fetches table and tokenizer, nothing of the transformer, and counts their bytes', async () => {
    fetched.length = 0;
    const model = parseManifestText(readText('multilingual-e5-small/manifest.json'), 'manifest.json');
    let last = { done: 0, total: 1 };
    const loaded = await loadInstantEncoder({
      modelUrl: `${host}multilingual-e5-small-instant/`,
      tokenizer: { manifest: model, modelUrl: `${host}multilingual-e5-small/` },
      fetch: serve((_, data) => data),
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(loaded.encodeNow('book')).toEqual(encoder.encodeNow('book'));
    expect(fetched.sort()).toEqual([
      'multilingual-e5-small-instant/manifest.json',
      'multilingual-e5-small-instant/table.bin',
      'multilingual-e5-small/tokenizer.bin',
    ]);
    expect(last).toMatchObject({ done: 8631140 + 3422203, total: 8631140 + 3422203 });
  });

  test('a table with one wrong bit is fetched twice, then refused', async () => {
    fetched.length = 0;
    const damagedTable = serve((path, data) => {
      if (path.endsWith('table.bin')) data[4_000_000] = (data[4_000_000] as number) ^ 1;
      return data;
    });
    await expect(loadInstantEncoder({ modelUrl: `${host}multilingual-e5-small-instant/`, tokenizer, fetch: damagedTable })).rejects.toMatchObject({
      code: 'asset-damaged',
    });
    expect(fetched.filter((path) => path.endsWith('table.bin'))).toHaveLength(2);
  });

  test('the tokenizer of another model is refused before anything is fetched', async () => {
    const model = parseManifestText(readText('multilingual-e5-small/manifest.json'), 'manifest.json');
    const other = { ...model, files: { ...model.files, 'tokenizer.json': { bytes: 1, sha256: '0'.repeat(64) } } };
    fetched.length = 0;
    await expect(
      loadInstantEncoder({
        modelUrl: `${host}multilingual-e5-small-instant/`,
        manifest,
        tokenizer: { manifest: other, modelUrl: host },
        fetch: serve((_, d) => d),
      }),
    ).rejects.toMatchObject({ code: 'bad-manifest' });
    expect(fetched).toEqual([]);
  });
});
