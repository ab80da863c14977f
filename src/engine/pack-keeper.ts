// The owner's pack of one opened catalogue: takes it, compares a sample with this device once it can, drops it when it does
// not hold or the reader wants everything encoded here. What was decided is kept in the store, by the pack's content.
import { messageOf } from '../base/errors.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { Store } from '../store/store.ts';
import type { Model } from './model.ts';
import { LEAST_COSINE, sampleCosine, takeFromPack } from './pack-source.ts';
import type { StatusBoard } from './status-board.ts';

export interface KeeperContext {
  catalogueId: string;
  /** Folder, absolute; undefined: the catalogue has no pack. */
  packUrl: string | undefined;
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  /** Uniform in [0, 1): which items are compared. */
  random: () => number;
  /** Items lost their vectors and are to be encoded. */
  onDropped: () => void;
}

export class PackKeeper {
  readonly #context: KeeperContext;
  readonly #abort = new AbortController();
  #rows: number[] = [];
  #version = '';
  #checking: Promise<void> | undefined;

  constructor(context: KeeperContext) {
    this.#context = context;
  }

  /** Fills the table as far as the pack goes. @throws aborted, not-ready */
  async take(): Promise<void> {
    const { packUrl, store, table, model, board, catalogueId } = this.#context;
    board.update({ pack: null });
    if (packUrl === undefined || table.rowsToRefine().length === 0) return;
    if ((await store.getSetting(refusedKey(catalogueId))) === true) return;
    const { state, rows, version } = await takeFromPack(packUrl, {
      table,
      fingerprint: model.fingerprint,
      signal: this.#abort.signal,
      notice: (text) => board.notice('pack-unusable', text),
    });
    this.#rows = rows;
    this.#version = version;
    board.update({ pack: state });
    if (rows.length > 0 && (await store.getSetting(this.#verdictKey())) === 'dropped') this.#drop(0);
  }

  /** Whether there is something to compare; once it was compared on this device it is not done again. */
  async needsCheck(): Promise<boolean> {
    return this.#rows.length > 0 && (await this.#context.store.getSetting(this.#verdictKey())) === undefined;
  }

  /** Loads the transformer where it is not loaded, encodes a sample and keeps or drops the pack. Never throws. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => {
        if (!this.#abort.signal.aborted)
          this.#context.board.notice('encoding-failed', `The sample of the pack could not be compared: ${messageOf(error)}`);
      })
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #check(): Promise<void> {
    if (!(await this.needsCheck())) return;
    const { table, model, store, board, random } = this.#context;
    const encoder = await model.transformer.get();
    const rows = this.#rows.filter((row) => table.isRefined(row));
    if (rows.length === 0) return;
    const lowestCosine = await sampleCosine(table, rows, encoder, random, this.#abort.signal);
    const holds = lowestCosine >= LEAST_COSINE;
    await store.setSetting(this.#verdictKey(), holds ? 'holds' : 'dropped');
    if (!holds) this.#drop(lowestCosine);
    else if (board.status.pack) board.update({ pack: { ...board.status.pack, lowestCosine } });
  }

  /** Everything is encoded on this device from now on, after a reload too. */
  async refuse(): Promise<void> {
    const { store, catalogueId, table, board } = this.#context;
    await store.setSetting(refusedKey(catalogueId), true);
    table.forget(this.#rows);
    this.#rows = [];
    board.update({ pack: null });
  }

  dispose(): void {
    this.#abort.abort();
    this.#rows = [];
  }

  #drop(lowestCosine: number): void {
    const { table, board, onDropped } = this.#context;
    const count = this.#rows.length;
    table.forget(this.#rows);
    this.#rows = [];
    const found = lowestCosine.toFixed(3);
    board.notice(
      'pack-dropped',
      `The vectors that came with the catalogue do not agree with this device (cosine ${found}, at least ${LEAST_COSINE} is needed); ${count} items are encoded here.`,
    );
    board.update({ pack: { state: 'dropped', items: 0, lowestCosine } });
    onDropped();
  }

  #verdictKey(): string {
    return `pack-verdict:${this.#version}`;
  }
}

const refusedKey = (catalogueId: string): string => `pack-refused:${catalogueId}`;
