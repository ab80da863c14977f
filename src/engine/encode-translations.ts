// Vectors of the catalogue's own translations, from the store or the encoder: each text is encoded once in the life of a store.
import type { Item, ProgressCallback } from '../base/types.ts';
import { contentKey, itemText } from '../catalogue/text.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { Translation } from '../language/translations.ts';
import type { Store } from '../store/store.ts';
import { keepIfSpace } from './catalogue-scope.ts';
import type { Board } from './runtime.ts';

export interface EncodeTranslationsOptions {
  items: readonly Item[];
  translations: readonly Translation[];
  /** Of the encoder; known before it is loaded. */
  fingerprint: string;
  dimensions: number;
  /** Called only when a vector is missing in the store. */
  encoder: () => Promise<Pick<Encoder, 'encode'>>;
  store: Pick<Store, 'loadVectors' | 'appendVectors'>;
  signal?: AbortSignal;
  /** Counts the texts that were not in the store. */
  onProgress?: ProgressCallback;
  /** Is told when new vectors cannot be stored. They are used all the same. */
  board: Board;
}

/**
 * Vectors of translations. Those that the store lacks are encoded and kept there, batch by batch, under the key of their text. A text
 * that several items share is encoded once.
 *
 * @returns [translations × dimensions], as the encoder gives them
 * @throws aborted (what is done stays stored), encoder-*, asset-*, encoder-mismatch
 */
export async function encodeTranslations(options: EncodeTranslationsOptions): Promise<Float32Array> {
  const { items, translations, fingerprint, dimensions: d, store } = options;
  const texts = translations.map(({ item, language }) => textOf(items[item], language));
  const keys = await Promise.all(texts.map(contentKey));
  const textOfKey = new Map(keys.map((key, at) => [key, texts[at] ?? '']));
  const vectorOf = new Map<string, Float32Array>();
  const { rows, vectors } = await store.loadVectors(fingerprint, d, new Set(keys));
  for (const [key, row] of rows) vectorOf.set(key, vectors.subarray(row * d, (row + 1) * d));
  const missing = [...textOfKey].filter(([key]) => !vectorOf.has(key));
  if (missing.length > 0) await encodeMissing(missing, options, vectorOf);
  const out = new Float32Array(keys.length * d);
  keys.forEach((key, at) => {
    out.set(vectorOf.get(key) ?? [], at * d);
  });
  return out;
}

/** @param missing key and text of each @param vectorOf is filled */
async function encodeMissing(
  missing: readonly (readonly [string, string])[],
  options: EncodeTranslationsOptions,
  vectorOf: Map<string, Float32Array>,
): Promise<void> {
  const { dimensions: d, fingerprint, store, board, encoder, signal, onProgress } = options;
  const total = missing.length;
  let done = 0;
  onProgress?.({ done, total, unit: 'texts' });
  const texts = missing.map(([, text]) => text);
  await (await encoder()).encode(texts, {
    ...(signal ? { signal } : {}),
    onBatch: async (places, vectors) => {
      const keys = places.map((place) => missing[place]?.[0] ?? '');
      keys.forEach((key, at) => {
        vectorOf.set(key, vectors.slice(at * d, (at + 1) * d));
      });
      await keepIfSpace(board, 'Vectors of translations are', () => store.appendVectors(fingerprint, d, { keys, vectors }));
      done += keys.length;
      onProgress?.({ done, total, unit: 'texts' });
    },
  });
}

function textOf(item: Item | undefined, language: string): string {
  return item ? itemText(item, language) : '';
}
