// One search on the device: uploads the queries, encodes the plan as one command buffer, reads k rows a query back.
import { RecommenderError } from '../../base/errors.ts';
import type { QuantizedRows, RowBitset, SearchCost, TopKList } from '../backend.ts';
import type { PreparedInterests } from '../interests.ts';
import { deviceLost } from './device.ts';
import { listsOfEntries } from './entries.ts';
import type { GpuContext } from './gpu-context.ts';
import { interestParams } from './kernels/interests.ts';
import { PARAMS_STRIDE } from './kernels/kernel.ts';
import { mergeParams } from './kernels/merge.ts';
import { scanParams } from './kernels/scan.ts';
import { paddedRows, quadsOf, rowBytesOf } from './layout.ts';
import { type BatchPart, ENTRY_BYTES, planSearch, type SearchPlan } from './search-plan.ts';
import { type Shard, write } from './shard.ts';
import { elapsedMs, STAMP_BYTES } from './timer.ts';

export interface SearchRequest {
  queries: QuantizedRows;
  /** Present: all queries are the interests of one reader, and one list comes out (interests.wgsl). */
  interests?: Pick<PreparedInterests, 'likes' | 'slopes' | 'shifts'>;
  k: number;
  allowed: RowBitset | undefined;
}

interface SearchResult {
  lists: TopKList[];
  cost: SearchCost;
}

/** Lists of a part of the batch may take this much; a larger batch is cut. */
const MOST_LIST_BYTES = 64 * 2 ** 20;

/**
 * Commands are submitted before this returns, so what the table is told later does not change the result.
 * @param shards all of the table
 * @param size rows of the table
 * @throws device-lost, out-of-memory, bad-argument when the batch is larger than a buffer
 */
export async function searchShards(context: GpuContext, shards: readonly Shard[], size: number, request: SearchRequest): Promise<SearchResult> {
  const { queries, k } = request;
  const used = shards
    .filter(({ firstRow }) => firstRow < size)
    .map((shard) => ({ shard, firstRow: shard.firstRow, rows: Math.min(shard.rows, size - shard.firstRow) }));
  const { maxStorageBufferBindingSize } = context.device.limits;
  const mostBytes = Math.max(rowBytesOf(queries.dimensions), k * ENTRY_BYTES) * (queries.count + 3);
  if (mostBytes > maxStorageBufferBindingSize) {
    const message = `${queries.count} queries of ${queries.dimensions} dimensions with k = ${k} are more than one buffer holds. Split the batch.`;
    throw new RecommenderError('bad-argument', message, { queries: queries.count, k });
  }
  const listCount = request.interests ? 1 : queries.count;
  const plan = planSearch(used, quadsOf(queries.dimensions), listCount, k, Math.min(MOST_LIST_BYTES, maxStorageBufferBindingSize));
  const stampBytes = context.timer ? STAMP_BYTES : 0;
  const resultBytes = listCount * k * ENTRY_BYTES;

  context.device.pushErrorScope('out-of-memory');
  const staging = context.pool.lend(resultBytes + stampBytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  submit(
    context,
    plan,
    request,
    used.map(({ shard }) => shard),
    staging,
    resultBytes,
  );
  const refused = context.device.popErrorScope().catch(() => null);
  const mapped = staging.mapAsync(GPUMapMode.READ, 0, resultBytes + stampBytes).then(
    () => ({ ok: true as const }),
    (cause: unknown) => ({ ok: false as const, cause }),
  );
  const [error, outcome] = await Promise.all([refused, mapped]);
  if (error || !outcome.ok) {
    staging.destroy();
    context.pool.clear();
    const lost = context.lostReason();
    if (!error || lost !== undefined) throw deviceLost(lost ?? 'the result could not be read back', outcome.ok ? undefined : outcome.cause);
    const message = `The GPU has no room for a search of ${queries.count} queries with k = ${k}. Use fewer queries, or the CPU backend.`;
    throw new RecommenderError('out-of-memory', message, { queries: queries.count, k });
  }
  const bytes = staging.getMappedRange(0, resultBytes + stampBytes);
  const lists = listsOfEntries(new Uint32Array(bytes, 0, resultBytes / 4), listCount, k);
  const deviceMs = stampBytes > 0 ? elapsedMs(new BigUint64Array(bytes.slice(resultBytes))) : undefined;
  staging.unmap();
  context.pool.takeBack(staging);
  const rows = used.reduce((sum, span) => sum + span.rows, 0);
  const passesOverRows = plan.parts.reduce((sum, part) => sum + Math.ceil(part.queries / plan.shape.streams), 0);
  return {
    lists,
    cost: {
      dispatches: plan.dispatches,
      bytesRead: passesOverRows * rows * (rowBytesOf(queries.dimensions) + 4),
      bytesReadBack: resultBytes + stampBytes,
      deviceMs,
    },
  };
}

interface SearchBuffers {
  queries: GPUBuffer;
  queryScales: GPUBuffer;
  allowed: GPUBuffer | undefined;
  params: GPUBuffer;
  lists: GPUBuffer;
  /** Where merged lists go and come from in turn; undefined when a scan leaves one list. */
  merged: GPUBuffer | undefined;
}

/** What the dispatches of one part of the queries are encoded with. */
interface Dispatches {
  context: GpuContext;
  pass: GPUComputePassEncoder;
  plan: SearchPlan;
  part: BatchPart;
  buffers: SearchBuffers;
  /** Puts parameters into the uniform buffer. @returns their offset */
  place: (words: Uint32Array) => number;
}

/** Encodes and submits the whole search; every buffer but `staging` may be lent again after it. */
function submit(context: GpuContext, plan: SearchPlan, request: SearchRequest, shards: Shard[], staging: GPUBuffer, resultBytes: number): void {
  const { device, pool, timer } = context;
  const buffers = lendBuffers(context, plan, request);
  const params = new Uint32Array((plan.dispatches * PARAMS_STRIDE) / 4);
  let dispatch = 0;
  const place = (words: Uint32Array): number => {
    const offset = dispatch++ * PARAMS_STRIDE;
    params.set(words, offset / 4);
    return offset;
  };
  const encoder = device.createCommandEncoder({ label: 'search' });
  for (const [i, part] of plan.parts.entries()) {
    const timestampWrites = timer?.stamps(i === 0, i === plan.parts.length - 1);
    const pass = encoder.beginComputePass({ label: 'search', ...(timestampWrites && { timestampWrites }) });
    const dispatches: Dispatches = { context, pass, plan, part, buffers, place };
    if (request.interests) encodeInterests(dispatches, request, shards);
    else encodeScans(dispatches, shards);
    const result = encodeMerges(dispatches);
    pass.end();
    const listBytes = plan.k * ENTRY_BYTES;
    encoder.copyBufferToBuffer(result, 0, staging, part.firstQuery * listBytes, part.queries * listBytes);
  }
  timer?.encodeRead(encoder, staging, resultBytes);
  write(device, buffers.params, 0, params);
  device.queue.submit([encoder.finish()]);
  for (const buffer of Object.values(buffers)) if (buffer) pool.takeBack(buffer);
}

function lendBuffers({ device, pool }: GpuContext, plan: SearchPlan, { queries, allowed, interests }: SearchRequest): SearchBuffers {
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const streams = interests ? 4 : plan.shape.streams;
  const paddedCount = Math.ceil(queries.count / streams) * streams;
  const buffers: SearchBuffers = {
    queries: pool.lend(paddedCount * rowBytesOf(queries.dimensions), storage),
    queryScales: pool.lend(paddedCount * (interests ? 8 : 4), storage),
    allowed: allowed && pool.lend(allowed.byteLength, storage),
    params: pool.lend(plan.dispatches * PARAMS_STRIDE, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    lists: pool.lend(plan.listBytes, storage),
    merged: plan.merges.length > 0 ? pool.lend(plan.listBytes, storage) : undefined,
  };
  write(device, buffers.queries, 0, paddedRows(queries, 0, queries.count));
  write(device, buffers.queryScales, 0, interests ? interleaved(interests) : queries.scales);
  if (allowed && buffers.allowed) write(device, buffers.allowed, 0, allowed);
  return buffers;
}

/** @returns [interests × 2] slope and shift in turn */
function interleaved({ slopes, shifts }: Pick<PreparedInterests, 'slopes' | 'shifts'>): Float32Array {
  return Float32Array.from({ length: 2 * slopes.length }, (_, i) => (i % 2 === 0 ? slopes : shifts)[i >> 1] as number);
}

/** Parameters that both scans take. */
const sharedParams = ({ tileRows, k }: SearchPlan, { rows, firstRow, firstList }: SearchPlan['scans'][number], { allowed }: SearchBuffers) => ({
  rows,
  firstRow,
  firstList,
  tileRows,
  k,
  filtered: allowed !== undefined,
});

function encodeScans({ context, pass, plan, part, buffers, place }: Dispatches, shards: readonly Shard[]): void {
  for (const step of plan.scans) {
    const shard = shards[step.shard] as Shard;
    const offset = place(
      scanParams({
        ...sharedParams(plan, step, buffers),
        firstQuery: part.firstQuery,
        queryCount: part.queries,
        listCount: plan.lists,
      }),
    );
    const groups: [number, number] = [step.tiles, Math.ceil(part.queries / plan.shape.streams)];
    context.scan.encode(pass, plan.shape, { ...shard, ...buffers, allowed: buffers.allowed ?? shard.live }, buffers.params, offset, groups);
  }
}

/** One pass over the rows for all interests. */
function encodeInterests({ context, pass, plan, buffers, place }: Dispatches, { queries, interests }: SearchRequest, shards: readonly Shard[]): void {
  for (const step of plan.scans) {
    const shard = shards[step.shard] as Shard;
    const offset = place(interestParams({ ...sharedParams(plan, step, buffers), likes: interests?.likes ?? 0, count: queries.count }));
    context.interests.encode(pass, plan.shape, { ...shard, ...buffers, allowed: buffers.allowed ?? shard.live }, buffers.params, offset, step.tiles);
  }
}

/** @returns the buffer that holds one list a query in the end */
function encodeMerges({ context, pass, plan, part, buffers, place }: Dispatches): GPUBuffer {
  const { lists, merged, params } = buffers;
  let [source, target] = [lists, merged ?? lists];
  for (const step of plan.merges) {
    const offset = place(mergeParams({ listCount: step.lists, fan: step.fan, k: plan.k }));
    context.merge.encode(pass, plan.shape.kPadded, { source, merged: target }, params, offset, [step.merged, part.queries]);
    [source, target] = [target, source];
  }
  return source;
}
