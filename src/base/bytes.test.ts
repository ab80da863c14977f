import { expect, test } from 'vitest';
import { fromBase64, KEY_BYTES, keysToHex, toHex } from './bytes.ts';

test('hex of bytes and of keys', () => {
  expect(toHex(Uint8Array.of(0, 9, 10, 255))).toBe('00090aff');
  expect(toHex(new Uint8Array(0))).toBe('');
  const keys = Uint8Array.from({ length: 3 * KEY_BYTES }, (_, i) => 255 - i);
  expect(keysToHex(keys)).toEqual([0, 1, 2].map((row) => toHex(keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES))));
});

test('bytes of base64', () => {
  expect(fromBase64('AAH/')).toEqual(Uint8Array.of(0, 1, 255));
});
