import { expect, test } from 'vitest';
import { pointsAsCsv, pointsAsJson } from './points.ts';

const POINTS = [
  { step: 1, epoch: 0, loss: 0.5, learningRate: 0.01, heldOutNdcg: null },
  { step: 2, epoch: 0, loss: 0.25, learningRate: 0.02, heldOutNdcg: 0.4 },
];

test('curves as files', () => {
  expect(pointsAsCsv(POINTS)).toBe('step,epoch,loss,held_out_ndcg,learning_rate\n1,0,0.5,,0.01\n2,0,0.25,0.4,0.02\n');
  expect(JSON.parse(pointsAsJson(POINTS))).toEqual(POINTS);
});
