// Learning from translations: when it begins, that it stops and goes on, and what it leaves alone.
import { expect, test, vi } from 'vitest';
import type { Item, ItemId } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import { ItemTable } from '../index/item-table.ts';
import { fitTable } from '../language/table-correction.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { installKeptCorrection } from './kept-correction.ts';
import { settleLanguages } from './settle-languages.ts';
import { StatusBoard } from './status-board.ts';
import { smallModel } from './testing/small-encoder.ts';
import { type LearningContext, learnFromTranslations, TranslationLearning } from './translation-learning.ts';

const itemsOf = (count: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `i${i}` as ItemId,
    language: 'en',
    title: `title ${i}`,
    description: '',
    categories: [],
    translations: { de: { title: `Titel ${i}`, description: '' }, sw: { title: `kichwa ${i}`, description: '' } },
  }));
const items = itemsOf(120);

/** A catalogue whose rows are encoded and whose languages have settled, all with one store. */
async function settled({ catalogue = items, store = new MemoryStore('a test') }: { catalogue?: readonly Item[]; store?: MemoryStore } = {}) {
  const model = smallModel();
  const encoder = await model.transformer.get();
  const encode = vi.spyOn(encoder, 'encode');
  const texts = catalogue.map((item) => itemText(item));
  const table = new ItemTable(catalogue, await Promise.all(texts.map(contentKey)), model.adapter, createCpuBackend());
  table.setRefined([...catalogue.keys()], await encoder.encode(texts));
  encode.mockClear();
  await store.saveCatalogue({ id: 'c', title: 'c', sourceHash: 'c', itemCount: catalogue.length, importedAtMs: 0 }, catalogue);
  const board = new StatusBoard(
    () => undefined,
    () => 0,
  );
  const fit = vi.fn(fitTable);
  const context: LearningContext = {
    catalogueId: 'c',
    table,
    model,
    store,
    board,
    idle: async () => undefined,
    onFault: vi.fn(),
    onLearned: vi.fn(async () => undefined),
    fit,
  };
  const installed = await installKeptCorrection(context);
  await settleLanguages({ ...context, signal: new AbortController().signal });
  fit.mockClear();
  return { context, table, store, board, encode, fit, installed, model };
}
const go = new AbortController().signal;
const textsOf = (encode: { mock: { calls: readonly (readonly unknown[])[] } }): number =>
  encode.mock.calls.reduce((sum, [texts]) => sum + (Array.isArray(texts) ? texts.length : 0), 0);

test('translations are encoded a few at a time and fitted once; the next visit has the correction and learns nothing', async () => {
  const { context, table, store, board, encode, fit } = await settled();
  const phase = board.status;
  expect(await learnFromTranslations(context, go)).toBe(true);
  expect(table.correction.report).toMatchObject({ criterion: 'translations' });
  const { translatedItems } = table.correction.report;
  expect(textsOf(encode)).toBe(2 * translatedItems);
  expect(encode.mock.calls.every(([texts]) => texts.length <= 8)).toBe(true);
  expect(fit).toHaveBeenCalledOnce();
  expect(board.status).toBe(phase); // nothing of it shows
  expect(await learnFromTranslations(context, go)).toBe(false);

  const next = await settled({ store });
  expect(next.installed).toBe(true);
  expect(next.table.correction).toEqual(table.correction);
  expect(await learnFromTranslations(next.context, go)).toBe(false);
  expect(textsOf(next.encode)).toBe(0);
});

test('stopped, it keeps what it has, and goes on from there', async () => {
  const first = await settled();
  const abort = new AbortController();
  let turns = 0;
  const idle = async () => {
    if (++turns === 6) abort.abort();
  };
  await expect(learnFromTranslations({ ...first.context, idle }, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  expect(textsOf(first.encode)).toBe(5 * 8);
  expect(first.fit).not.toHaveBeenCalled();
  const second = await settled({ store: first.store });
  await learnFromTranslations(second.context, go);
  expect(textsOf(second.encode)).toBe(2 * second.table.correction.report.translatedItems - 5 * 8);
});

test('it waits for everything else', async () => {
  const { context, encode } = await settled();
  let release = (): void => undefined;
  const busy = new Promise<void>((resolve) => {
    release = resolve;
  });
  const learning = new TranslationLearning(() => ({ ...context, idle: () => busy }));
  learning.start();
  learning.start();
  await new Promise((resolve) => setTimeout(resolve));
  expect(textsOf(encode)).toBe(0);
  release();
  await learning.settled();
  expect(context.onLearned).toHaveBeenCalledOnce();
  expect(context.onFault).not.toHaveBeenCalled();
});

test('nothing is fetched for it, and few translations are left alone', async () => {
  const { context, model, encode } = await settled();
  const get = vi.fn(model.transformer.get);
  expect(await learnFromTranslations({ ...context, model: { ...model, transformer: { get, loaded: () => undefined } } }, go)).toBe(false);
  expect(get).not.toHaveBeenCalled();
  expect(textsOf(encode)).toBe(0);
  const few = await settled({ catalogue: itemsOf(30) });
  expect(await learnFromTranslations(few.context, go)).toBe(false);
  expect(textsOf(few.encode)).toBe(0);
});

test('with few translations nothing is fitted before what is more urgent is done', async () => {
  const { context, model, table, fit } = await settled({ catalogue: itemsOf(30) });
  table.install({ ...table.correction, method: 'lda' });
  const prior = model.adapter;
  let release = (): void => undefined;
  const busy = new Promise<void>((resolve) => {
    release = resolve;
  });
  const square = new Float32Array(prior.dimensions ** 2);
  for (let i = 0; i < prior.dimensions; i++) square[i * (prior.dimensions + 1)] = 1;
  const covariances = { get: vi.fn(async () => ({ withinItem: square, betweenItem: square })), loaded: () => undefined };
  const mappedModel = { ...model, covariances, hasMaps: true };
  const ended = learnFromTranslations({ ...context, model: mappedModel, idle: () => busy }, go);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(covariances.get).not.toHaveBeenCalled();
  release();
  await ended;
  expect(covariances.get).toHaveBeenCalledOnce();
  expect(fit).not.toHaveBeenCalled(); // no maps came: there is nothing to fit again with
});

test('a fault of the encoder is told and changes nothing; a stop is no fault', async () => {
  const { context, table, encode } = await settled();
  const { correction } = table;
  encode.mockRejectedValueOnce(new Error('the device was lost'));
  const learning = new TranslationLearning(() => context);
  learning.start();
  await learning.settled();
  expect(context.onFault).toHaveBeenCalledOnce();
  learning.start();
  await learning.stop();
  expect(context.onFault).toHaveBeenCalledOnce();
  expect(table.correction).toBe(correction);
});
