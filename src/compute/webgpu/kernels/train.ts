// Bindings and dispatches of the training kernels, in the order of `TrainPlan.kernels`. No kernel has a barrier.
import type { BatchSize } from '../../batch.ts';
import { STEP_PARAMS_BYTES } from '../train-batch.ts';
import { GROUP, type TrainKernelName, type TrainPlan, type TrainSpec } from '../train-plan.ts';
import { createKernel, type StorageKind } from './kernel.ts';
import backwardSource from './train-backward.wgsl?raw';
import mlpBackwardSource from './train-backward-mlp.wgsl?raw';
import batchSource from './train-batch.wgsl?raw';
import forwardSource from './train-forward.wgsl?raw';
import gradientSource from './train-gradient.wgsl?raw';
import bilinearGradientSource from './train-gradient-bilinear.wgsl?raw';
import mlpGradientSource from './train-gradient-mlp.wgsl?raw';
import hiddenSource from './train-hidden.wgsl?raw';
import learnSource from './train-learn.wgsl?raw';
import logitSource from './train-logit.wgsl?raw';
import lossSource from './train-loss.wgsl?raw';
import projectSource from './train-project.wgsl?raw';
import reduceSource from './train-reduce.wgsl?raw';
import rowsSource from './train-rows.wgsl?raw';
import scoreSource from './train-score.wgsl?raw';
import updateSource from './train-update.wgsl?raw';

export type TrainBuffers = Readonly<Record<keyof TrainPlan['bytes'], GPUBuffer>>;

export interface TrainKernels {
  /** @param params the words of `packBatch` lie at `paramsOffset` */
  encodeStep(pass: GPUComputePassEncoder, batch: BatchSize, paramsOffset: number): void;
}

interface Source {
  code: string[];
  constants?: ('hidden' | 'loss' | 'learn' | 'update')[];
  /** Buffers from binding 4 on; those written end in `!`. */
  buffers: (keyof TrainBuffers | `${keyof TrainBuffers}!`)[];
}

/** Workgroups in a row of a dispatch; `thread_of` in train-batch.wgsl counts on it. */
const ROW = 2 ** 15;

/** Compiles the kernels of the plan at the same time. @throws GPUPipelineError */
export async function createTrainKernels(
  device: GPUDevice,
  plan: TrainPlan,
  head: TrainSpec['head']['kind'],
  params: GPUBuffer,
  buffers: TrainBuffers,
): Promise<TrainKernels> {
  const sources = sourcesFor(head);
  const stages = await Promise.all(
    plan.kernels.map(async (name) => {
      const { code, constants = [], buffers: more } = sources[name];
      const names = [...(['users', 'items', 'batch'] as const), ...more];
      const kinds = names.map((one): StorageKind => (one.endsWith('!') ? 'storage' : 'read-only-storage'));
      const kernel = createKernel(device, `train-${name}`, [batchSource, ...code], STEP_PARAMS_BYTES, kinds);
      const bindings = kernel.bind(
        params,
        names.map((one) => buffers[one.replace('!', '') as keyof TrainBuffers]),
      );
      const pipeline = await kernel.compile(Object.assign({}, plan.constants.all, ...constants.map((part) => plan.constants[part])));
      return { pipeline, bindings, threads: plan.threads[name] };
    }),
  );
  return {
    encodeStep(pass, batch, paramsOffset) {
      for (const { pipeline, bindings, threads } of stages) {
        const groups = Math.ceil(threads(batch) / GROUP);
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings, [paramsOffset]);
        pass.dispatchWorkgroups(Math.min(ROW, groups), Math.ceil(groups / ROW));
      }
    },
  };
}

function sourcesFor(head: TrainSpec['head']['kind']): Record<TrainKernelName, Source> {
  const backward = head === 'mlp' ? mlpBackwardSource : backwardSource;
  const gradient = head === 'mlp' ? mlpGradientSource : head === 'bilinear' ? bilinearGradientSource : gradientSource;
  const learning: Source['buffers'] = ['parameters!', 'kept!', 'pairs', 'rows', 'sums!'];
  return {
    project: { code: [forwardSource, projectSource], buffers: ['parameters', 'low!'] },
    hidden: { code: [forwardSource, hiddenSource], constants: ['hidden'], buffers: ['parameters', 'low!'] },
    score: { code: [forwardSource, logitSource, scoreSource], buffers: ['parameters', 'low', 'pairs!'] },
    loss: { code: [forwardSource, logitSource, lossSource], constants: ['loss'], buffers: ['parameters', 'low', 'pairs!', 'rows!', 'sums!'] },
    backward: { code: [forwardSource, backward], buffers: ['parameters', 'low', 'pairs', 'rows!'] },
    gradient: { code: [learnSource, rowsSource, gradient], constants: ['learn'], buffers: learning },
    reduce: { code: [learnSource, reduceSource], constants: ['learn'], buffers: learning },
    update: { code: [learnSource, updateSource], constants: ['learn', 'update'], buffers: learning },
  };
}
