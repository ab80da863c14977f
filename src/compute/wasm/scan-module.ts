// The compiled scan kernel: which of its two builds this engine can run, and its exports as a type. Holds no rows.
import { PLAIN_SIMD_BASE64, RELAXED_SIMD_BASE64 } from './scan-wasm.ts';

export type ScanVariant = 'relaxed' | 'plain';

export interface ScanModule {
  variant: ScanVariant;
  module: WebAssembly.Module;
}

/** Exports of scan.as; all addresses are bytes in the imported memory, and may be over 2^31. */
export interface ScanExports {
  clear(heap: number): void;
  scan(
    rows: number,
    stride: number,
    scales: number,
    mask: number,
    words: number,
    first: number,
    query: number,
    queryScale: number,
    correction: number,
    heap: number,
    k: number,
  ): void;
  sort(heap: number): number;
}

/** @returns undefined where the engine has no such SIMD, no WebAssembly, or a content security policy that forbids it */
export async function compileScan(variant: ScanVariant): Promise<ScanModule | undefined> {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = bytesOf(variant === 'relaxed' ? RELAXED_SIMD_BASE64 : PLAIN_SIMD_BASE64);
  if (!WebAssembly.validate(bytes)) return undefined;
  try {
    return { variant, module: await WebAssembly.compile(bytes) };
  } catch {
    return undefined;
  }
}

export function instantiateScan(module: WebAssembly.Module, memory: WebAssembly.Memory): ScanExports {
  // Ours and built with these names: the one place where the type is taken on trust.
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScanExports;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
