// Checks of arguments that all implementations of Store share.
import { RecommenderError } from '../base/errors.ts';
import type { FeedbackEvent, Item, ItemId } from '../base/types.ts';
import type { HeadChange, StoredCatalogue, VectorBatch } from './store.ts';

const KEY = /^[0-9a-f]{64}$/;

/** @throws bad-argument when the sizes or keys do not fit, bad-vector on NaN and infinity */
export function checkBatch(dimensions: number, batch: VectorBatch): void {
  checkDimensions(dimensions);
  const { keys, vectors } = batch;
  if (vectors.length !== keys.length * dimensions) {
    throw new RecommenderError(
      'bad-argument',
      `${keys.length} keys of ${dimensions} dimensions need ${keys.length * dimensions} numbers, but there are ${vectors.length}.`,
      { keys: keys.length, dimensions, numbers: vectors.length },
    );
  }
  for (const key of keys) {
    if (!KEY.test(key)) {
      throw new RecommenderError('bad-argument', `"${key}" is not a vector key. It must be a SHA-256: 64 lower-case hex digits.`, {
        key,
      });
    }
  }
  const wrong = vectors.findIndex((value) => !Number.isFinite(value));
  if (wrong !== -1) {
    const row = Math.floor(wrong / dimensions);
    throw new RecommenderError(
      'bad-vector',
      `Row ${row} of ${keys.length} holds ${vectors[wrong]} in dimension ${wrong % dimensions}. Nothing was stored; encode these texts again.`,
      { row, dimension: wrong % dimensions, key: keys[row] ?? '' },
    );
  }
}

/** @throws bad-argument */
export function checkDimensions(dimensions: number): void {
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RecommenderError('bad-argument', `${dimensions} is not a number of dimensions. Pass a whole number above 0.`, {
      dimensions,
    });
  }
}

/** One fingerprint has one size. @throws encoder-mismatch */
export function checkSameSize(fingerprint: string, stored: number, asked: number): void {
  if (stored === asked) return;
  throw new RecommenderError(
    'encoder-mismatch',
    `Vectors of encoder ${fingerprint} are stored with ${stored} dimensions, not ${asked}. ` +
      'Give an encoder of another size another fingerprint, or prune the old vectors first.',
    { fingerprint, stored, asked },
  );
}

/** @throws bad-argument */
export function checkCatalogue(catalogue: StoredCatalogue, items: readonly Item[]): void {
  if (catalogue.itemCount === items.length) return;
  throw new RecommenderError(
    'bad-argument',
    `Catalogue "${catalogue.id}" states ${catalogue.itemCount} items, but ${items.length} were passed. Both must be the same.`,
    { itemCount: catalogue.itemCount, items: items.length },
  );
}

/** @throws bad-argument */
export function checkEvent(itemId: ItemId, event: FeedbackEvent): void {
  if (event.itemId === itemId) return;
  throw new RecommenderError('bad-argument', `An event about item "${event.itemId}" cannot be saved for item "${itemId}".`, {
    itemId,
    eventItemId: event.itemId,
  });
}

/** The active head must exist after the change. @param stored ids before it @throws bad-argument */
export function checkHeadChange(stored: Iterable<string>, { save = [], remove = [], activeId }: HeadChange): void {
  if (activeId === undefined || activeId === null) return;
  const after = new Set([...stored, ...save.map(({ id }) => id)]);
  for (const id of remove) after.delete(id);
  if (after.has(activeId)) return;
  throw new RecommenderError('bad-argument', `The head "${activeId}" is not stored, so it cannot rank. Save it in the same change.`, { activeId });
}
