// Manifests from outside: what is wrong is named; numbers that contradict each other are found before a file is fetched.
import { describe, expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { chunkIndexOf, formatPackManifest, type PackManifest, readPackManifest, shareOfKey } from './manifest.ts';
import { descriptionOf, memoryFolder, rowsOf, syntheticKeys } from './testing/synthetic.ts';
import { writePack } from './writer.ts';

const D = 8;
const keys = syntheticKeys(100);
const manifest = await writePack(rowsOf(keys, D), descriptionOf(keys, D), { chunkBytes: 2048, put: memoryFolder().put });
const textOf = (value: unknown) => JSON.stringify(value);

function messageFor(text: string): string {
  try {
    readPackManifest(text, 'pack/manifest.json');
  } catch (error) {
    if (error instanceof RecommenderError && error.code === 'bad-pack') return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('readPackManifest', () => {
  test('reads what was written, whatever is added', () => {
    expect(readPackManifest(new TextDecoder().decode(formatPackManifest(manifest)))).toEqual(manifest);
    expect(readPackManifest(textOf({ ...manifest, later: 1 }))).toEqual(manifest);
  });

  const [first, ...others] = manifest.chunks;
  const wrong: [what: string, value: unknown, message: RegExp][] = [
    ['no JSON', undefined, /pack\/manifest\.json is not JSON/],
    ['another format', { ...manifest, format: 'zip' }, /field "format"/],
    ['a later version', { ...manifest, version: 2 }, /field "version"/],
    ['a path', { ...manifest, chunks: [{ ...first, file: '../x' }, ...others] }, /"chunks\.0\.file": not a plain file name/],
    ['a hidden file', { ...manifest, languages: { ...manifest.languages, file: '.env' } }, /"languages\.file"/],
    ['a short hash', { ...manifest, catalogue: { ...manifest.catalogue, sha256: 'ab' } }, /"catalogue\.sha256"/],
    ['half a row', { ...manifest, count: 1.5 }, /field "count"/],
    ['a wrong count', { ...manifest, count: 99 }, /"count" is 99, the chunks hold 100 rows/],
    ['wrong bytes', { ...manifest, dimensions: D + 1 }, new RegExp(`${first?.file} has`)],
    ['languages of another size', { ...manifest, languages: { ...manifest.languages, bytes: 4 } }, /has 4 bytes instead of 64/],
    ['a shard beyond the last', { ...manifest, shard: { index: 2, of: 2 } }, /shard 3 of 2/],
  ];
  test.each(wrong)('%s', (_, value, message) => {
    expect(messageFor(value === undefined ? '<!doctype html>' : textOf(value))).toMatch(message);
  });
});

describe('chunkIndexOf', () => {
  const layout = (chunks: number, shard?: PackManifest['shard']) => ({ chunks: new Array<PackManifest['chunks'][number]>(chunks), shard });

  test('cuts the range of keys in equal parts, bytes and hex alike', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0xbf : 0xff));
    expect(shareOfKey(key)).toBe(0xbfffffff / 2 ** 32);
    expect(shareOfKey('bf'.padEnd(64, 'f'))).toBe(shareOfKey(key));
    expect(chunkIndexOf(layout(4), key)).toBe(2);
    expect(chunkIndexOf(layout(4), 'c0'.padEnd(64, '0'))).toBe(3);
    expect(chunkIndexOf(layout(0), key)).toBe(-1);
  });

  test('in a shard only its part', () => {
    expect(chunkIndexOf(layout(2, { index: 2, of: 4 }), '9f'.padEnd(64, 'f'))).toBe(0);
    expect(chunkIndexOf(layout(2, { index: 2, of: 4 }), 'a0'.padEnd(64, '0'))).toBe(1);
    expect(chunkIndexOf(layout(2, { index: 2, of: 4 }), '7f'.padEnd(64, 'f'))).toBe(-1);
    expect(chunkIndexOf(layout(2, { index: 2, of: 4 }), 'c0'.padEnd(64, '0'))).toBe(-1);
  });
});
