// Bindings and dispatches of the training kernels: one step is hidden (mlp), rows, gradient, update (clipping), in this order.
import { STEP_PARAMS_BYTES } from '../train-batch.ts';
import { TILE, type TrainPlan } from '../train-plan.ts';
import { createKernel, type Kernel, type StorageKind } from './kernel.ts';
import batchSource from './train-batch.wgsl?raw';
import gradientSource from './train-gradient.wgsl?raw';
import mlpGradientSource from './train-gradient-mlp.wgsl?raw';
import hiddenSource from './train-hidden.wgsl?raw';
import learnSource from './train-learn.wgsl?raw';
import lossSource from './train-loss.wgsl?raw';
import rowsSource from './train-rows.wgsl?raw';
import slotsSource from './train-slots.wgsl?raw';
import tileSource from './train-tile.wgsl?raw';
import updateSource from './train-update.wgsl?raw';

export type TrainBuffers = Readonly<Record<keyof TrainPlan['bytes'], GPUBuffer>>;

export interface TrainKernels {
  /** @param params the words of `packBatch` lie at `paramsOffset` */
  encodeStep(pass: GPUComputePassEncoder, batch: { size: number; candidates: number }, paramsOffset: number): void;
}

interface Stage {
  kernel: Kernel;
  constants: Record<string, number>;
  buffers: GPUBuffer[];
  groups: (batch: { size: number; candidates: number }) => [number, number];
}

const READ: StorageKind = 'read-only-storage';
const BOTH: StorageKind = 'storage';

/** Compiles what the plan needs; errors go to the caller's error scope. */
export function createTrainKernels(device: GPUDevice, plan: TrainPlan, width: number, params: GPUBuffer, buffers: TrainBuffers): TrainKernels {
  const stages = stagesOf(device, plan, width, buffers).map(({ kernel, constants, buffers: bound, groups }) => ({
    pipeline: kernel.pipeline(constants),
    bindings: kernel.bind(params, bound),
    groups,
  }));
  return {
    encodeStep(pass, batch, paramsOffset) {
      for (const { pipeline, bindings, groups } of stages) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings, [paramsOffset]);
        pass.dispatchWorkgroups(...groups(batch));
      }
    },
  };
}

function stagesOf(device: GPUDevice, plan: TrainPlan, width: number, b: TrainBuffers): Stage[] {
  const { hidden, rows, gradient, update } = plan.constants;
  const make = (label: string, sources: string[], storage: StorageKind[]): Kernel =>
    createKernel(device, label, [batchSource, ...sources], STEP_PARAMS_BYTES, storage);
  const set = [b.users, b.items, b.batch];
  // The same places in every kernel; a kernel that stops earlier leaves out the last ones.
  const learning = [...set, b.parameters, b.hidden, b.kept, b.rows, b.sums];
  const learningKinds = [READ, READ, READ, BOTH, READ, BOTH, READ, BOTH];
  const stages: (Stage | undefined)[] = [
    hidden && {
      kernel: make('train-hidden', [tileSource, hiddenSource], [READ, READ, READ, READ, BOTH]),
      constants: hidden,
      buffers: [...set, b.parameters, b.hidden],
      groups: ({ size, candidates }) => [
        plan.onePerTile ? size * Math.ceil(candidates / TILE.places) : Math.ceil((size * candidates) / TILE.places),
        Math.ceil(width / TILE.units),
      ],
    },
    {
      kernel: make('train-rows', [lossSource, rowsSource], [READ, READ, READ, READ, BOTH, BOTH, BOTH]),
      constants: rows,
      buffers: [...set, b.parameters, b.hidden, b.pairs, b.rows],
      groups: ({ size }) => [size, 1],
    },
    {
      kernel: make('train-gradient', [...(hidden ? [tileSource] : []), learnSource, slotsSource, hidden ? mlpGradientSource : gradientSource], learningKinds),
      constants: gradient,
      buffers: learning,
      groups: () => [plan.slots, 1],
    },
    update && {
      kernel: make('train-update', [learnSource, updateSource], learningKinds),
      constants: update,
      buffers: learning,
      groups: () => [plan.updateGroups, 1],
    },
  ];
  return stages.filter((stage) => stage !== undefined);
}
