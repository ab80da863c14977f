// Packs of made-up rows for tests: keys and unit vectors from a seed, files in a map.
import { createHash } from 'node:crypto';
import { KEY_BYTES } from '../../base/bytes.ts';
import { seededRandom } from '../../base/random.ts';
import { quantizeRows } from '../../compute/quantize.ts';
import { createLanguageSums } from '../languages.ts';
import type { FetchBytes } from '../reader.ts';
import type { PackDescription, PackRows } from '../writer.ts';

/** @returns [count × 32], SHA-256 of 0, 1, …, ascending */
export function syntheticKeys(count: number): Uint8Array<ArrayBuffer> {
  const hashes = Array.from({ length: count }, (_, i) => createHash('sha256').update(String(i)).digest());
  const keys = new Uint8Array(count * KEY_BYTES);
  for (const [row, hash] of hashes.sort(Buffer.compare).entries()) keys.set(hash, row * KEY_BYTES);
  return keys;
}

/** A unit vector that depends on the key alone. */
export function vectorFor(key: Uint8Array, dimensions: number): Float32Array<ArrayBuffer> {
  const random = seededRandom(new DataView(key.buffer, key.byteOffset).getInt32(4));
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

export function rowsOf(keys: Uint8Array<ArrayBuffer>, dimensions: number): PackRows & { keys: Uint8Array<ArrayBuffer> } {
  const keyAt = (row: number) => keys.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES);
  return {
    keys,
    read: (start, end) => {
      const vectors = new Float32Array((end - start) * dimensions);
      for (let row = start; row < end; row++) vectors.set(vectorFor(keyAt(row), dimensions), (row - start) * dimensions);
      return quantizeRows(vectors, dimensions);
    },
  };
}

/** What is said of `rowsOf(keys, dimensions)`; every third item is Swahili, the others Korean. */
export function descriptionOf(keys: Uint8Array, dimensions: number): PackDescription {
  const languages = createLanguageSums(dimensions);
  for (let at = 0; at < keys.length; at += KEY_BYTES) {
    const key = keys.subarray(at, at + KEY_BYTES);
    languages.add((key[31] ?? 0) % 3 === 0 ? 'sw' : 'ko', vectorFor(key, dimensions));
  }
  return {
    fingerprint: 'test-encoder/1',
    dimensions,
    catalogue: { sha256: 'c'.repeat(64), items: keys.length / KEY_BYTES, title: 'Made up' },
    created: '2026-02-03T04:05:06.000Z',
    license: 'CC0-1.0',
    languages,
  };
}

/** A folder in memory. */
export function memoryFolder() {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const fetchBytes: FetchBytes = async (file) => {
    const bytes = files.get(file);
    if (!bytes) throw new Error(`there is no ${file}`);
    return bytes.slice();
  };
  return { files, put: (file: string, bytes: Uint8Array<ArrayBuffer>) => void files.set(file, bytes), fetchBytes };
}
