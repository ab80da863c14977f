// A backend for tests, on whatever adapter there is, software too. Fails, never skips, where there is none.
import { createWebGpuBackend, type WebGpuBackend, type WebGpuOptions } from './webgpu-backend.ts';

export async function openForTest(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const opened = await createWebGpuBackend({ forceSoftware: true, ...options });
  if ('reason' in opened) throw new Error(`These tests need WebGPU: ${opened.reason}`);
  return opened.backend;
}
