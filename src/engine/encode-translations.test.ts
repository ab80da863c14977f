// Each translation is encoded once in the life of a store; an abort ends the work, a full disk does not.
import { expect, test } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { translatedItems } from '../language/testing/translated-items.ts';
import { sampleTranslations } from '../language/translations.ts';
import { openStore } from '../store/open.ts';
import { encodeTranslations } from './encode-translations.ts';
import { StatusBoard } from './runtime.ts';
import { smallModel } from './testing/small-encoder.ts';

const items = translatedItems(() => ['de', 'fi', 'sw']);

test('encoded once, a shared text too, with progress; later they come from the store and no encoder is loaded', async () => {
  const store = await openStore({ name: 'translations' });
  const model = smallModel();
  const translations = [0, 20, 2].flatMap((item) => ['de', 'fi'].map((language) => ({ item, language }))); // rows 0 and 20 share their texts
  const encoded: string[] = [];
  const done: number[] = [];
  const options = {
    items,
    translations,
    fingerprint: model.fingerprint,
    dimensions: model.dimensions,
    store,
    board: new StatusBoard(
      () => {},
      () => 0,
    ),
  };
  const encoder = await model.transformer.get();
  const spied: Pick<typeof encoder, 'encode'> = {
    encode: (texts, how) => {
      encoded.push(...texts);
      return encoder.encode(texts, how);
    },
  };
  const vectors = await encodeTranslations({ ...options, encoder: async () => spied, onProgress: (progress) => done.push(progress.done) });
  expect(encoded).toEqual(['de 0', 'fi 0', 'de 2', 'fi 2']);
  expect(done).toEqual([0, 4]);
  const d = model.dimensions;
  const own = await encoder.encode(['fi 2']);
  expect(vectors.subarray(5 * d)).toEqual(own);
  expect(vectors.subarray(2 * d, 4 * d)).toEqual(vectors.subarray(0, 2 * d));
  const refuse = async () => {
    throw new Error('nothing is to be encoded');
  };
  expect(await encodeTranslations({ ...options, encoder: refuse })).toEqual(vectors);
});

test('an abort ends it, a full disk does not', async () => {
  const model = smallModel();
  const translations = sampleTranslations(items, { items: 10, languagesEach: 3 }, seededRandom(1));
  const store = await openStore({ name: 'translations' });
  const board = new StatusBoard(
    () => {},
    () => 0,
  );
  const options = { items, translations, fingerprint: model.fingerprint, dimensions: model.dimensions, store, encoder: model.transformer.get, board };
  const abort = new AbortController();
  const stopped = encodeTranslations({ ...options, signal: abort.signal, onProgress: ({ done }) => done > 0 && abort.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  const full = {
    loadVectors: store.loadVectors.bind(store),
    appendVectors: () => Promise.reject(new RecommenderError('storage-quota', 'The disk is full.')),
  };
  const vectors = await encodeTranslations({ ...options, store: full, board });
  expect(vectors.every(Number.isFinite)).toBe(true);
  expect(board.status.notices[0]?.text).toBe('Vectors of translations are not kept: The disk is full.');
});
