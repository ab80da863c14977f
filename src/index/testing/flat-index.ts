// The float32 reference that the int8 index is measured against in tests.
import { RecommenderError } from '../../base/errors.ts';
import { dot } from '../../compute/cpu/linear.ts';
import { type Ranked, topK } from '../../compute/cpu/top-k.ts';

export type { Ranked } from '../../compute/cpu/top-k.ts';

export class FlatIndex {
  readonly dimensions: number;
  readonly size: number;
  readonly #vectors: Float32Array;

  /** @param vectors [rows × dimensions], unit length; a zero row is a row without a vector */
  constructor(vectors: Float32Array, dimensions: number) {
    if (dimensions < 1 || vectors.length % dimensions !== 0) {
      throw new RecommenderError('bad-vector', `${vectors.length} values do not make rows of ${dimensions} dimensions.`);
    }
    const bad = vectors.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new RecommenderError('bad-vector', `Row ${Math.floor(bad / dimensions)} holds ${vectors[bad]}. Encode that item again.`);
    }
    this.#vectors = vectors;
    this.dimensions = dimensions;
    this.size = vectors.length / dimensions;
  }

  vector(row: number): Float32Array {
    return this.#vectors.subarray(row * this.dimensions, (row + 1) * this.dimensions);
  }

  /**
   * @param query [dimensions]
   * @returns at most k allowed rows, best dot product first, ties by row
   */
  search(query: Float32Array, k: number, allowed?: (row: number) => boolean): Ranked[] {
    if (query.length !== this.dimensions || query.some((value) => !Number.isFinite(value))) {
      throw new RecommenderError('bad-vector', `The query has ${query.length} values or holds NaN; ${this.dimensions} finite values are needed.`);
    }
    const scores = Float32Array.from({ length: this.size }, (_, row) => dot(this.#vectors, row * this.dimensions, query, 0, this.dimensions));
    return topK(scores, k, allowed);
  }
}
