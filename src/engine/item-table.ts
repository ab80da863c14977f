// The opened catalogue as matrices: which rows have vectors, and the language-neutral vectors that everything ranks by.
// Rows are in file order; a row without a vector is all zero and is never ranked.
import type { Item, ItemId } from '../base/types.ts';
import { FlatIndex } from '../index/flat-index.ts';
import { type AdapterData, centreRows, fitLanguageMeans, type LanguageMeans, projectRows } from '../language/correction.ts';

export class ItemTable {
  readonly items: readonly Item[];
  /** SHA-256 of each item's text, hex. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly #adapter: AdapterData;
  readonly #projected: Float32Array; // [rows × projectedDimensions], means still in
  readonly #languages: (string | undefined)[]; // undefined: no vector yet
  #encoded = 0;
  #ranked: { index: FlatIndex; means: LanguageMeans } | undefined;

  constructor(items: readonly Item[], keys: readonly string[], adapter: AdapterData) {
    this.items = items;
    this.keys = keys;
    this.rowOf = new Map(items.map((item, row) => [item.id, row]));
    this.#adapter = adapter;
    this.#projected = new Float32Array(items.length * adapter.projectedDimensions);
    this.#languages = new Array<string | undefined>(items.length).fill(undefined);
  }

  get dimensions(): number {
    return this.#adapter.projectedDimensions;
  }

  get encodedCount(): number {
    return this.#encoded;
  }

  isEncoded(row: number): boolean {
    return this.#languages[row] !== undefined;
  }

  pendingRows(): number[] {
    return this.items.map((_, row) => row).filter((row) => !this.isEncoded(row));
  }

  /** @param raw encoder vectors [rows × encoder dimensions], in the order of `rows` */
  set(rows: readonly number[], raw: Float32Array): void {
    const d = this.dimensions;
    const projected = projectRows(this.#adapter, raw);
    rows.forEach((row, i) => {
      this.#projected.set(projected.subarray(i * d, (i + 1) * d), row * d);
      if (!this.isEncoded(row)) this.#encoded++;
      this.#languages[row] = this.items[row]?.language ?? 'und';
    });
    this.#ranked = undefined;
  }

  /** Index of the corrected vectors; fitted again after new rows came. */
  index(): FlatIndex {
    return this.#rank().index;
  }

  /** A raw encoder vector (a search) freed from its language like the items. @returns [dimensions], unit length */
  correct(raw: Float32Array, language: string): Float32Array {
    return centreRows(projectRows(this.#adapter, raw), this.dimensions, [language], this.#rank().means);
  }

  /** Corrected vector of an item, or undefined while it is not encoded. */
  vectorOf(itemId: ItemId): Float32Array | undefined {
    const row = this.rowOf.get(itemId);
    return row !== undefined && this.isEncoded(row) ? this.index().vector(row) : undefined;
  }

  #rank(): { index: FlatIndex; means: LanguageMeans } {
    if (!this.#ranked) {
      const means = fitLanguageMeans(this.#adapter, this.#projected, this.#languages);
      const vectors = centreRows(this.#projected, this.dimensions, this.#languages, means);
      this.#ranked = { means, index: new FlatIndex(vectors, this.dimensions) };
    }
    return this.#ranked;
  }
}
