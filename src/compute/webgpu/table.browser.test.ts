import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import type { ScanTable } from '../backend.ts';
import { createCpuBackend } from '../cpu/cpu-backend.ts';
import { quantizeRows } from '../quantize.ts';
import { openForTest, refuseBuffers } from '../testing/test-device.ts';
import { bitsOf, randomVectors } from '../testing/vectors.ts';
import { STAMP_BYTES } from './timer.ts';

/** Random int8 rows without the cost of quantising. */
function randomRows(count: number, dimensions: number, random: () => number) {
  const values = Int8Array.from({ length: count * dimensions }, () => Math.floor(random() * 255) - 127);
  return { dimensions, count, values, scales: Float32Array.from({ length: count }, () => 0.0005 + random() * 0.0005) };
}

async function expectSame(table: ScanTable, oracle: ScanTable, queries: Float32Array, k: number, allowed?: Uint32Array): Promise<void> {
  expect(await table.search(queries, k, allowed)).toEqual(await oracle.search(queries, k, allowed));
}

const stampBytes = (device: GPUDevice) => (device.features.has('timestamp-query') ? STAMP_BYTES : 0);

describe('shards', () => {
  test('100,000 × 384 under a limit of 8 MiB a buffer: 5 shards, the result of one table, k rows read back', async () => {
    const backend = await openForTest({ limits: { maxStorageBufferBindingSize: 8 * 2 ** 20 } });
    const [dimensions, count] = [384, 100_000];
    const random = seededRandom(31);
    const rows = randomRows(count, dimensions, random);
    const table = backend.createTable(dimensions, count);
    const oracle = createCpuBackend().createTable(dimensions, count);
    await table.ready();
    for (const either of [table, oracle]) either.set(0, rows);
    expect(table.shardCount).toBe(5);
    expect(table.bytes).toBeLessThan(1.02 * count * (dimensions + 4));
    const query = randomVectors('random', 1, dimensions, random);
    await expectSame(table, oracle, query, 10);
    expect(table.lastCost.dispatches).toBe(6);
    expect(table.lastCost.bytesReadBack).toBe(10 * 8 + stampBytes(backend.device));
    expect(table.lastCost.bytesRead).toBe(count * (dimensions + 4));
    const allowed = bitsOf(count, (row) => row % 7 === 3);
    await expectSame(table, oracle, query, 200, allowed);
    backend.dispose();
  });

  test('rows that cross a shard are set, removed and set again in place', async () => {
    const dimensions = 32;
    const backend = await openForTest({ limits: { maxBufferSize: 512 * dimensions } });
    const random = seededRandom(32);
    const table = backend.createTable(dimensions, 1500);
    const oracle = createCpuBackend().createTable(dimensions, 1500);
    const both = (act: (either: ScanTable) => void) => [table, oracle].forEach(act);
    both((either) => either.set(0, randomRowsOnce));
    both((either) => either.remove([0, 511, 512, 513, 1023, 1024, 1499]));
    const query = randomVectors('random', 3, dimensions, random);
    await expectSame(table, oracle, query, 1024);
    expect(table.shardCount).toBe(3);
    const again = randomRows(700, dimensions, random);
    both((either) => either.set(400, again));
    both((either) => either.set(1499, quantizeRows(query.subarray(0, dimensions), dimensions)));
    await expectSame(table, oracle, query, 1024);
    both((either) => either.set(1500, randomRows(900, dimensions, seededRandom(33)))); // grows
    await expectSame(table, oracle, query, 1024);
    expect(table.size).toBe(2400);
    backend.dispose();
  });
  const randomRowsOnce = randomRows(1500, 32, seededRandom(34));

  test('limits too small for 64 rows are refused', async () => {
    const backend = await openForTest({ limits: { maxBufferSize: 1024 } });
    expect(() => backend.createTable(384, 10)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    backend.dispose();
  });
});

describe('cost of a search', () => {
  test('large k and many queries are few dispatches; nothing is created once the pool is warm', async () => {
    const backend = await openForTest();
    const [dimensions, count] = [64, 6000];
    const random = seededRandom(35);
    const rows = randomRows(count, dimensions, random);
    const table = backend.createTable(dimensions, count);
    const oracle = createCpuBackend().createTable(dimensions, count);
    for (const either of [table, oracle]) either.set(0, rows);
    const queries = randomVectors('random', 17, dimensions, random);
    for (const [batch, k] of [
      [queries.subarray(0, dimensions), 1024],
      [queries, 10],
      [queries.subarray(0, 3 * dimensions), 200],
    ] as const) {
      await expectSame(table, oracle, batch, k);
      expect(table.lastCost.dispatches).toBe(2);
      expect(table.lastCost.bytesReadBack).toBe((batch.length / dimensions) * k * 8 + stampBytes(backend.device));
    }
    // Four queries share one pass over the rows.
    await table.search(queries, 10);
    expect(table.lastCost.bytesRead).toBe(Math.ceil(17 / 4) * count * (dimensions + 4));
    let created = 0;
    const createBuffer = backend.device.createBuffer.bind(backend.device);
    backend.device.createBuffer = (descriptor) => {
      created++;
      return createBuffer(descriptor);
    };
    for (let i = 0; i < 3; i++) await table.search(queries, 10);
    expect(created).toBe(0);
    if (backend.device.features.has('timestamp-query')) expect(table.lastCost.deviceMs).toBeGreaterThan(0);
    backend.dispose();
  });

  test('what is set before the room is there may be changed by the caller, and searches keep their place in the order', async () => {
    const backend = await openForTest();
    const table = backend.createTable(4, 1);
    const rows = quantizeRows(Float32Array.of(1, 0, 0, 0), 4);
    table.set(0, rows);
    rows.values.fill(0);
    const early = table.search(Float32Array.of(1, 0, 0, 0), 5);
    table.remove([0]);
    const late = table.search(Float32Array.of(1, 0, 0, 0), 5);
    expect((await early)[0]?.rows).toEqual(Int32Array.of(0));
    expect((await early)[0]?.scores[0]).toBeCloseTo(1, 5);
    expect((await late)[0]?.rows).toHaveLength(0);
    backend.dispose();
  });
});

describe('memory runs out', () => {
  test('smaller shards are tried, and hold the rows', async () => {
    const backend = await openForTest();
    const [dimensions, count] = [384, 8192];
    const refused = refuseBuffers(backend.device, 'rows', 2 ** 20);
    const rows = randomRows(count, dimensions, seededRandom(36));
    const table = backend.createTable(dimensions, count);
    const oracle = createCpuBackend().createTable(dimensions, count);
    for (const either of [table, oracle]) either.set(0, rows);
    await expectSame(table, oracle, randomVectors('random', 1, dimensions, seededRandom(37)), 20);
    expect(table.shardCount).toBe(4);
    expect(refused()).toBe(3);
    backend.dispose();
  });

  test('a refusal of small ones too is out-of-memory, from search, ready and set', async () => {
    const backend = await openForTest();
    refuseBuffers(backend.device, 'rows', 1000);
    const table = backend.createTable(384, 4096);
    const rows = randomRows(10, 384, seededRandom(38));
    table.set(0, rows);
    await expect(table.search(new Float32Array(384), 5)).rejects.toMatchObject({ code: 'out-of-memory' });
    await expect(table.ready()).rejects.toMatchObject({ code: 'out-of-memory' });
    expect(() => table.set(0, rows)).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
    backend.dispose();
  });

  test('a refusal of what an upload or a search needs is out-of-memory too', async () => {
    const backend = await openForTest();
    const [kept, failing] = [backend.createTable(64, 100), backend.createTable(64, 100)];
    await Promise.all([kept.ready(), failing.ready()]);
    kept.set(0, randomRows(100, 64, seededRandom(39)));
    refuseBuffers(backend.device, 'pool', 8000);
    await expect(kept.search(new Float32Array(64), 1024)).rejects.toMatchObject({ code: 'out-of-memory' });
    expect((await kept.search(new Float32Array(64), 5))[0]?.rows).toHaveLength(5);
    failing.set(0, randomRows(200, 64, seededRandom(40)));
    await expect(failing.search(new Float32Array(64), 5)).rejects.toMatchObject({ code: 'out-of-memory' });
    backend.dispose();
  });
});
