// The fast path without a GPU: the scan in WebAssembly SIMD. It is used only where it gives the oracle's results bit for bit.
import type { Backend } from '../backend.ts';
import { createCpuBackend } from '../cpu/cpu-backend.ts';
import { quantizeRows } from '../quantize.ts';
import { checkTableShape } from '../table-checks.ts';
import { compileScan, type ScanModule, type ScanVariant } from './scan-module.ts';
import { WasmTable } from './wasm-table.ts';

const DESCRIPTIONS: Record<ScanVariant, string> = {
  relaxed: 'WebAssembly with relaxed SIMD on one CPU core.',
  plain: 'WebAssembly with SIMD on one CPU core.',
};

/**
 * @param variants builds of the kernel to try, best first; the first that the engine runs and that is exact here is used
 * @returns undefined without SIMD in WebAssembly
 */
export async function createWasmBackend(variants: readonly ScanVariant[] = ['relaxed', 'plain']): Promise<Backend | undefined> {
  for (const variant of variants) {
    const module = await compileScan(variant);
    if (module && (await isExact(module))) return backendOf(module);
  }
  return undefined;
}

function backendOf(module: ScanModule): Backend {
  return {
    kind: 'wasm',
    description: DESCRIPTIONS[module.variant],
    createTable: (dimensions, capacity) => {
      checkTableShape(dimensions, capacity);
      return new WasmTable(module, dimensions, capacity);
    },
    dispose: () => {},
  };
}

/**
 * Compares a small search with the oracle's, on values where a wrong relaxed product shows. V8 11.3 (Node 20), which has relaxed
 * SIMD behind a flag, adds to the wrong sum and fails here.
 */
async function isExact(module: ScanModule): Promise<boolean> {
  const dimensions = 40;
  const values = [127, -127, 127, 126, -1, 0, 1, -126, 127, 127, -127, -127, 64, -64, 63];
  const vectors = Float32Array.from({ length: 36 * dimensions }, (_, i) => values[(i * 7 + (i >> 3)) % values.length] as number);
  vectors.fill(127, 0, dimensions);
  vectors.fill(-127, dimensions, 2 * dimensions);
  const rows = quantizeRows(vectors, dimensions);
  const table = new WasmTable(module, dimensions, rows.count);
  const oracle = createCpuBackend().createTable(dimensions, rows.count);
  try {
    table.set(0, rows);
    oracle.set(0, rows);
    const queries = vectors.subarray(0, 6 * dimensions);
    return JSON.stringify(plain(await table.search(queries, 20))) === JSON.stringify(plain(await oracle.search(queries, 20)));
  } finally {
    table.dispose();
  }
}

function plain(lists: { rows: Int32Array; scores: Float32Array }[]): number[][] {
  return lists.flatMap(({ rows, scores }) => [Array.from(rows), Array.from(scores)]);
}
