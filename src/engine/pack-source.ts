// Vectors that the catalogue's owner encoded: taken where text and encoder are the same, checked against this device, and
// dropped when they do not hold. Must never stop the opening of a catalogue: whatever a pack lacks is encoded here.
import { keysToHex } from '../base/bytes.ts';
import { isAborted, messageOf, RecommenderError, throwIfAborted } from '../base/errors.ts';
import { sha256Hex } from '../base/hash.ts';
import { dequantizeRow } from '../compute/quantize.ts';
import { loadAsset, loadText, openModelCache } from '../encoder/assets.ts';
import type { Encoder } from '../encoder/encoder.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { PackChunk } from '../pack/chunk.ts';
import { chunkIndexOf, MANIFEST_FILE, readPackManifest } from '../pack/manifest.ts';
import { readerOf } from '../pack/reader.ts';
import type { PackState } from '../protocol/engine-api.ts';
import { textOf } from './encoding.ts';

/** Items of a pack that are encoded again on this device. */
export const SAMPLE_ITEMS = 8;
/** Encoders of two devices differ by rounding and int8 by less than this. */
export const LEAST_COSINE = 0.99;
/** Rows made float32 at a time. */
const BLOCK_ROWS = 1024;

export interface PackContext {
  table: ItemTable;
  fingerprint: string;
  signal: AbortSignal;
  /** Says in one sentence that the pack, or a part of it, is not used. */
  notice: (text: string) => void;
}

export interface TakenPack {
  state: PackState;
  /** Rows whose vector came from the pack. */
  rows: number[];
  /** SHA-256 of the manifest, and so of all it names; empty when there is none. */
  version: string;
}

/**
 * Fills the table's missing rows from a pack. Its chunks are kept in the cache of the model's files.
 * @param packUrl folder, absolute, with a slash at its end
 * @throws aborted; nothing else: what cannot be used is said and left out
 */
export async function takeFromPack(packUrl: string, { table, fingerprint, signal, notice }: PackContext): Promise<TakenPack> {
  const nothing: TakenPack = { state: { state: 'unusable', items: 0, lowestCosine: null }, rows: [], version: '' };
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
    const rowsOf = new Map<string, number[]>();
    for (const row of pending) {
      const key = table.keys[row] ?? '';
      const same = rowsOf.get(key);
      if (same) same.push(row);
      else rowsOf.set(key, [row]);
    }
    const wanted = new Set([...rowsOf.keys()].map((key) => chunkIndexOf(manifest, key)));
    const rows: number[] = [];
    let failed = 0;
    for await (const result of reader.chunks({ signal, wanted })) {
      if ('error' in result) {
        failed++;
        notice(`A part of the vectors of ${packUrl} is not used: ${result.error.message} Its items are encoded on this device.`);
      } else rows.push(...takeChunk(table, result.chunk, rowsOf));
    }
    return { state: { state: failed > 0 ? 'partly' : 'used', items: rows.length, lowestCosine: null }, rows, version: await sha256Hex(text) };
  } catch (error) {
    if (signal.aborted || isAborted(error)) throw error;
    notice(`The vectors of ${packUrl} are not used: ${messageOf(error)} Items are encoded on this device.`);
    return nothing;
  }
}

/** @returns rows that got a vector */
function takeChunk(table: ItemTable, { keys, rows: quantized }: PackChunk, rowsOf: ReadonlyMap<string, readonly number[]>): number[] {
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

/**
 * Encodes a few items of the pack again and compares.
 * @param random uniform in [0, 1)
 * @returns the lowest cosine, of items compared after the same correction
 * @throws aborted, encoder-fault
 */
export async function sampleCosine(
  table: ItemTable,
  rows: readonly number[],
  encoder: Encoder,
  random: () => number,
  signal: AbortSignal,
): Promise<number> {
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
