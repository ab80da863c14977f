// The opened catalogue as matrices: which rows have vectors and whose, and the language-neutral vectors that everything
// ranks by. Rows are in file order; a row without a vector is all zero and is never ranked.
//
// Raw rows are kept, so that a correction can be fitted again; items, users and searches go through the one in use. Instant
// vectors live in the first dimensions of the adapter's space: they are centred by the means of instant vectors, carried into the
// corrected space, and from then on nothing asks which encoder a row came from.
import { RecommenderError, throwIfAborted } from '../base/errors.ts';
import { nextTask } from '../base/next-task.ts';
import type { Item, ItemId } from '../base/types.ts';
import type { Backend } from '../compute/backend.ts';
import { dot, normalizeRows } from '../compute/cpu/linear.ts';
import type { VectorIndex } from '../index/index.ts';
import { correctQuery, itemBias, type LanguageCorrection } from '../language/correction/index.ts';
import { type AdapterData, fitLanguageMeans, identityAdapter, projectRows } from '../language/correction.ts';
import { blocksOf, CorrectedRows, runsOf } from './corrected-rows.ts';
import { RawRows } from './raw-rows.ts';
import { carriesQuick, correctQuickRows, correctSources, drawRows, type FittingRows, firstCorrection, fitTable, type QuickMeans, type SettleOptions, type VectorSource } from './table-correction.ts';

/** Above so many rows every row is kept in int8 twice (raw and corrected) and nowhere in float32: 2 bytes a dimension and item. */
const COMPACT_ABOVE = 20_000;
/** The first correction is fitted again when so many of the rows that it was fitted to have changed. */
const CHANGE_TO_REFIT = 0.2;

export class ItemTable {
  readonly items: readonly Item[];
  /** SHA-256 of each item's text, hex. */
  readonly keys: readonly string[];
  readonly rowOf: ReadonlyMap<ItemId, number>;
  readonly #adapter: AdapterData;
  readonly #backend: Backend;
  readonly #compact: boolean;
  readonly #raw: RawRows;
  readonly #sources: (VectorSource | undefined)[];
  readonly #counts = { quick: 0, refined: 0 };
  #quick: QuickMeans | undefined;
  #correction: LanguageCorrection;
  /** Whether the correction was fitted by `settle`, or given. */
  #settled = false;
  #version = 0;
  /** Refined rows that came or went since the correction was fitted, and how many it was fitted to. */
  #changed = 0;
  #fittedTo = 0;
  #built: CorrectedRows | undefined;
  /** Replaced, but perhaps still asked: freed when the next one is replaced. */
  #retired: CorrectedRows | undefined;
  /** Rows whose vectors are not in `#built` yet. */
  #stale = new Set<number>();
  /** Rows that came or went since `settle` began to build. */
  #missed: Set<number> | undefined;

  /** @param backend where the rows are scanned */
  constructor(items: readonly Item[], keys: readonly string[], adapter: AdapterData, backend: Backend) {
    this.items = items;
    this.keys = keys;
    this.rowOf = new Map(items.map((item, row) => [item.id, row]));
    this.#adapter = adapter;
    this.#backend = backend;
    this.#compact = items.length > COMPACT_ABOVE;
    this.#raw = new RawRows(items.length, adapter.dimensions, this.#compact);
    this.#sources = new Array<VectorSource | undefined>(items.length).fill(undefined);
    this.#correction = firstCorrection(adapter, { raw: new Float32Array(0), languages: [] }, undefined);
  }

  /** Of corrected vectors. Changes when `settle` finds that fewer serve as well. */
  get dimensions(): number {
    return this.#correction.dimensions;
  }

  /** How vectors are freed from their language at present. */
  get correction(): LanguageCorrection {
    return this.#correction;
  }

  /** Grows whenever corrected vectors of rows that stayed the same become others: what was learned from them is out of date. */
  get correctionVersion(): number {
    return this.#version;
  }

  /** Held for rows: raw, corrected and in the index. */
  get bytes(): number {
    return this.#raw.bytes + (this.#built?.bytes ?? 0);
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
    this.#set(rows, raw, this.#adapter.dimensions, 'refined');
  }

  /**
   * Instant vectors, for rows without a vector; language means are fitted to these rows and kept, so that they do not
   * drift while rows are replaced.
   * @param vectors [rows × width], width at most that of the adapter's space
   * @throws bad-vector when they are wider
   */
  setQuick(rows: readonly number[], vectors: Float32Array, width: number): void {
    if (width > this.#adapter.projectedDimensions) {
      throw new RecommenderError('bad-vector', `Instant vectors of ${width} dimensions do not fit into the adapter's space of ${this.#adapter.projectedDimensions}.`);
    }
    const languages = rows.map((row) => this.items[row]?.language);
    this.#quick = { width, means: fitLanguageMeans(identityAdapter(width), vectors, languages) };
    this.#set(rows, vectors, width, 'quick');
    if (!carriesQuick(this.#correction, this.#quick)) this.#install(this.#firstCorrection(), false);
  }

  /** Takes the vectors of these rows away: they are to be encoded. */
  forget(rows: readonly number[]): void {
    for (const row of rows) {
      const before = this.#sources[row];
      if (!before) continue;
      if (before === 'refined') this.#changed++;
      this.#counts[before]--;
      this.#sources[row] = undefined;
      this.#raw.clear(row);
      this.#touched(row);
    }
  }

  /** Cosine of a row's vector, as it came from the encoder or a pack, with another raw vector; after projection. 0 without one. */
  cosineWithRefined(row: number, raw: Float32Array): number {
    if (!this.isRefined(row)) return 0;
    const both = new Float32Array(2 * raw.length);
    both.set(this.#raw.read([row]));
    both.set(raw, raw.length);
    const d = this.#adapter.projectedDimensions;
    const projected = normalizeRows(projectRows(this.#adapter, both), d);
    return dot(projected, 0, projected, d, d);
  }

  /** Index of the corrected vectors, brought up to date. Asked with vectors of `dimensions`; hubs are marked down in it. */
  index(): VectorIndex {
    return this.#upToDate().index;
  }

  /** The transformer's vector of a search, freed from its language like the items. @returns [dimensions], unit length */
  correct(raw: Float32Array, language: string): Float32Array {
    this.#upToDate();
    return correctQuery(this.#correction, raw, language);
  }

  /** The same for an instant vector of any width. */
  correctQuick(vector: Float32Array, language: string): Float32Array {
    this.#upToDate();
    const width = vector.length;
    const quick = this.#quick?.width === width ? this.#quick : { width, means: fitLanguageMeans(identityAdapter(width), new Float32Array(0), []) };
    if (!carriesQuick(this.#correction, quick)) this.#install(firstCorrection(this.#adapter, this.#fittingRows(), quick), false);
    return correctQuickRows(this.#correction, quick, vector, [language]);
  }

  /** Corrected vector of an item, or undefined while it is not encoded. */
  vectorOf(itemId: ItemId): Float32Array | undefined {
    const row = this.rowOf.get(itemId);
    if (row === undefined || !this.isEncoded(row)) return undefined;
    return this.#upToDate().vector(row) ?? this.#corrected([row], this.#correction);
  }

  /**
   * What a fairness report compares: rows as the encoder gave them, and as they are ranked. Rows without the transformer's vector are zero.
   * @returns raw [rows × the encoder's dimensions], corrected [rows × dimensions], bias [rows]
   */
  beforeAndAfter(rows: readonly number[]): { raw: Float32Array; corrected: Float32Array; bias: Float32Array } {
    this.#upToDate();
    const raw = this.#raw.read(rows);
    const corrected = this.#corrected(rows, this.#correction);
    rows.forEach((row, i) => {
      if (!this.isRefined(row)) raw.fill(0, i * this.#adapter.dimensions, (i + 1) * this.#adapter.dimensions);
    });
    return { raw, corrected, bias: itemBias(corrected, this.dimensions, this.#correction.hubness) };
  }

  /**
   * Fits the correction to the rows there are now, chosen by its held-out criterion, and corrects all rows by it; lists stay as they were
   * until both are done. In slices: clicks come in between. Does nothing while fewer than a fifth of the rows changed since.
   * @throws aborted, bad-vector
   */
  async settle(options: SettleOptions = {}): Promise<void> {
    if (this.#counts.refined === 0 || (this.#settled && !this.#hasChanged())) return;
    const changed = this.#changed;
    const refined = this.#counts.refined;
    const correction = await fitTable(this.#adapter, this.#fittingRows(), this.#quick, options);
    if (this.#quick && this.#counts.quick > 0 && !carriesQuick(correction, this.#quick)) return; // instant rows would be lost
    const missed = new Set<number>();
    this.#missed = missed;
    const built = await this.#build(correction, options.signal);
    this.#use(correction, built);
    this.#stale = missed;
    this.#missed = undefined;
    this.#settled = true;
    this.#changed = Math.max(0, this.#changed - changed);
    this.#fittedTo = refined;
  }

  /** Puts a stored correction (`parseCorrection`) in use. @throws bad-vector when it was fitted to vectors of another encoder */
  install(correction: LanguageCorrection): void {
    if (correction.inputDimensions !== this.#adapter.dimensions) {
      const message = `The correction is of vectors of ${correction.inputDimensions} dimensions, the encoder's have ${this.#adapter.dimensions}. Fit it again.`;
      throw new RecommenderError('bad-vector', message, { dimensions: correction.inputDimensions });
    }
    this.#install(correction, true);
  }

  /** Of the encoder's vectors. */
  get rawDimensions(): number {
    return this.#adapter.dimensions;
  }

  /** All vectors as they are ranked: [rows × dimensions], a row without a vector zero. A copy. */
  rankedVectors(): Float32Array {
    this.#upToDate();
    const out = new Float32Array(this.items.length * this.dimensions);
    for (const rows of blocksOf(this.items.length)) out.set(this.#corrected(rows, this.#correction), (rows[0] ?? 0) * this.dimensions);
    return out;
  }

  /** As the encoder gives them, unit length: [rows × rawDimensions]; rows that it has not read yet are zero. A copy. */
  rawVectors(): Float32Array {
    const d = this.rawDimensions;
    const out = new Float32Array(this.items.length * d);
    for (const row of this.#rowsWhere((source) => source === 'refined')) out.set(this.#raw.read([row]), row * d);
    return normalizeRows(out, d);
  }

  dispose(): void {
    this.#built?.dispose();
    this.#retired?.dispose();
    this.#built = undefined;
    this.#retired = undefined;
  }

  #set(rows: readonly number[], vectors: Float32Array, width: number, source: VectorSource): void {
    rows.forEach((row, i) => {
      this.#raw.set(row, vectors.subarray(i * width, (i + 1) * width));
      const before = this.#sources[row];
      if (before) this.#counts[before]--;
      this.#counts[source]++;
      this.#sources[row] = source;
      if (source === 'refined' || before === 'refined') this.#changed++;
      this.#touched(row);
    });
  }

  #rowsWhere(fits: (source: VectorSource | undefined) => boolean): number[] {
    const rows: number[] = [];
    this.#sources.forEach((source, row) => {
      if (fits(source)) rows.push(row);
    });
    return rows;
  }

  #languageOf(row: number): string | undefined {
    const language = this.items[row]?.language;
    return language === 'und' ? undefined : language;
  }

  #fittingRows(): FittingRows {
    const rows = drawRows(this.#rowsWhere((source) => source === 'refined'), (row) => this.#languageOf(row), COMPACT_ABOVE);
    return { raw: this.#raw.read(rows), languages: rows.map((row) => this.#languageOf(row)) };
  }

  #firstCorrection(): LanguageCorrection {
    return firstCorrection(this.#adapter, this.#fittingRows(), this.#quick);
  }

  #hasChanged(): boolean {
    return this.#changed > 0 && this.#changed >= CHANGE_TO_REFIT * this.#fittedTo;
  }

  /** @param settled false: replaced as rows come */
  #install(correction: LanguageCorrection, settled: boolean): void {
    this.#settled = settled;
    this.#changed = 0;
    this.#fittedTo = this.#counts.refined;
    this.#use(correction, undefined);
  }

  #use(correction: LanguageCorrection, built: CorrectedRows | undefined): void {
    this.#retired?.dispose();
    this.#retired = this.#built;
    this.#correction = correction;
    this.#built = built;
    this.#version++;
  }

  #touched(row: number): void {
    this.#stale.add(row);
    this.#missed?.add(row);
  }

  /** Rows that came since are corrected; the first correction follows them, and is exact once all are there. */
  #upToDate(): CorrectedRows {
    const complete = this.#changed > 0 && this.#counts.refined === this.items.length;
    if (!this.#settled && (complete || this.#hasChanged())) this.#install(this.#firstCorrection(), false);
    const built = this.#built ?? this.#empty(this.#correction);
    const runs = this.#built ? runsOf(this.#stale) : blocksOf(this.items.length);
    for (const rows of runs) built.put(rows[0] ?? 0, this.#corrected(rows, this.#correction));
    this.#stale.clear();
    this.#built = built;
    return built;
  }

  /** All rows, in slices. */
  async #build(correction: LanguageCorrection, signal: AbortSignal | undefined): Promise<CorrectedRows> {
    const built = this.#empty(correction);
    try {
      for (const rows of blocksOf(this.items.length)) {
        await nextTask();
        throwIfAborted(signal, 'Correcting the rows');
        built.put(rows[0] ?? 0, this.#corrected(rows, correction));
      }
    } catch (error) {
      built.dispose();
      throw error;
    }
    return built;
  }

  #empty(correction: LanguageCorrection): CorrectedRows {
    return new CorrectedRows(this.#backend, correction, this.items.length, this.#compact);
  }

  /** @returns [rows × dimensions], unit length; rows without a vector are zero */
  #corrected(rows: readonly number[], correction: LanguageCorrection): Float32Array {
    // While the catalogue is encoded stated languages are believed: the first correction is replaced before long.
    const believed = !this.#settled && correction === this.#correction;
    const sources = rows.map((row) => this.#sources[row]);
    const languages = rows.map((row) => this.#languageOf(row));
    return correctSources(correction, this.#raw.read(rows), { sources, languages, quick: this.#quick, believed });
  }
}
