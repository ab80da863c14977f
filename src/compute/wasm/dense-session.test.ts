// The WASM kernels against the plain ones, on sizes around every block width; values outside the result must stay.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { gaussian, seededRandom } from '../../base/random.ts';
import { leaveOut } from '../../base/testing/left-out.ts';
import { cpuSession, type DenseKernels, type DenseSession, type DenseSessionFactory } from '../cpu/dense.ts';
import { loadWasmSessions } from './dense-session.ts';

afterEach(() => vi.restoreAllMocks());

async function wasmSession(): Promise<DenseSessionFactory<Float32Array>> {
  const session = await loadWasmSessions();
  if (!session) throw new Error('This engine has no SIMD in WebAssembly.');
  return session;
}

type Kernels = DenseKernels<Float32Array>;
type Operation = (kernels: Kernels, arrays: readonly Float32Array[], m: number, k: number, n: number) => unknown;

const AREA = 40 * 40;
const at = (arrays: readonly Float32Array[], i: number): Float32Array => arrays[i] as Float32Array;

const OPERATIONS: Record<string, Operation> = {
  multiply: (on, x, m, k, n) => on.multiply(at(x, 0), at(x, 1), at(x, 2), m, k, n, false),
  'multiply, added': (on, x, m, k, n) => on.multiply(at(x, 0), at(x, 1), at(x, 2), m, k, n, true),
  multiplyTransposed: (on, x, m, k, n) => on.multiplyTransposed(at(x, 0), at(x, 1), at(x, 2), m, k, n, false),
  'multiplyTransposed, added': (on, x, m, k, n) => on.multiplyTransposed(at(x, 0), at(x, 1), at(x, 2), m, k, n, true),
  addTransposedProduct: (on, x, m, k, n) => on.addTransposedProduct(at(x, 0), at(x, 1), at(x, 2), m, k, n),
  rowDots: (on, x, m, k, n) => on.rowDots(at(x, 0), at(x, 1), at(x, 2), m, k, n, false),
  'rowDots, added': (on, x, m, k, n) => on.rowDots(at(x, 0), at(x, 1), at(x, 2), m, k, n, true),
  rowProducts: (on, x, m, k, n) => on.rowProducts(at(x, 0), at(x, 1), at(x, 2), m, k, n),
  gather: (on, x, m, k) =>
    on.gather(
      at(x, 0),
      Int32Array.from({ length: m }, (_, i) => (i * 7) % 37),
      at(x, 2),
      k,
    ),
  silu: (on, x, m) => on.silu(at(x, 0), at(x, 1), at(x, 2), m),
  siluBackward: (on, x, m, _, n) => on.siluBackward(at(x, 0), at(x, 1), at(x, 3), at(x, 4), at(x, 2), m, n),
  sumOfSquares: (on, x, m) => on.sumOfSquares(at(x, 0), m),
  pull: (on, x, m) => on.pull(at(x, 0), undefined, at(x, 2), m, 0.3),
  'pull, with a reference': (on, x, m) => on.pull(at(x, 0), at(x, 1), at(x, 2), m, 0.3),
  scale: (on, x, m) => on.scale(at(x, 0), 0.3, m),
  adam: (on, x, m) => {
    at(x, 3).forEach((value, i) => {
      at(x, 3)[i] = Math.abs(value);
    });
    on.adam(at(x, 0), at(x, 1), at(x, 2), at(x, 3), m, { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1, time: 3 });
  },
  momentum: (on, x, m) => on.momentum(at(x, 0), at(x, 1), at(x, 2), m, 0.01, 0.9),
};

function filled({ arrays }: DenseSession<Float32Array>, seed: number): Float32Array[] {
  const random = seededRandom(seed);
  for (const array of arrays) for (let i = 0; i < array.length; i++) array[i] = gaussian(random);
  return arrays;
}

describe('plain and WASM kernels give the same', () => {
  const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 16, 19, 37];
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    test(name, async () => {
      const lengths = Array.from({ length: 5 }, () => AREA);
      const [wasm, plain] = [(await wasmSession())(lengths), cpuSession(lengths)];
      let seed = 0;
      let largest = 0;
      for (const m of sizes) {
        for (const [k, n] of [
          [1, 1],
          [3, 8],
          [4, 3],
          [16, 12],
          [21, 13],
          [37, 9],
          [5, 33],
        ] as const) {
          const [ours, theirs] = [filled(wasm, ++seed), filled(plain, seed)];
          const [one, other] = [operation(wasm.kernels, ours, m, k, n), operation(plain.kernels, theirs, m, k, n)];
          if (typeof one === 'number') expect(Math.abs(one - Number(other))).toBeLessThan(1e-5 * (1 + one));
          for (const [i, array] of ours.entries()) {
            array.forEach((value, j) => {
              const wanted = at(theirs, i)[j] as number;
              largest = Math.max(largest, Math.abs(value - wanted) / (1 + Math.abs(wanted)));
            });
          }
        }
      }
      expect(largest).toBeLessThan(3e-6);
    });
  }
});

test('silu at the ends of its range and for NaN', async () => {
  const { kernels, arrays } = (await wasmSession())([8, 8, 8]);
  const [x, gates, out] = arrays as [Float32Array, Float32Array, Float32Array];
  x.set([-1000, -20, -0, 0, 20, 1000, Number.NaN, -87]);
  kernels.silu(x, gates, out, 8);
  for (const [i, value] of x.entries()) {
    const gate = 1 / (1 + Math.exp(-value));
    if (Number.isNaN(value)) expect([gates[i], out[i]]).toEqual([Number.NaN, Number.NaN]);
    else expect(Math.abs((gates[i] as number) - gate)).toBeLessThan(1e-7);
    if (value < -20) expect(Math.abs(out[i] as number)).toBeLessThan(1e-30);
  }
});

test('a gather of more rows than fit at once', async () => {
  const { kernels, arrays } = (await wasmSession())([6, 9000]);
  at(arrays, 0).set([0, 1, 2, 3, 4, 5]);
  kernels.gather(
    at(arrays, 0),
    Int32Array.from({ length: 3000 }, (_, i) => i % 2),
    at(arrays, 1),
    3,
  );
  expect(at(arrays, 1).every((value, i) => value === i % 6)).toBe(true);
});

test('an array of another session is refused', async () => {
  const session = await wasmSession();
  const { kernels } = session([4]);
  expect(() => kernels.scale(at(session([4]).arrays, 0), 2, 4)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});

test('memory that cannot be had is said', async () => {
  const session = await wasmSession();
  expect(() => session([2 ** 32])).toThrow(expect.objectContaining({ code: 'out-of-memory' }));
});

test('without SIMD there are no such sessions', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  expect(await loadWasmSessions()).toBeUndefined();
});

test('the embedded kernels are what their source gives', (context) => {
  const script = fileURLToPath(new URL('../../../scripts/build-wasm.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  leaveOut(context, status === 3 ? 'assemblyscript, which rebuilds the kernels, is not installed' : undefined);
  expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
});
