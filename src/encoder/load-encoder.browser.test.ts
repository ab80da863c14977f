// The ladder on the real model: WASM, and WebGPU on whatever adapter the test browser has (software in most places).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Progress } from '../base/types.ts';
import { loadText, openModelCache } from './assets.ts';
import type { Encoder } from './encoder.ts';
import { loadEncoder } from './load-encoder.ts';
import { type ModelManifest, parseManifest, parseManifestText } from './manifest.ts';
import { failure } from './testing/failure.ts';

const FOLDER = new URL('/models/multilingual-e5-small/', location.href).href;

let cache: Cache | undefined;
let manifest: ModelManifest;
let wasm: Encoder;

beforeAll(async () => {
  cache = await openModelCache();
  manifest = parseManifestText(await loadText(`${FOLDER}manifest.json`, { cache }), `${FOLDER}manifest.json`);
  wasm = await loadEncoder({ modelUrl: FOLDER, manifest, choice: 'auto', cache, threads: 1 });
});
afterAll(() => wasm.dispose());

function cosine(a: Float32Array, i: number, b: Float32Array, j: number, d = 384): number {
  let dot = 0;
  for (let k = 0; k < d; k++) dot += (a[i * d + k] ?? 0) * (b[j * d + k] ?? 0);
  return dot;
}

function mostApart(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}

/** The manifest with one check text, whose vector no encoder gives. */
function spoilt(): ModelManifest {
  const bytes = new Uint8Array(new Float32Array(384).fill(1 / Math.sqrt(384)).buffer);
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { ...manifest, check: { ...manifest.check, texts: ['x'], vectors: btoa(text) } };
}

describe('on WASM', () => {
  test('auto avoids a software adapter, says so, and the check vectors are met', () => {
    expect(wasm.status.rung).toBe('wasm');
    expect(wasm.status.reason).toMatch(/software|no WebGPU|no GPU adapter/);
    expect(wasm.status.checkCosine).toBeGreaterThan(0.999);
    expect(wasm.status.model).toBe('multilingual-e5-small');
    expect(wasm.dimensions).toBe(384);
  });

  test('a vector does not depend on what else is in its batch, nor on the order: within 1e-4 a number', async () => {
    // Measured on WASM: no difference at all, as activations are quantised row by row. The tolerance is for other machines.
    const texts = [...manifest.check.texts, 'a longer text beside the short ones, so that they are padded. '.repeat(3)];
    const together = await wasm.encode(texts);
    const order = [5, 0, 12, 3, 8, 1, 11, 2, 10, 4, 9, 6, 7];
    const shuffled = await wasm.encode(order.map((i) => texts[i] ?? ''));
    const sorted = new Float32Array(shuffled.length);
    order.forEach((i, at) => {
      sorted.set(shuffled.subarray(at * 384, (at + 1) * 384), i * 384);
    });
    const padded = await wasm.encode([texts[0] ?? '', 'one that needs the next bucket of tokens, two or three words longer']);
    const apart = { shuffled: mostApart(sorted, together), batch: mostApart(padded.subarray(0, 384), together.subarray(0, 384)) };
    console.log(`largest difference of a number: ${apart.shuffled} shuffled, ${apart.batch} in another batch`);
    expect(Math.max(apart.shuffled, apart.batch)).toBeLessThan(1e-4);
  });

  test('an empty text and a text of 2,000 tokens have unit vectors; the long one is like its parts', async () => {
    const sentence = 'The lighthouse keeper wrote letters to the sea every winter evening. ';
    const long = sentence.repeat(160); // about 13 tokens each
    const vectors = await wasm.encode(['', long, sentence.repeat(4)]);
    for (let i = 0; i < 3; i++) expect(cosine(vectors, i, vectors, i)).toBeCloseTo(1, 4);
    expect(cosine(vectors, 1, vectors, 2)).toBeGreaterThan(0.92);
    expect(cosine(vectors, 0, vectors, 2)).toBeLessThan(0.9);
  });

  test('a second load takes nothing from the network; progress counts all bytes', async () => {
    const steps: Progress[] = [];
    let fetched = 0;
    const counting: typeof fetch = (...args) => {
      fetched++;
      return fetch(...args);
    };
    const again = await loadEncoder({
      modelUrl: FOLDER,
      manifest,
      choice: 'wasm',
      cache,
      threads: 1,
      fetch: counting,
      onProgress: (step) => steps.push(step),
    });
    await again.dispose();
    expect(fetched).toBe(0);
    expect(again.status.reason).toBe('WebAssembly was asked for');
    const last = steps.at(-1);
    const files = ['graph.wasm.onnx', 'weights.00.bin', 'weights.01.bin', 'tokenizer.bin'];
    expect(last).toEqual({ done: last?.total, total: files.reduce((sum, name) => sum + (manifest.files[name]?.bytes ?? 0), 0), unit: 'bytes' });
  });

  test('a folder of the other form loads too: tokenizer.json instead of the compact form, no adapter', async () => {
    const { tokenizerCompact: _, adapter: __, ...rest } = manifest;
    const other = await loadEncoder({ modelUrl: FOLDER, manifest: parseManifest(rest, FOLDER), choice: 'wasm', cache, threads: 1 });
    expect(other.status.checkCosine).toBeGreaterThan(0.999);
    expect(other.fingerprint).toBe(wasm.fingerprint);
    await other.dispose();
  });

  test('a missing file and a request to stop are told as such, not as a failed rung', async () => {
    const missing = {
      ...manifest,
      weights: ['weights.09.bin'],
      files: { ...manifest.files, 'weights.09.bin': { bytes: 9, sha256: '0'.repeat(64) } },
    };
    expect((await failure(loadEncoder({ modelUrl: FOLDER, manifest: missing, choice: 'wasm' }))).code).toBe('asset-missing');
    const stopped = loadEncoder({ modelUrl: FOLDER, manifest, choice: 'wasm', signal: AbortSignal.abort() });
    expect((await failure(stopped)).code).toBe('aborted');
  });
});

describe('on WebGPU', () => {
  test('four short texts agree with WASM', async () => {
    const gpu = await loadEncoder({ modelUrl: FOLDER, manifest, choice: 'webgpu', cache });
    expect(gpu.status.rung).toBe('webgpu');
    expect(gpu.status.device).not.toBe('');
    expect(gpu.status.checkCosine).toBeGreaterThan(0.999);
    const texts = ['A walk in the snow', '雪の中の散歩', 'Прогулка', 'matembezi'];
    const [left, right] = [await gpu.encode(texts), await wasm.encode(texts)];
    for (let i = 0; i < texts.length; i++) expect(cosine(left, i, right, i)).toBeGreaterThan(0.999);
    await gpu.dispose();
  });

  test('wrong vectors step down to WASM, and where that is wrong too, both are in the error', async () => {
    const error = await failure(loadEncoder({ modelUrl: FOLDER, manifest: spoilt(), choice: 'webgpu', cache, threads: 1 }));
    expect(error.code).toBe('encoder-failed');
    expect(error.message).toMatch(/cannot run here: the self-check gave cosine .* Before that: WebGPU did not work \(the self-check gave/);
  });

  test('a graph that WebGPU cannot take steps down to a working WASM', async () => {
    const broken = { ...manifest, graphs: { ...manifest.graphs, webgpu: 'config.json' } };
    const encoder = await loadEncoder({ modelUrl: FOLDER, manifest: broken, choice: 'webgpu', cache, threads: 1 });
    expect(encoder.status.rung).toBe('wasm');
    expect(encoder.status.reason).toMatch(/^WebAssembly, because WebGPU did not work \(/);
    await encoder.dispose();
  });
});
