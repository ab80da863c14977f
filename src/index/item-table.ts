// The opened catalogue as matrices: which rows have vectors and whose, and the language-neutral vectors that everything
// ranks by. Rows are in file order; a row without a vector is all zero and is never ranked.
//
// Raw rows are kept, so that a correction can be fitted again; items, users and searches go through the one in use. Instant
// vectors live in the first dimensions of the adapter's space: they are centred by the means of instant vectors, carried into the
// corrected space, and from then on nothing asks which encoder a row came from.
import { RecommenderError } from '../base/errors.ts';
import type { Item, ItemId } from '../base/types.ts';
import type { Backend } from '../compute/backend.ts';
import type { AdapterData } from '../language/adapter.ts';
import { correctQuery } from '../language/correction/apply.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import { correctQuickRows, quickCorrection, type SettleOptions, type TranslatedRows, type VectorSource } from '../language/table-correction.ts';
import { blocksOf } from './corrected-rows.ts';
import { ItemTableCorrected, type Pacing, type ReadyOptions } from './item-table-corrected.ts';
import { ItemTableRows } from './item-table-rows.ts';
import type { VectorIndex } from './vector-index.ts';

export class ItemTable {
  readonly items: readonly Item[];
  /** SHA-256 of each item's text, hex. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly #rows: ItemTableRows;
  readonly #corrected: ItemTableCorrected;

  /** @param backend where the rows are scanned @param pacing of turns that correct many rows */
  constructor(items: readonly Item[], keys: readonly string[], adapter: AdapterData, backend: Backend, pacing: Pacing = {}) {
    this.items = items;
    this.keys = keys;
    this.#rows = new ItemTableRows(items, adapter);
    this.rowOf = this.#rows.rowOf;
    this.#corrected = new ItemTableCorrected(this.#rows, backend, pacing);
  }

  /** Of corrected vectors. Changes when `settle` finds that fewer serve as well. */
  get dimensions(): number {
    return this.correction.dimensions;
  }

  /** Of the encoder's vectors. */
  get rawDimensions(): number {
    return this.#rows.adapter.dimensions;
  }

  /** How vectors are freed from their language at present. */
  get correction(): LanguageCorrection {
    return this.#corrected.correction;
  }

  /** Grows whenever corrected vectors of rows that stayed the same become others: what was learned from them is out of date. */
  get correctionVersion(): number {
    return this.#corrected.version;
  }

  /** Held for rows: raw, corrected and in the index. */
  get bytes(): number {
    return this.#rows.bytes + this.#corrected.bytes;
  }

  /** Rows with the transformer's vector. */
  get refinedCount(): number {
    return this.#rows.refinedCount;
  }

  /** Rows with any vector. */
  get encodedCount(): number {
    return this.#rows.quickCount + this.#rows.refinedCount;
  }

  isEncoded(row: number): boolean {
    return this.#rows.sourceOf(row) !== undefined;
  }

  isRefined(row: number): boolean {
    return this.#rows.sourceOf(row) === 'refined';
  }

  rowsToRefine(): number[] {
    return this.#rows.rowsWhere((source) => source !== 'refined');
  }

  rowsWithoutVector(): number[] {
    return this.#rows.rowsWhere((source) => source === undefined);
  }

  /** @param raw the transformer's vectors [rows × its dimensions], in the order of `rows` */
  setRefined(rows: readonly number[], raw: Float32Array): void {
    this.#set(rows, raw, this.rawDimensions, 'refined');
  }

  /**
   * Instant vectors, for rows without a vector; language means are fitted to these rows and kept, so that they do not
   * drift while rows are replaced.
   * @param vectors [rows × width], width at most that of the adapter's space
   * @throws bad-vector when they are wider
   */
  setQuick(rows: readonly number[], vectors: Float32Array, width: number): void {
    const { projectedDimensions } = this.#rows.adapter;
    if (width > projectedDimensions) {
      throw new RecommenderError(
        'bad-vector',
        `Instant vectors of ${width} dimensions do not fit into the adapter's space of ${projectedDimensions}.`,
      );
    }
    const languages = rows.map((row) => this.items[row]?.language);
    this.#rows.quick = quickCorrection(vectors, width, languages);
    this.#set(rows, vectors, width, 'quick');
    this.#corrected.carry(width);
  }

  /** Takes the vectors of these rows away: they are to be encoded. */
  forget(rows: readonly number[]): void {
    for (const row of rows) {
      const before = this.#rows.forget(row);
      if (before) this.#corrected.touch(row, before === 'refined');
    }
  }

  /** Cosine of a row's vector, as it came from the encoder or a pack, with another raw vector; after projection. 0 without one. */
  cosineWithRefined(row: number, raw: Float32Array): number {
    return this.isRefined(row) ? this.#rows.cosine(row, raw) : 0;
  }

  /**
   * Brings correction and rows up to date in turns of the event loop, so that nothing that is asked next takes long. May be awaited by many
   * at once: they share the work. @throws aborted, also when the table is disposed of meanwhile
   */
  ready(options: ReadyOptions = {}): Promise<void> {
    return this.#corrected.ready(options);
  }

  /**
   * Index of the corrected vectors, asked with vectors of `dimensions`; hubs are marked down in it. Rows that came since `ready` are in it,
   * but of a large table, where they are many: these come with the next `ready`.
   */
  index(): VectorIndex {
    return this.#corrected.upToDate().index;
  }

  /** The transformer's vector of a search, freed from its language like the items. @returns [dimensions], unit length */
  correct(raw: Float32Array, language: string): Float32Array {
    this.#corrected.follow();
    return correctQuery(this.correction, raw, language);
  }

  /** The same for an instant vector of any width. */
  correctQuick(vector: Float32Array, language: string): Float32Array {
    this.#corrected.follow();
    const width = vector.length;
    const known = this.#rows.quick;
    const quick = known?.inputDimensions === width ? known : quickCorrection(new Float32Array(0), width, []);
    this.#corrected.carry(width);
    return correctQuickRows(this.correction, quick, vector, [language]);
  }

  /** Corrected vector of an item, or undefined while it is not encoded. */
  vectorOf(itemId: ItemId): Float32Array | undefined {
    const row = this.rowOf.get(itemId);
    return row === undefined || !this.isEncoded(row) ? undefined : this.#corrected.vectorOf(row);
  }

  /**
   * Fits the correction to the rows there are now, chosen by its held-out criterion, and corrects all rows by it; lists stay as they were
   * until both are done. In turns: clicks come in between. Does nothing while fewer than a fifth of the rows changed since, unless
   * translations are given and the one in use was fitted without, or it is asked for again.
   * @returns whether a newly fitted correction is in use
   * @throws aborted, bad-vector
   */
  settle(options: SettleOptions = {}): Promise<boolean> {
    return this.#corrected.settle(options);
  }

  /** Whether `settle` would fit, by what has changed. @param translated texts to learn from, where there are some */
  needsFit(translated?: TranslatedRows): boolean {
    return this.#corrected.needsFit(translated);
  }

  /** Puts a stored correction (`parseCorrection`) in use. @throws bad-vector when it was fitted to vectors of another encoder */
  install(correction: LanguageCorrection): void {
    if (correction.inputDimensions !== this.rawDimensions) {
      const message = `The correction is of vectors of ${correction.inputDimensions} dimensions, the encoder's have ${this.rawDimensions}. Fit it again.`;
      throw new RecommenderError('bad-vector', message, { dimensions: correction.inputDimensions });
    }
    this.#corrected.install(correction);
  }

  /** All vectors as they are ranked: [rows × dimensions], a row without a vector zero. A copy. */
  rankedVectors(): Float32Array {
    this.#corrected.upToDate();
    const out = new Float32Array(this.items.length * this.dimensions);
    for (const rows of blocksOf(this.items.length)) out.set(this.#corrected.corrected(rows), (rows[0] ?? 0) * this.dimensions);
    return out;
  }

  /** As the encoder gives them, unit length: [rows × rawDimensions]; rows that it has not read yet are zero. A copy. */
  rawVectors(): Float32Array {
    return this.#rows.unitVectors();
  }

  dispose(): void {
    this.#corrected.dispose();
  }

  #set(rows: readonly number[], vectors: Float32Array, width: number, source: VectorSource): void {
    rows.forEach((row, i) => {
      const before = this.#rows.set(row, vectors.subarray(i * width, (i + 1) * width), source);
      this.#corrected.touch(row, source === 'refined' || before === 'refined');
    });
  }
}
