// The corrected side of an opened catalogue: the one correction in use, the rows that it made, and how another takes its place. All
// rows are corrected in turns of the event loop; what is in use stays so until they are done.
import { RecommenderError } from '../base/errors.ts';
import { createPacer, type PacerOptions } from '../base/pacer.ts';
import type { ProgressCallback } from '../base/types.ts';
import type { Backend } from '../compute/backend.ts';
import type { LanguageCorrection } from '../language/correction/types.ts';
import { carriesQuick, firstCorrection, fitTable, type SettleOptions, type TranslatedRows } from '../language/table-correction.ts';
import { groupedRows } from '../language/translations.ts';
import { CorrectedRows } from './corrected-rows.ts';
import { COMPACT_ABOVE, type ItemTableRows } from './item-table-rows.ts';

/** The first correction of a large table takes its means from so many rows: it is replaced before long. */
const FIRST_ROWS = 4000;
/** The first correction is fitted again when so many of the rows that it was fitted to have changed. */
const CHANGE_TO_REFIT = 0.2;
/** Rows of a large table that are brought up to date without a turn, at most. */
const MOST_WITHOUT_TURN = 512;

/** How long a turn may be, and by which clock. */
export type Pacing = Pick<PacerOptions, 'clock' | 'sliceMs'>;

export interface ReadyOptions {
  signal?: AbortSignal;
  /** Told at every turn: rows that are corrected, of all. */
  onProgress?: ProgressCallback;
}

export class ItemTableCorrected {
  readonly #rows: ItemTableRows;
  readonly #backend: Backend;
  readonly #pacing: Pacing;
  #correction: LanguageCorrection;
  /** Whether the correction was fitted by `settle`, or given. */
  #settled = false;
  #version = 0;
  /** Refined rows that came or went since the correction was fitted, and how many it was fitted to. */
  #changed = 0;
  #fittedTo = 0;
  #built: CorrectedRows | undefined;
  /** What `settle` builds. */
  #building: CorrectedRows | undefined;
  /** Replaced, but perhaps still asked: freed when the next one is replaced. */
  #retired: CorrectedRows | undefined;
  #disposed = false;
  #settling: Promise<unknown> = Promise.resolve();

  constructor(rows: ItemTableRows, backend: Backend, pacing: Pacing) {
    this.#rows = rows;
    this.#backend = backend;
    this.#pacing = pacing;
    this.#correction = firstCorrection(rows.adapter, { raw: new Float32Array(0), languages: [] });
  }

  get correction(): LanguageCorrection {
    return this.#correction;
  }

  /** Grows with every correction. */
  get version(): number {
    return this.#version;
  }

  get bytes(): number {
    return this.#built?.bytes ?? 0;
  }

  /** The row has another vector now, or none. @param refined the transformer's came or went */
  touch(row: number, refined: boolean): void {
    if (refined) this.#changed++;
    this.#built?.touch(row);
    this.#building?.touch(row);
  }

  /** Brings correction and rows up to date in turns; many that await it share the work. @throws aborted, also when disposed of meanwhile */
  async ready({ signal, onProgress }: ReadyOptions): Promise<void> {
    const total = this.#rows.items.length;
    const tell = (): void => onProgress?.({ done: total - (this.#built?.outstanding ?? total), total, unit: 'rows' });
    const pace = createPacer({ ...this.#pacing, signal, what: 'Correcting the rows', onPause: tell });
    this.#follow();
    while (this.#advance(this.#current())) await pace();
  }

  /** Without a turn. Of a large table what is there already serves where much is to be done. */
  upToDate(): CorrectedRows {
    this.follow();
    const built = this.#current();
    if (this.#rows.compact && built.outstanding > MOST_WITHOUT_TURN) {
      if (built.isFilled) return built;
      if (this.#retired?.isFilled && this.#retired.correction.dimensions === this.#correction.dimensions) return this.#retired;
    }
    while (this.#advance(built));
    return built;
  }

  /** The first correction follows the rows that come. Of a large table it does so by `ready` alone, which corrects all rows again. */
  follow(): void {
    if (!this.#rows.compact || !this.#built) this.#follow();
  }

  /** Makes sure that instant vectors of that width can be carried over. */
  carry(width: number): void {
    if (!carriesQuick(this.#correction, width)) this.#install(this.#first(width), false);
  }

  /** @returns [dimensions], unit length */
  vectorOf(row: number): Float32Array {
    if (this.#rows.compact || this.#disposed) this.follow();
    else this.upToDate();
    return this.#built?.vector(row) ?? this.corrected([row]);
  }

  /** @returns [rows × dimensions], unit length; rows without a vector are zero */
  corrected(rows: readonly number[], correction = this.#correction): Float32Array {
    // While the catalogue is encoded stated languages are believed: the first correction is replaced before long.
    return this.#rows.corrected(rows, correction, !this.#settled && correction === this.#correction);
  }

  /** See `ItemTable.settle`. One after another. @throws aborted, bad-vector */
  settle(options: SettleOptions): Promise<boolean> {
    const settling = this.#settling.then(() => this.#settle(options));
    this.#settling = settling.catch(() => undefined);
    return settling;
  }

  /** See `ItemTable.needsFit`. */
  needsFit(translated: TranslatedRows | undefined): boolean {
    const learns = translated !== undefined && this.#correction.report.translatedItems === 0;
    return this.#rows.refinedCount > 0 && (!this.#settled || this.#hasChanged() || learns);
  }

  async #settle(options: SettleOptions): Promise<boolean> {
    const rows = this.#rows;
    if (rows.refinedCount === 0 || !(options.again || this.needsFit(options.translated))) return false;
    const changed = this.#changed;
    const refined = rows.refinedCount;
    const pace = createPacer({ ...this.#pacing, signal: options.signal, what: 'Correcting the rows' });
    const { translated, fit: fitted = fitTable } = options;
    const drawn = await rows.readFittingRows(COMPACT_ABOVE, pace);
    const input = translated ? groupedRows(drawn, translated, rows.adapter.dimensions) : { raw: drawn.raw, languages: drawn.languages };
    const correction = await fitted(rows.adapter, input, rows.quick?.inputDimensions, options);
    if (rows.quick && rows.quickCount > 0 && !carriesQuick(correction, rows.quick.inputDimensions)) return false; // instant rows would be lost
    const built = await this.#build(correction, pace);
    this.#use(correction, built);
    this.#settled = true;
    this.#changed = Math.max(0, this.#changed - changed);
    this.#fittedTo = refined;
    return true;
  }

  /** Puts a fitted correction in use; rows are corrected when next asked for. */
  install(correction: LanguageCorrection): void {
    this.#install(correction, true);
  }

  dispose(): void {
    this.#disposed = true;
    for (const rows of [this.#built, this.#retired]) rows?.dispose();
    this.#built = undefined;
    this.#retired = undefined;
  }

  #first(quickWidth = this.#rows.quick?.inputDimensions): LanguageCorrection {
    const { adapter, compact } = this.#rows;
    return firstCorrection(adapter, this.#rows.fittingRows(compact ? FIRST_ROWS : COMPACT_ABOVE), quickWidth);
  }

  #hasChanged(): boolean {
    return this.#changed > 0 && this.#changed >= CHANGE_TO_REFIT * this.#fittedTo;
  }

  /** Exact once all rows are there. */
  #follow(): void {
    const complete = this.#changed > 0 && this.#rows.refinedCount === this.#rows.items.length;
    if (!this.#settled && (complete || this.#hasChanged())) this.#install(this.#first(), false);
  }

  /** @param settled false: replaced as rows come */
  #install(correction: LanguageCorrection, settled: boolean): void {
    this.#settled = settled;
    this.#changed = 0;
    this.#fittedTo = this.#rows.refinedCount;
    this.#use(correction, undefined);
  }

  #use(correction: LanguageCorrection, built: CorrectedRows | undefined): void {
    this.#retired?.dispose();
    this.#retired = this.#built;
    this.#correction = correction;
    this.#built = built;
    this.#version++;
  }

  #current(): CorrectedRows {
    this.#checkOpen();
    this.#built ??= this.#empty(this.#correction);
    return this.#built;
  }

  /** All rows, beside those in use. Rows that come meanwhile are in it too. */
  async #build(correction: LanguageCorrection, pace: () => Promise<void> | undefined): Promise<CorrectedRows> {
    const built = this.#empty(correction);
    this.#building = built;
    try {
      while (this.#advance(built)) await pace();
      return built;
    } catch (error) {
      built.dispose();
      throw error;
    } finally {
      this.#building = undefined;
    }
  }

  /** Corrects the next few rows. @returns false: none was left */
  #advance(built: CorrectedRows): boolean {
    this.#checkOpen();
    const rows = built.next();
    if (rows.length > 0) built.put(rows, this.corrected(rows, built.correction));
    return rows.length > 0;
  }

  #empty(correction: LanguageCorrection): CorrectedRows {
    return new CorrectedRows(this.#backend, correction, this.#rows.items.length, this.#rows.compact);
  }

  #checkOpen(): void {
    if (this.#disposed) throw new RecommenderError('aborted', 'The catalogue was closed while its rows were corrected. Open it again.');
  }
}
