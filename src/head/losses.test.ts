// Losses worked out by hand, and what the draws of a batch must and must not hold.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { Batch } from '../compute/batch.ts';
import { createBatchSource } from './batches.ts';
import { lossAndSlopes, softplus } from './losses.ts';
import { smallSet } from './testing/small-sets.ts';
import type { LossSpec } from './types.ts';

function batchOf(about: Partial<Batch> & Pick<Batch, 'size' | 'candidates'>): Batch {
  const { size } = about;
  const rows = new Int32Array(size);
  return {
    shared: false,
    userRows: rows,
    itemRows: rows,
    persons: rows,
    labels: new Float32Array(size).fill(1),
    weights: new Float32Array(size).fill(1),
    ...about,
  };
}

function resultOf(loss: LossSpec, batch: Batch, logits: number[]): { value: number; slopes: number[] } {
  const slopes = new Float64Array(logits.length);
  return { value: lossAndSlopes(loss, batch, Float64Array.from(logits), slopes), slopes: [...slopes] };
}

describe('values', () => {
  test('mse and bce, weighted and divided by the number of examples', () => {
    const batch = batchOf({ size: 2, candidates: 1, labels: Float32Array.of(1, 0), weights: Float32Array.of(1, 3) });
    expect(resultOf({ kind: 'mse' }, batch, [0, 0]).value).toBeCloseTo((0.25 + 3 * 0.25) / 2, 12);
    expect(resultOf({ kind: 'bce' }, batch, [0, 0]).value).toBeCloseTo(2 * Math.log(2), 12);
    const weighted = resultOf({ kind: 'bce', positiveWeight: 5, negativeWeight: 2 }, batch, [Math.log(3), Math.log(3)]);
    expect(weighted.value).toBeCloseTo((5 * -Math.log(3 / 4) + 3 * 2 * -Math.log(1 / 4)) / 2, 12);
  });

  test('logits of ±1000 give finite losses and slopes', () => {
    const batch = batchOf({ size: 2, candidates: 1, labels: Float32Array.of(1, 0) });
    expect(resultOf({ kind: 'bce' }, batch, [-1000, 1000])).toEqual({ value: 1000, slopes: [-0.5, 0.5] });
    const three = batchOf({ size: 1, candidates: 3 });
    expect(resultOf({ kind: 'softmax' }, three, [-1000, 1000, 1000]).value).toBeCloseTo(2000 + Math.log(2), 6);
    expect(resultOf({ kind: 'bpr', negatives: 2 }, three, [-1000, 1000, 1000]).value).toBe(2000);
    expect(softplus(-1000)).toBe(0);
  });

  test('bpr is the mean over the negatives', () => {
    const { value, slopes } = resultOf({ kind: 'bpr', negatives: 2 }, batchOf({ size: 1, candidates: 3 }), [1, 1, 0]);
    expect(value).toBeCloseTo((Math.log(2) + Math.log(1 + Math.exp(-1))) / 2, 12);
    expect(slopes.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(0, 12);
  });

  test('softmax takes the correction off and leaves the excluded out', () => {
    const batch = batchOf({ size: 2, candidates: 3, shared: true, correction: Float32Array.of(0, 1, 2), excluded: Uint8Array.of(0, 1, 0, 0, 0, 0) });
    const { value, slopes } = resultOf({ kind: 'softmax' }, batch, [0, 9, 2, 1, 2, 3]);
    const first = Math.log(Math.exp(0) + Math.exp(0)) - 0;
    const second = Math.log(Math.exp(1) + Math.exp(1) + Math.exp(1)) - 1;
    expect(value).toBeCloseTo((first + second) / 2, 6);
    expect(slopes[1]).toBe(0);
    expect(slopes[4]).toBeCloseTo((1 / 3 - 1) / 2, 6);
  });
});

describe('batches', () => {
  const set = smallSet({ persons: 4, items: 30, examples: 60, dimensions: 6, seed: 3 });
  const positives = new Set(
    Array.from(set.label.keys())
      .filter((e) => (set.label[e] as number) > 0)
      .map((e) => `${set.userRow[e]} ${set.itemRow[e]}`),
  );
  const draw = (loss: LossSpec, seed = 5) => createBatchSource(set, 30, { loss, batchSize: 16, random: seededRandom(seed), personal: false });

  test('an epoch holds each example once, in a seeded order that changes from epoch to epoch', () => {
    const source = draw({ kind: 'bce' });
    const epochs = [1, 2].map(() =>
      [...source.epoch()].flatMap(({ userRows, itemRows }) => Array.from(userRows, (user, i) => `${user} ${itemRows[i]}`)),
    );
    const all = Array.from(set.userRow, (user, e) => `${user} ${set.itemRow[e]}`).sort();
    expect([...(epochs[0] ?? [])].sort()).toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect([...draw({ kind: 'bce' }).epoch()]).toEqual([...draw({ kind: 'bce' }).epoch()]);
    expect([...draw({ kind: 'bce' }).epoch()]).not.toEqual([...draw({ kind: 'bce' }, 6).epoch()]);
    expect([...source.epoch()].map(({ size }) => size)).toEqual([16, 16, 16, 12]);
  });

  test('ranking losses use only positives, and drawn negatives are none of the person’s', () => {
    const source = draw({ kind: 'bpr', negatives: 3 });
    expect(source.examples).toBe(set.label.filter((label) => label > 0).length);
    for (const { size, candidates, userRows, itemRows } of source.epoch()) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < candidates; j++) expect(positives.has(`${userRows[i]} ${itemRows[i * candidates + j]}`)).toBe(j === 0);
      }
    }
  });

  test('in a shared batch other positives of the person are excluded, and nothing else', () => {
    for (const { size, candidates, userRows, itemRows, excluded } of draw({ kind: 'softmax', negatives: 5 }).epoch()) {
      expect(candidates).toBe(size + 5);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < candidates; j++) {
          expect(excluded?.[i * candidates + j] === 1).toBe(j !== i && positives.has(`${userRows[i]} ${itemRows[j]}`));
        }
      }
    }
  });

  test('the correction is the logarithm of the expected count of each candidate', () => {
    const items = Array.from(set.itemRow).filter((_, e) => (set.label[e] as number) > 0);
    for (const { size, itemRows, correction } of draw({ kind: 'softmax', negatives: 6 }).epoch()) {
      itemRows.forEach((item, j) => {
        const share = items.filter((other) => other === item).length / items.length;
        expect(correction?.[j]).toBeCloseTo(Math.log(size * share + 6 / 30), 5);
      });
    }
    expect([...draw({ kind: 'softmax', logQ: false }).epoch()].every(({ correction }) => correction === undefined)).toBe(true);
  });

  test('who likes everything meets only the item itself', () => {
    const all = {
      ...set,
      userRow: new Int32Array(30),
      itemRow: Int32Array.from({ length: 30 }, (_, i) => i),
      label: new Float32Array(30).fill(1),
      weight: new Float32Array(30).fill(1),
    };
    const source = createBatchSource(all, 30, { loss: { kind: 'bpr', negatives: 1 }, batchSize: 30, random: seededRandom(1), personal: false });
    for (const { itemRows } of source.epoch()) expect([...itemRows]).toEqual(Array.from(itemRows, (_, p) => itemRows[p - (p % 2)]));
  });

  test('no positive is an error for a ranking loss', () => {
    const none = { ...set, label: new Float32Array(60) };
    const options = { loss: { kind: 'softmax' }, batchSize: 16, random: seededRandom(1), personal: false } as const;
    expect(() => createBatchSource(none, 30, options)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  });
});
