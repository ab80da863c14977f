import { expect, test } from 'vitest';
import { quantizeRows } from '../quantize.ts';
import { openForTest } from '../testing/test-device.ts';
import { openDevice } from './device.ts';
import { createWebGpuBackend } from './webgpu-backend.ts';

const ROWS = quantizeRows(Float32Array.of(1, 0, 0, 1), 2);

test('a device that is destroyed fails the search in flight and every later call with device-lost, and says so once', async () => {
  const heard: string[] = [];
  const backend = await openForTest({ onLost: (message) => heard.push(message) });
  const table = backend.createTable(2, 2);
  table.set(0, ROWS);
  await table.search(Float32Array.of(1, 0), 2);
  const inFlight = table.search(Float32Array.of(1, 0), 2).then(
    () => 'answered',
    (error: unknown) => error,
  );
  backend.device.destroy();
  expect([expect.objectContaining({ code: 'device-lost' }), 'answered']).toContainEqual(await inFlight);
  await expect(table.search(Float32Array.of(1, 0), 2)).rejects.toMatchObject({ code: 'device-lost' });
  await backend.device.lost;
  await expect(table.search(Float32Array.of(1, 0), 2)).rejects.toMatchObject({ code: 'device-lost' });
  await expect(table.ready()).rejects.toMatchObject({ code: 'device-lost' });
  expect(() => table.set(0, ROWS)).toThrow(expect.objectContaining({ code: 'device-lost' }));
  expect(() => backend.createTable(2, 2)).toThrow(expect.objectContaining({ code: 'device-lost' }));
  expect(heard).toHaveLength(1);
});

test('dispose is not a loss, and a device of the caller outlives it', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice(); // default limits, no timestamps
  if (!device) throw new Error('These tests need WebGPU: no adapter.');
  let lost = false;
  const backend = await openForTest({ device, onLost: () => (lost = true) });
  const table = backend.createTable(2, 2);
  table.set(0, ROWS);
  const [list] = await table.search(Float32Array.of(0, 1), 2);
  expect(list?.rows).toEqual(Int32Array.of(1, 0));
  expect(table.lastCost.deviceMs).toBeUndefined();
  table.dispose();
  await expect(table.search(Float32Array.of(0, 1), 2)).rejects.toMatchObject({ code: 'bad-argument' });
  backend.dispose();
  expect(() => backend.createTable(2, 2)).toThrow(expect.objectContaining({ code: 'device-lost' }));
  await device.queue.onSubmittedWorkDone();
  expect(lost).toBe(false);
  device.destroy();
});

test('a software adapter is refused with a reason unless forced', async () => {
  const open = await openDevice({ forceSoftware: true });
  if ('reason' in open) throw new Error(open.reason);
  expect(open.description).toMatch(/^WebGPU on \S/);
  const unforced = await createWebGpuBackend();
  if (open.description.includes('software')) expect(unforced).toEqual({ reason: expect.stringContaining('software') });
  else expect(unforced).toHaveProperty('backend');
  open.dispose();
});
