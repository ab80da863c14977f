// The opened catalogue as a table: its raw rows, the one language correction in use, and the corrected rows that everything is ranked
// by. Rows are in file order; a row without a vector is all zero and is never ranked. Raw rows are kept, so that a correction can be
// fitted again. Rows are corrected in turns of the event loop; the rows in use stay in use until all others are done.
//
// Instant vectors have fewer dimensions: they fill the first ones of the adapter's space. The means of instant vectors centre them, and
// the correction carries them into the corrected space. After that, nothing asks which encoder a row came from.
//
// A search crosses four layers between `recommend` (engine/catalogue-lists.ts) and a kernel (compute):
// 1. `Search` (ranking): reader, head, policy and rules become query vectors and row sets
// 2. `ItemTable`: which corrected rows are in use
// 3. `HubAwareIndex`, which is a `VectorIndex`: hubness bias, int8 centre, re-scoring in float32
// 4. `LadderTable`: the rows move to the next backend when a device fails
import { RecommenderError } from '../base/errors.ts';
import { createPacer, type PacerOptions } from '../base/pacer.ts';
import type { Item, ItemId, ProgressCallback } from '../base/types.ts';
import type { Backend, RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import type { Interests } from '../compute/interests.ts';
import type { AdapterData } from '../language/adapter.ts';
import { correctQuery } from '../language/correction/apply.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import {
  carriesQuick,
  correctQuickRows,
  firstCorrection,
  fitTable,
  quickCorrection,
  type RefitOptions,
  type TranslatedRows,
  type VectorSource,
} from '../language/table-correction.ts';
import { groupedRows } from '../language/translations.ts';
import { blocksOf, CorrectedRows, joinRow, type RowFeatures } from './corrected-rows.ts';
import { COMPACT_ABOVE, RawRows } from './raw-rows.ts';

/** Rows of a large table that the first correction is made from; it is replaced soon. */
const FIRST_ROWS = 4000;
/** Share of the rows that must change before a correction is made again. */
const CHANGE_TO_REFIT = 0.2;
/** Most rows of a large table that are corrected without a turn of the event loop. */
const MOST_WITHOUT_TURN = 512;

/** How long a turn may be, and by which clock. */
export type Pacing = Pick<PacerOptions, 'clock' | 'sliceMs'>;

export interface ReadyOptions {
  signal?: AbortSignal;
  /** Called at every turn with the number of corrected rows, and of all rows. */
  onProgress?: ProgressCallback;
}

export class ItemTable {
  readonly items: readonly Item[];
  /** SHA-256 of each item's text, hex. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly #raw: RawRows;
  readonly #backend: Backend;
  readonly #pacing: Pacing;
  readonly #features: RowFeatures | undefined;
  #correction: LanguageCorrection;
  /** False: the first correction is in use, which is made again as rows come. */
  #isFitted = false;
  #version = 0;
  /** Refined rows that came or went since the correction was made, and how many it was made from. */
  #changedRows = 0;
  #fittedRows = 0;
  #corrected: CorrectedRows | undefined;
  /** What `refitCorrection` builds beside the rows in use. */
  #building: CorrectedRows | undefined;
  /** The rows in use before these. A search may still read them, so they are freed at the next replacement. */
  #previous: CorrectedRows | undefined;
  #refitting: Promise<unknown> = Promise.resolve();
  #isDisposed = false;

  /**
   * @param backend where the rows are scanned @param pacing of turns that correct many rows
   * @param features joined to the corrected vectors that lists are made of; texts are searched without them
   */
  constructor(
    items: readonly Item[],
    keys: readonly string[],
    adapter: AdapterData,
    backend: Backend,
    pacing: Pacing = {},
    features: RowFeatures | undefined = undefined,
  ) {
    this.items = items;
    this.keys = keys;
    this.#raw = new RawRows(items, adapter);
    this.rowOf = this.#raw.rowOf;
    this.#backend = backend;
    this.#pacing = pacing;
    this.#features = features;
    this.#correction = firstCorrection(adapter, { raw: new Float32Array(0), languages: [] });
  }

  /** Of corrected vectors. `refitCorrection` may change it. */
  get dimensions(): number {
    return this.#correction.dimensions;
  }

  /** Of the vectors that lists are made of: corrected vectors with features joined. */
  get rankedDimensions(): number {
    return this.dimensions + (this.#features?.dimensions ?? 0);
  }

  /** The text part of a product of two ranked vectors, over the cosine of the texts: 1 without features. */
  get textShare(): number {
    return (this.#features?.textScale ?? 1) ** 2;
  }

  /** Of the transformer's vectors. */
  get rawDimensions(): number {
    return this.#raw.adapter.dimensions;
  }

  /** The correction in use. */
  get correction(): LanguageCorrection {
    return this.#correction;
  }

  /** Grows with every new correction: what was learned from corrected vectors before is out of date. */
  get correctionVersion(): number {
    return this.#version;
  }

  /** Of all rows: raw, corrected and in the index. */
  get bytes(): number {
    return this.#raw.bytes + (this.#corrected?.bytes ?? 0);
  }

  /** Rows with the transformer's vector. */
  get refinedCount(): number {
    return this.#raw.refinedCount;
  }

  /** Rows with any vector. */
  get encodedCount(): number {
    return this.#raw.quickCount + this.#raw.refinedCount;
  }

  isEncoded(row: number): boolean {
    return this.#raw.sourceOf(row) !== undefined;
  }

  isRefined(row: number): boolean {
    return this.#raw.sourceOf(row) === 'refined';
  }

  rowsToRefine(): number[] {
    return this.#raw.rowsWhere((source) => source !== 'refined');
  }

  rowsWithoutVector(): number[] {
    return this.#raw.rowsWhere((source) => source === undefined);
  }

  /** @param raw the transformer's vectors [rows × rawDimensions], in the order of `rows` */
  setRefined(rows: readonly number[], raw: Float32Array): void {
    this.#setRows(rows, raw, this.rawDimensions, 'refined');
  }

  /**
   * Sets instant vectors of rows without a vector. The language means are fitted to these rows once, so that they do not drift while
   * the transformer's vectors replace them.
   * @param vectors [rows × width], width at most that of the adapter's space
   * @throws bad-vector when they are wider
   */
  setQuick(rows: readonly number[], vectors: Float32Array, width: number): void {
    const { projectedDimensions } = this.#raw.adapter;
    if (width > projectedDimensions) {
      throw new RecommenderError(
        'bad-vector',
        `Instant vectors of ${width} dimensions do not fit into the adapter's space of ${projectedDimensions}.`,
      );
    }
    const languages = rows.map((row) => this.items[row]?.language);
    this.#raw.quick = quickCorrection(vectors, width, languages);
    this.#setRows(rows, vectors, width, 'quick');
    this.#ensureCarriesQuick(width);
  }

  /** Takes the vectors of these rows away, so that they are encoded again. */
  forget(rows: readonly number[]): void {
    for (const row of rows) {
      const before = this.#raw.clear(row);
      if (before) this.#markChanged(row, before === 'refined');
    }
  }

  /** Cosine, after projection, of a row's vector (from the transformer or a pack) with another raw vector; 0 where it has none. */
  cosineWithRefined(row: number, raw: Float32Array): number {
    return this.isRefined(row) ? this.#raw.cosine(row, raw) : 0;
  }

  /**
   * Brings correction and rows up to date in turns of the event loop, so that the next question is answered at once. Callers at the same
   * time share the work. @throws aborted, also when the table is disposed meanwhile
   */
  async ready({ signal, onProgress }: ReadyOptions = {}): Promise<void> {
    const total = this.items.length;
    const report = (): void => onProgress?.({ done: total - (this.#corrected?.outstanding ?? total), total, unit: 'rows' });
    const pace = createPacer({ ...this.#pacing, signal, what: 'Correcting the rows', onPause: report });
    this.#remakeFirstCorrection();
    while (this.#correctNextRows(this.#openRows())) await pace();
  }

  /**
   * Best rows by the dot product with corrected vectors, hubs marked down. Rows set since `ready` are found too; in a large table, many
   * new rows are found only after the next `ready`.
   * @param query [dimensions] @param k 1 to 1,024 @param allowed rows that may appear, default all
   * @throws bad-vector, bad-argument, aborted (disposed)
   */
  async search(query: Float32Array, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    const { index } = this.#rowsToSearch();
    if (!this.#features) return index.search(query, k, allowed);
    const wide = new Float32Array(this.rankedDimensions);
    for (let j = 0; j < query.length; j++) wide[j] = (query[j] as number) / this.#features.textScale;
    return index.search(wide, k, allowed, Math.hypot(...query) / this.textShare);
  }

  /** As `search`, with a query [rankedDimensions] over the vectors that lists are made of. */
  async searchRanked(query: Float32Array, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    return this.#rowsToSearch().index.search(query, k, allowed);
  }

  /**
   * Best rows for several interests together, in one pass over the rows; hubs are marked down.
   * @param interests vectors [interests × rankedDimensions], unit length
   * @throws bad-vector, bad-argument, aborted (disposed)
   */
  async searchInterests(interests: Interests, k: number, allowed?: RowBitset): Promise<Ranked[]> {
    return this.#rowsToSearch().index.searchInterests(interests, k, allowed);
  }

  /** What hubness adds to a product with a unit vector [rankedDimensions]; 0 or below. */
  biasOf(row: number): number {
    return this.#rowsToSearch().biasOf(row);
  }

  /** The transformer's vector of a search text, corrected like the items. @returns [dimensions], unit length */
  correct(raw: Float32Array, language: string): Float32Array {
    this.#remakeFirstCorrectionIfCheap();
    return correctQuery(this.#correction, raw, language);
  }

  /** As `correct`, for an instant vector of any width. */
  correctQuick(vector: Float32Array, language: string): Float32Array {
    this.#remakeFirstCorrectionIfCheap();
    const width = vector.length;
    const known = this.#raw.quick;
    const quick = known?.inputDimensions === width ? known : quickCorrection(new Float32Array(0), width, []);
    this.#ensureCarriesQuick(width);
    return correctQuickRows(this.#correction, quick, vector, [language]);
  }

  /** Corrected vector of an item [dimensions], unit length; undefined while it is not encoded. */
  vectorOf(itemId: ItemId): Float32Array | undefined {
    const row = this.rowOf.get(itemId);
    if (row === undefined || !this.isEncoded(row)) return undefined;
    if (this.#raw.compact || this.#isDisposed) this.#remakeFirstCorrectionIfCheap();
    else this.#rowsToSearch();
    return this.#corrected?.vector(row) ?? this.#correctRows([row]);
  }

  /** The vector that lists are made of [rankedDimensions]; undefined while the item is not encoded. */
  rankedVectorOf(itemId: ItemId): Float32Array | undefined {
    const text = this.vectorOf(itemId);
    const row = this.rowOf.get(itemId);
    if (!text || row === undefined || !this.#features) return text;
    const out = new Float32Array(this.rankedDimensions);
    joinRow(text, row, this.#features, out);
    return out;
  }

  /**
   * Fits a correction to the present rows, chosen by its held-out criterion, and corrects all rows by it, in turns of the event loop.
   * Lists stay as they are until both are done. Calls run one after another. Does nothing unless `needsFit` or `options.again`.
   * @returns whether a newly fitted correction is in use
   * @throws aborted, bad-vector
   */
  refitCorrection(options: RefitOptions = {}): Promise<boolean> {
    const refitting = this.#refitting.then(() => this.#refit(options));
    this.#refitting = refitting.catch(() => undefined);
    return refitting;
  }

  /**
   * Whether `refitCorrection` would fit: no correction was fitted yet, a fifth of the rows changed since, or there are translations and
   * the correction in use was fitted without any.
   */
  needsFit(translated?: TranslatedRows): boolean {
    const learns = translated !== undefined && this.#correction.report.translatedItems === 0;
    return this.refinedCount > 0 && (!this.#isFitted || this.#hasChanged() || learns);
  }

  /** Puts a stored correction (`parseCorrection`) in use. @throws bad-vector when it was fitted to vectors of another encoder */
  install(correction: LanguageCorrection): void {
    if (correction.inputDimensions !== this.rawDimensions) {
      const message = `The correction is of vectors of ${correction.inputDimensions} dimensions, the encoder's have ${this.rawDimensions}. Fit it again.`;
      throw new RecommenderError('bad-vector', message, { dimensions: correction.inputDimensions });
    }
    this.#replaceCorrection(correction, { isFitted: true });
  }

  /** All vectors as they are ranked: [rows × dimensions], a row without a vector zero. A copy. */
  rankedVectors(): Float32Array {
    this.#rowsToSearch();
    const out = new Float32Array(this.items.length * this.dimensions);
    for (const rows of blocksOf(this.items.length)) out.set(this.#correctRows(rows), (rows[0] ?? 0) * this.dimensions);
    return out;
  }

  /** The transformer's vectors, unit length: [rows × rawDimensions]; other rows are zero. A copy. */
  rawVectors(): Float32Array {
    return this.#raw.unitVectors();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const rows of [this.#corrected, this.#previous]) rows?.dispose();
    this.#corrected = undefined;
    this.#previous = undefined;
  }

  #setRows(rows: readonly number[], vectors: Float32Array, width: number, source: VectorSource): void {
    rows.forEach((row, i) => {
      const before = this.#raw.set(row, vectors.subarray(i * width, (i + 1) * width), source);
      this.#markChanged(row, source === 'refined' || before === 'refined');
    });
  }

  /** @param refined whether a vector of the transformer came or went */
  #markChanged(row: number, refined: boolean): void {
    if (refined) this.#changedRows++;
    this.#corrected?.markChanged(row);
    this.#building?.markChanged(row);
  }

  #hasChanged(): boolean {
    return this.#changedRows > 0 && this.#changedRows >= CHANGE_TO_REFIT * this.#fittedRows;
  }

  /** Makes the first correction again when enough rows changed, and once all rows are there. */
  #remakeFirstCorrection(): void {
    const isComplete = this.#changedRows > 0 && this.refinedCount === this.items.length;
    if (!this.#isFitted && (isComplete || this.#hasChanged())) this.#replaceCorrection(this.#firstCorrection(), { isFitted: false });
  }

  /** In a large table only `ready` makes it again, because all rows must then be corrected again. */
  #remakeFirstCorrectionIfCheap(): void {
    if (!this.#raw.compact || !this.#corrected) this.#remakeFirstCorrection();
  }

  #ensureCarriesQuick(width: number): void {
    if (!carriesQuick(this.#correction, width)) this.#replaceCorrection(this.#firstCorrection(width), { isFitted: false });
  }

  #firstCorrection(quickWidth = this.#raw.quick?.inputDimensions): LanguageCorrection {
    const { adapter, compact } = this.#raw;
    return firstCorrection(adapter, this.#raw.fittingRows(compact ? FIRST_ROWS : COMPACT_ABOVE), quickWidth);
  }

  async #refit(options: RefitOptions): Promise<boolean> {
    const raw = this.#raw;
    const { translated, fit: fitRows = fitTable, signal, again } = options;
    if (raw.refinedCount === 0 || !(again || this.needsFit(translated))) return false;
    const [changedRows, fittedRows] = [this.#changedRows, raw.refinedCount];
    const pace = createPacer({ ...this.#pacing, signal, what: 'Correcting the rows' });
    const drawn = await raw.readFittingRows(COMPACT_ABOVE, pace);
    const input = translated ? groupedRows(drawn, translated, raw.adapter.dimensions) : { raw: drawn.raw, languages: drawn.languages };
    const correction = await fitRows(raw.adapter, input, raw.quick?.inputDimensions, options);
    // Instant rows would be lost.
    if (raw.quick && raw.quickCount > 0 && !carriesQuick(correction, raw.quick.inputDimensions)) return false;
    const built = await this.#build(correction, pace);
    // Rows that changed while it was fitted count as changed since.
    const changedSince = Math.max(0, this.#changedRows - changedRows);
    this.#replaceCorrection(correction, { isFitted: true, built });
    [this.#changedRows, this.#fittedRows] = [changedSince, fittedRows];
    return true;
  }

  /** Corrects all rows, also those that change meanwhile, beside the rows in use. */
  async #build(correction: LanguageCorrection, pace: () => Promise<void> | undefined): Promise<CorrectedRows> {
    const built = this.#emptyRows(correction);
    this.#building = built;
    try {
      while (this.#correctNextRows(built)) await pace();
      return built;
    } catch (error) {
      built.dispose();
      throw error;
    } finally {
      this.#building = undefined;
    }
  }

  /** @param built rows corrected by it; without them, rows are corrected when next asked for */
  #replaceCorrection(correction: LanguageCorrection, { isFitted, built }: { isFitted: boolean; built?: CorrectedRows }): void {
    this.#previous?.dispose();
    this.#previous = this.#corrected;
    this.#corrected = built;
    this.#correction = correction;
    this.#isFitted = isFitted;
    this.#changedRows = 0;
    this.#fittedRows = this.refinedCount;
    this.#version++;
  }

  /** Brings the rows up to date without a turn. A large table with much to do is searched as it is, so that nobody waits. */
  #rowsToSearch(): CorrectedRows {
    this.#remakeFirstCorrectionIfCheap();
    const rows = this.#openRows();
    if (this.#raw.compact && rows.outstanding > MOST_WITHOUT_TURN) {
      if (rows.isFilled) return rows;
      if (this.#previous?.isFilled && this.#previous.correction.dimensions === this.dimensions) return this.#previous;
    }
    while (this.#correctNextRows(rows));
    return rows;
  }

  /** @returns false when no row was left */
  #correctNextRows(corrected: CorrectedRows): boolean {
    this.#checkOpen();
    const rows = corrected.nextRows();
    if (rows.length > 0) corrected.set(rows, this.#correctRows(rows, corrected.correction));
    return rows.length > 0;
  }

  /** @returns [rows × dimensions], unit length; rows without a vector are zero */
  #correctRows(rows: readonly number[], correction = this.#correction): Float32Array {
    // While the catalogue is encoded stated languages are believed: the first correction is replaced soon.
    return this.#raw.corrected(rows, correction, !this.#isFitted && correction === this.#correction);
  }

  #openRows(): CorrectedRows {
    this.#checkOpen();
    this.#corrected ??= this.#emptyRows(this.#correction);
    return this.#corrected;
  }

  #emptyRows(correction: LanguageCorrection): CorrectedRows {
    return new CorrectedRows(this.#backend, correction, this.items.length, this.#raw.compact, this.#features);
  }

  #checkOpen(): void {
    if (this.#isDisposed) throw new RecommenderError('aborted', 'The catalogue was closed while its rows were corrected. Open it again.');
  }
}
