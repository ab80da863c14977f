// Training points as text of a CSV or JSON file. Pure.
import type { TrainingPoint } from '../../protocol/engine-api.ts';

export function pointsAsCsv(points: readonly TrainingPoint[]): string {
  const rows = points.map(({ step, epoch, loss, heldOutNdcg, learningRate }) => [step, epoch, loss, heldOutNdcg ?? '', learningRate].join(','));
  return `step,epoch,loss,held_out_ndcg,learning_rate\n${rows.map((row) => `${row}\n`).join('')}`;
}

export const pointsAsJson = (points: readonly TrainingPoint[]): string => `${JSON.stringify(points, null, 2)}\n`;
