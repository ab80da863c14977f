import { expect, test } from 'vitest';
import { seededRandom } from '../../../base/random.ts';
import { openForTest, readBack, storageBuffer } from '../../testing/test-device.ts';
import { createMergeKernel, mergeParams } from './merge.ts';

test.each([
  { listCount: 5, fan: 5, k: 16 },
  { listCount: 9, fan: 4, k: 10 },
  { listCount: 3, fan: 2, k: 700 },
])('merge.wgsl keeps the best of $listCount lists of $k, $fan at a time', async ({ listCount, fan, k }) => {
  const backend = await openForTest();
  const { device } = backend;
  const random = seededRandom(listCount);
  const queries = 2;
  const merged = Math.ceil(listCount / fan);
  let row = 0;
  // Few different keys, so that rows decide; every list ends in empty places.
  const lists = Array.from({ length: queries * listCount }, (_, i) =>
    Array.from({ length: k - (i % 3) }, () => [1 + Math.floor(random() * 9), row++] as [number, number]).sort(better),
  );
  const source = new Uint32Array(queries * listCount * k * 2);
  for (const [i, list] of lists.entries()) source.set(list.flat(), i * k * 2);

  const target = storageBuffer(device, new Uint32Array(queries * merged * k * 2));
  const params = storageBuffer(device, mergeParams({ listCount, fan, k }), GPUBufferUsage.UNIFORM);
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const kPadded = Math.max(16, 2 ** Math.ceil(Math.log2(k)));
  createMergeKernel(device).encode(pass, kPadded, { source: storageBuffer(device, source), merged: target }, params, 0, [merged, queries]);
  pass.end();
  device.queue.submit([encoder.finish()]);

  const wanted = Array.from({ length: queries * merged }, (_, i) => {
    const first = Math.floor(i / merged) * listCount + (i % merged) * fan;
    const last = Math.min(first + fan, (Math.floor(i / merged) + 1) * listCount);
    const best = lists.slice(first, last).flat().sort(better).slice(0, k).flat();
    return [...best, ...Array(2 * k - best.length).fill(0)];
  });
  expect(Array.from(await readBack(device, target))).toEqual(wanted.flat());
  backend.dispose();
});

function better([keyA, rowA]: [number, number], [keyB, rowB]: [number, number]): number {
  return keyB - keyA || rowA - rowB;
}
