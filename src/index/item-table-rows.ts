// The rows of an opened catalogue as they came: whose vector each has, in file order, and what any correction makes of them.
// Knows of no index and holds no corrected vector.
import type { Item, ItemId } from '../base/types.ts';
import { dot, normalizeRows } from '../compute/cpu/linear.ts';
import { type AdapterData, projectRows } from '../language/adapter.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import { correctSources, type DrawnRows, drawRows, type VectorSource } from '../language/table-correction.ts';
import { RawRows } from './raw-rows.ts';

/** Above so many rows every row is kept in int8 twice (raw and corrected) and nowhere in float32: 2 bytes a dimension and item. */
export const COMPACT_ABOVE = 20_000;
/** Rows read between two looks at the clock. */
const READ_AT_ONCE = 256;

export class ItemTableRows {
  readonly items: readonly Item[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly adapter: AdapterData;
  /** Whether rows are kept in int8. */
  readonly compact: boolean;
  readonly #raw: RawRows;
  readonly #sources: (VectorSource | undefined)[];
  readonly #counts = { quick: 0, refined: 0 };
  /** Takes the languages out of the instant vectors there are. */
  quick: LanguageCorrection | undefined;

  constructor(items: readonly Item[], adapter: AdapterData) {
    this.items = items;
    this.rowOf = new Map(items.map((item, row) => [item.id, row]));
    this.adapter = adapter;
    this.compact = items.length > COMPACT_ABOVE;
    this.#raw = new RawRows(items.length, adapter.dimensions, this.compact);
    this.#sources = new Array<VectorSource | undefined>(items.length).fill(undefined);
  }

  get bytes(): number {
    return this.#raw.bytes;
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
    const rows: number[] = [];
    this.#sources.forEach((source, row) => {
      if (fits(source)) rows.push(row);
    });
    return rows;
  }

  /** As stated. */
  languageOf(row: number): string | undefined {
    return this.items[row]?.language;
  }

  /** @param vector [at most dimensions] @returns whose vector the row had before @throws bad-vector when a value is not finite */
  set(row: number, vector: Float32Array, source: VectorSource): VectorSource | undefined {
    this.#raw.set(row, vector);
    const before = this.#sources[row];
    if (before) this.#counts[before]--;
    this.#counts[source]++;
    this.#sources[row] = source;
    return before;
  }

  /** @returns whose vector the row had before */
  forget(row: number): VectorSource | undefined {
    const before = this.#sources[row];
    if (!before) return undefined;
    this.#counts[before]--;
    this.#sources[row] = undefined;
    this.#raw.clear(row);
    return before;
  }

  /** @returns [rows × the encoder's dimensions], copies */
  read(rows: readonly number[]): Float32Array {
    return this.#raw.read(rows);
  }

  /** As the encoder gives them, unit length: [all rows × the encoder's dimensions]; rows that it has not read are zero. A copy. */
  unitVectors(): Float32Array {
    const d = this.adapter.dimensions;
    const out = new Float32Array(this.items.length * d);
    for (const row of this.rowsWhere((source) => source === 'refined')) out.set(this.#raw.read([row]), row * d);
    return normalizeRows(out, d);
  }

  /** Cosine after projection of a row's vector, as it came, with another of the encoder. */
  cosine(row: number, raw: Float32Array): number {
    const both = new Float32Array(2 * raw.length);
    both.set(this.#raw.read([row]));
    both.set(raw, raw.length);
    const d = this.adapter.projectedDimensions;
    const projected = normalizeRows(projectRows(this.adapter, both), d);
    return dot(projected, 0, projected, d, d);
  }

  /** Rows with the transformer's vector, drawn over the languages where there are more. @param most rows */
  fittingRows(most: number): DrawnRows {
    const rows = this.#drawn(most);
    return { rows, raw: this.#raw.read(rows), languages: rows.map((row) => this.languageOf(row)) };
  }

  /** The same in turns. Rows that come or go meanwhile may be in it as they were or as they are. @throws aborted */
  async readFittingRows(most: number, pace: () => Promise<void> | undefined): Promise<DrawnRows> {
    const rows = this.#drawn(most);
    const d = this.adapter.dimensions;
    const raw = new Float32Array(rows.length * d);
    for (let from = 0; from < rows.length; from += READ_AT_ONCE) {
      await pace();
      raw.set(this.#raw.read(rows.slice(from, from + READ_AT_ONCE)), from * d);
    }
    return { rows, raw, languages: rows.map((row) => this.languageOf(row)) };
  }

  /** @param believed stated languages are taken as they are @returns [rows × dimensions], unit length; rows without a vector are zero */
  corrected(rows: readonly number[], correction: LanguageCorrection, believed: boolean): Float32Array {
    const sources = rows.map((row) => this.#sources[row]);
    const languages = rows.map((row) => this.languageOf(row));
    return correctSources(correction, this.#raw.read(rows), { sources, languages, quick: this.quick, believed });
  }

  #drawn(most: number): number[] {
    return drawRows(
      this.rowsWhere((source) => source === 'refined'),
      (row) => this.languageOf(row),
      most,
    );
  }
}
