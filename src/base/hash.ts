// Hashes. SHA-256 by the platform, for contents and file checks. FNV-1a and a bit mixer for quick marks that are the same on every
// device; they give no protection against tampering.
import { toHex } from './bytes.ts';
import { RecommenderError } from './errors.ts';

function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle;
  if (!found) {
    throw new RecommenderError(
      'insecure-context',
      'This page has no crypto.subtle, which checks the files of the model. Serve it over https or from localhost.',
    );
  }
  return found;
}

/** SHA-256 of bytes. Returns 32 bytes. @throws insecure-context */
export async function sha256(data: BufferSource): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle().digest('SHA-256', data));
}

/** SHA-256 of bytes or of UTF-8 text, 64 lower-case hex digits. @throws insecure-context */
export async function sha256Hex(data: BufferSource | string): Promise<string> {
  return toHex(await sha256(typeof data === 'string' ? new TextEncoder().encode(data) : data));
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * FNV-1a, 32 bits, over UTF-16 code units (Fowler, Noll, Vo; http://www.isthe.com/chongo/tech/comp/fnv/).
 * @param seed another start gives another hash
 * @returns whole number from 0 to 2³² − 1
 */
export function fnv1a(text: string, seed = 0): number {
  let hash = FNV_OFFSET ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  return hash >>> 0;
}

/** FNV-1a over the bits of each number. @returns whole number from 0 to 2³² − 1 */
export function fnv1aOfFloats(values: Float32Array): number {
  let hash = FNV_OFFSET;
  for (const word of new Uint32Array(values.buffer, values.byteOffset, values.length)) hash = Math.imul(hash ^ word, FNV_PRIME);
  return hash >>> 0;
}

/** Finaliser of MurmurHash3 (Appleby, public domain): each bit of the input changes half of the output's. @returns 0 to 2³² − 1 */
export function mixBits(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
