// Writing, reading and merging packs: what comes out is what went in, the same bytes each time, and damage stays local.
import { describe, expect, test } from 'vitest';
import { KEY_BYTES, keysToHex } from '../base/bytes.ts';
import { RecommenderError } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import type { QuantizedRows } from '../compute/backend.ts';
import { keyHex, readChunk } from './chunk.ts';
import { chunkIndexOf, shareOfKey } from './manifest.ts';
import { mergePacks } from './merge.ts';
import { type ChunkResult, openPack } from './reader.ts';
import { descriptionOf, memoryFolder, rowsOf, syntheticKeys, vectorFor } from './testing/synthetic.ts';
import { type WriteOptions, writePack } from './writer.ts';

const D = 24;
const COUNT = 300;
const KEYS = syntheticKeys(COUNT);
const CHUNK_BYTES = 4096;

async function errorOf(work: Promise<unknown>): Promise<RecommenderError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RecommenderError) return error;
  throw new Error(`no RecommenderError but ${String(error)}`);
}

async function written(keys = KEYS, options: Partial<WriteOptions> = {}, more: { shard?: { index: number; of: number } } = {}) {
  const folder = memoryFolder();
  const about = { ...descriptionOf(keys, D), ...(more.shard ? { catalogue: descriptionOf(KEYS, D).catalogue } : {}), ...more };
  const manifest = await writePack(rowsOf(keys, D), about, { chunkBytes: CHUNK_BYTES, put: folder.put, ...options });
  return { ...folder, manifest };
}

async function shardsOf(of: number) {
  return Promise.all(
    Array.from({ length: of }, async (_, index) => {
      const mine = keysToHex(KEYS).flatMap((key, row) => (Math.floor(shareOfKey(key) * of) === index ? [row] : []));
      const keys = new Uint8Array(mine.length * KEY_BYTES);
      mine.forEach((row, i) => {
        keys.set(KEYS.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES), i * KEY_BYTES);
      });
      return written(keys, {}, { shard: { index, of } });
    }),
  );
}

async function collect(chunks: AsyncIterable<ChunkResult>): Promise<ChunkResult[]> {
  const all: ChunkResult[] = [];
  for await (const result of chunks) all.push(result);
  return all;
}

describe('write and read', () => {
  test('every key comes back once, in order, with its quantised row', async () => {
    const { fetchBytes, manifest } = await written();
    const pack = await openPack(fetchBytes);
    expect(pack.manifest).toEqual(manifest);
    expect(manifest.chunks.length).toBe(8);
    const wanted = await rowsOf(KEYS, D).read(0, COUNT);
    let row = 0;
    for (const result of await collect(pack.chunks())) {
      if ('error' in result) throw result.error;
      const { keys, rows } = result.chunk;
      expect(result.entry.bytes).toBeLessThanOrEqual(CHUNK_BYTES * 1.5);
      for (let i = 0; i < rows.count; i++, row++) {
        expect(keyHex(keys, i)).toBe(keyHex(KEYS, row));
        expect(rows.scales[i]).toBe(wanted.scales[row]);
        expect(rows.values.subarray(i * D, (i + 1) * D)).toEqual(wanted.values.subarray(row * D, (row + 1) * D));
      }
    }
    expect(row).toBe(COUNT);
  });

  test('a key names its chunk, so that a few items need a few files', async () => {
    const { fetchBytes } = await written();
    const pack = await openPack(fetchBytes);
    const key = keyHex(KEYS, 123);
    const results = await collect(pack.chunks({ wanted: new Set([chunkIndexOf(pack.manifest, key)]) }));
    expect(results).toHaveLength(1);
    for (const result of results) expect('chunk' in result && keysToHex(result.chunk.keys)).toContain(key);
  });

  test('means of languages are those of the raw vectors', async () => {
    const { fetchBytes } = await written();
    const means = await (await openPack(fetchBytes)).languages();
    expect([...means.keys()]).toEqual(['ko', 'sw']);
    const sums = { ko: new Float64Array(D), sw: new Float64Array(D) };
    const counts = { ko: 0, sw: 0 };
    for (let row = 0; row < COUNT; row++) {
      const key = KEYS.subarray(row * KEY_BYTES, (row + 1) * KEY_BYTES);
      const language = (key[31] ?? 0) % 3 === 0 ? 'sw' : 'ko';
      counts[language]++;
      vectorFor(key, D).forEach((value, j) => {
        sums[language][j] = (sums[language][j] ?? 0) + value;
      });
    }
    for (const language of ['ko', 'sw'] as const) {
      expect(means.get(language)?.count).toBe(counts[language]);
      means.get(language)?.mean.forEach((value, j) => {
        expect(Math.abs(value - (sums[language][j] ?? Number.NaN) / counts[language])).toBeLessThan(2 ** -27);
      });
    }
  });

  test('the same rows give the same bytes; one new row changes one chunk', async () => {
    const [once, again] = [await written(), await written()];
    expect(again.files).toEqual(once.files);
    const fewer = await written(KEYS.slice(0, -KEY_BYTES));
    const kept = new Set(fewer.manifest.chunks.map(({ sha256 }) => sha256));
    expect(once.manifest.chunks.filter(({ sha256 }) => !kept.has(sha256))).toEqual(once.manifest.chunks.slice(-1));
  });

  test('no rows, one row', async () => {
    const none = await written(new Uint8Array(0));
    expect(await collect((await openPack(none.fetchBytes)).chunks())).toEqual([]);
    const one = await written(KEYS.slice(0, KEY_BYTES));
    const [result] = await collect((await openPack(one.fetchBytes)).chunks());
    expect(result && 'chunk' in result && keysToHex(result.chunk.keys)).toEqual([keyHex(KEYS, 0)]);
  });

  test('an aligned file is read without a copy of its values', async () => {
    const { files, manifest } = await written();
    const [entry] = manifest.chunks;
    const bytes = entry && files.get(entry.file);
    if (!entry || !bytes) throw new Error('no chunk');
    const { rows, keys } = await readChunk(bytes, entry, D);
    expect([rows.values.buffer, rows.scales.buffer, keys.buffer]).toEqual([bytes.buffer, bytes.buffer, bytes.buffer]);
    const odd = new Uint8Array(bytes.length + 3).subarray(3);
    odd.set(bytes);
    const shifted = await readChunk(odd, entry, D);
    expect(shifted.rows.scales).toEqual(rows.scales);
    expect(shifted.rows.values.buffer).toBe(odd.buffer);
  });
});

describe('what is refused', () => {
  test('keys out of order, twice, or of another shard', async () => {
    const swapped = KEYS.slice();
    swapped.copyWithin(0, KEY_BYTES * 5, KEY_BYTES * 6);
    expect(await errorOf(written(swapped))).toMatchObject({ code: 'bad-argument', details: { row: 1 } });
    const twice = KEYS.slice();
    twice.copyWithin(KEY_BYTES, 0, KEY_BYTES);
    expect(await errorOf(written(twice))).toMatchObject({ code: 'bad-argument', details: { row: 1 } });
    expect((await errorOf(written(KEYS, {}, { shard: { index: 0, of: 2 } }))).message).toMatch(/not one of this shard/);
  });

  test('fewer rows than asked for', async () => {
    const short = { keys: KEYS, read: (): QuantizedRows => ({ dimensions: D, count: 1, values: new Int8Array(D), scales: new Float32Array(1) }) };
    const error = await errorOf(writePack(short, descriptionOf(KEYS, D), memoryFolder()));
    expect(error.message).toMatch(/300|1 rows of 24/);
    expect(error.code).toBe('bad-argument');
  });

  test('an abort stops between slices, before the manifest', async () => {
    const stop = new AbortController();
    const folder = memoryFolder();
    const put: WriteOptions['put'] = (file, bytes) => {
      folder.put(file, bytes);
      stop.abort();
    };
    expect((await errorOf(written(KEYS, { put, signal: stop.signal }))).code).toBe('aborted');
    expect([...folder.files.keys()]).toHaveLength(1);
    expect(folder.files.has('manifest.json')).toBe(false);
  });
});

describe('damage', () => {
  async function damaged(change: (files: Map<string, Uint8Array<ArrayBuffer>>, file: string) => void) {
    const pack = await written();
    const victim = pack.manifest.chunks[2]?.file ?? '';
    change(pack.files, victim);
    const results = await collect((await openPack(pack.fetchBytes)).chunks());
    expect(results.flatMap((result) => ('error' in result ? [result.index] : []))).toEqual([2]);
    return { victim, error: results.map((result) => ('error' in result ? result.error : undefined))[2] };
  }

  test.each([
    ['a flipped bit', (bytes: Uint8Array<ArrayBuffer>) => bytes.map((byte, i) => (i === 700 ? byte ^ 1 : byte)), /SHA-256/],
    ['a cut file', (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, -1), /bytes instead of/],
  ])('%s is reported by name, the other chunks come', async (_, change, message) => {
    const { error, victim } = await damaged((files, file) => {
      files.set(file, change(files.get(file) ?? new Uint8Array()));
    });
    expect(error).toMatchObject({ code: 'bad-pack', details: { file: victim } });
    expect(error?.message).toMatch(message);
  });

  test('a missing file is reported, the other chunks come', async () => {
    const { error } = await damaged((files, file) => files.delete(file));
    expect(error).toMatchObject({ code: 'bad-pack' });
    expect(error?.message).toMatch(/there is no vectors-/);
  });

  test.each([
    ['a foreign file', (bytes: DataView) => bytes.setUint32(0, 7, true), /not a chunk/],
    ['a later version', (bytes: DataView) => bytes.setUint32(4, 2, true), /version 2/],
    ['another count', (bytes: DataView) => bytes.setUint32(8, 5, true), /holds 5 rows/],
    ['−128', (bytes: DataView) => bytes.setInt8(bytes.byteLength - 1, -128), /is -128/],
    ['a scale that is NaN', (bytes: DataView) => bytes.setUint32(bytes.byteLength - 40 * D - 4, 0x7fc00000, true), /scale of row 39 is NaN/],
    ['keys that do not ascend', (bytes: DataView) => bytes.setUint32(16, 0xffffffff), /key of row 1/],
  ])('%s under a matching hash is refused', async (_, change, message) => {
    const { files, manifest } = await written(KEYS.slice(0, 40 * KEY_BYTES), { chunkBytes: 1e6 });
    const [entry] = manifest.chunks;
    const bytes = entry && files.get(entry.file);
    if (!entry || !bytes) throw new Error('no chunk');
    change(new DataView(bytes.buffer));
    const error = await errorOf(readChunk(bytes, { ...entry, sha256: await sha256Hex(bytes) }, D));
    expect(error.code).toBe('bad-pack');
    expect(error.message).toMatch(message);
  });

  test('an abort is no damage', async () => {
    const { fetchBytes } = await written();
    const pack = await openPack(fetchBytes);
    const stop = new AbortController();
    const chunks = pack.chunks({ signal: stop.signal });
    await chunks.next();
    stop.abort();
    const failing = await openPack(async (file, signal) => {
      signal?.throwIfAborted();
      return fetchBytes(file);
    });
    expect((await errorOf(failing.chunks({ signal: stop.signal }).next())).code).toBe('aborted');
  });
});

describe('merge', () => {
  test.each([1, 2, 3, 5])('%i shards, in any order, give the bytes of the pack without shards', async (of) => {
    const whole = await written();
    const shards = await Promise.all((await shardsOf(of)).reverse().map(({ fetchBytes }) => openPack(fetchBytes)));
    const merged = memoryFolder();
    await mergePacks(shards, { put: merged.put, chunkBytes: CHUNK_BYTES });
    // 1 item a language more or less would show here too.
    expect([...merged.files.keys()].sort()).toEqual([...whole.files.keys()].sort());
    expect(merged.files).toEqual(new Map([...merged.files.keys()].map((file) => [file, whole.files.get(file)])));
  });

  test('missing shards are named; twice, foreign and whole packs are refused', async () => {
    const shards = await Promise.all((await shardsOf(4)).map(({ fetchBytes }) => openPack(fetchBytes)));
    const [a, b, c, d] = shards;
    if (!a || !b || !c || !d) throw new Error('four shards');
    const merge = (packs: (typeof a)[]) => errorOf(mergePacks(packs, memoryFolder()));
    expect((await merge([d, a])).message).toMatch(/shard 2\/4, 3\/4 is missing/);
    expect((await merge([a, b, b])).message).toMatch(/shard 2\/4 is there twice/);
    expect((await merge([a, { ...b, manifest: { ...b.manifest, fingerprint: 'other' } }])).message).toMatch(/encoder differs/);
    const foreign = { ...b.manifest, catalogue: { ...b.manifest.catalogue, sha256: 'd'.repeat(64) } };
    expect((await merge([a, { ...b, manifest: foreign }])).message).toMatch(/catalogue .* differs/);
    expect((await merge([await openPack((await written()).fetchBytes)])).message).toMatch(/no shard/);
    expect((await merge([])).code).toBe('bad-argument');
  });

  test('a damaged shard stops it before anything is written', async () => {
    const parts = await shardsOf(2);
    const victim = parts[1]?.manifest.chunks[0]?.file ?? '';
    parts[1]?.files.delete(victim);
    const out = memoryFolder();
    const error = await errorOf(mergePacks(await Promise.all(parts.map(({ fetchBytes }) => openPack(fetchBytes))), out));
    expect(error).toMatchObject({ code: 'bad-pack', details: { file: victim } });
    expect(out.files.size).toBe(0);
  });
});
