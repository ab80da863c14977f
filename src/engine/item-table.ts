// The opened catalogue as matrices: which rows have vectors and whose, and the language-neutral vectors that everything
// ranks by. Rows are in file order; a row without a vector is all zero and is never ranked.
//
// Instant vectors live in the first dimensions of the adapter's space: they are padded with zeros, centred by the means of
// instant vectors, and from then on nothing asks which encoder a row came from.
import type { Item, ItemId } from '../base/types.ts';
import type { Backend } from '../compute/backend.ts';
import { dot, normalizeRows } from '../compute/cpu/linear.ts';
import { createIndex, type VectorIndex } from '../index/index.ts';
import { type AdapterData, centreRows, fitLanguageMeans, identityAdapter, type LanguageMeans, projectRows } from '../language/correction.ts';

/** Up to this many rows the index keeps float32 rows too and scores its best candidates again. */
const RESCORE_UP_TO = 200_000;

export type VectorSource = 'quick' | 'refined';

export class ItemTable {
  readonly items: readonly Item[];
  /** SHA-256 of each item's text, hex. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly #adapter: AdapterData;
  readonly #projected: Float32Array; // [rows × dimensions], means still in
  readonly #sources: (VectorSource | undefined)[];
  readonly #counts = { quick: 0, refined: 0 };
  readonly #index: VectorIndex;
  #ranked: Ranking | undefined;
  #quickMeans: LanguageMeans | undefined;

  /** @param backend where the rows are scanned */
  constructor(items: readonly Item[], keys: readonly string[], adapter: AdapterData, backend: Backend) {
    this.items = items;
    this.keys = keys;
    this.rowOf = new Map(items.map((item, row) => [item.id, row]));
    this.#adapter = adapter;
    this.#projected = new Float32Array(items.length * adapter.projectedDimensions);
    this.#index = createIndex(backend, {
      dimensions: adapter.projectedDimensions,
      capacity: items.length,
      rescore: items.length <= RESCORE_UP_TO,
    });
    this.#sources = new Array<VectorSource | undefined>(items.length).fill(undefined);
  }

  get dimensions(): number {
    return this.#adapter.projectedDimensions;
  }

  /** Rows with the transformer's vector. */
  get refinedCount(): number {
    return this.#counts.refined;
  }

  /** Rows with any vector. */
  get encodedCount(): number {
    return this.#counts.quick + this.#counts.refined;
  }

  isEncoded(row: number): boolean {
    return this.#sources[row] !== undefined;
  }

  isRefined(row: number): boolean {
    return this.#sources[row] === 'refined';
  }

  rowsToRefine(): number[] {
    return this.#rowsWhere((source) => source !== 'refined');
  }

  rowsWithoutVector(): number[] {
    return this.#rowsWhere((source) => source === undefined);
  }

  /** @param raw the transformer's vectors [rows × its dimensions], in the order of `rows` */
  setRefined(rows: readonly number[], raw: Float32Array): void {
    this.#set(rows, projectRows(this.#adapter, raw), this.dimensions, 'refined');
  }

  /**
   * Instant vectors, for rows without a vector; language means are fitted to these rows and kept, so that they do not
   * drift while rows are replaced.
   * @param vectors [rows × width], width at most `dimensions`
   */
  setQuick(rows: readonly number[], vectors: Float32Array, width: number): void {
    const languages = rows.map((row) => this.items[row]?.language);
    this.#quickMeans = fitLanguageMeans(identityAdapter(width), vectors, languages);
    this.#set(rows, vectors, width, 'quick');
  }

  /** Takes the vectors of these rows away: they are to be encoded. */
  forget(rows: readonly number[]): void {
    for (const row of rows) {
      const before = this.#sources[row];
      if (!before) continue;
      this.#counts[before]--;
      this.#sources[row] = undefined;
      this.#projected.fill(0, row * this.dimensions, (row + 1) * this.dimensions);
    }
    this.#ranked = undefined;
  }

  /** Cosine of a row's vector, as it came from the encoder or a pack, with another raw vector; after projection. 0 without one. */
  cosineWithRefined(row: number, raw: Float32Array): number {
    if (!this.isRefined(row)) return 0;
    const d = this.dimensions;
    const both = new Float32Array(2 * d);
    both.set(this.#projected.subarray(row * d, (row + 1) * d));
    both.set(projectRows(this.#adapter, raw), d);
    normalizeRows(both, d);
    return dot(both, 0, both, d, d);
  }

  /** Index of the corrected vectors; fitted again after new rows came. */
  index(): VectorIndex {
    this.#rank();
    return this.#index;
  }

  /** The transformer's vector of a search, freed from its language like the items. @returns [dimensions], unit length */
  correct(raw: Float32Array, language: string): Float32Array {
    return centreRows(projectRows(this.#adapter, raw), this.dimensions, [language], this.#rank().means);
  }

  /** The same for an instant vector of any width. */
  correctQuick(vector: Float32Array, language: string): Float32Array {
    const means = this.#quickMeans ?? fitLanguageMeans(identityAdapter(vector.length), new Float32Array(0), []);
    return this.#padded(centreRows(vector, vector.length, [language], means), vector.length);
  }

  /** Corrected vector of an item, or undefined while it is not encoded. */
  vectorOf(itemId: ItemId): Float32Array | undefined {
    const row = this.rowOf.get(itemId);
    if (row === undefined || !this.isEncoded(row)) return undefined;
    return this.#rank().vectors.subarray(row * this.dimensions, (row + 1) * this.dimensions);
  }

  /** All vectors as they are ranked: [rows × dimensions], a row without a vector zero. Not a copy. */
  rankedVectors(): Float32Array {
    return this.#rank().vectors;
  }

  /** The same with each language's mean still in them, unit length. */
  uncorrectedVectors(): Float32Array {
    return normalizeRows(this.#projected.slice(), this.dimensions);
  }

  dispose(): void {
    this.#index.dispose();
  }

  #set(rows: readonly number[], projected: Float32Array, width: number, source: VectorSource): void {
    rows.forEach((row, i) => {
      this.#projected.fill(0, row * this.dimensions, (row + 1) * this.dimensions);
      this.#projected.set(projected.subarray(i * width, (i + 1) * width), row * this.dimensions);
      const before = this.#sources[row];
      if (before) this.#counts[before]--;
      this.#counts[source]++;
      this.#sources[row] = source;
    });
    this.#ranked = undefined;
  }

  #rowsWhere(fits: (source: VectorSource | undefined) => boolean): number[] {
    const rows: number[] = [];
    this.#sources.forEach((source, row) => {
      if (fits(source)) rows.push(row);
    });
    return rows;
  }

  #languagesOf(source: VectorSource): (string | undefined)[] {
    return this.items.map((item, row) => (this.#sources[row] === source ? item.language : undefined));
  }

  #rank(): Ranking {
    if (!this.#ranked) {
      const d = this.dimensions;
      const refined = this.#languagesOf('refined');
      const means = fitLanguageMeans(this.#adapter, this.#projected, refined);
      let vectors = centreRows(this.#projected, d, refined, means);
      if (this.#quickMeans && this.#counts.quick > 0) {
        vectors = centreRows(vectors, d, this.#languagesOf('quick'), this.#paddedMeans(this.#quickMeans));
      }
      // The same rows are overwritten, so that no scan ever sees a half-built index and no memory is taken twice.
      if (this.#index.size === 0) this.#index.add(vectors);
      else this.#index.replace(0, vectors);
      this.#ranked = { means, vectors };
    }
    return this.#ranked;
  }

  #paddedMeans(means: LanguageMeans): LanguageMeans {
    const wide = (mean: Float32Array): Float32Array => this.#padded(mean, mean.length);
    return {
      byLanguage: new Map([...means.byLanguage].map(([language, mean]) => [language, wide(mean)])),
      priorOf: (language) => wide(means.priorOf(language)),
    };
  }

  #padded(vector: Float32Array, width: number): Float32Array {
    const out = new Float32Array(this.dimensions);
    out.set(vector.subarray(0, width));
    return out;
  }
}

interface Ranking {
  /** [rows × dimensions], corrected; a row without a vector is zero. */
  vectors: Float32Array;
  /** Of the transformer's vectors. */
  means: LanguageMeans;
}
