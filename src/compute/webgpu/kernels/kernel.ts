// What all kernels of search and training share: a bind group layout with parameters at a dynamic offset, and their pipelines.

export type StorageKind = 'read-only-storage' | 'storage';

/** Parameters of dispatches lie this far apart in one uniform buffer (the default minUniformBufferOffsetAlignment). */
export const PARAMS_STRIDE = 256;

export interface Kernel {
  /** Made at the first call with these constants, then kept. The browser may compile it at the first dispatch. */
  pipeline(constants: Record<string, number>): GPUComputePipeline;
  /** Compiles in the background, so that several kernels compile at the same time. Not kept. @throws GPUPipelineError */
  compile(constants: Record<string, number>): Promise<GPUComputePipeline>;
  /** @param buffers in binding order, from binding 1 */
  bind(params: GPUBuffer, buffers: readonly GPUBuffer[]): GPUBindGroup;
}

/**
 * @param code WGSL files in order
 * @param paramsBytes size of the uniform struct at binding 0
 * @param storage kinds of bindings 1, 2, ...
 */
export function createKernel(
  device: GPUDevice,
  label: string,
  code: readonly string[],
  paramsBytes: number,
  storage: readonly StorageKind[],
): Kernel {
  const module = device.createShaderModule({ label, code: code.join('\n') });
  const layout = device.createBindGroupLayout({
    label,
    entries: [
      {
        binding: 0,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: 'uniform', hasDynamicOffset: true, minBindingSize: paramsBytes },
      },
      ...storage.map((type, i) => ({ binding: i + 1, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    ],
  });
  const pipelineLayout = device.createPipelineLayout({ label, bindGroupLayouts: [layout] });
  const pipelines = new Map<string, GPUComputePipeline>();
  return {
    pipeline: (constants) => {
      const key = JSON.stringify(constants);
      const made = pipelines.get(key) ?? device.createComputePipeline({ label, layout: pipelineLayout, compute: { module, constants } });
      pipelines.set(key, made);
      return made;
    },
    compile: (constants) => device.createComputePipelineAsync({ label, layout: pipelineLayout, compute: { module, constants } }),
    bind: (params, buffers) =>
      device.createBindGroup({
        label,
        layout,
        entries: [
          { binding: 0, resource: { buffer: params, size: paramsBytes } },
          ...buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
        ],
      }),
  };
}
