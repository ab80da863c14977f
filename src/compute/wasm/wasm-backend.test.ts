// Plain SIMD; the relaxed kernel is tested in a browser beside this file, since Node 20 has relaxed SIMD only behind a flag.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { leaveOut } from '../../base/testing/left-out.ts';
import { quantizeRows } from '../quantize.ts';
import { describeBackend } from '../testing/backend-suite.ts';
import { randomVectors } from '../testing/vectors.ts';
import { PLAIN_SIMD_BASE64 } from './scan-wasm.ts';
import { createWasmBackend } from './wasm-backend.ts';

async function plainBackend() {
  const backend = await createWasmBackend(['plain']);
  if (!backend) throw new Error('This engine has no SIMD in WebAssembly.');
  return backend;
}

describeBackend('wasm, plain SIMD', plainBackend, { exact: true });

afterEach(() => vi.restoreAllMocks());

test('without SIMD there is no such backend', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await createWasmBackend()).toBeUndefined();
});

test('a kernel that is not exact is not used, and the next one is', async () => {
  // The plain kernel under the relaxed one's name: it reads the query in the wrong form, so its sums are wrong.
  const plain = await WebAssembly.compile(Buffer.from(PLAIN_SIMD_BASE64, 'base64'));
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(true);
  vi.spyOn(WebAssembly, 'compile').mockResolvedValue(plain);
  expect(await createWasmBackend(['relaxed'])).toBeUndefined();
  expect((await createWasmBackend())?.description).not.toContain('relaxed');
});

test('memory that cannot grow is said, and the rows stay', async () => {
  const table = (await plainBackend()).createTable(16, 0);
  const vectors = randomVectors('random', 10, 16, seededRandom(1));
  table.set(0, quantizeRows(vectors, 16));
  vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
    throw new RangeError('no more');
  });
  expect(() => table.set(500_000, quantizeRows(vectors, 16))).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
  expect(table.size).toBe(10);
  expect((await table.search(vectors.subarray(0, 16), 1))[0]?.rows[0]).toBe(0);
  expect(() => table.set(2 ** 31 - 20, quantizeRows(vectors, 16))).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
});

test('the embedded kernels are what their source gives', (context) => {
  const script = fileURLToPath(new URL('../../../scripts/build-wasm.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  leaveOut(context, status === 3 ? 'assemblyscript, which rebuilds the kernels, is not installed' : undefined);
  expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
});
