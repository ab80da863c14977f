// Between the stages of a fit the event loop runs, an abort is seen and progress is told: no stage takes longer than about a second.
import { throwIfAborted } from '../../base/errors.ts';
import { nextTask } from '../../base/next-task.ts';
import type { FitOptions } from './types.ts';

/** To be awaited before each stage. Rejects with `aborted` once the signal has fired. */
export type NextStage = () => Promise<void>;

/** @param rows told as total, in equal parts a stage @param stages how often it will be called */
export function stagesOf(rows: number, stages: number, { signal, onProgress }: FitOptions): NextStage {
  let stage = 0;
  return async () => {
    throwIfAborted(signal, 'Fitting the language correction');
    onProgress?.({ done: Math.round((rows * Math.min(stage, stages)) / stages), total: rows, unit: 'rows' });
    stage++;
    await nextTask();
    throwIfAborted(signal, 'Fitting the language correction');
  };
}
