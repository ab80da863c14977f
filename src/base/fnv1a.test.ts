import { expect, test } from 'vitest';
import { fnv1a, fnv1aOfFloats } from './fnv1a.ts';

test('the published values of texts', () => {
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('a')).toBe(0xe40c292c);
  expect(fnv1a('foobar')).toBe(0xbf9cf968);
  expect(fnv1a('a', 1)).not.toBe(fnv1a('a'));
});

test('numbers by their bits, also in a part of a buffer', () => {
  const all = Float32Array.of(9, 1, 2);
  expect(fnv1aOfFloats(all.subarray(1))).toBe(fnv1aOfFloats(Float32Array.of(1, 2)));
  expect(fnv1aOfFloats(Float32Array.of(1, 2))).not.toBe(fnv1aOfFloats(Float32Array.of(2, 1)));
});
