// The dense kernels of training in WebAssembly. Each session has one memory of fixed size: it never grows, because growing would
// detach the arrays that callers hold.
import { RecommenderError } from '../../base/errors.ts';
import type { AdamStep, DenseKernels, DenseSessionFactory } from '../cpu/dense.ts';
import { compileModule } from './compile.ts';
import { DENSE_BASE64 } from './dense-wasm.ts';

const PAGE_BYTES = 65_536;
/** Arrays start at multiples of this, so that SIMD loads from their start are aligned. */
const ALIGN_BYTES = 16;
/** Where a gather puts its row numbers, in front of the arrays, and how many at a time. */
const ROWS_AT = 1024;
const ROWS_AT_ONCE = 1024;
const FIRST_BYTE = ROWS_AT + ROWS_AT_ONCE * 4;

/** Exports of dense-products.as and dense-pointwise.as: addresses in bytes, flags as 0 or 1. */
interface DenseExports {
  multiply(a: number, b: number, out: number, m: number, k: number, n: number, add: number): void;
  multiplyTransposed(a: number, b: number, out: number, m: number, k: number, n: number, add: number): void;
  addTransposedProduct(a: number, b: number, out: number, m: number, k: number, n: number): void;
  rowDots(a: number, b: number, out: number, m: number, k: number, repeat: number, add: number): void;
  rowProducts(a: number, b: number, out: number, m: number, k: number, repeat: number): void;
  gather(from: number, rows: number, out: number, n: number, bytes: number): void;
  silu(x: number, gates: number, out: number, n: number): void;
  siluBackward(g: number, w: number, x: number, gates: number, out: number, m: number, n: number): void;
  sumOfSquares(x: number, n: number): number;
  pull(x: number, reference: number, slopes: number, strength: number, n: number): number;
  scale(x: number, factor: number, n: number): void;
  adam(
    parameters: number,
    gradient: number,
    mean: number,
    square: number,
    n: number,
    rate: number,
    unbias: number,
    keep: number,
    beta1: number,
    newMean: number,
    beta2: number,
    newSquare: number,
    epsilon: number,
  ): void;
  momentum(parameters: number, gradient: number, velocity: number, n: number, rate: number, share: number): void;
}

/**
 * Compiles the kernels once; sessions are cheap after that.
 * @returns undefined where the engine has no SIMD, no WebAssembly, or a content security policy that forbids it; use `cpuSession`
 */
export async function loadWasmSessions(): Promise<DenseSessionFactory<Float32Array> | undefined> {
  const module = await compileModule(DENSE_BASE64);
  return module && ((lengths) => openSession(module, lengths));
}

function openSession(module: WebAssembly.Module, lengths: readonly number[]) {
  const sizes = lengths.map((length) => Math.ceil((length * 4) / ALIGN_BYTES) * ALIGN_BYTES);
  const memory = newMemory(FIRST_BYTE + sizes.reduce((sum, size) => sum + size, 0));
  let at = FIRST_BYTE;
  const arrays = lengths.map((length, i) => {
    const array = new Float32Array(memory.buffer, at, length);
    at += sizes[i] as number;
    return array;
  });
  // The module is built from our sources, with these exports: the type is not checked.
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as DenseExports;
  return { kernels: kernelsOn(exports, memory.buffer), arrays };
}

function newMemory(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    const megabytes = Math.ceil(bytes / 1e6);
    const message = `No WebAssembly memory of ${megabytes} MB can be had for training. Use smaller batches or fewer negatives.`;
    throw new RecommenderError('out-of-memory', message, { megabytes }, { cause });
  }
}

function kernelsOn(wasm: DenseExports, buffer: ArrayBufferLike): DenseKernels<Float32Array> {
  const at = (array: Float32Array): number => {
    if (array.buffer !== buffer)
      throw new RecommenderError('bad-argument', 'A kernel was given an array of another session. Use the arrays of its own.');
    return array.byteOffset;
  };
  const rowNumbers = new Int32Array(buffer, ROWS_AT, ROWS_AT_ONCE);
  const flag = (value: boolean): number => (value ? 1 : 0);
  return {
    multiply: (a, b, out, m, k, n, add) => wasm.multiply(at(a), at(b), at(out), m, k, n, flag(add)),
    multiplyTransposed: (a, b, out, m, k, n, add) => wasm.multiplyTransposed(at(a), at(b), at(out), m, k, n, flag(add)),
    addTransposedProduct: (a, b, out, m, k, n) => wasm.addTransposedProduct(at(a), at(b), at(out), m, k, n),
    rowDots: (a, b, out, m, k, repeat, add) => wasm.rowDots(at(a), at(b), at(out), m, k, repeat, flag(add)),
    rowProducts: (a, b, out, m, k, repeat) => wasm.rowProducts(at(a), at(b), at(out), m, k, repeat),
    gather(from, rows, out, k) {
      for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
        const some = rows.subarray(first, first + ROWS_AT_ONCE);
        rowNumbers.set(some);
        wasm.gather(at(from), ROWS_AT, at(out) + first * k * 4, some.length, k * 4);
      }
    },
    silu: (x, gates, out, n) => wasm.silu(at(x), at(gates), at(out), n),
    siluBackward: (g, w, x, gates, out, m, n) => wasm.siluBackward(at(g), at(w), at(x), at(gates), at(out), m, n),
    sumOfSquares: (x, n) => wasm.sumOfSquares(at(x), n),
    pull: (x, reference, slopes, n, strength) => wasm.pull(at(x), reference ? at(reference) : 0, at(slopes), strength, n),
    scale: (x, factor, n) => wasm.scale(at(x), factor, n),
    adam: (parameters, gradient, mean, square, n, step) => wasm.adam(at(parameters), at(gradient), at(mean), at(square), n, ...adamNumbers(step)),
    momentum: (parameters, gradient, velocity, n, learningRate, momentum) =>
      wasm.momentum(at(parameters), at(gradient), at(velocity), n, learningRate, momentum),
  };
}

/** In the order of the kernel's arguments; computed in float64, as the oracle does. */
function adamNumbers({ learningRate, beta1, beta2, epsilon, decay, time }: AdamStep) {
  const rate = learningRate / (1 - beta1 ** time);
  return [rate, 1 / (1 - beta2 ** time), 1 - learningRate * decay, beta1, 1 - beta1, beta2, 1 - beta2, epsilon] as const;
}
