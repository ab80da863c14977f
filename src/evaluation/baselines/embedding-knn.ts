// Nearness to the closest liked items instead of their centre: keeps several tastes apart that a mean would blur.
import { dot } from '../../compute/cpu/linear.ts';
import type { RecommenderSystem } from '../types.ts';
import { inRange } from './options.ts';
import { likedHistory, lowestWhereUnknown } from './positives.ts';
import { encodedRows, vectorsOf } from './vectors.ts';

export interface EmbeddingKnnOptions {
  /** The closest history items whose cosine is averaged; 1: the maximum. Default 3. */
  nearest?: number;
}

/**
 * score = mean of the item's cosines with its `nearest` closest history items of weight above 0, all of them when there are
 * fewer. Items without a vector (zero row) get the lowest score of the others and count nothing in a history.
 * @throws bad-argument; fitting throws bad-argument, bad-vector
 */
export function embeddingKnnSystem({ nearest = 3 }: EmbeddingKnnOptions = {}): RecommenderSystem {
  inRange('embedding-knn', 'nearest', nearest, { min: 1, max: 100, integer: true });
  return {
    name: 'embedding-knn',
    title: `Embedding kNN (closest ${nearest})`,
    needsVectors: true,
    fit({ catalogue }) {
      const vectors = vectorsOf(catalogue, 'embedding-knn');
      const d = catalogue.dimensions;
      const encoded = encodedRows(vectors, d);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, encoded.length).items.filter((row) => encoded[row] === 1);
          const best = new Float64Array(Math.min(nearest, liked.length));
          for (let row = 0; row < encoded.length; row++) {
            best.fill(Number.NEGATIVE_INFINITY);
            for (const other of liked) keepLargest(best, dot(vectors, row * d, vectors, other * d, d));
            let sum = 0;
            for (const value of best) sum += value;
            scores[row] = best.length > 0 ? sum / best.length : 0;
          }
          lowestWhereUnknown(scores, (row) => encoded[row] === 1);
        },
      };
    },
  };
}

/** @param best descending; `value` takes its place in it and the last one leaves */
function keepLargest(best: Float64Array, value: number): void {
  let at = best.length - 1;
  if (at < 0 || value <= (best[at] as number)) return;
  for (; at > 0 && (best[at - 1] as number) < value; at--) best[at] = best[at - 1] as number;
  best[at] = value;
}
