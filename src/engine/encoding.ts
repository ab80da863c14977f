// Encodes what the catalogue still lacks, in the background: stored after every batch, stoppable between batches, one
// tab at a time. Must never hold more than the batch in progress that is not in the store.
import { messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { itemText } from '../catalogue/index.ts';
import type { Store } from '../store/index.ts';
import type { ItemTable } from './item-table.ts';
import type { Model } from './model.ts';
import type { StatusBoard } from './status-board.ts';

/** Items of the first slice: small, so that recommendations start with the first seconds. */
const FIRST_SLICE = 48;
const SLICE = 512;

export interface EncodingContext {
  table: ItemTable;
  model: Model;
  store: Store;
  board: StatusBoard;
  nowMs: () => number;
  signal: AbortSignal;
  lockName: string;
  /** New vectors are in the table. */
  onVectors: () => void;
}

/** Resolves when every item has a vector. @throws aborted, encoder-*, asset-*, storage-quota */
export async function encodePending(context: EncodingContext): Promise<void> {
  const { table, signal, board, lockName } = context;
  if (table.pendingRows().length === 0) return;
  const locks = globalThis.navigator?.locks;
  if (!locks) return encodeUnderLock(context);
  const gotIt = await locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (lock) await encodeUnderLock(context);
    return lock !== null;
  });
  if (gotIt) return;
  board.notice('other-tab-encodes', 'Another tab is encoding this catalogue; this one waits and takes over what it stored.');
  await locks.request(lockName, { signal }, async () => {
    await loadStoredVectors(context);
    await encodeUnderLock(context);
  });
}

/** Fills the table with the vectors that the store has. @returns how many */
export async function loadStoredVectors({ table, model, store, board, onVectors }: EncodingContext): Promise<number> {
  const pending = table.pendingRows();
  if (pending.length === 0) return 0;
  const wanted = new Set(pending.map((row) => table.keys[row] ?? ''));
  const { rows, vectors, damagedChunks } = await store.loadVectors(model.fingerprint, model.dimensions, wanted);
  if (damagedChunks > 0) {
    board.notice('chunk-damaged', `${damagedChunks} stored parts were damaged and dropped; their items are encoded again.`);
  }
  const d = model.dimensions;
  const found = pending.filter((row) => rows.has(table.keys[row] ?? ''));
  const raw = new Float32Array(found.length * d);
  found.forEach((row, i) => {
    const at = rows.get(table.keys[row] ?? '') ?? 0;
    raw.set(vectors.subarray(at * d, (at + 1) * d), i * d);
  });
  if (found.length > 0) {
    table.set(found, raw);
    onVectors();
  }
  return found.length;
}

async function encodeUnderLock(context: EncodingContext): Promise<void> {
  const { table, model, store, board, nowMs, signal } = context;
  if (table.pendingRows().length === 0) return;
  board.update({ phase: 'loading-model', progress: null });
  const encoder = await model.encoder((progress) => board.progress(progress));
  board.update({ phase: 'encoding', progress: null });
  const order = inTurnsByLanguage(table);
  const startedMs = nowMs();
  let done = 0;
  for (let start = 0; start < order.length; start += start === 0 ? FIRST_SLICE : SLICE) {
    throwIfAborted(signal, 'Encoding');
    const slice = order.slice(start, start + (start === 0 ? FIRST_SLICE : SLICE));
    const texts = slice.map((row) => textOf(table, row));
    await encoder.encode(texts, {
      signal,
      onBatch: async (positions, vectors) => {
        const rows = positions.map((position) => slice[position] as number);
        await keep(store, model, rows.map((row) => table.keys[row] ?? ''), vectors, board);
        table.set(rows, vectors);
        done += rows.length;
        const itemsPerSecond = done / Math.max(0.001, (nowMs() - startedMs) / 1000);
        board.update({
          encodedCount: table.encodedCount,
          textsEncoded: board.status.textsEncoded + rows.length,
          itemsPerSecond,
          secondsLeft: (order.length - done) / itemsPerSecond,
          progress: { done: table.encodedCount, total: table.items.length, unit: 'items' },
        });
        context.onVectors();
      },
    });
  }
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

/** Pending rows with the languages taking turns, so that the first recommendations already cross languages. */
function inTurnsByLanguage(table: ItemTable): number[] {
  const queues = new Map<string, number[]>();
  for (const row of table.pendingRows()) {
    const language = table.items[row]?.language ?? 'und';
    const queue = queues.get(language);
    if (queue) queue.push(row);
    else queues.set(language, [row]);
  }
  const order: number[] = [];
  for (let turn = 0; queues.size > 0; turn++) {
    for (const [language, queue] of queues) {
      const row = queue[turn];
      if (row === undefined) queues.delete(language);
      else order.push(row);
    }
  }
  return order;
}
