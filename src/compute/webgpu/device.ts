// Opens a GPU device, or says in a sentence why there is none. Watches for its loss. Must never throw for a missing GPU.
import { messageOf, RecommenderError } from '../../base/errors.ts';

interface BufferLimits {
  maxStorageBufferBindingSize: number;
  maxBufferSize: number;
}

export interface DeviceOptions {
  /** Use a software adapter too; it is slower than the CPU path, so only tests want it. */
  forceSoftware?: boolean;
  /** Use this device and leave its life to the caller. */
  device?: GPUDevice;
  /** Smaller limits than the device has, for tests of sharding. */
  limits?: Partial<BufferLimits>;
  /** Called once when the device goes away on its own. */
  onLost?: (message: string) => void;
}

/** A device with what the rest needs to know about it. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly description: string;
  readonly limits: BufferLimits;
  readonly hasTimestamps: boolean;
  /** WGSL has `dot4I8Packed`. */
  readonly hasPackedDot: boolean;
  /** Why the device is gone, if it is. */
  lostReason(): string | undefined;
  dispose(): void;
}

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|warp\b/i;

/** True for an adapter that computes on the CPU. */
export function isSoftware(info: Partial<GPUAdapterInfo>): boolean {
  return info.isFallbackAdapter === true || SOFTWARE.test(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`);
}

/** @returns the device, or the reason in one sentence */
export async function openDevice(options: DeviceOptions = {}): Promise<OpenDevice | { reason: string }> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return { reason: 'This browser has no WebGPU (navigator.gpu is missing); a secure context is needed too.' };
  if (options.device) return watch(gpu, options.device, options, false);
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { reason: 'WebGPU found no adapter: the GPU or its driver is blocked, or there is none.' };
    if (isSoftware(adapter.info) && !options.forceSoftware) {
      return { reason: `The only WebGPU adapter (${nameOf(adapter.info)}) is software; the CPU path is faster.` };
    }
    const device = await adapter.requestDevice({
      label: 'kindred',
      requiredFeatures: adapter.features.has('timestamp-query') ? ['timestamp-query'] : [],
      requiredLimits: {
        maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
        maxBufferSize: adapter.limits.maxBufferSize,
      },
    });
    return watch(gpu, device, options, true);
  } catch (error) {
    return { reason: `WebGPU gave no device: ${messageOf(error)}` };
  }
}

function watch(gpu: GPU, device: GPUDevice, options: DeviceOptions, owned: boolean): OpenDevice {
  let lost: string | undefined;
  let disposed = false;
  void device.lost.then((info) => {
    lost = info.message || `reason ${info.reason}`;
    if (!disposed) options.onLost?.(lost);
  });
  const software = isSoftware(device.adapterInfo) ? ', software' : '';
  return {
    device,
    description: `WebGPU on ${nameOf(device.adapterInfo)}${software}.`,
    limits: {
      maxStorageBufferBindingSize: Math.min(
        device.limits.maxStorageBufferBindingSize,
        options.limits?.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY,
      ),
      maxBufferSize: Math.min(device.limits.maxBufferSize, options.limits?.maxBufferSize ?? Number.POSITIVE_INFINITY),
    },
    hasTimestamps: device.features.has('timestamp-query'),
    hasPackedDot: gpu.wgslLanguageFeatures?.has('packed_4x8_integer_dot_product') ?? false,
    lostReason: () => (disposed ? 'the backend was disposed' : lost),
    dispose: () => {
      disposed = true;
      if (owned) device.destroy();
    },
  };
}

function nameOf(info: GPUAdapterInfo): string {
  return [info.vendor, info.architecture, info.device].filter(Boolean).join(' ') || info.description || 'an unnamed adapter';
}

/** The error of every call on a device that is gone. */
export function deviceLost(reason: string, cause?: unknown): RecommenderError {
  const message = `The GPU device was lost (${reason}). Open a backend again, or go on with the CPU.`;
  return new RecommenderError('device-lost', message, { reason }, { cause });
}
