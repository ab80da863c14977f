// The rows of an opened catalogue before correction: vectors as the encoders gave them, which encoder each is from, and the language
// that the catalogue states. Every correction starts from these rows.
import type { Item, ItemId } from '../base/types.ts';
import { dot, normalizeRows } from '../compute/cpu/linear.ts';
import { quantizeRows } from '../compute/quantize.ts';
import { type AdapterData, projectRows } from '../language/adapter.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import { correctSources, type DrawnRows, drawRows, type VectorSource } from '../language/table-correction.ts';

/** With more rows than this, each row is kept in int8 twice (raw and corrected) and never in float32: 2 bytes a dimension and item. */
export const COMPACT_ABOVE = 20_000;
/** Rows read between two looks at the clock. */
const READ_AT_ONCE = 256;

export class RawRows {
  readonly items: readonly Item[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly adapter: AdapterData;
  /** Whether rows are kept in int8. */
  readonly compact: boolean;
  readonly #store: RowStore;
  readonly #sources: (VectorSource | undefined)[];
  readonly #counts = { quick: 0, refined: 0 };
  /** Removes the language from instant vectors; undefined: no instant vector has come. */
  quick: LanguageCorrection | undefined;

  constructor(items: readonly Item[], adapter: AdapterData) {
    this.items = items;
    this.rowOf = new Map(items.map((item, row) => [item.id, row]));
    this.adapter = adapter;
    this.compact = items.length > COMPACT_ABOVE;
    this.#store = new RowStore(items.length, adapter.dimensions, this.compact);
    this.#sources = new Array<VectorSource | undefined>(items.length).fill(undefined);
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get quickCount(): number {
    return this.#counts.quick;
  }

  get refinedCount(): number {
    return this.#counts.refined;
  }

  sourceOf(row: number): VectorSource | undefined {
    return this.#sources[row];
  }

  rowsWhere(fits: (source: VectorSource | undefined) => boolean): number[] {
    return this.#sources.flatMap((source, row) => (fits(source) ? row : []));
  }

  /** @param vector [at most dimensions] @returns source of the row's vector before @throws bad-vector when a value is not finite */
  set(row: number, vector: Float32Array, source: VectorSource): VectorSource | undefined {
    this.#store.set(row, vector);
    const before = this.#sources[row];
    if (before) this.#counts[before]--;
    this.#counts[source]++;
    this.#sources[row] = source;
    return before;
  }

  /** @returns source of the row's vector before */
  clear(row: number): VectorSource | undefined {
    const before = this.#sources[row];
    if (!before) return undefined;
    this.#counts[before]--;
    this.#sources[row] = undefined;
    this.#store.clear(row);
    return before;
  }

  /** The transformer's vectors, unit length: [all rows × the encoder's dimensions]; other rows are zero. A copy. */
  unitVectors(): Float32Array {
    const d = this.adapter.dimensions;
    const out = new Float32Array(this.items.length * d);
    for (const row of this.rowsWhere((source) => source === 'refined')) out.set(this.#store.read([row]), row * d);
    return normalizeRows(out, d);
  }

  /** Cosine, after projection, of a row's vector with another vector of the transformer. */
  cosine(row: number, raw: Float32Array): number {
    const both = new Float32Array(2 * raw.length);
    both.set(this.#store.read([row]));
    both.set(raw, raw.length);
    const d = this.adapter.projectedDimensions;
    const projected = normalizeRows(projectRows(this.adapter, both), d);
    return dot(projected, 0, projected, d, d);
  }

  /** At most `most` rows with the transformer's vector, to fit a correction on; drawn over the languages. */
  fittingRows(most: number): DrawnRows {
    const rows = this.#drawn(most);
    return { rows, raw: this.#store.read(rows), languages: rows.map((row) => this.#languageOf(row)) };
  }

  /** As `fittingRows`, in turns of the event loop. A row that changes meanwhile may be read as it was or as it is. @throws aborted */
  async readFittingRows(most: number, pace: () => Promise<void> | undefined): Promise<DrawnRows> {
    const rows = this.#drawn(most);
    const d = this.adapter.dimensions;
    const raw = new Float32Array(rows.length * d);
    for (let from = 0; from < rows.length; from += READ_AT_ONCE) {
      await pace();
      raw.set(this.#store.read(rows.slice(from, from + READ_AT_ONCE)), from * d);
    }
    return { rows, raw, languages: rows.map((row) => this.#languageOf(row)) };
  }

  /**
   * @param believed whether stated languages are taken as they are
   * @returns [rows × dimensions of the correction], unit length; rows without a vector are zero
   */
  corrected(rows: readonly number[], correction: LanguageCorrection, believed: boolean): Float32Array {
    const sources = rows.map((row) => this.#sources[row]);
    const languages = rows.map((row) => this.#languageOf(row));
    return correctSources(correction, this.#store.read(rows), { sources, languages, quick: this.quick, believed });
  }

  /** As stated. */
  #languageOf(row: number): string | undefined {
    return this.items[row]?.language;
  }

  #drawn(most: number): number[] {
    return drawRows(
      this.rowsWhere((source) => source === 'refined'),
      (row) => this.#languageOf(row),
      most,
    );
  }
}

/** Vectors by row number: float32, or int8 with a scale for each row (1 byte a dimension and 4 a row). */
export class RowStore {
  readonly #dimensions: number;
  readonly #floats: Float32Array | undefined; // [rows × dimensions]
  readonly #values: Int8Array; // [rows × dimensions], empty beside floats
  readonly #scales: Float32Array; // [rows], empty beside floats

  /** @param compact int8: cosine with the float32 row above 0.9999 for rows of unit length */
  constructor(rows: number, dimensions: number, compact: boolean) {
    this.#dimensions = dimensions;
    this.#floats = compact ? undefined : new Float32Array(rows * dimensions);
    this.#values = new Int8Array(compact ? rows * dimensions : 0);
    this.#scales = new Float32Array(compact ? rows : 0);
  }

  get bytes(): number {
    return (this.#floats?.byteLength ?? 0) + this.#values.byteLength + this.#scales.byteLength;
  }

  /** @param values [at most dimensions]; the rest becomes 0 @throws bad-vector when a value is not finite */
  set(row: number, values: Float32Array): void {
    const at = row * this.#dimensions;
    this.clear(row);
    if (this.#floats) {
      this.#floats.set(values, at);
      return;
    }
    const quantised = quantizeRows(values, values.length);
    this.#values.set(quantised.values, at);
    this.#scales[row] = quantised.scales[0] ?? 0;
  }

  clear(row: number): void {
    const [from, to] = [row * this.#dimensions, (row + 1) * this.#dimensions];
    (this.#floats ?? this.#values).fill(0, from, to);
    if (!this.#floats) this.#scales[row] = 0;
  }

  /** @returns [rows × dimensions], a copy */
  read(rows: readonly number[]): Float32Array {
    const d = this.#dimensions;
    const out = new Float32Array(rows.length * d);
    rows.forEach((row, i) => {
      const at = row * d;
      if (this.#floats) {
        out.set(this.#floats.subarray(at, at + d), i * d);
        return;
      }
      const scale = this.#scales[row] as number;
      for (let j = 0; j < d; j++) out[i * d + j] = (this.#values[at + j] as number) * scale;
    });
    return out;
  }
}
