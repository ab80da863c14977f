// Manifests come from outside: what is wrong must be named, and what names a model must not change by accident.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { checkVectors, fingerprintOf, parseManifestText } from './manifest.ts';

const shipped = readFileSync(new URL('../../public/models/multilingual-e5-small/manifest.json', import.meta.url), 'utf8');
const URL_OF_IT = 'https://example.org/model/manifest.json';

/** The shipped manifest with the field at a dotted path changed; undefined takes it out. */
function changed(path: string, value: unknown): string {
  const json = JSON.parse(shipped) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = json;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return JSON.stringify(json);
}

function errorOf(text: string): RecommenderError {
  try {
    parseManifestText(text, URL_OF_IT);
  } catch (error) {
    if (error instanceof RecommenderError) return error;
    throw error;
  }
  throw new Error('the manifest was taken');
}

test('the shipped manifest is read', () => {
  const manifest = parseManifestText(shipped, URL_OF_IT);
  expect(manifest.dimensions).toBe(384);
  expect(checkVectors(manifest)).toHaveLength(manifest.check.texts.length * 384);
});

test.each([
  ['format', 2],
  ['name', undefined],
  ['dimensions', 0],
  ['dimensions', '384'],
  ['maxTokens', 4],
  ['prefix.item', null],
  ['graphs.wasm', undefined],
  ['weights', 'weights.bin'],
  ['languages', [1]],
  ['check.minCosine', '0.995'],
  ['check.vectors', undefined],
  ['adapter.ranking', 7],
])('a bad field is named: %s = %j', (path, value) => {
  const { code, message } = errorOf(changed(path, value));
  expect(code).toBe('bad-manifest');
  expect(message).toContain(`"${path}`);
  expect(message).toContain(URL_OF_IT);
});

test('the field inside a file entry is named', () => {
  const json = JSON.parse(shipped) as { files: Record<string, { bytes: number; sha256: string }> };
  json.files['config.json'] = { bytes: 184, sha256: 'ABC' };
  expect(errorOf(JSON.stringify(json)).message).toContain('sha256');
});

test.each(['weights.00.bin', 'graph.webgpu.onnx', 'tokenizer.json', 'tokenizer.bin', 'adapter/ranking.f32', 'adapter/maps.i8'])(
  'a file without size and hash is named: %s',
  (name) => {
    const json = JSON.parse(shipped) as { files: Record<string, unknown> };
    delete json.files[name];
    expect(errorOf(JSON.stringify(json)).message).toContain(`"${name}"`);
  },
);

test('what is not JSON, or not an object, is said', () => {
  expect(errorOf('<!doctype html>').message).toContain('is not JSON');
  expect(errorOf('[]').code).toBe('bad-manifest');
  expect(errorOf('null').code).toBe('bad-manifest');
});

test('check vectors of the wrong length are refused', () => {
  const manifest = parseManifestText(changed('check.vectors', btoa('abcd')), URL_OF_IT);
  expect(() => checkVectors(manifest)).toThrow(/4 bytes instead of/);
});

test('the fingerprint follows weights, prefix and pooling, and nothing else', () => {
  const print = (text: string) => fingerprintOf(parseManifestText(text, URL_OF_IT));
  const own = print(shipped);
  expect(own).toMatch(/^multilingual-e5-small\/384\/mean\/query:\/[0-9a-f.]+$/);
  expect(print(changed('prefix.item', 'passage: '))).not.toBe(own);
  expect(print(changed('pooling', 'cls'))).not.toBe(own);
  const weights = JSON.parse(shipped) as { files: Record<string, { bytes: number; sha256: string }> };
  weights.files['weights.01.bin'] = { bytes: 17186112, sha256: '0'.repeat(64) };
  expect(print(JSON.stringify(weights))).not.toBe(own);
  expect(print(changed('adapter', undefined))).toBe(own);
  expect(print(changed('tokenizerCompact', undefined))).toBe(own);
});
