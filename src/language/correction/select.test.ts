import { expect, test } from 'vitest';
import { choose } from './select.ts';
import type { Candidate } from './types.ts';

const centre: Candidate = { method: 'centre', dimensions: 384, sameLanguageOverFair: 1.4, selfReciprocalRank: 0.84, agreement: 0.65, preserved: 1 };
const wide: Candidate = { method: 'lda', dimensions: 256, sameLanguageOverFair: 1.07, selfReciprocalRank: 0.87, agreement: 0.73, preserved: 0.61 };

test('translations: the mean of finding the item and agreeing, less the excess of the own language', () => {
  expect(choose([centre, wide], 'translations')).toBe(wide);
  const narrow = { ...wide, dimensions: 128, selfReciprocalRank: 0.85 };
  expect(choose([centre, wide, narrow], 'translations')).toBe(wide);
});

test('of equals the smaller index is taken', () => {
  const narrow = { ...wide, dimensions: 128, selfReciprocalRank: 0.866 };
  expect(choose([centre, wide, narrow], 'translations')).toBe(narrow);
});

test('what would reorder a language within itself is not taken', () => {
  const wild = { ...wide, preserved: 0.3, selfReciprocalRank: 0.99 };
  expect(choose([centre, wild], 'translations')).toBe(centre);
  expect(choose([wild], 'translations')).toBe(wild);
});

test('neighbourhoods: the shipped basis unless it shows the own language more than centring does', () => {
  const gentle = { ...wide, dimensions: 128, preserved: 0.8 };
  expect(choose([centre, wide, gentle], 'neighbours')).toBe(gentle);
  expect(choose([centre, { ...wide, sameLanguageOverFair: 1.5 }], 'neighbours')).toBe(centre);
  expect(choose([], 'neighbours')).toBeUndefined();
});

test('neighbourhoods without a basis: nearest to fair, too few being as wrong as too many; of nearly equals the one that keeps most', () => {
  const shift: Candidate = { ...centre, method: 'shift', sameLanguageOverFair: 0.3, preserved: 0.7 };
  expect(choose([shift, centre], 'neighbours')).toBe(centre);
  expect(choose([{ ...shift, sameLanguageOverFair: 1 }, centre], 'neighbours')?.method).toBe('shift');
  expect(choose([{ ...shift, sameLanguageOverFair: 1.2 }, centre], 'neighbours')).toBe(centre);
});
