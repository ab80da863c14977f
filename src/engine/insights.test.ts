// The report of an open catalogue: translations are encoded once, judged, kept; what cannot be had is left out.
import { expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { Item, ItemId } from '../base/types.ts';
import { createCpuBackend } from '../compute/cpu/cpu-backend.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { InstantEncoder } from '../encoder/instant/instant-encoder.ts';
import { ItemTable } from '../index/item-table.ts';
import { identityAdapter } from '../language/adapter.ts';
import { partOf } from '../language/translations.ts';
import { IDLE_STATUS } from '../protocol/idle-status.ts';
import { openStore } from '../store/open.ts';
import type { ResolvedSpeed } from './catalogue-scope.ts';
import { fairnessOf } from './insights.ts';
import { lazy, type Model } from './model.ts';
import { scopeWith } from './testing/small-encoder.ts';

const D = 8;
const TAGS = ['en', 'de', 'sw'];
const items: Item[] = Array.from({ length: 48 }, (_, row) => {
  const [own = '', ...others] = [0, 1, 2].map((step) => TAGS[(row + step) % 3] ?? '');
  return {
    id: `i${row}` as ItemId,
    language: own,
    title: `${own} ${row}`,
    description: '',
    categories: [`c${row % 4}`],
    translations: Object.fromEntries(others.map((tag) => [tag, { title: `${tag} ${row}`, description: '' }])),
  };
});
const JUDGED = items.filter((item) => partOf(item) === 'judge').length;

/** Axes 0 to 4 tell the item, 5 to 7 the language, loudly. */
function vectorOf(text: string): Float32Array {
  const [tag = '', row = 0] = text.split(' ');
  const random = seededRandom(Number(row));
  const vector = Float32Array.from({ length: D }, (_, axis) => (axis < 5 ? random() - 0.5 : axis - 5 === TAGS.indexOf(tag) ? 1 : 0));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
const matrixOf = (texts: readonly string[]): Float32Array => Float32Array.from(texts.flatMap((text) => [...vectorOf(text)]));
const rows = [...items.keys()];
const titles = items.map(({ title }) => title);

function openWorld({ failWith, instant }: { failWith?: RecommenderError; instant?: boolean } = {}) {
  const encoded: string[] = [];
  const encoder: Encoder = {
    dimensions: D,
    fingerprint: 'planted',
    status: { model: 'planted', rung: 'wasm', reason: 'a test', checkCosine: 1, threads: 1, device: '', languages: [] },
    encode: async (texts, { signal, onBatch } = {}) => {
      if (signal?.aborted) throw new RecommenderError('aborted', 'stopped');
      encoded.push(...texts);
      const vectors = matrixOf(texts);
      await onBatch?.([...texts.keys()], vectors);
      return vectors;
    },
    dispose: async () => undefined,
  };
  const adapter = identityAdapter(D);
  const model: Model = {
    fingerprint: 'planted',
    dimensions: D,
    adapter,
    transformer: lazy(async () => {
      if (failWith) throw failWith;
      return encoder;
    }),
    quick: instant ? lazy(async () => Object.assign(Object.create(InstantEncoder.prototype), { dimensions: D, encode: encoder.encode })) : undefined,
    dispose: async () => undefined,
  };
  const table = new ItemTable(items, titles, adapter, createCpuBackend());
  const { board } = scopeWith({ table, model });
  return { table, model, board, encoded };
}

async function measure(
  world: ReturnType<typeof openWorld>,
  speed: ResolvedSpeed = 'refined',
  store?: Awaited<ReturnType<typeof openStore>>,
  signal = new AbortController().signal,
) {
  const { table, model, board } = world;
  const scope = scopeWith({ table, model, board, speed, store: store ?? (await openStore({ name: 'fairness' })), random: seededRandom(1) });
  return fairnessOf(scope, signal);
}

test('translations of the judged part are encoded, once in the life of the store, and tell what the correction does across languages', async () => {
  const world = openWorld();
  world.table.setRefined(rows, matrixOf(titles));
  const store = await openStore({ name: 'fairness' });
  const report = await measure(world, 'quick-then-refined', store);
  expect(report.translations).toBe(2 * JUDGED);
  expect(world.encoded).toHaveLength(2 * JUDGED);
  expect(report.after.selfMrr ?? 0).toBeGreaterThan((report.before.selfMrr ?? 1) + 0.2);
  expect(report.after.rankCorrelation ?? 0).toBeGreaterThan((report.before.rankCorrelation ?? 1) + 0.2);
  expect(report.ndcg.map(({ relevance, languages }) => [relevance, languages.map(({ tag }) => tag).sort()])).toEqual([
    ['category', ['de', 'en', 'sw']],
    ['translation', ['de', 'en', 'sw']],
  ]);
  const again = await measure(world, 'quick-then-refined', store);
  expect(world.encoded).toHaveLength(2 * JUDGED);
  expect(again).toEqual(report);
  expect(world.board.status.progress).toBeNull();
});

test('where data are saved nothing is fetched: the instant encoder reads items and translations', async () => {
  const world = openWorld({ failWith: new RecommenderError('asset-missing', 'not to be fetched'), instant: true });
  world.table.setQuick(rows, matrixOf(titles), D);
  const report = await measure(world, 'quick');
  expect(report.translations).toBe(2 * JUDGED);
  expect(report.after.selfMrr ?? 0).toBeGreaterThan((report.before.selfMrr ?? 1) + 0.2);
  expect(report.before.sameLanguageOverFair).toBeGreaterThan(2);
  expect(world.board.status.notices).toEqual(IDLE_STATUS.notices);
});

test('with an owner’s vectors and data saved, translations are left out', async () => {
  const world = openWorld({ failWith: new RecommenderError('asset-missing', 'not to be fetched'), instant: true });
  world.table.setRefined(rows, matrixOf(titles));
  const report = await measure(world, 'quick');
  expect(report).toMatchObject({ translations: 0, before: { selfMrr: null } });
  expect(report.before.sameLanguageOverFair).toBeGreaterThan(2);
});

test('an encoder that cannot be had costs the translations alone, and is said; a fault and an abort end the report', async () => {
  const world = openWorld({ failWith: new RecommenderError('asset-missing', 'model.onnx is not there.') });
  world.table.setRefined(rows, matrixOf(titles));
  expect(await measure(world)).toMatchObject({ translations: 0, queries: items.length });
  expect(world.board.status.notices.map(({ text }) => text)).toEqual(['Fairness is measured without translations: model.onnx is not there.']);
  const faulty = openWorld({ failWith: new RecommenderError('encoder-fault', 'the device was lost') });
  faulty.table.setRefined(rows, matrixOf(titles));
  await expect(measure(faulty)).rejects.toMatchObject({ code: 'encoder-fault' });
  const sound = openWorld();
  sound.table.setRefined(rows, matrixOf(titles));
  await expect(measure(sound, 'refined', undefined, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  await expect(measure(openWorld())).rejects.toMatchObject({ code: 'not-ready' });
});
