// Where heads are trained: WASM, or a hardware GPU that was measured to be faster. Opened at the first training, not before.
import { isSoftware, openDevice } from '../compute/webgpu/device.ts';
import { chooseStepper, type StepperFactory } from '../head/choose-stepper.ts';
import { createWasmStepper } from '../head/cpu-stepper.ts';
import { createGpuStepper } from '../head/gpu-stepper.ts';
import type { EncoderChoice } from '../protocol/engine-api.ts';

/** The head that a visitor's training mostly tries: what is measured. */
const TRIAL = { rank: 8, batch: { size: 32, candidates: 25, shared: false } } as const;

export interface TrainingDevice {
  createStepper: StepperFactory;
  /** Where the last stepper was made. */
  kind: () => 'wasm' | 'webgpu';
}

/** @param encoder with `wasm` the GPU is left alone */
export function createTrainingDevice(encoder: EncoderChoice, dimensions: number): TrainingDevice {
  let kind: 'wasm' | 'webgpu' = 'wasm';
  let chosen: Promise<StepperFactory> | undefined;
  const choose = async (): Promise<StepperFactory> => {
    if (encoder === 'wasm') return createWasmStepper;
    const opened = await openDevice();
    if (!('device' in opened)) return createWasmStepper;
    const choice = await chooseStepper({
      device: opened.device,
      isSoftware: isSoftware(opened.device.adapterInfo),
      createCpu: createWasmStepper,
      createGpu: createGpuStepper,
      shape: { kind: 'bilinear', dimensions, rank: TRIAL.rank },
      batch: TRIAL.batch,
    });
    if (choice.where === 'gpu') kind = 'webgpu';
    else opened.dispose();
    return choice.createStepper;
  };
  return {
    kind: () => kind,
    createStepper: async (options) => {
      chosen ??= choose();
      const create = await chosen;
      try {
        return await create(options);
      } catch (error) {
        if (kind === 'wasm') throw error;
        kind = 'wasm'; // a GPU that went away must not end the training of heads for this visit
        chosen = Promise.resolve(createWasmStepper);
        return createWasmStepper(options);
      }
    },
  };
}
