import { expect, test } from 'vitest';
import { openForTest, readBack, storageBuffer } from '../../testing/test-device.ts';
import { createInterleaveKernel, interleaveParams } from './interleave.ts';

test('interleave.wgsl puts quad y of row r at ((r / 64) · quads + y) · 64 + r mod 64 and touches nothing else', async () => {
  const backend = await openForTest();
  const { device } = backend;
  const shape = { firstRow: 50, rows: 90, quads: 3 };
  const upload = Uint32Array.from({ length: shape.rows * shape.quads * 4 }, (_, i) => i + 1);
  const rowWords = storageBuffer(device, new Uint32Array(192 * shape.quads * 4));
  const params = storageBuffer(device, interleaveParams(shape), GPUBufferUsage.UNIFORM);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  createInterleaveKernel(device).encode(pass, { upload: storageBuffer(device, upload), rowWords }, params, shape);
  pass.end();
  device.queue.submit([encoder.finish()]);

  const wanted = new Uint32Array(192 * shape.quads * 4);
  for (let i = 0; i < shape.rows; i++) {
    for (let y = 0; y < shape.quads; y++) {
      const row = shape.firstRow + i;
      const from = (i * shape.quads + y) * 4;
      wanted.set(upload.subarray(from, from + 4), ((Math.floor(row / 64) * shape.quads + y) * 64 + (row % 64)) * 4);
    }
  }
  expect(await readBack(device, rowWords)).toEqual(wanted);
  backend.dispose();
});
