// The compiled scan kernel: which of its two builds this engine can run, and its exports as a type. Holds no rows.
import { compileModule } from './compile.ts';
import { PLAIN_SIMD_BASE64, RELAXED_SIMD_BASE64 } from './scan-wasm.ts';

export type ScanVariant = 'relaxed' | 'plain';

export interface ScanModule {
  variant: ScanVariant;
  module: WebAssembly.Module;
}

/** Which rows a call reads: `stride` bytes each, of which `mask` allows some; `first` is the number of the first row. */
type ScannedRows = [rows: number, stride: number, scales: number, mask: number, words: number, first: number];

/** Exports of scan.as; all addresses are bytes in the imported memory, and may be over 2^31. */
export interface ScanExports {
  clear(heap: number): void;
  scan(...given: [...ScannedRows, query: number, queryScale: number, correction: number, heap: number, k: number]): void;
  scanInterests(...given: [...ScannedRows, queries: number, interests: number, likes: number, count: number, heap: number, k: number]): void;
  sort(heap: number): number;
}

/** @returns undefined where the engine has no such SIMD, no WebAssembly, or a content security policy that forbids it */
export async function compileScan(variant: ScanVariant): Promise<ScanModule | undefined> {
  const module = await compileModule(variant === 'relaxed' ? RELAXED_SIMD_BASE64 : PLAIN_SIMD_BASE64);
  return module && { variant, module };
}

export function instantiateScan(module: WebAssembly.Module, memory: WebAssembly.Memory): ScanExports {
  // The module is built from our sources, with these exports: the type is not checked.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScanExports;
}
