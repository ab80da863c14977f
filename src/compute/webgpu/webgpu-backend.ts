// The WebGPU backend: opens a device or says why not, compiles the kernels, makes tables.
import { messageOf } from '../../base/errors.ts';
import type { Backend } from '../backend.ts';
import { checkTableShape } from '../table-checks.ts';
import { BufferPool } from './buffer-pool.ts';
import { type DeviceOptions, deviceLost, type OpenDevice, openDevice } from './device.ts';
import type { GpuContext } from './gpu-context.ts';
import { createInterestsKernel } from './kernels/interests.ts';
import { createInterleaveKernel } from './kernels/interleave.ts';
import { createMergeKernel } from './kernels/merge.ts';
import { createScanKernel } from './kernels/scan.ts';
import { quadsOf } from './layout.ts';
import { scanShape } from './search-plan.ts';
import { WebGpuTable } from './table.ts';
import { createTimer } from './timer.ts';

export interface WebGpuOptions extends DeviceOptions {
  /** Which exact dot product the scan uses; `auto` takes the packed one where the language has it. */
  dot?: 'auto' | 'packed' | 'unpacked';
}

export interface WebGpuBackend extends Backend {
  readonly kind: 'webgpu';
  readonly device: GPUDevice;
  readonly dot: 'packed' | 'unpacked';
  createTable(dimensions: number, capacity: number): WebGpuTable;
}

/** @returns the backend, or the reason in one sentence why this machine has none */
export async function createWebGpuBackend(options: WebGpuOptions = {}): Promise<{ backend: WebGpuBackend } | { reason: string }> {
  const open = await openDevice(options);
  if ('reason' in open) return open;
  const packed = options.dot === 'packed' || (options.dot !== 'unpacked' && open.hasPackedDot);
  if (packed && !open.hasPackedDot) {
    open.dispose();
    return { reason: 'WGSL has no packed dot product in this browser.' };
  }
  try {
    return { backend: backendOf(await compile(open, packed), packed) };
  } catch (error) {
    open.dispose();
    return { reason: `The WebGPU kernels do not compile on this device: ${messageOf(error)}` };
  }
}

/** Makes the kernels and the pipelines of the commonest search, so that a driver that cannot compile them fails here and not at the first search. */
async function compile(open: OpenDevice, packed: boolean): Promise<GpuContext> {
  const { device } = open;
  device.pushErrorScope('validation');
  const context = {
    ...open,
    pool: new BufferPool(device),
    timer: createTimer(device),
    scan: createScanKernel(device, packed),
    interests: createInterestsKernel(device, packed),
    merge: createMergeKernel(device),
    interleave: createInterleaveKernel(device),
  };
  context.scan.prepare(scanShape(quadsOf(384), 1, 16));
  context.merge.prepare(16);
  context.interleave.prepare();
  const invalid = await device.popErrorScope();
  if (invalid) throw new Error(invalid.message);
  return context;
}

function backendOf(context: GpuContext, packed: boolean): WebGpuBackend {
  return {
    kind: 'webgpu',
    description: context.description,
    device: context.device,
    dot: packed ? 'packed' : 'unpacked',
    createTable: (dimensions, capacity) => {
      checkTableShape(dimensions, capacity);
      const lost = context.lostReason();
      if (lost !== undefined) throw deviceLost(lost);
      return new WebGpuTable(context, dimensions, capacity);
    },
    dispose: () => {
      context.pool.clear();
      context.timer?.dispose();
      context.dispose();
    },
  };
}
