// Plans which texts run together: like lengths share a batch, so that little padding is computed. Pure.
import { RecommenderError } from '../base/errors.ts';

export interface Window {
  /** Position of the text it belongs to. */
  text: number;
  ids: Int32Array;
}

export interface Batch {
  /** Positions in the list of windows. */
  windows: number[];
  /** Tokens every row is padded to. */
  length: number;
}

export interface BatchLimits {
  /** Padded tokens of a batch at most; a single window may exceed it. */
  tokenBudget: number;
  maxRows: number;
}

/** Lengths a row is padded to: few, because WebGPU compiles by shape, and fine where most texts are. */
export function bucketLength(tokens: number): number {
  if (tokens <= 64) return Math.max(8, Math.ceil(tokens / 8) * 8);
  if (tokens <= 160) return Math.ceil(tokens / 16) * 16;
  return Math.ceil(tokens / 32) * 32;
}

/**
 * Cuts a text's ids into windows of at most `maxTokens` with the special and the prefix tokens in each.
 * @param ids tokens of prefix and text together, without special tokens
 * @param prefixLength how many of `ids` are the model's prefix, repeated at the head of every window
 * @throws bad-manifest when special tokens and prefix fill the window
 */
export function cutWindows(
  ids: Int32Array,
  prefixLength: number,
  before: readonly number[],
  after: readonly number[],
  maxTokens: number,
): Int32Array[] {
  const room = maxTokens - before.length - after.length;
  if (ids.length <= room) return [Int32Array.of(...before, ...ids, ...after)];
  const prefix = ids.subarray(0, prefixLength);
  const step = room - prefix.length;
  if (step < 1) {
    throw new RecommenderError(
      'bad-manifest',
      `The prefix takes ${prefix.length} of the model's ${maxTokens} tokens and leaves none for the text. Shorten "prefix" or raise "maxTokens".`,
    );
  }
  const windows: Int32Array[] = [];
  for (let start = prefix.length; start < ids.length; start += step) {
    windows.push(Int32Array.of(...before, ...prefix, ...ids.subarray(start, start + step), ...after));
  }
  return windows;
}

/** Batches of windows sorted by length, shortest first. Every window is in exactly one batch. */
export function planBatches(lengths: readonly number[], limits: BatchLimits): Batch[] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[a] as number) - (lengths[b] as number) || a - b);
  const batches: Batch[] = [];
  let current: Batch = { windows: [], length: 0 };
  for (const index of order) {
    const length = bucketLength(lengths[index] as number);
    const rows = current.windows.length + 1;
    if (current.windows.length > 0 && (rows > limits.maxRows || rows * length > limits.tokenBudget)) {
      batches.push(current);
      current = { windows: [], length: 0 };
    }
    current.windows.push(index);
    current.length = length;
  }
  if (current.windows.length > 0) batches.push(current);
  return batches;
}
