// Checks the options of training before it starts, so that no device reads a row that does not exist.
import { RecommenderError } from '../base/errors.ts';
import { rowsOf } from './heads.ts';
import { checkParameters, resolveShape } from './layout.ts';
import { checkLoss } from './losses.ts';
import { checkOptimiser } from './optimiser.ts';
import { checkRegularisation } from './regularise.ts';
import { checkSchedule } from './schedule.ts';
import type { TrainingSet, TrainOptions } from './types.ts';

/** @throws bad-argument, bad-vector, bad-head */
export function checkTraining(options: TrainOptions): void {
  const { shape, set, initial, loss, epochs, batchSize, eventEverySteps = 1, clipNorm = 1, heldOut } = options;
  const { dimensions, users } = resolveShape(shape);
  checkParameters(shape, initial);
  if (!initial.every(Number.isFinite)) {
    throw new RecommenderError('bad-head', 'The parameters to start from hold NaN or infinity. Start from other ones.');
  }
  const whole = { epochs, batchSize, eventEverySteps, everyEpochs: heldOut?.everyEpochs ?? 1, patience: heldOut?.patience ?? 1 };
  for (const [name, value] of Object.entries(whole)) {
    if (!Number.isInteger(value) || value < 1) throw refusal(`'${name}' must be a whole number from 1; got ${value}.`);
  }
  if (!(clipNorm > 0)) throw refusal(`'clipNorm' must be above 0; got ${clipNorm}.`);
  checkLoss(loss);
  checkOptimiser(options.optimiser);
  checkSchedule(options.schedule);
  checkRegularisation(options.regularisation ?? {}, initial.length);
  checkSet(set, rowsOf(set.users, dimensions), rowsOf(set.items, dimensions), users);
}

function checkSet(set: TrainingSet, userCount: number, itemCount: number, personCount: number): void {
  const examples = set.label.length;
  const perExample = { userRow: set.userRow, itemRow: set.itemRow, weight: set.weight, ...(set.person ? { person: set.person } : {}) };
  for (const [name, values] of Object.entries(perExample)) {
    if (values.length !== examples) throw refusal(`'${name}' has ${values.length} values for ${examples} examples.`);
  }
  checkRows('userRow', set.userRow, userCount);
  checkRows('itemRow', set.itemRow, itemCount);
  if (personCount > 1) checkRows('person', set.person ?? set.userRow, personCount);
  if (set.negatives) {
    const perOne = set.negatives.length / examples;
    if (!Number.isInteger(perOne) || perOne < 1)
      throw refusal(`'negatives' has ${set.negatives.length} values for ${examples} examples; give each as many.`);
    checkRows('negatives', set.negatives, itemCount);
  }
  if (set.itemGroup && set.itemGroup.length !== itemCount) throw refusal(`'itemGroup' has ${set.itemGroup.length} values for ${itemCount} items.`);
  const badLabel = set.label.find((label) => !(label >= 0 && label <= 1));
  if (badLabel !== undefined) throw refusal(`A label must be 0 to 1; got ${badLabel}.`);
  const badWeight = set.weight.find((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (badWeight !== undefined) throw refusal(`A weight must be a number from 0; got ${badWeight}.`);
}

function checkRows(name: string, rows: Int32Array, count: number): void {
  const bad = rows.find((row) => row < 0 || row >= count);
  if (bad !== undefined) throw refusal(`'${name}' names row ${bad}; there are ${count}.`);
}

function refusal(message: string): RecommenderError {
  return new RecommenderError('bad-argument', message);
}
