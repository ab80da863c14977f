import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../base/random.ts';
import { createCpuBackend } from '../../cpu/cpu-backend.ts';
import { quantizeRows } from '../../quantize.ts';
import { openForTest } from '../../testing/test-device.ts';
import { randomVectors } from '../../testing/vectors.ts';

describe.each(['packed', 'unpacked'] as const)('scan.wgsl, %s dot product', (dot) => {
  test('gives the scores of the oracle bit for bit, for 1 and for 5 queries', async () => {
    const backend = await openForTest({ dot });
    const [dimensions, count, k] = [384, 2000, 50];
    const random = seededRandom(21);
    const rows = quantizeRows(randomVectors('random', count, dimensions, random), dimensions);
    const [table, oracle] = [backend.createTable(dimensions, count), createCpuBackend().createTable(dimensions, count)];
    for (const either of [table, oracle]) either.set(0, rows);
    for (const queryCount of [1, 5]) {
      const queries = randomVectors('random', queryCount, dimensions, random);
      expect(await table.search(queries, k)).toEqual(await oracle.search(queries, k));
    }
    backend.dispose();
  });

  test('sums the extremes of int8 exactly', async () => {
    const backend = await openForTest({ dot });
    const dimensions = 1024;
    const values = new Int8Array(4 * dimensions);
    values.fill(127, 0, dimensions);
    values.fill(-127, dimensions, 2 * dimensions);
    for (let j = 0; j < dimensions; j++) values[2 * dimensions + j] = j % 2 === 0 ? 127 : -127;
    values[3 * dimensions + dimensions - 1] = 1;
    const table = backend.createTable(dimensions, 4);
    table.set(0, { dimensions, count: 4, values, scales: Float32Array.of(1, 1, 1, 1) });
    const [list] = await table.search(new Float32Array(dimensions).fill(127), 4);
    const whole = 127 * 127 * dimensions;
    expect(list).toEqual({ rows: Int32Array.of(0, 3, 2, 1), scores: Float32Array.of(whole, 127, 0, -whole) });
    backend.dispose();
  });
});
