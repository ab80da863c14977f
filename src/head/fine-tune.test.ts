// Fine-tuning by itself: which plans fit which start, what is learnt, what is refused, time and abort.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { createCpuStepper } from './cpu-stepper.ts';
import { type Head, heldOutNdcg, type LearningTask } from './evaluate.ts';
import { type FineTuneOptions, fineTune, plainHead, type TrainingPoint } from './fine-tune.ts';
import { initialParameters } from './layout.ts';
import { unitVectors } from './testing/small-sets.ts';
import type { HeadShape } from './types.ts';

const D = 8;
const random = seededRandom(4);
const pool = unitVectors(200, D, random);
/** Likes agree on the first dimension alone; `user` knows half of that. */
const likesOf = (count: number): Float32Array => {
  const rows = unitVectors(count, D, random);
  for (let at = 0; at < rows.length; at += D) rows[at] = 1;
  return rows;
};

function taskOf(likes: number): LearningTask {
  const items = likesOf(likes);
  const user = unitVectors(1, D, random);
  user[0] = 0.3;
  const negatives = Int32Array.from({ length: likes * 12 }, () => likes + Math.floor(random() * 150));
  const rows = new Float32Array(items.length + 150 * D);
  rows.set(items);
  rows.set(unitVectors(150, D, random), items.length);
  const each = (value: number): Float32Array => new Float32Array(likes).fill(value);
  const set = {
    users: user,
    items: rows,
    userRow: new Int32Array(likes),
    itemRow: Int32Array.from({ length: likes }, (_, i) => i),
    label: each(1),
    weight: each(1),
    person: new Int32Array(likes),
    negatives,
  };
  return { set, user, heldOut: likesOf(5), pool };
}

const whole = taskOf(12);
const folds = [taskOf(8), taskOf(8)];
const start = plainHead(D);
const tune = (more: Partial<FineTuneOptions> = {}) =>
  fineTune({ start, parent: start, whole, folds, seed: 1, createStepper: createCpuStepper, budgetMs: 1e6, clock: () => 0, ...more });

test('learns the direction that likes share, tells the curve, and repeats bit for bit', async () => {
  const points: TrainingPoint[] = [];
  const before = { start: start.parameters.slice(), users: whole.set.users.slice() };
  const tuned = await tune({ onPoint: (point) => points.push(point) });
  expect(tuned.installed).toBe(true);
  expect(tuned.heldOutNdcg).toBeGreaterThan(1.3 * tuned.parentNdcg);
  expect(points).toEqual(tuned.points);
  expect(points.at(-1)?.heldOutNdcg).toBe(tuned.heldOutNdcg);
  const again = await tune();
  expect(again.candidate).toEqual(tuned.candidate);
  expect({ start: start.parameters, users: whole.set.users }).toEqual(before);
});

const starts: [string, HeadShape, string[]][] = [
  ['dot', { kind: 'dot', dimensions: D }, ['bilinear']],
  ['bilinear', { kind: 'bilinear', dimensions: D, rank: 2 }, ['bilinear']],
  ['concat-linear', { kind: 'concat-linear', dimensions: D }, ['concat-linear']],
  ['linear-probe', { kind: 'linear-probe', dimensions: D }, ['linear-probe']],
  ['mlp', { kind: 'mlp', dimensions: D, hidden: 4 }, ['mlp']],
];

test.each(starts)('from a shipped %s, every plan that fits begins where the start ranks and then does better', async (_, shape, kinds) => {
  const noise = seededRandom(2);
  const shipped: Head = { shape, parameters: initialParameters(shape, seededRandom(1)).map((value) => value + 0.2 * (noise() - 0.5)) };
  const found = new Set<string>();
  for (const kind of ['direction', 'same'] as const) {
    const plans = [{ kind, proximal: 0.05 }];
    const tuned = await tune({ start: shipped, parent: shipped, plans }).catch(() => undefined);
    if (!tuned) continue;
    found.add(tuned.candidate.shape.kind);
    expect(tuned.heldOutNdcg).toBeGreaterThan(tuned.parentNdcg);
    const held = await tune({ start: shipped, parent: shipped, plans: [{ kind, proximal: 1e3 }], folds: [] });
    const [still, own] = [heldOutNdcg(held.candidate, whole), heldOutNdcg(shipped, whole)];
    expect(still.every((value, i) => Math.abs(value - (own[i] as number)) < 0.05)).toBe(true);
  }
  expect([...found]).toEqual(kinds);
});

test('a candidate that ranks the held-out likes worse than the head in use is not installed', async () => {
  const parent: Head = { shape: { kind: 'linear-probe', dimensions: D }, parameters: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0) };
  const tuned = await tune({ parent });
  expect(tuned.installed).toBe(false);
  expect(tuned.reason).toMatch(/^Not taken into use/);
  expect(tuned.parentNdcg).toBeGreaterThan(tuned.heldOutNdcg);
});

test('where no plan finds the likes left out better than the start, nothing is installed', async () => {
  // What is left out lies opposite to what is learnt.
  const against = folds.map((fold) => ({ ...fold, heldOut: fold.heldOut.map((value, at) => (at % D === 0 ? -value : value)) }));
  const tuned = await tune({ folds: against });
  expect(tuned).toMatchObject({ installed: false, reason: expect.stringContaining('left out in 2 parts') });
});

test('an abort and a spent budget', async () => {
  await expect(tune({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  const abort = new AbortController();
  await expect(tune({ signal: abort.signal, onPoint: () => abort.abort() })).rejects.toMatchObject({ code: 'aborted' });
  let nowMs = 0;
  const late = await tune({ budgetMs: 50, clock: () => nowMs++ });
  expect(late).toMatchObject({ installed: false, reason: expect.stringContaining('50 ms') });
});
