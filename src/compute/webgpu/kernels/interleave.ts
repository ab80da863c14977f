// Bindings and dispatch of interleave.wgsl: rows as they were uploaded become rows as the scan reads them.
import interleaveSource from './interleave.wgsl?raw';
import { createKernel } from './kernel.ts';

/** Field for field `InterleaveParams` of interleave.wgsl. */
interface InterleaveParams {
  firstRow: number;
  rows: number;
  quads: number;
}

export interface InterleaveKernel {
  /** Starts compiling. */
  prepare(): void;
  encode(pass: GPUComputePassEncoder, buffers: { upload: GPUBuffer; rowWords: GPUBuffer }, params: GPUBuffer, shape: InterleaveParams): void;
}

export function interleaveParams({ firstRow, rows, quads }: InterleaveParams): Uint32Array {
  return Uint32Array.of(firstRow, rows, quads);
}

export function createInterleaveKernel(device: GPUDevice): InterleaveKernel {
  const kernel = createKernel(device, 'interleave', [interleaveSource], 12, ['read-only-storage', 'storage']);
  return {
    prepare: () => void kernel.pipeline({}),
    encode: (pass, { upload, rowWords }, params, { rows, quads }) => {
      pass.setPipeline(kernel.pipeline({}));
      pass.setBindGroup(0, kernel.bind(params, [upload, rowWords]), [0]);
      pass.dispatchWorkgroups(Math.ceil(rows / 64), quads);
    },
  };
}
