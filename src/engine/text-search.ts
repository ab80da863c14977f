// Search by words of any language: the query becomes a vector beside the items', read by the instant encoder or the transformer.
import { RecommenderError } from '../base/errors.ts';
import { retryIfCorrectionChanged } from '../index/retry-if-correction-changed.ts';
import { detectByScript, loadDetector } from '../language/detect.ts';
import type { RecommendationList, SearchOptions } from '../protocol/engine-api.ts';
import type { OpenedCatalogue } from './opened-catalogue.ts';
import type { StatusBoard } from './status-board.ts';

export interface TextSearchContext {
  opened: OpenedCatalogue;
  board: StatusBoard;
  /** The transformer failed at the query. */
  onFault: (error: unknown) => void;
  /** The transformer is there. */
  onTransformer: () => void;
}

/** @param query in any language. @throws bad-argument (nothing to search), encoder-*, asset-* */
export async function searchText(query: string, options: SearchOptions, context: TextSearchContext): Promise<Omit<RecommendationList, 'elapsedMs'>> {
  const text = searchable(query);
  const language = detectByScript(text) ?? (await loadDetector())(text) ?? 'und';
  return retryIfCorrectionChanged(context.opened.table, async () => {
    const { vector, queryEncoder } = await queryVector(text, language, options.quick ?? false, context);
    return { ...(await context.opened.nearest(vector, options)), queryEncoder };
  });
}

function searchable(query: string): string {
  const text = query.normalize('NFC').trim();
  if (text === '') throw new RecommenderError('bad-argument', 'The search is empty. Type a few words in any language.');
  return text;
}

/** @returns corrected as the items are, unit length [dimensions] */
async function queryVector(
  text: string,
  language: string,
  quick: boolean,
  { opened: { table, model, speed }, board, onFault, onTransformer }: TextSearchContext,
): Promise<{ vector: Float32Array; queryEncoder: 'quick' | 'refined' }> {
  if (model.quick && (quick || speed === 'quick')) {
    const encoder = await model.quick.get((progress) => board.progress(progress));
    return { vector: table.correctQuick(encoder.encodeNow(text), language), queryEncoder: 'quick' };
  }
  const encoder = await model.transformer.get((progress) => board.progress(progress));
  board.update({ encoder: encoder.status });
  onTransformer();
  try {
    return { vector: table.correct(await encoder.encode([text]), language), queryEncoder: 'refined' };
  } catch (error) {
    onFault(error);
    throw error;
  }
}
