// Opens the heads of a catalogue and chooses the device that trains them: WASM, or a hardware GPU that was measured to be faster.
import { messageOf } from '../base/errors.ts';
import { fnv1aOfFloats } from '../base/hash.ts';
import { isSoftware, openDevice } from '../compute/webgpu/device.ts';
import { chooseStepper, type StepperFactory } from '../head/choose-stepper.ts';
import { createWasmStepper } from '../head/cpu-stepper.ts';
import { createGpuStepper } from '../head/gpu-stepper.ts';
import type { Stepper, StepperOptions } from '../head/types.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import type { CatalogueLists } from './catalogue-lists.ts';
import type { CatalogueScope } from './catalogue-scope.ts';
import { HeadManager } from './head-manager.ts';

/**
 * Lets the head in use rank. When the history cannot be read, the profile ranks and that is said.
 * @param waitUntilIdle resolves when nothing more urgent than training is under way
 * @returns read: resolves when the history is read; never rejects
 */
export function openHeads(
  scope: CatalogueScope,
  lists: CatalogueLists,
  waitUntilIdle: () => Promise<void>,
): { heads: HeadManager; read: Promise<void> } {
  const { model, board, settings, table } = scope;
  const { ranked, shipped, events } = lists;
  const device = new TrainingDevice(settings.encoder !== 'wasm');
  const heads = new HeadManager(scope, {
    vectors: ranked,
    listScorer: (known, ids) => lists.listScorer(known, ids),
    // A head is of no use in another space: that of another shipped head (with its blend) or of another basis.
    encoder: shipped
      ? `${model.fingerprint}#${shipped.seal}`
      : `${model.fingerprint}@${basisId(table.correction)}+${table.rankedDimensions - table.dimensions}`,
    shipped: shipped?.head,
    createStepper: (options) => device.createStepper(options),
    device: () => device.kind,
    waitUntilIdle,
  });
  lists.head = () => (heads.isTrained || shipped ? heads.active : undefined);
  board.update({ training: null });
  const read = heads
    .open([...events.values()])
    .catch((error: unknown) => board.notice('head-unusable', `Trained heads could not be read: ${messageOf(error)}`));
  return { heads, read };
}

/** Names the basis that vectors are in. Language means may move, because they leave the axes as they are. */
export function basisId({ method, dimensions, projection }: Pick<LanguageCorrection, 'method' | 'dimensions' | 'projection'>): string {
  return `${method}-${dimensions}-${projection ? fnv1aOfFloats(projection).toString(16) : ''}`;
}

export interface TrainingDevices {
  open: typeof openDevice;
  createCpu: StepperFactory;
  createGpu: (device: GPUDevice, options: StepperOptions) => Promise<Stepper>;
}

/** Chooses at the first training, by timing steps of that very training: its shape, loss, optimiser and batch. */
export class TrainingDevice {
  readonly #mayUseGpu: boolean;
  readonly #devices: TrainingDevices;
  #kind: 'wasm' | 'webgpu' = 'wasm';
  #chosen: Promise<StepperFactory> | undefined;

  /** @param devices for tests */
  constructor(mayUseGpu: boolean, devices: TrainingDevices = { open: openDevice, createCpu: createWasmStepper, createGpu: createGpuStepper }) {
    this.#mayUseGpu = mayUseGpu;
    this.#devices = devices;
  }

  /** Where the last stepper was made. */
  get kind(): 'wasm' | 'webgpu' {
    return this.#kind;
  }

  async createStepper(options: StepperOptions): Promise<Stepper> {
    this.#chosen ??= this.#choose(options);
    const create = await this.#chosen;
    try {
      return await create(options);
    } catch (error) {
      if (this.#kind === 'wasm') throw error;
      // A GPU that was lost must not end the training of heads for this visit.
      this.#kind = 'wasm';
      this.#chosen = Promise.resolve(this.#devices.createCpu);
      return this.#devices.createCpu(options);
    }
  }

  async #choose(training: StepperOptions): Promise<StepperFactory> {
    const { open, createCpu, createGpu } = this.#devices;
    if (!this.#mayUseGpu) return createCpu;
    const opened = await open();
    if (!('device' in opened)) return createCpu;
    const { device } = opened;
    const choice = await chooseStepper({ device, isSoftware: isSoftware(device.adapterInfo), createCpu, createGpu, training });
    if (choice.where === 'gpu') this.#kind = 'webgpu';
    else opened.dispose();
    return choice.createStepper;
  }
}
