// For tests: a backend on whatever adapter there is, software too, and buffers in and out. Fails, never skips, without an adapter.
import { write } from '../webgpu/shard.ts';
import { createWebGpuBackend, type WebGpuBackend, type WebGpuOptions } from '../webgpu/webgpu-backend.ts';

export async function openForTest(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const opened = await createWebGpuBackend({ forceSoftware: true, ...options });
  if ('reason' in opened) throw new Error(`These tests need WebGPU: ${opened.reason}`);
  return opened.backend;
}

/** A buffer that holds `words`. */
export function storageBuffer(device: GPUDevice, words: Uint32Array, usage: GPUBufferUsageFlags = GPUBufferUsage.STORAGE): GPUBuffer {
  const buffer = device.createBuffer({ size: words.byteLength, usage: usage | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC });
  write(device, buffer, 0, words);
  return buffer;
}

export async function readBack(device: GPUDevice, buffer: GPUBuffer): Promise<Uint32Array> {
  const staging = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return words;
}

/** Makes the device refuse buffers of that label over `mostBytes`, the way it does when memory is short. @returns how many it refused */
export function refuseBuffers(device: GPUDevice, label: 'rows' | 'pool', mostBytes: number): () => number {
  const createBuffer = device.createBuffer.bind(device);
  const popErrorScope = device.popErrorScope.bind(device);
  let refusedNow = false;
  let refused = 0;
  device.createBuffer = (descriptor) => {
    if (descriptor.label === label && descriptor.size > mostBytes) refusedNow = true;
    return createBuffer(descriptor);
  };
  device.popErrorScope = async () => {
    const error = refusedNow ? new GPUOutOfMemoryError('refused by the test') : undefined;
    refusedNow = false;
    if (error) refused++;
    return (await popErrorScope()) ?? error ?? null;
  };
  return () => refused;
}
