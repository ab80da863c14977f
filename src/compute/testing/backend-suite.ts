// What every Backend must do, whatever it runs on, stated against the plain TypeScript oracle. Call it once per backend
// from that backend's test file; it runs in Node and in a browser.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { type Backend, type RowBitset, SCORE_TOLERANCE, type ScanTable, type TopKList } from '../backend.ts';
import { createCpuBackend } from '../cpu/cpu-backend.ts';
import { quantizeRows } from '../quantize.ts';
import { bitsOf, randomVectors, type VectorKind } from './vectors.ts';

export interface SuiteOptions {
  /** Rows and scores must be the oracle's, bit for bit. Default: up to `SCORE_TOLERANCE`, relative for scores over 1. */
  exact?: boolean;
}

interface Pair {
  table: ScanTable;
  oracle: ScanTable;
}

export function describeBackend(name: string, create: () => Promise<Backend>, options: SuiteOptions = {}): void {
  describe(`backend: ${name}`, () => {
    let backend: Backend;
    const cpu = createCpuBackend();
    const open: ScanTable[] = [];
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(() => {
      for (const table of open) table.dispose();
      backend?.dispose();
    });

    const pairOf = (vectors: Float32Array, dimensions: number, capacity = vectors.length / dimensions): Pair => {
      const pair = { table: backend.createTable(dimensions, capacity), oracle: cpu.createTable(dimensions, capacity) };
      open.push(pair.table);
      setBoth(pair, 0, vectors, dimensions);
      return pair;
    };
    const setBoth = (pair: Pair, start: number, vectors: Float32Array, dimensions: number): void => {
      const rows = quantizeRows(vectors, dimensions);
      pair.table.set(start, rows);
      pair.oracle.set(start, rows);
    };
    const agree = async (pair: Pair, queries: Float32Array, k: number, allowed?: RowBitset): Promise<TopKList[]> => {
      const found = await pair.table.search(queries, k, allowed);
      const wanted = await pair.oracle.search(queries, k, allowed);
      expect(found).toHaveLength(wanted.length);
      for (const [i, list] of found.entries()) {
        const query = queries.subarray(i * pair.table.dimensions, (i + 1) * pair.table.dimensions);
        if (options.exact) expect(list).toEqual(wanted[i]);
        else await expectClose(list, wanted[i] as TopKList, pair.oracle, query, allowed);
      }
      return found;
    };

    test('says what it is', () => {
      expect(['cpu', 'wasm', 'webgpu']).toContain(backend.kind);
      expect(backend.description).toMatch(/\S/);
    });

    for (const dimensions of [1, 3, 128, 256, 383, 384]) {
      test(`random, duplicate, tied, zero and denormal rows of ${dimensions} dimensions score as the oracle says`, async () => {
        const random = seededRandom(dimensions);
        for (const kind of ['random', 'duplicates', 'ties', 'zeros', 'denormals', 'large'] satisfies VectorKind[]) {
          const pair = pairOf(randomVectors(kind, 300, dimensions, random), dimensions);
          await agree(pair, randomVectors(kind, 3, dimensions, random), 10);
          await agree(pair, randomVectors('random', 2, dimensions, random), 10);
          await agree(pair, new Float32Array(dimensions), 10); // the zero query: all tie
          pair.table.dispose();
        }
      });
    }

    for (const count of [0, 1, 63, 64, 65, 1023, 1025, 3000]) {
      test(`N = ${count}: k = 1, 10, 100 and 1,024, more than there are included`, async () => {
        const random = seededRandom(count + 1);
        const pair = pairOf(randomVectors('random', count, 24, random), 24);
        expect(pair.table.size).toBe(count);
        const query = randomVectors('random', 1, 24, random);
        for (const k of [1, 10, 100, 1024]) {
          const [list] = await agree(pair, query, k);
          expect(list?.rows).toHaveLength(Math.min(k, count));
        }
      });
    }

    test('equal scores come by ascending row', async () => {
      const pair = pairOf(randomVectors('duplicates', 1500, 16, seededRandom(5), 1), 16);
      const [list] = await agree(pair, randomVectors('random', 1, 16, seededRandom(6)), 1024);
      expect(list?.rows).toEqual(Int32Array.from({ length: 1024 }, (_, i) => i));
    });

    test('only allowed rows appear', async () => {
      const random = seededRandom(7);
      const pair = pairOf(randomVectors('random', 2100, 40, random), 40);
      const query = randomVectors('random', 2, 40, random);
      const chosen = {
        none: () => false,
        last: (row: number) => row === 2099,
        sparse: (row: number) => row % 97 === 31,
        half: () => random() < 0.5,
        all: () => true,
      };
      for (const choose of Object.values(chosen)) {
        const allowed = bitsOf(2100, choose);
        for (const k of [1, 30, 1024]) {
          for (const list of await agree(pair, query, k, allowed)) {
            for (const row of list.rows) expect(((allowed[row >> 5] as number) >>> (row & 31)) & 1).toBe(1);
          }
        }
      }
      // Bits past the last row mean nothing.
      await agree(pair, query, 1024, new Uint32Array(200).fill(0xffffffff));
    });

    test('holes are never returned, a row set again replaces, a gap is a hole, and the table grows', async () => {
      const random = seededRandom(8);
      const dimensions = 20;
      const pair = pairOf(randomVectors('random', 100, dimensions, random), dimensions, 100);
      const query = randomVectors('random', 1, dimensions, random);
      const removed = [0, 31, 32, 33, 64, 99, 99];
      pair.table.remove(removed);
      pair.oracle.remove(removed);
      expect(pair.table.size).toBe(100);
      const [list] = await agree(pair, query, 1024);
      expect(list?.rows).toHaveLength(94);
      setBoth(pair, 32, query, dimensions); // back again, now the best
      const [again] = await agree(pair, query, 1);
      expect(again?.rows).toEqual(Int32Array.of(32));
      setBoth(pair, 5, randomVectors('random', 40, dimensions, random), dimensions);
      await agree(pair, query, 1024);
      setBoth(pair, 2500, randomVectors('random', 700, dimensions, random), dimensions);
      expect(pair.table.size).toBe(3200);
      await agree(pair, query, 1024);
      await agree(
        pair,
        query,
        7,
        bitsOf(3200, (row) => row >= 90 && row % 3 === 0),
      );
    });

    test('many queries at once give what each gives alone', async () => {
      const random = seededRandom(9);
      const dimensions = 48;
      const pair = pairOf(randomVectors('random', 1300, dimensions, random), dimensions);
      const queries = randomVectors('random', 70, dimensions, random);
      const allowed = bitsOf(1300, () => random() < 0.7);
      const lists = await agree(pair, queries, 12, allowed);
      expect(lists).toHaveLength(70);
      for (const [i, list] of lists.entries()) {
        const [alone] = await pair.table.search(queries.subarray(i * dimensions, (i + 1) * dimensions), 12, allowed);
        expect(alone).toEqual(list);
      }
      expect(await pair.table.search(new Float32Array(0), 12)).toEqual([]);
    });

    test('several interests score each row together, dislikes push away near themselves', async () => {
      const random = seededRandom(11);
      for (const [dimensions, count] of [
        [24, 70],
        [100, 3000],
        [257, 1500],
      ] as const) {
        const pair = pairOf(randomVectors('random', count, dimensions, random), dimensions);
        for (const [likes, dislikes] of [
          [1, 0],
          [1, 1],
          [3, 0],
          [5, 2],
          [30, 7],
          [64, 64],
        ] as const) {
          const vectors = randomVectors('random', likes + dislikes, dimensions, random);
          const length = Math.hypot(...vectors.subarray(0, dimensions));
          const interests = {
            vectors: vectors.map((value) => value / length),
            likes,
            weights: Array.from({ length: likes + dislikes }, () => 0.1 + random()),
            offsets: Array.from({ length: likes + dislikes }, () => random() - 0.5),
            temperature: 0.05 + 0.2 * random(),
          };
          for (const allowed of [undefined, bitsOf(count, (row) => row % 3 !== 0)]) {
            const found = await pair.table.searchInterests(interests, 20, allowed);
            const wanted = await pair.oracle.searchInterests(interests, 20, allowed);
            if (options.exact) expect(found).toEqual(wanted);
            else {
              expect(found.rows).toHaveLength(wanted.rows.length);
              for (const [i, score] of found.scores.entries()) expect(Math.abs(score - (wanted.scores[i] as number))).toBeLessThan(SCORE_TOLERANCE);
            }
          }
        }
        pair.table.dispose();
      }
    });

    test('one like scores as a plain search does; what is out of range is refused', async () => {
      const random = seededRandom(12);
      const pair = pairOf(randomVectors('random', 900, 32, random), 32);
      const vectors = randomVectors('random', 1, 32, random).map((value) => value / 10);
      const one = await pair.table.searchInterests({ vectors, likes: 1, weights: [1], temperature: 0.5 }, 30);
      const [plain] = await pair.table.search(vectors, 30);
      expect(one.rows).toEqual(plain?.rows);
      for (const [i, score] of one.scores.entries()) expect(score).toBeCloseTo(plain?.scores[i] as number, 4);
      for (const wrong of [{ likes: 0 }, { likes: 2 }, { weights: [0] }, { weights: [Number.NaN] }, { temperature: 0 }]) {
        const refused = pair.table.searchInterests({ vectors, likes: 1, weights: [1], temperature: 0.5, ...wrong }, 30);
        await expect(refused).rejects.toMatchObject({ code: 'bad-argument' });
      }
    });

    test('two tables of one backend do not touch each other', async () => {
      const random = seededRandom(10);
      const a = pairOf(randomVectors('random', 80, 12, random), 12);
      const b = pairOf(randomVectors('random', 90, 36, random), 36);
      a.table.remove([3]);
      a.oracle.remove([3]);
      await agree(b, randomVectors('random', 2, 36, random), 90);
      b.table.dispose();
      await agree(a, randomVectors('random', 2, 12, random), 90);
    });

    test('searches that run at the same time do not mix', async () => {
      const random = seededRandom(11);
      const pair = pairOf(randomVectors('random', 500, 32, random), 32);
      const queries = Array.from({ length: 6 }, () => randomVectors('random', 2, 32, random));
      await Promise.all(queries.map((query, i) => agree(pair, query, 5 + i)));
    });

    test('refuses what is not finite, has the wrong length or is out of range', async () => {
      const { table } = pairOf(randomVectors('random', 70, 8, seededRandom(12)), 8);
      const badQueries = [new Float32Array(8).fill(Number.NaN), new Float32Array(8).fill(Number.POSITIVE_INFINITY), new Float32Array(9)];
      for (const query of badQueries) await expect(table.search(query, 3)).rejects.toMatchObject({ code: 'bad-vector' });
      for (const k of [0, -1, 1.5, 1025, Number.NaN]) {
        await expect(table.search(new Float32Array(8), k)).rejects.toMatchObject({ code: 'bad-argument' });
      }
      await expect(table.search(new Float32Array(8), 3, new Uint32Array(2))).rejects.toMatchObject({ code: 'bad-argument' });
      const rows = quantizeRows(new Float32Array(8), 8);
      expect(() => table.set(-1, rows)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
      expect(() => table.set(0.5, rows)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
      expect(() => table.set(0, quantizeRows(new Float32Array(12), 6))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
      expect(() => table.set(0, { ...rows, scales: Float32Array.of(Number.NaN) })).toThrow(expect.objectContaining({ code: 'bad-vector' }));
      expect(() => backend.createTable(0, 1)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
      expect(table.size).toBe(70);
    });

    test('counts bytes held and bytes moved', async () => {
      const { table } = pairOf(randomVectors('random', 400, 64, seededRandom(13)), 64);
      expect(table.bytes).toBeGreaterThanOrEqual(400 * (64 + 4));
      await table.search(randomVectors('random', 1, 64, seededRandom(14)), 10);
      expect(table.lastCost.bytesRead).toBeGreaterThanOrEqual(400 * 64);
      expect(table.lastCost.bytesReadBack).toBeGreaterThan(0);
    });
  });
}

/** Same scores place by place, and every row returned scores as much as its place says, in both backends' eyes. */
async function expectClose(found: TopKList, wanted: TopKList, oracle: ScanTable, query: Float32Array, allowed?: RowBitset): Promise<void> {
  expect(found.rows).toHaveLength(wanted.rows.length);
  expect(new Set(found.rows).size).toBe(found.rows.length);
  const known = new Map(Array.from(wanted.rows, (row, i) => [row, wanted.scores[i] as number]));
  for (const [i, row] of found.rows.entries()) {
    const score = found.scores[i] as number;
    expectNear(score, wanted.scores[i] as number);
    // A row that the oracle left out must tie with one that it kept.
    if (!known.has(row)) expectNear(score, await scoreOf(oracle, query, row, allowed));
    else expectNear(score, known.get(row) as number);
  }
}

async function scoreOf(oracle: ScanTable, query: Float32Array, row: number, allowed?: RowBitset): Promise<number> {
  const only = bitsOf(oracle.size, (other) => other === row && (!allowed || (((allowed[row >> 5] as number) >>> (row & 31)) & 1) === 1));
  const [list] = await oracle.search(query, 1, only);
  return list?.scores[0] ?? Number.NaN;
}

function expectNear(found: number, wanted: number): void {
  if (found === wanted) return;
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(SCORE_TOLERANCE * Math.max(1, Math.abs(wanted)));
}
