// Batches decide how much padding is computed and whether any token is lost: properties over many random plans.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { bucketLength, cutWindows, planBatches } from './batches.ts';

const LIMITS = { tokenBudget: 512, maxRows: 32 };

test('a bucket holds its length, wastes less than 32 tokens, and there are few of them up to 512', () => {
  const buckets = new Set<number>();
  for (let tokens = 1; tokens <= 512; tokens++) {
    const bucket = bucketLength(tokens);
    expect(bucket).toBeGreaterThanOrEqual(tokens);
    expect(bucket - tokens).toBeLessThan(tokens <= 64 ? 8 : tokens <= 160 ? 16 : 32);
    expect(bucket).toBeLessThanOrEqual(512);
    expect(bucketLength(bucket)).toBe(bucket);
    buckets.add(bucket);
  }
  expect(buckets.size).toBeLessThanOrEqual(26);
});

test('200 random plans: every window once, within budget and rows, padded to a bucket, shortest first', () => {
  const random = seededRandom(1);
  for (let plan = 0; plan < 200; plan++) {
    const lengths = Array.from({ length: Math.floor(random() * 300) }, () => 1 + Math.floor(random() ** 3 * 512));
    const limits = { tokenBudget: 64 + Math.floor(random() * 4096), maxRows: 1 + Math.floor(random() * 64) };
    const batches = planBatches(lengths, limits);
    expect(batches.flatMap((batch) => batch.windows).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    for (const { windows, length } of batches) {
      expect(windows.length).toBeGreaterThan(0);
      expect(windows.length).toBeLessThanOrEqual(limits.maxRows);
      if (windows.length > 1) expect(windows.length * length).toBeLessThanOrEqual(limits.tokenBudget);
      expect(length).toBe(bucketLength(Math.max(...windows.map((index) => lengths[index] as number))));
    }
    expect(batches.map((batch) => batch.length)).toEqual(batches.map((batch) => batch.length).sort((a, b) => a - b));
  }
});

test('little padding is left for lengths as in real catalogues', () => {
  const random = seededRandom(2);
  const lengths = Array.from({ length: 1000 }, () => 8 + Math.floor(random() * 200));
  const padded = planBatches(lengths, LIMITS).reduce((sum, { windows, length }) => sum + windows.length * length, 0);
  expect(padded / lengths.reduce((a, b) => a + b)).toBeLessThan(1.15);
});

test('no texts make no batches', () => {
  expect(planBatches([], LIMITS)).toEqual([]);
});

test('windows cover all tokens of the text in order, each with special tokens and prefix', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 300; round++) {
    const prefixLength = Math.floor(random() * 5);
    const maxTokens = 12 + Math.floor(random() * 60);
    const ids = Int32Array.from({ length: prefixLength + Math.floor(random() * 300) }, (_, i) => 100 + i);
    const windows = cutWindows(ids, prefixLength, [0], [2], maxTokens);
    const body: number[] = [];
    for (const window of windows) {
      expect(window.length).toBeLessThanOrEqual(maxTokens);
      expect(window[0]).toBe(0);
      expect(window.at(-1)).toBe(2);
      expect([...window.subarray(1, 1 + prefixLength)]).toEqual([...ids.subarray(0, prefixLength)]);
      body.push(...window.subarray(1 + prefixLength, -1));
    }
    expect(body).toEqual([...ids.subarray(prefixLength)]);
    if (ids.length + 2 <= maxTokens) expect(windows).toHaveLength(1);
  }
});

test('an empty text is one window of special tokens', () => {
  expect(cutWindows(new Int32Array(), 0, [0], [2], 512)).toEqual([Int32Array.of(0, 2)]);
});

test('a prefix that fills the window is refused instead of looping for ever', () => {
  const ids = Int32Array.from({ length: 40 }, (_, i) => i);
  expect(() => cutWindows(ids, 10, [0], [2], 12)).toThrow(/leaves none for the text/);
});
