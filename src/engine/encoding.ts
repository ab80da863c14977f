// Gives every item a vector: instant ones at once, the transformer's after them. Vectors are stored after every batch, and only one
// tab encodes at a time. Must never hold more than the batch in progress that is not stored.
import { throwIfAborted } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { createPacer } from '../base/pacer.ts';
import { itemText } from '../catalogue/text.ts';
import type { ItemTable } from '../index/item-table.ts';
import { type CatalogueScope, keepIfSpace, type ResolvedSpeed } from './catalogue-scope.ts';

/** Items encoded at once while the reader's top list is not refined. Small, so that it comes soon and follows new likes. */
const FIRST_SLICE = 48;
const SLICE = 512;
/** Where items have quick vectors already. After each slice the top list is read again, because a new like may change it. */
const SLICE_BEHIND_QUICK = 128;
/** Stored vectors put into the table before the pacer is asked. */
const STORED_AT_ONCE = 512;

export interface EncodingOptions {
  /** Rows that the reader would see first now, likeliest first. */
  topRows: () => Promise<readonly number[]>;
  signal: AbortSignal;
}

/** Resolves when every item has the vector that the scope's `speed` asks for. @throws aborted, encoder-*, asset-*, storage-* */
export async function encodePending(scope: CatalogueScope, options: EncodingOptions): Promise<void> {
  const { table, board, speed, settings } = scope;
  const { signal } = options;
  if (speed !== 'refined') await encodeQuickly(scope, signal);
  if (speed === 'quick' || table.rowsToRefine().length === 0) return;
  const locks = globalThis.navigator?.locks;
  if (!locks) return refine(scope, options);
  const lockName = `kindred-encode-${settings.databaseName}`;
  const gotIt = await locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (lock) await refine(scope, options);
    return lock !== null;
  });
  if (gotIt) return;
  board.notice('other-tab-encodes', 'Another tab is encoding this catalogue; this one waits and takes over what it stored.');
  await locks.request(lockName, { signal }, async () => {
    await loadStoredVectors(scope, signal);
    await refine(scope, options);
  });
}

/** Fills the table with the transformer's vectors that are stored. @throws aborted, storage-*, encoder-mismatch */
export async function loadStoredVectors({ table, model, store, board }: CatalogueScope, signal: AbortSignal): Promise<void> {
  const pending = table.rowsToRefine();
  if (pending.length === 0) return;
  const wanted = new Set(pending.map((row) => table.keys[row] ?? ''));
  const d = model.dimensions;
  const { rows, vectors, damagedChunks } = await store.loadVectors(model.fingerprint, d, wanted);
  if (damagedChunks > 0) {
    board.notice('chunk-damaged', `${damagedChunks} stored parts were damaged and dropped; their items are encoded again.`);
  }
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
}

/** Rows without a vector get instant ones. These are not stored, because reading them takes as long as making them. */
async function encodeQuickly({ table, model, board, speed, onChange }: CatalogueScope, signal: AbortSignal): Promise<void> {
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

/** Rows without the transformer's vector get it, those of the reader's top list first. */
async function refine(scope: CatalogueScope, { topRows, signal }: EncodingOptions): Promise<void> {
  const { table, model, store, board, nowMs, speed, onChange } = scope;
  if (table.rowsToRefine().length === 0) return;
  const isBehindQuick = table.encodedCount > table.refinedCount;
  board.update({ phase: 'loading-model', progress: null });
  const encoder = await model.transformer.get((progress) => board.progress(progress));
  board.update({ phase: 'encoding', progress: null, encoder: encoder.status });
  const startedMs = nowMs();
  let done = 0;
  const onBatch = async (rows: number[], vectors: Float32Array): Promise<void> => {
    const keys = rows.map((row) => table.keys[row] ?? '');
    await keepIfSpace(board, 'New vectors are', () => store.appendVectors(model.fingerprint, model.dimensions, { keys, vectors }));
    table.setRefined(rows, vectors);
    done += rows.length;
    const itemsPerSecond = done / Math.max(0.001, (nowMs() - startedMs) / 1000);
    board.update({
      ...counts(table, speed),
      textsEncoded: board.status.textsEncoded + rows.length,
      itemsPerSecond,
      secondsLeft: table.rowsToRefine().length / itemsPerSecond,
      progress: { done: table.refinedCount, total: table.items.length, unit: 'items' },
    });
    if (!isBehindQuick) onChange();
  };
  for (;;) {
    throwIfAborted(signal, 'Encoding');
    const top = (await topRows()).filter((row) => !table.isRefined(row));
    if (isBehindQuick && top.length === 0 && !board.status.topRefined) {
      board.update({ topRefined: true });
      onChange();
    }
    const size = isBehindQuick ? (top.length > 0 ? FIRST_SLICE : SLICE_BEHIND_QUICK) : done === 0 ? FIRST_SLICE : SLICE;
    const slice = nextSlice(table, top, size);
    if (slice.length === 0) return;
    const texts = slice.map((row) => textOf(table, row));
    await encoder.encode(texts, {
      signal,
      onBatch: (places, vectors) =>
        onBatch(
          places.map((place) => slice[place] as number),
          vectors,
        ),
    });
  }
}

/** What the status says of a table. */
export function counts(table: ItemTable, speed: ResolvedSpeed): { encodedCount: number; quickCount: number } {
  return { encodedCount: speed === 'quick' ? table.encodedCount : table.refinedCount, quickCount: table.encodedCount };
}

export function textOf(table: ItemTable, row: number): string {
  const item = table.items[row];
  return item ? itemText(item) : '';
}

/** The rows that are likeliest to be shown, then the languages in turn, so that early results already cross languages. */
function nextSlice(table: ItemTable, top: readonly number[], size: number): number[] {
  const chosen = new Set(top.slice(0, size));
  if (chosen.size === size) return [...chosen];
  const queues = groupBy(table.rowsToRefine(), (row) => table.items[row]?.language ?? 'und');
  for (let turn = 0; queues.size > 0 && chosen.size < size; turn++) {
    for (const [language, queue] of queues) {
      const row = queue[turn];
      if (row === undefined) queues.delete(language);
      else if (chosen.size < size) chosen.add(row);
    }
  }
  return [...chosen];
}
