// Any model of transformers.js as an Encoder: on a tiny one that was made for this test (testing/tiny-model/README.md).
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../base/types.ts';
import { loadPipelineEncoder, type PipelineOptions } from './pipeline-encoder.ts';
import { failure } from './testing/failure.ts';

const modelUrl = new URL('/src/encoder/testing/tiny-model/', location.href).href;
const LIBRARY_CACHE = 'transformers-cache';

beforeEach(() => caches.delete(LIBRARY_CACHE));
afterEach(() => caches.delete(LIBRARY_CACHE));

const load = (options: Partial<PipelineOptions> = {}) => loadPipelineEncoder({ modelUrl, dtype: 'fp32', threads: 1, ...options });

const row = (vectors: Float32Array, index: number) => vectors.subarray(index * 8, index * 8 + 8);
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? Number.NaN), 0);

/** A fetch that records what was asked for, answers some paths itself, and finds the model under any other name too. */
function watched(special: Record<string, () => Response | Promise<Response>> = {}) {
  const urls: string[] = [];
  const fake: typeof fetch = (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    urls.push(url);
    const name = Object.keys(special).find((path) => url.endsWith(path));
    const respond = name === undefined ? undefined : special[name];
    return respond ? Promise.resolve(respond()) : fetch(url.replace(/other-model-\d+/, 'tiny-model'), init);
  };
  return { urls, fetch: fake };
}

let others = 0;
/** Another folder each time: the library goes on keeping files of a load that failed. */
const otherFolder = () => modelUrl.replace('tiny-model', `other-model-${++others}`);

describe('a model on the own host', () => {
  test('gives unit vectors in the order of the texts, whatever ran together, long texts included', async () => {
    const encoder = await load();
    expect(encoder.dimensions).toBe(8);
    expect(encoder.status).toMatchObject({ rung: 'wasm', model: 'tiny-model', threads: 1 });
    expect(encoder.status.checkCosine).toBeCloseTo(1, 5);
    const words = ['fox', 'dog', 'sea', 'snow', 'moon', 'a red bird', '', 'the blue river', 'book and fish '.repeat(30)];
    const texts = Array.from({ length: 90 }, (_, i) => words[(i * 5) % words.length] ?? '');
    const seen: number[] = [];
    const vectors = await encoder.encode(texts, { onBatch: (rows) => void seen.push(...rows) });
    expect(seen.sort((a, b) => a - b)).toEqual(texts.map((_, i) => i));
    for (const word of words) {
      const alone = await encoder.encode([word]);
      texts.forEach((text, i) => {
        if (text === word) expect(dot(alone, row(vectors, i))).toBeCloseTo(1, 5);
      });
    }
    const [fox, dog] = [row(vectors, texts.indexOf('fox')), row(vectors, texts.indexOf('dog'))];
    expect(dot(fox, dog)).toBeLessThan(0.99);
    await encoder.dispose();
    expect((await failure(encoder.encode(['fox']))).code).toBe('aborted');
  });

  test('is asked for on that host only, with progress in bytes, and not at all the second time', async () => {
    const steps: Progress[] = [];
    const first = watched();
    const encoder = await load({ fetch: first.fetch, onProgress: (step) => steps.push(step) });
    expect(first.urls.length).toBeGreaterThan(3);
    for (const url of first.urls) expect(url.startsWith(modelUrl)).toBe(true);
    expect(steps.at(-1)?.done).toBeGreaterThan(2217 + 2643);
    expect(steps.at(-1)?.unit).toBe('bytes');
    const second = watched({ '': () => Promise.reject(new TypeError('offline')) });
    const again = await load({ fetch: second.fetch });
    expect(second.urls).toEqual([]);
    expect(again.fingerprint).toBe(encoder.fingerprint);
    await Promise.all([encoder.dispose(), again.dispose()]);
  });

  test('has a fingerprint of name, pooling, prefix, configuration and file', async () => {
    const mean = await load();
    const cls = await load({ pooling: 'cls', prefix: 'the ' });
    expect(mean.fingerprint).toMatch(/^tiny-model\/8\/mean\/\/[0-9a-f]{16}\/onnx\/model\.onnx\/2217$/);
    expect(cls.fingerprint).toBe(mean.fingerprint.replace('/mean//', '/cls/the/'));
    const [a, b] = [await mean.encode(['red fox']), await cls.encode(['red fox'])];
    expect(dot(a, b)).toBeLessThan(0.99);
    await Promise.all([mean.dispose(), cls.dispose()]);
  });

  test('stops between batches', async () => {
    const encoder = await load();
    const controller = new AbortController();
    const texts = Array.from({ length: 100 }, () => 'fox');
    const work = encoder.encode(texts, { signal: controller.signal, onBatch: () => controller.abort() });
    expect((await failure(work)).code).toBe('aborted');
    expect(await encoder.encode(['fox'])).toHaveLength(8);
    await encoder.dispose();
  });
});

describe('what can be wrong with the folder', () => {
  const page = () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
  const absent = () => new Response('', { status: 404 });

  test.each([
    ['onnx/model.onnx', absent, '404'],
    ['onnx/model.onnx', page, 'HTML'],
    ['config.json', absent, '404'],
    ['tokenizer.json', page, 'HTML'],
    ['tokenizer_config.json', absent, '404'],
  ])('%s is missing', async (file, respond, part) => {
    const folder = otherFolder();
    const error = await failure(load({ modelUrl: folder, fetch: watched({ [`/${file}`]: respond }).fetch }));
    expect(error.code).toBe('asset-missing');
    expect(error.message).toContain(file);
    expect(error.message).toContain(part);
    // Files of the case before may still arrive in the same cache, from their own folder.
    expect(await (await caches.open(LIBRARY_CACHE)).match(new URL(file, folder))).toBeUndefined();
  });

  test('no network, a stop, a foreign file, a bad address', async () => {
    const offline = watched({ '/onnx/model.onnx': () => Promise.reject(new TypeError('Failed to fetch')) });
    expect((await failure(load({ modelUrl: otherFolder(), fetch: offline.fetch }))).code).toBe('asset-unreachable');
    expect((await failure(load({ signal: AbortSignal.abort() }))).code).toBe('aborted');
    const foreign = watched({ '/onnx/model.onnx': () => new Response(new Uint8Array(500)) });
    expect((await failure(load({ modelUrl: otherFolder(), fetch: foreign.fetch }))).code).toBe('encoder-failed');
    for (const bad of ['tiny-model/', 'https://example.org/model', 'https://example.org/a--b/', 'https://example.org/']) {
      expect((await failure(load({ modelUrl: bad }))).code).toBe('bad-argument');
    }
  });
});
