// The encoder with no head on it: nearness to the centre of what was liked. A head must beat this to be worth training.
import { dot } from '../../compute/cpu/linear.ts';
import type { RecommenderSystem } from '../types.ts';
import { likedHistory, lowestWhereUnknown } from './positives.ts';
import { encodedRows, vectorsOf } from './vectors.ts';

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
      const vectors = vectorsOf(catalogue, 'mean-embedding');
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

/** Σ weight · vector, unit length; zero when nothing can be summed. @returns [dimensions] */
function meanVector(vectors: Float32Array, d: number, items: Int32Array, weights: Float64Array): Float32Array {
  const sum = new Float64Array(d);
  items.forEach((row, h) => {
    for (let j = 0; j < d; j++) sum[j] = (sum[j] as number) + (weights[h] as number) * (vectors[row * d + j] as number);
  });
  let square = 0;
  for (const value of sum) square += value * value;
  return Float32Array.from(sum, (value) => (square > 0 ? value / Math.sqrt(square) : 0));
}
