// Writes the points of a training run: as CSV or JSON, and as an event file for TensorBoard.
import { join } from 'node:path';
import type { TrainingEvent } from '../../src/head/types.ts';
import { UsageError } from './command.ts';
import { writeWholeFile } from './files.ts';
import { eventFile, eventFileName, type ScalarPoint } from './tensorboard.ts';

export interface CurvePoint extends TrainingEvent {
  /** Milliseconds since the epoch. */
  timeMs: number;
}

const COLUMNS = ['step', 'epoch', 'loss', 'learningRate', 'heldOut', 'timeMs'] as const;

/** @param file ends in .csv or .json @throws UsageError for another ending */
export function checkCurvesFile(file: string): void {
  if (!/\.(csv|json)$/i.test(file)) throw new UsageError(`--curves ${file} ends neither in .csv nor in .json.`);
}

export function writeCurves(file: string, points: readonly CurvePoint[]): void {
  checkCurvesFile(file);
  const csv = [COLUMNS.join(','), ...points.map((point) => COLUMNS.map((column) => point[column] ?? '').join(','))];
  writeWholeFile(file, /json$/i.test(file) ? `${JSON.stringify(points, null, 1)}\n` : `${csv.join('\n')}\n`);
}

/** @returns the path of the event file */
export function writeTensorboard(folder: string, points: readonly CurvePoint[], startMs: number): string {
  const path = join(folder, eventFileName(startMs / 1000));
  writeWholeFile(path, eventFile(points.flatMap(scalarsOf), startMs / 1000));
  return path;
}

function scalarsOf({ step, loss, learningRate, heldOut, timeMs }: CurvePoint): ScalarPoint[] {
  const at = (tag: string, value: number): ScalarPoint => ({ tag, step, value, wallSeconds: timeMs / 1000 });
  // An evaluation repeats the loss of the step before it.
  return heldOut === undefined ? [at('loss', loss), at('learning rate', learningRate)] : [at('held-out nDCG@10', heldOut)];
}
