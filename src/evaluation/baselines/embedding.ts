// The encoder without a trained head: items near the mean of the liked items, or near the closest of them. A head that does not
// beat these is not worth training.
import { RecommenderError } from '../../base/errors.ts';
import { dot } from '../../compute/cpu/linear.ts';
import type { EvaluationCatalogue, RecommenderSystem } from '../types.ts';
import { checkRange, likedHistory, lowestWhereUnknown } from './common.ts';

/**
 * score = cosine of the item's vector with the mean of the history's, weighted by the weights above 0 (Rocchio 1971 without
 * negatives). Items without a vector (zero row) get the lowest score of the others; all are 0 when the history has none.
 * Fitting throws bad-argument, bad-vector.
 */
export function meanEmbeddingSystem(): RecommenderSystem {
  return {
    name: 'mean-embedding',
    title: 'Mean embedding',
    needsVectors: true,
    fit({ catalogue }) {
      const vectors = requireVectors(catalogue, 'mean-embedding');
      const d = catalogue.dimensions;
      const encoded = encodedRows(vectors, d);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, encoded.length);
          const profile = meanVector(vectors, d, liked.items, liked.weights);
          for (let row = 0; row < encoded.length; row++) scores[row] = dot(vectors, row * d, profile, 0, d);
          lowestWhereUnknown(scores, (row) => encoded[row] === 1);
        },
      };
    },
  };
}

/** @returns [dimensions] Σ weight · vector at unit length; zero where the sum is */
function meanVector(vectors: Float32Array, d: number, items: Int32Array, weights: Float64Array): Float32Array {
  const sum = new Float64Array(d);
  items.forEach((row, h) => {
    for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + (weights[h] as number) * (vectors[row * d + j] as number);
  });
  let square = 0;
  for (const value of sum) square += value * value;
  return Float32Array.from(sum, (value) => (square > 0 ? value / Math.sqrt(square) : 0));
}

export interface EmbeddingKnnOptions {
  /** The closest history items whose cosine is averaged; 1: the maximum. Default 3. */
  nearest?: number;
}

/**
 * score = mean of the item's cosines with its `nearest` closest history items of weight above 0, or with all of them where there
 * are fewer. Keeps several tastes apart, which a mean blurs. Items without a vector (zero row) get the lowest score of the others and are ignored in a history.
 * @throws bad-argument; fitting throws bad-argument, bad-vector
 */
export function embeddingKnnSystem({ nearest = 3 }: EmbeddingKnnOptions = {}): RecommenderSystem {
  checkRange('embedding-knn', 'nearest', nearest, { min: 1, max: 100, integer: true });
  return {
    name: 'embedding-knn',
    title: `Embedding kNN (closest ${nearest})`,
    needsVectors: true,
    fit({ catalogue }) {
      const vectors = requireVectors(catalogue, 'embedding-knn');
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

/** Inserts the value where it is among the largest, and drops the last. @param best descending */
function keepLargest(best: Float64Array, value: number): void {
  let at = best.length - 1;
  if (at < 0 || value <= (best[at] as number)) return;
  for (; at > 0 && (best[at - 1] as number) < value; at--) best[at] = best[at - 1] as number;
  best[at] = value;
}

/** @returns [items × dimensions] @throws bad-argument when they are missing, bad-vector when their number is wrong */
export function requireVectors({ vectors, dimensions, items }: EvaluationCatalogue, system: string): Float32Array {
  if (!vectors) {
    throw new RecommenderError('bad-argument', `${system} needs a vector of each item and got none. Encode the catalogue first or leave it out.`, {
      system,
    });
  }
  if (vectors.length !== items.length * dimensions) {
    throw new RecommenderError(
      'bad-vector',
      `${system} got ${vectors.length} values for ${items.length} items of ${dimensions} dimensions. Pass items × dimensions values.`,
      { system, values: vectors.length, items: items.length, dimensions },
    );
  }
  return vectors;
}

/** @returns [items] 1 where the item was encoded: its row is not zero */
export function encodedRows(vectors: Float32Array, dimensions: number): Uint8Array {
  return Uint8Array.from({ length: vectors.length / dimensions }, (_, row) =>
    vectors.subarray(row * dimensions, (row + 1) * dimensions).some((value) => value !== 0) ? 1 : 0,
  );
}
