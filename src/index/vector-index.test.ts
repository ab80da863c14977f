import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Backend } from '../compute/backend.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import { interestScore } from '../compute/interests.ts';
import { randomVectors } from '../compute/testing/vectors.ts';
import { createWasmBackend } from '../compute/wasm/wasm-backend.ts';
import { bitsetOf, bitsetWhere, hasRow } from './bitset.ts';
import { FlatIndex } from './testing/flat-index.ts';
import { createIndex } from './vector-index.ts';

const DIMENSIONS = 24;
const backends: [string, () => Promise<Backend | undefined>][] = [
  ['cpu', async () => createCpuBackend()],
  ['wasm', () => createWasmBackend()],
];

describe.each(backends)('vector index on %s', (_, create) => {
  const open = async (rescore: boolean) => {
    const backend = await create();
    if (!backend) throw new Error('There is no such backend here.');
    return createIndex(backend, { dimensions: DIMENSIONS, rescore });
  };
  const random = seededRandom(1);
  const vectors = randomVectors('random', 2000, DIMENSIONS, random);
  const query = randomVectors('random', 1, DIMENSIONS, random);

  test('re-scored results are those of a float32 scan, scores included', async () => {
    const index = await open(true);
    expect(index.add(vectors.subarray(0, 700 * DIMENSIONS))).toBe(0);
    expect(index.add(vectors.subarray(700 * DIMENSIONS))).toBe(700);
    const flat = new FlatIndex(vectors, DIMENSIONS);
    const allowed = bitsetWhere(2000, (row) => row % 3 !== 0);
    expect(await index.search(query, 10)).toEqual(flat.search(query, 10));
    expect(await index.search(query, 10, allowed)).toEqual(flat.search(query, 10, (row) => hasRow(allowed, row)));
    expect(await index.search(query, 1)).toHaveLength(1);
    expect(await index.search(query, 1024)).toHaveLength(1024);
  });

  test('rows come, change and go without a rebuild', async () => {
    for (const rescore of [false, true]) {
      const index = await open(rescore);
      expect(await index.search(query, 3)).toEqual([]);
      index.add(vectors);
      const [best] = await index.search(query, 1);
      index.remove([best?.row ?? -1]);
      expect((await index.search(query, 1024)).map(({ row }) => row)).not.toContain(best?.row);
      index.replace(1234, query);
      expect((await index.search(query, 1))[0]?.row).toBe(1234);
      expect(index.add(query)).toBe(2000);
      expect((await index.search(query, 2)).map(({ row }) => row)).toEqual([1234, 2000]);
      index.remove([1234]);
      index.replace(1234, query);
      expect((await index.search(query, 2, bitsetOf(2001, [1234, 7]))).map(({ row }) => row)).toEqual([1234, 7]);
      expect(index.size).toBe(2001);
      expect(index.bytes).toBeGreaterThanOrEqual(2001 * DIMENSIONS * (rescore ? 5 : 1));
      index.dispose();
    }
  });

  test('many queries give what each gives alone', async () => {
    const index = await open(true);
    index.add(vectors);
    const many = await index.searchMany(vectors.subarray(0, 40 * DIMENSIONS), 5);
    for (const [i, list] of many.entries()) {
      expect(await index.search(vectors.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS), 5)).toEqual(list);
      expect(list[0]?.row).toBe(i);
    }
  });

  test('several interests rank as the definition says, in float32 where rows are kept', async () => {
    const index = await open(true);
    index.add(vectors);
    const interests = { vectors: vectors.slice(0, 7 * DIMENSIONS), likes: 5, weights: [0.2, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3], temperature: 0.12 };
    const wanted = Array.from({ length: 2000 }, (_, row) => {
      const products = Array.from({ length: 7 }, (_, i) => dot(vectors, row * DIMENSIONS, vectors, i * DIMENSIONS, DIMENSIONS));
      return { row, score: Math.fround(interestScore(products, interests)) };
    }).sort((a, b) => b.score - a.score || a.row - b.row);
    expect(await index.searchInterests(interests, 10)).toEqual(wanted.slice(0, 10));
    const compact = await open(false);
    compact.add(vectors);
    const found = await compact.searchInterests(interests, 10);
    const best = new Set(wanted.slice(0, 10).map(({ row }) => row));
    expect(found.filter(({ row }) => best.has(row)).length).toBeGreaterThanOrEqual(9);
    for (const { row, score } of found) expect(score).toBeCloseTo(wanted.find((one) => one.row === row)?.score ?? Number.NaN, 1);
  });

  test('refuses what it cannot hold or find, and stays as it was', async () => {
    const index = await open(true);
    index.add(vectors);
    const bad = new Float32Array(2 * DIMENSIONS);
    bad[DIMENSIONS + 3] = Number.NaN;
    expect(() => index.add(bad)).toThrow(/Row 1 holds NaN/);
    expect(() => index.add(new Float32Array(5))).toThrow(expect.objectContaining({ code: 'bad-vector' }));
    expect(() => index.replace(2000, query)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    expect(() => index.replace(-1, query)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    for (const k of [0, 1025, 0.5, 1.5, Number.NaN]) {
      await expect(index.search(query, k)).rejects.toMatchObject({ code: 'bad-argument' });
    }
    await expect(index.search(new Float32Array(0), 1)).rejects.toMatchObject({ code: 'bad-vector' });
    await expect(index.search(bad.subarray(DIMENSIONS), 1)).rejects.toMatchObject({ code: 'bad-vector' });
    expect(index.size).toBe(2000);
  });
});
