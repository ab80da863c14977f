// Where rows are scanned: one backend for small tables, one for large ones, each opened when first needed.
import type { Backend } from '../compute/backend.ts';
import { createWebGpuBackend } from '../compute/webgpu/webgpu-backend.ts';
import { selectBackend } from '../index/select-backend.ts';

/** Rows × dimensions from which the index is put on the GPU, where there is one: 65,536 rows of 256. */
const VALUES_FOR_WEBGPU = 2 ** 24;

export class Backends {
  readonly #opened: { small?: Promise<Backend>; large?: Promise<Backend> } = {};

  /**
   * WebGPU only for large tables: below, the scan on WASM is done before a GPU has answered.
   * @param values rows × dimensions
   */
  for(values: number, onNotice: (text: string) => void): Promise<Backend> {
    const large = values >= VALUES_FOR_WEBGPU;
    const key = large ? 'large' : 'small';
    this.#opened[key] ??= selectBackend(large ? { webgpu: () => createWebGpuBackend() } : {}, onNotice).then(({ backend }) => backend);
    return this.#opened[key];
  }
}
