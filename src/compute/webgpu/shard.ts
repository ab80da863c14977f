// A shard: consecutive rows of a table in buffers that fit one binding. Shards are made under an error scope, and smaller when memory is
// short.
import { RecommenderError } from '../../base/errors.ts';
import type { QuantizedRows } from '../backend.ts';
import type { GpuContext } from './gpu-context.ts';
import { interleaveParams } from './kernels/interleave.ts';
import { BLOCK_ROWS, paddedRows, quadsOf, roundUpToBlock, rowBytesOf } from './layout.ts';

export interface Shard {
  /** In the table, a multiple of 64. */
  readonly firstRow: number;
  /** Room for this many rows, a multiple of 64. */
  readonly rows: number;
  readonly rowWords: GPUBuffer;
  readonly rowScales: GPUBuffer;
  readonly live: GPUBuffer;
}

/** Rows go up in pieces of about this size, so that the browser never holds a second copy of a large table. */
const UPLOAD_BYTES = 4 * 2 ** 20;
/** A shard that does not fit is halved until it is smaller than this. */
const SMALLEST_RETRY_BYTES = 2 ** 20;

/** Bytes that a shard of `rows` rows holds. */
export function shardBytes(dimensions: number, rows: number): number {
  return rows * (rowBytesOf(dimensions) + 4) + rows / 8;
}

export function destroyShard(shard: Shard): void {
  shard.rowWords.destroy();
  shard.rowScales.destroy();
  shard.live.destroy();
}

/**
 * Makes shards for `rows` rows from `firstRow`: one, or halves of it where the device refuses.
 * @throws out-of-memory when even small shards are refused; nothing is kept then
 */
export async function allocateShards(device: GPUDevice, dimensions: number, firstRow: number, rows: number): Promise<Shard[]> {
  const shard = await tryShard(device, dimensions, firstRow, rows);
  if (shard) return [shard];
  const bytes = shardBytes(dimensions, rows);
  const half = roundUpToBlock(rows / 2);
  if (half >= rows || bytes <= SMALLEST_RETRY_BYTES) {
    const message = `The GPU has no room for ${rows} more rows of ${dimensions} dimensions (${bytes} bytes). Use the CPU backend.`;
    throw new RecommenderError('out-of-memory', message, { rows, dimensions, bytes });
  }
  const first = await allocateShards(device, dimensions, firstRow, half);
  try {
    return [...first, ...(await allocateShards(device, dimensions, firstRow + half, rows - half))];
  } catch (error) {
    first.forEach(destroyShard);
    throw error;
  }
}

async function tryShard(device: GPUDevice, dimensions: number, firstRow: number, rows: number): Promise<Shard | undefined> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  device.pushErrorScope('out-of-memory');
  const shard: Shard = {
    firstRow,
    rows,
    rowWords: device.createBuffer({ label: 'rows', size: rows * rowBytesOf(dimensions), usage }),
    rowScales: device.createBuffer({ label: 'scales', size: rows * 4, usage }),
    live: device.createBuffer({ label: 'live', size: rows / 8, usage }),
  };
  // A lost device may reject here; the loss itself is reported by the call that needs the shard.
  const refused = await device.popErrorScope().catch(() => null);
  if (!refused) return shard;
  destroyShard(shard);
  return undefined;
}

/**
 * Writes rows `first` to `first + count − 1` of `rows` to `shard`, from its row `at` on. The caller writes their live bits.
 */
export function uploadRows(context: GpuContext, shard: Shard, at: number, rows: QuantizedRows, first: number, count: number): void {
  const { device, pool, interleave } = context;
  const quads = quadsOf(rows.dimensions);
  const perPiece = Math.max(BLOCK_ROWS, Math.floor(UPLOAD_BYTES / rowBytesOf(rows.dimensions)));
  const pieceBytes = Math.min(perPiece, count) * rowBytesOf(rows.dimensions);
  const upload = pool.lend(pieceBytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  const params = pool.lend(16, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  for (let done = 0; done < count; done += perPiece) {
    const piece = { firstRow: at + done, rows: Math.min(perPiece, count - done), quads };
    write(device, upload, 0, paddedRows(rows, first + done, piece.rows));
    write(device, params, 0, interleaveParams(piece));
    const encoder = device.createCommandEncoder({ label: 'upload' });
    const pass = encoder.beginComputePass({ label: 'interleave' });
    interleave.encode(pass, { upload, rowWords: shard.rowWords }, params, piece);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }
  write(device, shard.rowScales, at * 4, rows.scales.subarray(first, first + count));
  pool.takeBack(upload, params);
}

/** queue.writeBuffer of a whole view. */
export function write(device: GPUDevice, buffer: GPUBuffer, offset: number, data: Int8Array | Uint32Array | Float32Array): void {
  device.queue.writeBuffer(buffer, offset, data.buffer, data.byteOffset, data.byteLength);
}
