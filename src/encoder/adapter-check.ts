// Says whether the encoder should try WebGPU here, and why. A software adapter is slower than WebAssembly.
import { isSoftware } from '../compute/webgpu/device.ts';

interface GpuFinding {
  usable: boolean;
  /** One sentence for the status. */
  reason: string;
  /** Vendor and architecture, empty without an adapter. */
  device: string;
}

/** @param forced take a software adapter too */
export async function inspectGpu(forced: boolean): Promise<GpuFinding> {
  const none = (reason: string): GpuFinding => ({ usable: false, reason, device: '' });
  const gpu = globalThis.navigator?.gpu;
  if (!gpu) return none('this browser has no WebGPU');
  if (!('Suspending' in WebAssembly)) return none('this browser lacks JavaScript Promise Integration, which the WebGPU runtime needs');
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    adapter = null;
  }
  if (!adapter) return none('no GPU adapter is available');
  const { vendor, architecture, description } = adapter.info;
  const device = [vendor, architecture, description].filter(Boolean).join(' ').trim() || 'unnamed adapter';
  if (isSoftware(adapter.info) && !forced) {
    return { usable: false, reason: `the adapter is software (${device}), slower than WebAssembly`, device };
  }
  return { usable: true, reason: forced ? `WebGPU was asked for (${device})` : `a GPU is available (${device})`, device };
}
