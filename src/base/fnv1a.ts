// FNV-1a, 32 bits (Fowler, Noll, Vo; http://www.isthe.com/chongo/tech/comp/fnv/): a quick mark of a text or of numbers, the same on
// every device. Says nothing against tampering: base/hash.ts does.

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** Over UTF-16 code units. @param seed another start gives another hash @returns whole number from 0 to 2³² − 1 */
export function fnv1a(text: string, seed = 0): number {
  let hash = OFFSET ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** Over the bits of each number. @returns whole number from 0 to 2³² − 1 */
export function fnv1aOfFloats(values: Float32Array): number {
  let hash = OFFSET;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length)) hash = Math.imul(hash ^ word, PRIME);
  return hash >>> 0;
}
