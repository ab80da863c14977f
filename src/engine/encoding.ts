// Gives every item a vector, in the background: instant ones at once, the transformer's after them, stored after every
// batch, stoppable between batches, one tab at a time. Must never hold more than the batch in progress that is not stored.
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { itemText } from '../catalogue/text.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { Speed } from '../protocol/engine-api.ts';
import type { Store } from '../store/store.ts';
import type { Model } from './model.ts';
import type { StatusBoard } from './status-board.ts';

/** Items of a slice while the reader's top list is not refined: small, so that it comes soon and follows new likes. */
const FIRST_SLICE = 48;
const SLICE = 512;
/** Behind quick vectors the top is looked at again after so many: a new like may ask for other rows. */
const SLICE_BEHIND_QUICK = 128;
/** Stored vectors put into the table between two looks at the clock. */
const STORED_AT_ONCE = 512;

export interface EncodingContext {
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  speed: Exclude<Speed, 'auto'>;
  nowMs: () => number;
  signal: AbortSignal;
  lockName: string;
  /** Whether this catalogue is still the one on show. */
  isOpen: () => boolean;
  /** Rows that the reader would see first now, likeliest first. */
  topRows: () => Promise<readonly number[]>;
  /** There are better recommendations to be had. */
  onChange: () => void;
}

/** Resolves when every item has the vector that `speed` asks for. @throws aborted, encoder-*, asset-*, storage-quota */
export async function encodePending(context: EncodingContext): Promise<void> {
  const { table, signal, board, lockName, speed } = context;
  if (speed !== 'refined') await encodeQuickly(context);
  if (speed === 'quick' || table.rowsToRefine().length === 0) return;
  const locks = globalThis.navigator?.locks;
  if (!locks) return refineUnderLock(context);
  const gotIt = await locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (lock) await refineUnderLock(context);
    return lock !== null;
  });
  if (gotIt) return;
  board.notice('other-tab-encodes', 'Another tab is encoding this catalogue; this one waits and takes over what it stored.');
  await locks.request(lockName, { signal }, async () => {
    await loadStoredVectors(context);
    await refineUnderLock(context);
  });
}

/** Fills the table with the transformer's vectors that the store has. @returns how many @throws aborted */
export async function loadStoredVectors({ table, model, store, board, signal }: EncodingContext): Promise<number> {
  const pending = table.rowsToRefine();
  if (pending.length === 0) return 0;
  const wanted = new Set(pending.map((row) => table.keys[row] ?? ''));
  const { rows, vectors, damagedChunks } = await store.loadVectors(model.fingerprint, model.dimensions, wanted);
  if (damagedChunks > 0) {
    board.notice('chunk-damaged', `${damagedChunks} stored parts were damaged and dropped; their items are encoded again.`);
  }
  const d = model.dimensions;
  const found = pending.filter((row) => rows.has(table.keys[row] ?? ''));
  const pace = createPacer({ signal, what: 'Reading stored vectors' });
  for (let from = 0; from < found.length; from += STORED_AT_ONCE) {
    await pace();
    const some = found.slice(from, from + STORED_AT_ONCE);
    const raw = new Float32Array(some.length * d);
    some.forEach((row, i) => {
      const at = rows.get(table.keys[row] ?? '') ?? 0;
      raw.set(vectors.subarray(at * d, (at + 1) * d), i * d);
    });
    table.setRefined(some, raw);
  }
  return found.length;
}

/** Rows without any vector get instant ones; these are not stored, because computing them again takes no longer. */
async function encodeQuickly({ table, model, board, speed, signal, onChange }: EncodingContext): Promise<void> {
  const rows = table.rowsWithoutVector();
  if (rows.length === 0 || !model.quick) return;
  board.update({ phase: 'loading-model', progress: null });
  const encoder = await model.quick.get((progress) => board.progress(progress));
  throwIfAborted(signal, 'Encoding');
  const vectors = await encoder.encode(
    rows.map((row) => textOf(table, row)),
    { signal },
  );
  table.setQuick(rows, vectors, encoder.dimensions);
  board.update({
    ...counts(table, speed),
    textsEncoded: board.status.textsEncoded + (speed === 'quick' ? rows.length : 0),
    ...(speed === 'quick' ? { encoder: encoder.status } : {}),
  });
  onChange();
}

async function refineUnderLock(context: EncodingContext): Promise<void> {
  const { table, model, store, board, nowMs, signal, speed } = context;
  if (table.rowsToRefine().length === 0) return;
  const quick = table.encodedCount > table.refinedCount;
  board.update({ phase: 'loading-model', progress: null });
  const encoder = await model.transformer.get((progress) => board.progress(progress));
  board.update({ phase: 'encoding', progress: null, encoder: encoder.status });
  const startedMs = nowMs();
  let done = 0;
  for (;;) {
    throwIfAborted(signal, 'Encoding');
    const top = (await context.topRows()).filter((row) => !table.isRefined(row));
    if (quick && top.length === 0 && !board.status.topRefined) {
      board.update({ topRefined: true });
      context.onChange();
    }
    const size = quick ? (top.length > 0 ? FIRST_SLICE : SLICE_BEHIND_QUICK) : done === 0 ? FIRST_SLICE : SLICE;
    const slice = nextSlice(table, top, size);
    if (slice.length === 0) return;
    await encoder.encode(
      slice.map((row) => textOf(table, row)),
      {
        signal,
        onBatch: async (positions, vectors) => {
          const rows = positions.map((position) => slice[position] as number);
          await keep(
            store,
            model,
            rows.map((row) => table.keys[row] ?? ''),
            vectors,
            board,
          );
          table.setRefined(rows, vectors);
          done += rows.length;
          if (!context.isOpen()) return; // stored for later; the page shows another catalogue by now
          const itemsPerSecond = done / Math.max(0.001, (nowMs() - startedMs) / 1000);
          board.update({
            ...counts(table, speed),
            textsEncoded: board.status.textsEncoded + rows.length,
            itemsPerSecond,
            secondsLeft: table.rowsToRefine().length / itemsPerSecond,
            progress: { done: table.refinedCount, total: table.items.length, unit: 'items' },
          });
          if (!quick) context.onChange();
        },
      },
    );
  }
}

/** What the status says of a table. */
export function counts(table: ItemTable, speed: Exclude<Speed, 'auto'> | null): { encodedCount: number; quickCount: number } {
  return { encodedCount: speed === 'quick' ? table.encodedCount : table.refinedCount, quickCount: table.encodedCount };
}

/** A full disk must not end the encoding: the vectors are used, and said to be lost when the page closes. */
async function keep(store: Store, model: Model, keys: string[], vectors: Float32Array, board: StatusBoard): Promise<void> {
  try {
    await store.appendVectors(model.fingerprint, model.dimensions, { keys, vectors });
  } catch (error) {
    if (!(error instanceof RecommenderError) || error.code !== 'storage-quota') throw error;
    board.notice('store-memory', `New vectors are not kept: ${messageOf(error)}`);
  }
}

export function textOf(table: ItemTable, row: number): string {
  const item = table.items[row];
  return item ? itemText(item) : '';
}

/** What is likeliest to be shown first, then the languages in turn, so that early results already cross languages. */
function nextSlice(table: ItemTable, top: readonly number[], size: number): number[] {
  const chosen = new Set(top.slice(0, size));
  if (chosen.size === size) return [...chosen];
  const queues = new Map<string, number[]>();
  for (const row of table.rowsToRefine()) {
    const language = table.items[row]?.language ?? 'und';
    const queue = queues.get(language);
    if (queue) queue.push(row);
    else queues.set(language, [row]);
  }
  for (let turn = 0; queues.size > 0 && chosen.size < size; turn++) {
    for (const [language, queue] of queues) {
      const row = queue[turn];
      if (row === undefined) queues.delete(language);
      else if (chosen.size < size) chosen.add(row);
    }
  }
  return [...chosen];
}
