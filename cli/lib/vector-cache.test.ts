// The cache on a real disk: files of several writers and of a crash are read up to the last whole record.
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecommenderError } from '../../src/base/errors.ts';
import { cacheFolderOf, openVectorCache } from './vector-cache.ts';

const ENCODER = { fingerprint: 'test/1', dimensions: 3 };
const RECORD_BYTES = 32 + 12;
let root = '';
let folder = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kindred-cache-'));
  folder = cacheFolderOf(root, ENCODER.fingerprint);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const keyOf = (i: number) => i.toString(16).padStart(64, '0');
/** A unit vector made from its number. */
const vectorOf = (i: number) => Float32Array.of(Math.cos(i), Math.sin(i), 0);
const vectorsOf = (numbers: readonly number[]) => Float32Array.from(numbers.flatMap((i) => [...vectorOf(i)]));
const open = (name = 'kindred') => openVectorCache(root, ENCODER, { name });

async function fill(numbers: readonly number[], name?: string): Promise<void> {
  const cache = await open(name);
  await cache.append(numbers.map(keyOf), vectorsOf(numbers));
  await cache.close();
}

test('vectors come back bit for bit, in the order asked for, with repeats, after a new start', async () => {
  await fill([1, 2, 3, 4, 5]);
  await fill([6, 7], 'other');
  const cache = await open();
  expect(cache.size).toBe(7);
  expect(await cache.read([7, 1, 5, 1].map(keyOf))).toEqual(vectorsOf([7, 1, 5, 1]));
  expect(await cache.get(keyOf(3))).toEqual(vectorOf(3));
  expect(await cache.get(keyOf(8))).toBeUndefined();
  expect([cache.has(keyOf(6)), cache.has(keyOf(8))]).toEqual([true, false]);
  await expect(cache.read([keyOf(1), keyOf(8)])).rejects.toThrow(new RegExp(keyOf(8)));
  await cache.close();
});

test('what was just appended is read, also far apart and over many blocks', async () => {
  const numbers = Array.from({ length: 4000 }, (_, i) => i);
  const cache = await open();
  for (let start = 0; start < numbers.length; start += 1000) {
    const part = numbers.slice(start, start + 1000);
    await cache.append(part.map(keyOf), vectorsOf(part));
  }
  const some = numbers.filter((i) => i % 1999 === 0).reverse();
  expect(await cache.read(some.map(keyOf))).toEqual(vectorsOf(some));
  expect(await cache.read(numbers.map(keyOf))).toEqual(vectorsOf(numbers));
  await cache.close();
});

test('the format: key, then float32 little endian; the folder is named after the fingerprint', async () => {
  await fill([0xab]);
  // printf test/1 | sha256sum
  expect(basename(folder)).toBe('cad4a5be62ba01bf');
  const bytes = readFileSync(join(folder, 'kindred-0.vec'));
  expect(bytes.length).toBe(RECORD_BYTES);
  expect(bytes.subarray(0, 32).toString('hex')).toBe(keyOf(0xab));
  expect([bytes.readFloatLE(32), bytes.readFloatLE(36), bytes.readFloatLE(40)]).toEqual([...vectorOf(0xab)]);
});

test('a cut-off last record is ignored, and records appended after it are read', async () => {
  await fill([1, 2, 3]);
  const file = join(folder, 'kindred-0.vec');
  truncateSync(file, 3 * RECORD_BYTES - 5);
  const cache = await open();
  expect([1, 2, 3].map((i) => cache.has(keyOf(i)))).toEqual([true, true, false]);
  await cache.append([keyOf(4)], vectorOf(4));
  expect(await cache.read([4, 2].map(keyOf))).toEqual(vectorsOf([4, 2]));
  await cache.close();
  expect(statSync(file).size).toBe(3 * RECORD_BYTES);
  const again = await open();
  expect(again.size).toBe(3);
  await again.close();
});

test('a record of zeros, which a loss of power can leave, is ignored', async () => {
  await fill([1]);
  appendFileSync(join(folder, 'kindred-0.vec'), new Uint8Array(RECORD_BYTES));
  const cache = await open();
  expect(cache.size).toBe(1);
  await cache.close();
});

test('two writers at once have a file each; a later one takes up the first file again', async () => {
  const [a, b] = [await open(), await open()];
  await a.append([keyOf(1)], vectorOf(1));
  await b.append([keyOf(2)], vectorOf(2));
  await a.append([keyOf(3)], vectorOf(3));
  expect(readdirSync(folder).filter((name) => name.endsWith('.vec'))).toEqual(['kindred-0.vec', 'kindred-1.vec']);
  await Promise.all([a.close(), b.close()]);
  await fill([4]);
  expect(readdirSync(folder).sort()).toEqual(['kindred-0.vec', 'kindred-1.vec']);
  const cache = await open();
  expect(await cache.read([1, 2, 3, 4].map(keyOf))).toEqual(vectorsOf([1, 2, 3, 4]));
  await cache.close();
});

test('the lock of a process that is gone is taken over, that of a living or a foreign one is not', async () => {
  await fill([1]);
  const lock = join(folder, 'kindred-0.vec.lock');
  const beyondAll = 2 ** 22 + 1; // above Linux's largest process id
  writeFileSync(lock, JSON.stringify({ pid: beyondAll, host: hostname() }));
  await fill([2]);
  expect(statSync(join(folder, 'kindred-0.vec')).size).toBe(2 * RECORD_BYTES);
  expect(existsSync(lock)).toBe(false);
  for (const owner of [
    { pid: process.pid, host: hostname() },
    { pid: beyondAll, host: 'elsewhere.invalid' },
  ]) {
    writeFileSync(lock, JSON.stringify(owner));
    await fill([3]);
    expect(statSync(join(folder, 'kindred-0.vec')).size).toBe(2 * RECORD_BYTES);
  }
});

test('vectors that are not of unit length or of another size are refused', async () => {
  const cache = await open();
  const codeOf = (vectors: Float32Array) =>
    cache.append([keyOf(1)], vectors).then(
      () => 'kept',
      (error: unknown) => error instanceof RecommenderError && error.code,
    );
  expect(await codeOf(Float32Array.of(1, 1, 1))).toBe('bad-vector');
  expect(await codeOf(Float32Array.of(Number.NaN, 0, 0))).toBe('bad-vector');
  expect(await codeOf(Float32Array.of(1, 0))).toBe('bad-vector');
  expect(cache.size).toBe(0);
  await cache.close();
});
