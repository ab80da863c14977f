// Help for an owner's training, exact on five axes: which rows stand for which item, and what is refused.
import { expect, test } from 'vitest';
import { createBatchSource } from '../head/batches.ts';
import { initialParameters } from '../head/layout.ts';
import { helpedSet, helpedTexts, helpedUsers, type LanguageHelp, mixedCatalogue } from './language-help.ts';
import { pretrain } from './pretrain.ts';
import { plantedLog } from './testing/planted-log.ts';

const axis = (d: number, ...axes: number[]) => Float32Array.from(axes.flatMap((one) => Array.from({ length: d }, (_, j) => (j === one ? 1 : 0))));
/** Three items; two translations of item 0 (rows 3 and 4), none of the others. */
const items = axis(5, 0, 1, 2);
const help = {
  languages: ['en', 'en', 'sw'],
  mixing: true,
  alignment: true,
  translations: { vectors: axis(5, 3, 4), itemRow: Int32Array.of(0, 0), languages: ['sw', 'da'] },
} satisfies LanguageHelp;
const texts = helpedTexts(items, 5, help);
const users = [Int32Array.of(0, 1), Int32Array.of(2)];

test('items come first, then translations, each with the other texts of its item', () => {
  expect(texts.vectors).toEqual(axis(5, 0, 1, 2, 3, 4));
  expect(texts.languages).toEqual(['en', 'en', 'sw', 'sw', 'da']);
  expect(Object.fromEntries(texts.others)).toEqual({ 0: [3, 4], 3: [0, 4], 4: [0, 3] });
});

test('the start: with mixing a user has all texts of the liked items, with alignment each item counts as a user', () => {
  expect(helpedUsers(users, texts, help).map((rows) => [...rows])).toEqual([[0, 3, 4, 1], [2], [0, 3, 4]]);
  expect(helpedUsers(users, texts, { languages: help.languages }).map((rows) => [...rows])).toEqual([[0, 1], [2]]);
});

test('the steps: likes, as many mixed, at most as many pairs; no text of a liked item is drawn against it', () => {
  const set = helpedSet(users, texts, help, { most: 100, seed: 1 });
  expect(set.label.length).toBe(6);
  expect([...(set.itemGroup ?? [])]).toEqual([0, 1, 2, 0, 0]);
  const likes = helpedSet(users, texts, { languages: help.languages }, { most: 100, seed: 1 });
  const source = createBatchSource(likes, 5, { loss: { kind: 'bpr', negatives: 40 }, batchSize: 2, random: () => 0.999, personal: false });
  // User 0 likes items 0 and 1, so of all five texts only that of item 2 can have lost.
  for (const { itemRows } of source.epoch()) for (const row of itemRows) expect([0, 1, 2]).toContain(row);
  const cold = helpedSet(users, texts, { languages: ['en', 'sw', 'sw'], temperature: 100 }, { most: 100, seed: 1 });
  expect(cold.weight.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(2, 5);
});

test('a mixed catalogue shows an item in one of its own texts, and items without translations as they are', () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const shown = mixedCatalogue(items, texts, seed);
    expect(shown.subarray(5)).toEqual(items.subarray(5));
    seen.add(shown.subarray(0, 5).indexOf(1));
  }
  expect([...seen].sort()).toEqual([0, 3, 4]);
});

test('texts that do not fit are refused in words', () => {
  const refused = (more: Partial<LanguageHelp>, message: RegExp) => expect(() => helpedTexts(items, 5, { ...help, ...more })).toThrow(message);
  refused({ languages: ['en'] }, /1 languages for 3 items/);
  refused({ temperature: 0.5 }, /temperature/);
  refused({ translations: { vectors: new Float32Array(0), itemRow: new Int32Array(0), languages: [] } }, /need translations/);
  refused({ translations: { ...help.translations, itemRow: Int32Array.of(0, 7) } }, /of item 7/);
  refused({ translations: { ...help.translations, languages: ['sw'] } }, /2 translations, 2 vectors and 1 languages/);
  refused({ translations: { ...help.translations, vectors: help.translations.vectors.map(() => Number.NaN) } }, /NaN/);
});

const { likes, vectors, dimensions } = plantedLog();

test('a prior head that knows what matters is where training starts; one of another shape is refused', async () => {
  const rich = await pretrain(likes, vectors, dimensions, { kind: 'bilinear', rank: 12, seed: 3, epochs: 0 });
  const few = { ...likes, weights: likes.weights.map((weight, at) => (at < 80 && at % 10 < 2 ? weight : 0)) };
  const options = { kind: 'bilinear', rank: 12, seed: 3, epochs: 0 } as const;
  const moved = await pretrain(few, vectors, dimensions, { ...options, priorHead: rich });
  expect(moved.heldOut.best).toBeGreaterThanOrEqual((await pretrain(few, vectors, dimensions, options)).heldOut.best);
  expect(moved.start).toBe('prior head');
  const other = {
    shape: { kind: 'bilinear', dimensions, rank: 3 } as const,
    parameters: initialParameters({ kind: 'bilinear', dimensions, rank: 3 }, () => 0.5, 10),
  };
  await expect(pretrain(few, vectors, dimensions, { ...options, priorHead: other })).rejects.toThrow(/rank 3.*rank 12/);
});
