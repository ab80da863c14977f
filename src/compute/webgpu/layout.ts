// Layout of int8 rows on the device: padded to 16 values, in blocks of 64 rows that are interleaved (see kernels/scan.wgsl).
import type { QuantizedRows } from '../backend.ts';

/** Rows that are interleaved; shards start and end at a multiple. */
export const BLOCK_ROWS = 64;
/** Values of one vec4<u32>. */
const QUAD_VALUES = 16;

/** vec4<u32> words a row. */
export function quadsOf(dimensions: number): number {
  return Math.ceil(dimensions / QUAD_VALUES);
}

/** Bytes of a row's values on the device. */
export function rowBytesOf(dimensions: number): number {
  return quadsOf(dimensions) * QUAD_VALUES;
}

export function roundUpToBlock(rows: number): number {
  return Math.ceil(rows / BLOCK_ROWS) * BLOCK_ROWS;
}

/**
 * Rows in order, each padded with zeros to whole quads. Shares memory with `rows` where there is nothing to pad.
 * @returns [count × quads × 16]
 */
export function paddedRows(rows: QuantizedRows, first: number, count: number): Int8Array<ArrayBufferLike> {
  const { dimensions, values } = rows;
  const stride = rowBytesOf(dimensions);
  if (stride === dimensions) return values.subarray(first * dimensions, (first + count) * dimensions);
  const padded = new Int8Array(count * stride);
  for (let row = 0; row < count; row++) {
    const at = (first + row) * dimensions;
    padded.set(values.subarray(at, at + dimensions), row * stride);
  }
  return padded;
}

/** Most rows of one shard, a multiple of 64; 0 when not even one block fits. */
export function mostShardRows(dimensions: number, limits: { maxStorageBufferBindingSize: number; maxBufferSize: number }): number {
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  return Math.floor(bytes / (rowBytesOf(dimensions) * BLOCK_ROWS)) * BLOCK_ROWS;
}
