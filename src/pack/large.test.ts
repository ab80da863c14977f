// 200,000 rows through real files: neither side may hold more than two bytes a value, the result of loading included.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { KEY_BYTES } from '../base/bytes.ts';
import { seededRandom } from '../base/random.ts';
import { createLanguageSums } from './languages.ts';
import { openPack } from './reader.ts';
import { writePack } from './writer.ts';

const COUNT = 200_000;
const D = 384;
const LIMIT_BYTES = 2 * COUNT * D;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Highest value of `arrayBuffers` seen, over that at the start. */
function memoryWatch() {
  collectGarbage();
  const start = process.memoryUsage().arrayBuffers;
  let peak = 0;
  return { look: () => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - start)), peak: () => peak };
}

/** Random keys in ascending order: the first 4 bytes go up in even steps. */
function ascendingKeys(): Uint8Array<ArrayBuffer> {
  const random = seededRandom(7);
  const keys = new Uint8Array(COUNT * KEY_BYTES).map(() => random() * 256);
  const view = new DataView(keys.buffer);
  for (let row = 0; row < COUNT; row++) view.setUint32(row * KEY_BYTES, Math.floor((row / COUNT) * 2 ** 32));
  return keys;
}

test('200,000 rows of 384 are written and loaded within two bytes a value', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kindred-pack-'));
  try {
    const keys = ascendingKeys();
    const writing = memoryWatch();
    // One block of values, shifted by the row, so that the time goes into the pack and not into random numbers.
    const random = seededRandom(8);
    const block = new Int8Array(1024 * D + COUNT).map(() => Math.floor(random() * 255) - 127);
    const manifest = await writePack(
      {
        keys,
        read: (start, end) => {
          const values = block.subarray(start, start + (end - start) * D);
          return { dimensions: D, count: end - start, values, scales: new Float32Array(end - start).fill(0.001) };
        },
      },
      {
        fingerprint: 'large',
        dimensions: D,
        catalogue: { sha256: '0'.repeat(64), items: COUNT },
        created: '2026-01-01T00:00:00.000Z',
        languages: createLanguageSums(D),
      },
      {
        put: async (file, bytes) => {
          await writeFile(join(folder, file), bytes);
          writing.look();
        },
      },
    );
    expect(manifest.chunks).toHaveLength(32);
    for (const { bytes } of manifest.chunks) expect(bytes).toBeLessThan(4 * 2 ** 20);
    expect(writing.peak()).toBeGreaterThan(0);
    expect(writing.peak()).toBeLessThanOrEqual(LIMIT_BYTES);

    const loading = memoryWatch();
    const table = { values: new Int8Array(COUNT * D), scales: new Float32Array(COUNT), keys: new Uint8Array(COUNT * KEY_BYTES) };
    let row = 0;
    const pack = await openPack(async (file) => {
      const bytes = await readFile(join(folder, file));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    });
    for await (const result of pack.chunks()) {
      if ('error' in result) throw result.error;
      const { keys: chunkKeys, rows } = result.chunk;
      table.values.set(rows.values, row * D);
      table.scales.set(rows.scales, row);
      table.keys.set(chunkKeys, row * KEY_BYTES);
      row += rows.count;
      loading.look();
    }
    expect(row).toBe(COUNT);
    expect(Buffer.compare(table.keys, keys)).toBe(0);
    expect(table.values.subarray(0, D)).toEqual(block.subarray(0, D));
    expect(loading.peak()).toBeGreaterThanOrEqual(COUNT * D);
    expect(loading.peak()).toBeLessThanOrEqual(LIMIT_BYTES);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
