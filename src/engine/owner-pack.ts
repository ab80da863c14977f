// Vectors that the catalogue's owner encoded: taken where text and encoder are the same, compared with this device on a sample, and
// dropped where they do not agree. Must never stop the opening of a catalogue: whatever a pack lacks is encoded here.
import { keysToHex } from '../base/bytes.ts';
import { isAborted, messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { groupBy } from '../base/group-by.ts';
import { sha256Hex } from '../base/hash.ts';
import { dequantizeRow } from '../compute/quantize.ts';
import { loadAsset, loadText, openModelCache } from '../encoder/assets.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { PackChunk } from '../pack/chunk.ts';
import { chunkIndexOf, MANIFEST_FILE, readPackManifest } from '../pack/manifest.ts';
import { readerOf } from '../pack/reader.ts';
import type { PackState } from '../protocol/engine-api.ts';
import { type CatalogueScope, keepIfSpace } from './catalogue-scope.ts';
import { textOf } from './encoding.ts';

/** Items of a pack that this device encodes for comparison. */
const SAMPLE_ITEMS = 8;
/** Below this the vectors are of another encoder: rounding and int8 change the cosine of two devices by less. */
const LEAST_COSINE = 0.99;
/** Rows made float32 at a time. */
const BLOCK_ROWS = 1024;

/** The pack of one catalogue. What was decided about it is stored under the hash of its content. */
export class OwnerPack {
  readonly #scope: CatalogueScope;
  readonly #packUrl: string | undefined;
  readonly #onDropped: () => void;
  /** Rows whose vector came from the pack. */
  #rows: number[] = [];
  #version = '';
  #checking: Promise<void> | undefined;

  /**
   * @param packUrl folder, absolute; undefined: the catalogue has no pack
   * @param onDropped is told when the sample does not agree: items lost their vectors and are to be encoded
   */
  constructor(scope: CatalogueScope, packUrl: string | undefined, onDropped: () => void) {
    this.#scope = scope;
    this.#packUrl = packUrl;
    this.#onDropped = onDropped;
  }

  /** Fills the rows that the pack has vectors for. @throws aborted, storage-* */
  async load(): Promise<void> {
    const { id, store, table, board } = this.#scope;
    const packUrl = this.#packUrl;
    board.update({ pack: null });
    if (packUrl === undefined || table.rowsToRefine().length === 0) return;
    if ((await store.getSetting(refusedKey(id))) === true) return;
    const { state, rows, version } = await loadFromPack(packUrl, this.#scope);
    this.#rows = rows;
    this.#version = version;
    board.update({ pack: state });
    if (rows.length > 0 && (await store.getSetting(this.#verdictKey())) === 'dropped') this.#drop(0);
  }

  /** Whether it was never compared on this device. */
  async needsCheck(): Promise<boolean> {
    return this.#rows.length > 0 && (await this.#scope.store.getSetting(this.#verdictKey())) === undefined;
  }

  /** Encodes a sample, loading the transformer for it, and keeps or drops the pack. Never throws. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => {
        if (!this.#scope.signal.aborted)
          this.#scope.board.notice('encoding-failed', `The sample of the pack could not be compared: ${messageOf(error)}`);
      })
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #check(): Promise<void> {
    if (!(await this.needsCheck())) return;
    const { table, model, store, board } = this.#scope;
    const encoder = await model.transformer.get();
    const rows = this.#rows.filter((row) => table.isRefined(row));
    if (rows.length === 0) return;
    const lowestCosine = await lowestSampleCosine(this.#scope, rows, encoder);
    const holds = lowestCosine >= LEAST_COSINE;
    const save = () => store.setSetting(this.#verdictKey(), holds ? 'holds' : 'dropped');
    await keepIfSpace(board, 'The result of comparing the vectors that came with the catalogue is', save);
    if (!holds) {
      this.#drop(lowestCosine);
      this.#onDropped();
    } else if (board.status.pack) board.update({ pack: { ...board.status.pack, lowestCosine } });
  }

  /** Takes its vectors away, for this and all later visits. */
  async refuse(): Promise<void> {
    const { id, store, table, board } = this.#scope;
    await store.setSetting(refusedKey(id), true);
    table.forget(this.#rows);
    this.#rows = [];
    board.update({ pack: null });
  }

  #drop(lowestCosine: number): void {
    const { table, board } = this.#scope;
    const count = this.#rows.length;
    table.forget(this.#rows);
    this.#rows = [];
    const found = lowestCosine.toFixed(3);
    board.notice(
      'pack-dropped',
      `The vectors that came with the catalogue do not agree with this device (cosine ${found}, at least ${LEAST_COSINE} is needed); ${count} items are encoded here.`,
    );
    board.update({ pack: { state: 'dropped', items: 0, lowestCosine } });
  }

  #verdictKey(): string {
    return `pack-verdict:${this.#version}`;
  }
}

const refusedKey = (catalogueId: string): string => `pack-refused:${catalogueId}`;

interface LoadedPack {
  state: PackState;
  /** Rows whose vector came from the pack. */
  rows: number[];
  /** SHA-256 of the manifest, and so of all it names; empty when there is none. */
  version: string;
}

/**
 * Fills the table's missing rows from a pack. Its chunks are kept in the cache of the model's files.
 * @param packUrl folder, absolute, with a slash at its end
 * @throws only aborted: what cannot be used is said and left out
 */
async function loadFromPack(packUrl: string, { table, model, board, signal }: CatalogueScope): Promise<LoadedPack> {
  const { fingerprint } = model;
  const notice = (text: string): void => board.notice('pack-unusable', text);
  const nothing: LoadedPack = { state: { state: 'unusable', items: 0, lowestCosine: null }, rows: [], version: '' };
  const pending = table.rowsToRefine();
  const cache = await openModelCache();
  try {
    const url = new URL(MANIFEST_FILE, packUrl).href;
    const text = await loadText(url, { signal, cache });
    const manifest = readPackManifest(text, url);
    if (manifest.fingerprint !== fingerprint) {
      notice(`The vectors of ${packUrl} are of another encoder (${manifest.fingerprint}); items are encoded on this device.`);
      return nothing;
    }
    const files = new Map(manifest.chunks.map((chunk) => [chunk.file, chunk]));
    const reader = readerOf(manifest, async (file) => {
      const entry = files.get(file);
      if (!entry) throw new RecommenderError('bad-pack', `${url} names no file ${file}.`, { file });
      return loadAsset(new URL(file, packUrl).href, entry, { signal, cache });
    });
    const rowsOf = groupBy(pending, (row) => table.keys[row] ?? '');
    const wanted = new Set([...rowsOf.keys()].map((key) => chunkIndexOf(manifest, key)));
    const rows: number[] = [];
    let failed = 0;
    for await (const result of reader.chunks({ signal, wanted })) {
      if ('error' in result) {
        failed++;
        notice(`A part of the vectors of ${packUrl} is not used: ${result.error.message} Its items are encoded on this device.`);
      } else rows.push(...loadChunk(table, result.chunk, rowsOf));
    }
    return { state: { state: failed > 0 ? 'partly' : 'used', items: rows.length, lowestCosine: null }, rows, version: await sha256Hex(text) };
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    notice(`The vectors of ${packUrl} are not used: ${messageOf(error)} Items are encoded on this device.`);
    return nothing;
  }
}

/** @returns rows that got a vector */
function loadChunk(table: ItemTable, { keys, rows: quantized }: PackChunk, rowsOf: ReadonlyMap<string, readonly number[]>): number[] {
  const pairs = keysToHex(keys).flatMap((key, at) => (rowsOf.get(key) ?? []).map((row) => ({ row, at })));
  for (let start = 0; start < pairs.length; start += BLOCK_ROWS) {
    const block = pairs.slice(start, start + BLOCK_ROWS);
    const raw = new Float32Array(block.length * quantized.dimensions);
    block.forEach(({ at }, i) => {
      raw.set(dequantizeRow(quantized, at), i * quantized.dimensions);
    });
    table.setRefined(
      block.map(({ row }) => row),
      raw,
    );
  }
  return pairs.map(({ row }) => row);
}

/** Encodes a few items of the pack on this device. @returns the lowest cosine with the pack's vectors @throws aborted, encoder-fault */
async function lowestSampleCosine({ table, random, signal }: CatalogueScope, rows: readonly number[], encoder: Encoder): Promise<number> {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(SAMPLE_ITEMS, rows.length)) chosen.add(rows[Math.floor(random() * rows.length)] as number);
  const sample = [...chosen];
  const vectors = await encoder.encode(
    sample.map((row) => textOf(table, row)),
    { signal },
  );
  throwIfAborted(signal, 'Comparing the pack');
  const d = encoder.dimensions;
  return Math.min(...sample.map((row, i) => table.cosineWithRefined(row, vectors.subarray(i * d, (i + 1) * d))));
}
