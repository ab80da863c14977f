import { afterEach, expect, test, vi } from 'vitest';
import { isSoftware } from './device.ts';
import { createWebGpuBackend } from './webgpu-backend.ts';

afterEach(() => vi.unstubAllGlobals());

test('no WebGPU, no adapter and a failing driver are reasons, not errors', async () => {
  vi.stubGlobal('navigator', {});
  expect(await createWebGpuBackend()).toEqual({ reason: expect.stringContaining('no WebGPU') });
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  expect(await createWebGpuBackend()).toEqual({ reason: expect.stringContaining('no adapter') });
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => Promise.reject(new Error('driver fell over')) } });
  expect(await createWebGpuBackend()).toEqual({ reason: expect.stringContaining('driver fell over') });
});

test('software adapters are known by their flag or their name', () => {
  expect(isSoftware({ isFallbackAdapter: true })).toBe(true);
  expect(isSoftware({ vendor: 'google', architecture: 'swiftshader' })).toBe(true);
  expect(isSoftware({ vendor: 'mesa', description: 'llvmpipe (LLVM 17.0.6, 256 bits)' })).toBe(true);
  expect(isSoftware({ vendor: 'nvidia', architecture: 'ampere', device: '', description: '' })).toBe(false);
});
