// An index of corrected rows with a hubness bias for each row. It is asked with plain vectors; the bias is one more dimension that only
// this class knows.
import { RecommenderError } from '../base/errors.ts';
import type { Backend, RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import type { Interests } from '../compute/interests.ts';
import { indexQuery, indexRows } from '../language/correction/hubness.ts';
import { VectorIndex } from './vector-index.ts';

export class HubAwareIndex extends VectorIndex {
  /** Of the vectors that it is asked with. */
  readonly plainDimensions: number;

  /** @param plainDimensions of the corrected rows @throws out-of-memory */
  constructor(backend: Backend, plainDimensions: number, { capacity, rescore }: { capacity: number; rescore: boolean }) {
    super(backend.createTable(plainDimensions + 1, capacity), rescore ? new Float32Array(capacity * (plainDimensions + 1)) : undefined);
    this.plainDimensions = plainDimensions;
  }

  /**
   * Puts rows at their places, or appends them where they come next.
   * @param rows [rows × plainDimensions] @param bias [rows], added to each score (`itemBias`)
   */
  put(first: number, rows: Float32Array, bias: Float32Array): void {
    const wide = indexRows(rows, this.plainDimensions, bias);
    if (first === this.size) this.add(wide);
    else this.replace(first, wide);
  }

  /** @param query [plainDimensions]; scores are its dot product with the row, plus biasWeight (default |query|) · bias */
  override async search(query: Float32Array, k: number, allowed?: RowBitset, biasWeight?: number): Promise<Ranked[]> {
    if (query.length !== this.plainDimensions) throw wrongLength(query.length, this.plainDimensions);
    const [list] = await super.searchMany(indexQuery(query, biasWeight), k, allowed);
    return list ?? [];
  }

  /** @param queries [queryCount × plainDimensions] @throws bad-vector */
  override async searchMany(queries: Float32Array, k: number, allowed?: RowBitset): Promise<Ranked[][]> {
    return super.searchMany(this.#widened(queries), k, allowed);
  }

  /**
   * @param interests vectors [interests × plainDimensions]; each product is that with the row, plus |vector| · bias
   * @throws bad-vector, bad-argument
   */
  override async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    return super.searchInterests({ ...interests, vectors: this.#widened(interests.vectors) }, k, allowed);
  }

  /** @returns [queries × dimensions of the index] @throws bad-vector */
  #widened(queries: Float32Array): Float32Array {
    const d = this.plainDimensions;
    if (queries.length % d !== 0) throw wrongLength(queries.length, d);
    const wide = new Float32Array((queries.length / d) * (d + 1));
    for (let i = 0; i * d < queries.length; i++) wide.set(indexQuery(queries.subarray(i * d, (i + 1) * d)), i * (d + 1));
    return wide;
  }
}

function wrongLength(length: number, dimensions: number): RecommenderError {
  return new RecommenderError('bad-vector', `${length} values are no queries of ${dimensions} dimensions. Give vectors of this table.`, {
    length,
    dimensions,
  });
}
