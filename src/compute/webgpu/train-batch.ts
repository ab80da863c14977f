// A batch as the words that train-batch.wgsl reads. Pure.
import type { Batch } from '../batch.ts';

/** What the optimiser does in one step. */
export interface TrainRates {
  /** Learning rate, for Adam divided by 1 − β₁ᵗ. */
  rate: number;
  /** 1 / (1 − β₂ᵗ) */
  unbias: number;
  /** 1 − learning rate · decay */
  keep: number;
}

/** Bytes of `StepParams` in train-batch.wgsl. */
export const STEP_PARAMS_BYTES = 36;

/**
 * @param words filled from `firstWord` on @param params [9] filled, field for field `StepParams`
 * @returns the word after the batch
 */
export function packBatch(batch: Batch, rates: TrainRates, words: Uint32Array, firstWord: number, params: Uint32Array): number {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  const { size, candidates, correction, excluded } = batch;
  let at = firstWord;
  for (const rows of [batch.userRows, batch.persons]) {
    words.set(rows, at);
    at += size;
  }
  for (const values of [batch.labels, batch.weights]) {
    floats.set(values, at);
    at += size;
  }
  words.set(batch.itemRows, at);
  at += batch.itemRows.length;
  const correctionAt = correction ? at : 0;
  if (correction) floats.set(correction, at);
  at += correction?.length ?? 0;
  const excludedAt = excluded ? at : 0;
  if (excluded) at = packBits(excluded, words, at);
  params.set([size, candidates, batch.shared ? 1 : 0, firstWord, correctionAt, excludedAt]);
  new Float32Array(params.buffer, params.byteOffset, params.length).set([rates.rate, rates.unbias, rates.keep], 6);
  return at;
}

/** Bit i & 31 of word i >> 5 is 1 where flags[i] is not 0. @returns the word after them */
function packBits(flags: Uint8Array, words: Uint32Array, at: number): number {
  const end = at + Math.ceil(flags.length / 32);
  words.fill(0, at, end);
  for (let i = 0; i < flags.length; i++) {
    if (flags[i]) words[at + (i >> 5)] = (words[at + (i >> 5)] as number) | (1 << (i & 31));
  }
  return end;
}
