import { expect, test } from 'vitest';
import { fnv1a, fnv1aOfFloats, mixBits, sha256Hex } from './hash.ts';

test('SHA-256 of the empty string and of "abc" (FIPS 180-4 examples)', async () => {
  expect(await sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('FNV-1a: the published values of texts', () => {
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('a')).toBe(0xe40c292c);
  expect(fnv1a('foobar')).toBe(0xbf9cf968);
  expect(fnv1a('a', 1)).not.toBe(fnv1a('a'));
});

test('FNV-1a: numbers by their bits, also in a part of a buffer', () => {
  const all = Float32Array.of(9, 1, 2);
  expect(fnv1aOfFloats(all.subarray(1))).toBe(fnv1aOfFloats(Float32Array.of(1, 2)));
  expect(fnv1aOfFloats(Float32Array.of(1, 2))).not.toBe(fnv1aOfFloats(Float32Array.of(2, 1)));
});

test('mixBits: the values of MurmurHash3', () => {
  expect(mixBits(0)).toBe(0);
  expect(mixBits(1)).toBe(0x514e28b7);
});
