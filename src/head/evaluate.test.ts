// The held-out score against ranks counted by hand, and each clause of the rule that installs a head.
import { expect, test } from 'vitest';
import { heldOutNdcg, judge } from './evaluate.ts';
import { plainHead } from './fine-tune.ts';

test('nDCG of a single like: 1 / log2(1 + rank) among the pool, half of equal scores above', () => {
  const task = {
    user: Float32Array.of(1, 0),
    heldOut: Float32Array.of(1, 0, 0.6, 0.8, 0, 1, 0.8, 0.6),
    pool: Float32Array.of(0.8, 0.6, 0.8, 0.6, -1, 0),
  };
  // Cosines 1, 0.6, 0, 0.8 against 0.8, 0.8, -1: ranks 1, 3, 3, and 2 where two are equal.
  expect([...heldOutNdcg(plainHead(2), task)]).toEqual([1, 1 / Math.log2(4), 1 / Math.log2(4), 1 / Math.log2(3)]);
});

const accepts = (candidate: number[], parent: number[], stood?: boolean[]): boolean =>
  judge(Float64Array.from(candidate), Float64Array.from(parent), stood ? { stood } : {}).accepted;

test('the rule, clause by clause', () => {
  // Heads that rank alike change nothing.
  expect(accepts([0.3], [0.3])).toBe(false);
  expect(accepts([0.31], [0.3])).toBe(true);
  expect(accepts([0.29], [0.3])).toBe(false);
  expect(accepts([0.3, 0.4], [0.3, 0.4])).toBe(false);
  // Surely better; better by less than one standard error; one that rises far over several that sink.
  expect(accepts([0.4, 0.5, 0.6], [0.3, 0.41, 0.5])).toBe(true);
  expect(accepts([0.5, 0.3, 0.4], [0.3, 0.42, 0.4])).toBe(false);
  expect(accepts([1, 1, 0.29, 0.29, 0.29], [0.1, 0.1, 0.3, 0.3, 0.3])).toBe(false);
  const loose = (candidate: number[], parent: number[]): boolean =>
    judge(Float64Array.from(candidate), Float64Array.from(parent), { strict: false }).accepted;
  expect(loose([1, 1, 0.29, 0.29, 0.29], [0.1, 0.1, 0.3, 0.3, 0.3])).toBe(true);
  expect(loose([0.5, 0.3, 0.4], [0.3, 0.42, 0.4])).toBe(false); // within noise
  expect(loose([0.3, 0.4], [0.3, 0.4])).toBe(false);
  // The same scores, once with the like that sank as an old one.
  const [candidate, parent] = [
    [0.5, 0.5, 0.29],
    [0.3, 0.3, 0.3],
  ];
  expect(accepts(candidate, parent, [false, false, false])).toBe(true);
  expect(accepts(candidate, parent, [true, false, false])).toBe(true);
  expect(accepts(candidate, parent, [false, false, true])).toBe(false);
});

test('the reason states the numbers; nothing to compare is refused', () => {
  expect(judge(Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.5))).toEqual({
    accepted: true,
    reason: 'Taken into use: nDCG of 2 held-out likes 0.5000, before 0.3750; 1 better, 0 worse.',
    candidate: 0.5,
    parent: 0.375,
  });
  expect(() => judge(new Float64Array(0), new Float64Array(0))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
  expect(() => judge(new Float64Array(1), new Float64Array(2))).toThrow(expect.objectContaining({ code: 'bad-argument' }));
});
