// Bytes as text and back: hex for hashes and keys, base64 for what is built into the program and for files of heads.

/** Bytes of a SHA-256, and so of the key of a vector. */
export const KEY_BYTES = 32;

const HEX_DIGITS = new TextEncoder().encode('0123456789abcdef');

/** Two lower-case hex digits a byte. */
export function toHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    digits[2 * i] = HEX_DIGITS[byte >> 4] as number;
    digits[2 * i + 1] = HEX_DIGITS[byte & 15] as number;
  }
  return new TextDecoder().decode(digits);
}

/** @param keys [count × 32] @returns [count], 64 hex digits each; for 100,000 keys twice as fast as one call of `toHex` a key */
export function keysToHex(keys: Uint8Array): string[] {
  const text = toHex(keys);
  return Array.from({ length: keys.length / KEY_BYTES }, (_, row) => text.slice(row * 2 * KEY_BYTES, (row + 1) * 2 * KEY_BYTES));
}

/** RFC 4648, section 4. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** @throws DOMException when the text is not base64: from outside, the caller says which part it is */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
