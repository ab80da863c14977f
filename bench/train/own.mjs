// This project's ways to train, behind the interface that the peers have here.
import { cpuSession } from '../../src/compute/cpu/dense.ts';
import { loadWasmSessions } from '../../src/compute/wasm/dense-session.ts';
import { openDevice } from '../../src/compute/webgpu/device.ts';
import { createDenseStepper } from '../../src/head/cpu-stepper.ts';

export const LOSS = { kind: 'bce' };
export const OPTIMISER = { kind: 'adam' };

/** Empty where this project does not train on the GPU. */
const GPU_STEPPERS = Object.values(import.meta.glob('../../src/head/gpu-stepper.ts'));
export const trainsOnGpu = GPU_STEPPERS.length > 0;

/** @param {'wasm' | 'plain' | 'webgpu'} device */
export async function createOwn(device, { learningRate, ...task }) {
  const options = { ...task, loss: LOSS, optimiser: OPTIMISER };
  const { stepper, close } = await open(device, options);
  return {
    async epoch(batches) {
      for (const batch of batches) {
        const pending = stepper.step(batch, learningRate);
        if (pending) await pending;
      }
      await stepper.takeLoss(); // all work is done
    },
    parameters: () => stepper.parameters(),
    dispose() {
      stepper.dispose();
      close?.();
    },
  };
}

async function open(device, options) {
  if (device === 'plain') return { stepper: createDenseStepper(options, cpuSession) };
  if (device === 'wasm') {
    // Not createWasmStepper, which would take plain TypeScript where there is no SIMD.
    const sessions = await loadWasmSessions();
    if (!sessions) throw new Error('This browser has no SIMD in WebAssembly.');
    return { stepper: createDenseStepper(options, sessions) };
  }
  const opened = await openDevice({ forceSoftware: true });
  if ('reason' in opened) throw new Error(opened.reason);
  const { createGpuStepper } = await GPU_STEPPERS[0]();
  return { stepper: await createGpuStepper(opened.device, options), close: () => opened.dispose() };
}
