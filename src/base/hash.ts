// SHA-256 by the platform, because content hashes and file checks must agree everywhere.
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

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
