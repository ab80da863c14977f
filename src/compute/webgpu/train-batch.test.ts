// Where each part of a batch lies in the words that the kernels read.
import { expect, test } from 'vitest';
import { packBatch, STEP_PARAMS_BYTES } from './train-batch.ts';

const RATES = { rate: 0.25, unbias: 2, keep: 0.75 };
const BATCH = {
  size: 2,
  candidates: 3,
  shared: true,
  userRows: Int32Array.of(7, 8),
  itemRows: Int32Array.of(4, 5, 6),
  persons: Int32Array.of(1, 0),
  labels: Float32Array.of(1, 0.5),
  weights: Float32Array.of(2, 3),
};

const bits = (...values: number[]): number[] => Array.from(new Uint32Array(Float32Array.from(values).buffer));

test('rows, persons, labels, weights and items follow each other; what is absent is at 0', () => {
  const words = new Uint32Array(20).fill(99);
  const params = new Uint32Array(STEP_PARAMS_BYTES / 4);
  expect(packBatch(BATCH, RATES, words, 4, params)).toBe(15);
  expect(Array.from(words.subarray(4, 15))).toEqual([7, 8, 1, 0, ...bits(1, 0.5), ...bits(2, 3), 4, 5, 6]);
  expect(Array.from(words.subarray(15))).toEqual(Array(5).fill(99));
  expect(Array.from(params)).toEqual([2, 3, 1, 4, 0, 0, ...bits(0.25, 2, 0.75)]);
});

test('corrections and exclusions come behind, exclusions one bit a pair over what lay there before', () => {
  const batch = { ...BATCH, candidates: 20, itemRows: new Int32Array(20), correction: new Float32Array(20).fill(-1) };
  const excluded = Uint8Array.from({ length: 40 }, (_, pair) => (pair === 1 || pair === 31 || pair === 33 ? 1 : 0));
  const words = new Uint32Array(60).fill(0xffffffff);
  const params = new Uint32Array(STEP_PARAMS_BYTES / 4);
  expect(packBatch({ ...batch, excluded }, RATES, words, 0, params)).toBe(8 + 20 + 20 + 2);
  expect(Array.from(params.subarray(3, 6))).toEqual([0, 28, 48]);
  expect(Array.from(words.subarray(28, 48))).toEqual(Array(20).fill(bits(-1)[0]));
  expect(Array.from(words.subarray(48, 50))).toEqual([0x80000002, 2]);
});
