import { expect, test } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { selectBackend } from '../index/select-backend.ts';
import { createIndex } from '../index/vector-index.ts';
import { startingSample } from './rank.ts';
import { rankByProfile } from './testing/rank-by.ts';

const item = (id: string, language: string, ...categories: string[]): Item => ({
  id: id as ItemId,
  language,
  title: id,
  description: '',
  categories,
});
const items = [item('a', 'en', 'crime'), item('b', 'de', 'crime'), item('c', 'pt-BR', 'love'), item('d', 'en', 'love'), item('e', 'en', 'war')];
const { backend } = await selectBackend();
const index = createIndex(backend, { dimensions: 2, rescore: true });
index.add(Float32Array.of(1, 0, 0.8, 0.6, 0.8, 0.6, 0, 1, -1, 0));
const all = { items, encoded: () => true, seen: new Set<number>(), wanted: undefined };
const rows = (ranked: readonly { row: number }[]) => ranked.map(({ row }) => row);

test('best cosine first, equal scores by row', async () => {
  expect(rows(await rankByProfile(index, Float32Array.of(1, 0), 5, all))).toEqual([0, 1, 2, 3, 4]);
});

test('seen, not encoded and unwanted languages are left out', async () => {
  expect(rows(await rankByProfile(index, Float32Array.of(1, 0), 5, { ...all, seen: new Set([0]) }))).toEqual([1, 2, 3, 4]);
  expect(rows(await rankByProfile(index, Float32Array.of(1, 0), 5, { ...all, encoded: (row) => row !== 1 }))).toEqual([0, 2, 3, 4]);
  expect(rows(await rankByProfile(index, Float32Array.of(1, 0), 5, { ...all, wanted: ['pt'] }))).toEqual([2]);
  expect(rows(await rankByProfile(index, Float32Array.of(1, 0), 5, { ...all, wanted: [] }))).toEqual([]);
});

test('the start takes languages in turn and fresh categories first', () => {
  // en has most items, so it begins: a (crime); de: b; pt-BR: c (love); en again: e (war), the category not shown yet.
  expect(rows(startingSample(5, all))).toEqual([0, 1, 2, 4, 3]);
  expect(rows(startingSample(2, { ...all, seen: new Set([0, 1]) }))).toEqual([3, 2]);
  expect(rows(startingSample(9, { ...all, wanted: ['de'] }))).toEqual([1]);
});
