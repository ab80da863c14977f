// Reads the vectors that embedding systems need, once, with the failure said in words.
import { RecommenderError } from '../../base/errors.ts';
import type { EvaluationCatalogue } from '../types.ts';

/** @returns [items × dimensions] @throws bad-argument when they are missing, bad-vector when their number is wrong */
export function vectorsOf({ vectors, dimensions, items }: EvaluationCatalogue, system: string): Float32Array {
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

/** [items] 1 where the row is not zero: an item that was encoded. */
export function encodedRows(vectors: Float32Array, dimensions: number): Uint8Array {
  return Uint8Array.from({ length: vectors.length / dimensions }, (_, row) =>
    vectors.subarray(row * dimensions, (row + 1) * dimensions).some((value) => value !== 0) ? 1 : 0,
  );
}
