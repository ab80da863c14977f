// Bindings and dispatch of merge.wgsl: every `fan` lists of a query become one.
import { createKernel } from './kernel.ts';
import mergeSource from './merge.wgsl?raw';
import selectSource from './select.wgsl?raw';

/** Field for field `MergeParams` of merge.wgsl. */
interface MergeParams {
  listCount: number;
  fan: number;
  k: number;
}

export interface MergeKernel {
  /** Starts compiling. */
  prepare(kPadded: number): void;
  encode(
    pass: GPUComputePassEncoder,
    kPadded: number,
    buffers: { source: GPUBuffer; merged: GPUBuffer },
    params: GPUBuffer,
    paramsOffset: number,
    groups: [number, number],
  ): void;
}

export function mergeParams({ listCount, fan, k }: MergeParams): Uint32Array {
  return Uint32Array.of(listCount, fan, k);
}

export function createMergeKernel(device: GPUDevice): MergeKernel {
  const kernel = createKernel(device, 'merge', [selectSource, mergeSource], 12, ['read-only-storage', 'storage']);
  const pipelineOf = (kPadded: number) => kernel.pipeline({ GROUP: 256, STREAMS: 1, K_PADDED: kPadded });
  return {
    prepare: (kPadded) => void pipelineOf(kPadded),
    encode: (pass, kPadded, { source, merged }, params, paramsOffset, [lists, queries]) => {
      pass.setPipeline(pipelineOf(kPadded));
      pass.setBindGroup(0, kernel.bind(params, [source, merged]), [paramsOffset]);
      pass.dispatchWorkgroups(lists, queries);
    },
  };
}
