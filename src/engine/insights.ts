// What is measured and drawn of the open catalogue: fairness over languages, quality on a log, the map.
import { messageOf, RecommenderError } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import { drawTranslations, type FairnessStates, instantStates, refinedStates, tableFairness } from '../evaluation/fairness/catalogue-fairness.ts';
import { measureQuality } from '../evaluation/measure-quality.ts';
import { catalogueMap } from '../index/catalogue-map.ts';
import type { CatalogueMap, FairnessReport, QualityOptions, QualityReport } from '../protocol/engine-api.ts';
import type { CatalogueScope } from './catalogue-scope.ts';
import { encodeTranslations } from './encode-translations.ts';

/** The same for the map before and after, so that only the correction differs. */
const MAP_SEED = 1;

/**
 * Encodes a sample of the catalogue's translations where the store lacks them. Where data are saved nothing is fetched: the instant
 * encoder reads items and translations.
 * @throws not-ready with fewer than two vectors, aborted, encoder-*
 */
export async function fairnessOf(scope: CatalogueScope, signal: AbortSignal): Promise<FairnessReport> {
  const { table, model, speed, board, random } = scope;
  const onProgress = board.progress.bind(board);
  try {
    let states: FairnessStates;
    if (speed === 'quick' && table.refinedCount === 0) {
      const encoder = await model.quick?.get(onProgress);
      if (!encoder) throw new RecommenderError('not-ready', 'No item has a vector yet. Wait until some are encoded.');
      states = await instantStates(table, { dimensions: encoder.dimensions, encode: (texts) => encoder.encode(texts, { signal }) }, random);
    } else states = await transformerStates(scope, signal);
    return await tableFairness(table, states, { random, signal, onProgress });
  } finally {
    // After an abort, the progress in the status is that of other work.
    if (!signal.aborted) board.update({ progress: null });
  }
}

/** Without translations where they cannot be encoded: the rest of the report needs none. */
async function transformerStates({ table, model, speed, store, board }: CatalogueScope, signal: AbortSignal): Promise<FairnessStates> {
  if (speed === 'quick') return refinedStates(table, [], new Float32Array(0));
  const translations = drawTranslations(table, (row) => table.isRefined(row));
  const onProgress = board.progress.bind(board);
  let vectors: Float32Array;
  try {
    vectors = await encodeTranslations({
      items: table.items,
      translations,
      fingerprint: model.fingerprint,
      dimensions: model.dimensions,
      store,
      signal,
      encoder: async () => {
        const encoder = await model.transformer.get(onProgress);
        board.update({ encoder: encoder.status });
        return encoder;
      },
      onProgress,
      board,
    });
  } catch (error) {
    if (signal.aborted || (error instanceof RecommenderError && (error.code === 'aborted' || error.code === 'encoder-fault'))) throw error;
    board.notice('encoding-failed', `Fairness is measured without translations: ${messageOf(error)}`);
    return refinedStates(table, [], new Float32Array(0));
  }
  return refinedStates(table, translations, vectors);
}

/** @throws interactions-format, evaluation-empty, aborted */
export function qualityOf({ table }: CatalogueScope, options: QualityOptions, signal: AbortSignal): Promise<QualityReport> {
  return measureQuality({ items: table.items, vectors: table.rankedVectors(), dimensions: table.dimensions, ...options, signal });
}

/** @throws not-ready */
export function mapOf({ table, board }: CatalogueScope, correction: 'before' | 'after'): Promise<CatalogueMap> {
  const isBefore = correction === 'before';
  const dimensions = isBefore ? table.rawDimensions : table.dimensions;
  const rows = isBefore ? table.rawVectors() : table.rankedVectors();
  return catalogueMap(table.items, rows, { dimensions, random: seededRandom(MAP_SEED), onProgress: (progress) => board.progress(progress) });
}
