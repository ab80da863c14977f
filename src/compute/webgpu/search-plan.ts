// Decides how a search is cut into dispatches: tiles, lists, merges, parts of the batch. Pure arithmetic, no device.

/** The rows of one shard that a search scans. */
interface ShardSpan {
  /** First row in the table, a multiple of 64. */
  firstRow: number;
  rows: number;
}

/** Constants that a scan pipeline is compiled for. */
export interface ScanShape {
  /** vec4<u32> words a row. */
  quads: number;
  /** Threads of a workgroup. */
  group: number;
  /** Queries that one workgroup scores at once, 1 or 4. */
  streams: number;
  /** Power of two, at least k. */
  kPadded: number;
}

interface ScanStep extends ShardSpan {
  shard: number;
  tiles: number;
  firstList: number;
}

interface MergeStep {
  /** Lists a query before and after. */
  lists: number;
  merged: number;
  fan: number;
}

export interface BatchPart {
  firstQuery: number;
  queries: number;
}

export interface SearchPlan {
  shape: ScanShape;
  k: number;
  tileRows: number;
  /** Lists a query that the scans write. */
  lists: number;
  scans: ScanStep[];
  merges: MergeStep[];
  /** Parts of the batch, one after the other, each as many queries as the list buffer holds. */
  parts: BatchPart[];
  /** Bytes of the lists of the largest part of the batch. */
  listBytes: number;
  dispatches: number;
}

/** Of a list entry: key and row. */
export const ENTRY_BYTES = 8;
/** Workgroup memory that every WebGPU device grants. */
export const WORKGROUP_BYTES = 16_384;
/** Workgroups to aim for: enough for a large GPU, few enough that selecting stays a small part of scanning. */
const WANTED_GROUPS = 512;
/** Few sizes, because each is a pipeline to compile: for a list to show, for a list to re-rank, for the largest k. */
const K_PADDED = [16, 128, 1024];
const SMALLEST_TILE_ROWS = 1024;
/** One workgroup merges about this many candidates; more would leave the rest of the device idle for too long. */
const MERGE_ENTRIES = 32_768;
const MOST_GROUPS_PER_DIMENSION = 65_535;

/** With several queries a workgroup scores four per row that it reads, if four selections fit into workgroup memory. */
export function scanShape(quads: number, queryCount: number, k: number): ScanShape {
  const kPadded = K_PADDED.find((size) => size >= k) ?? 1024;
  const four = { quads, group: 128, streams: 4, kPadded };
  return queryCount > 1 && workgroupBytes(four) <= WORKGROUP_BYTES ? four : { quads, group: 256, streams: 1, kPadded };
}

/** Workgroup memory of select.wgsl. */
export function workgroupBytes({ group, streams, kPadded }: Omit<ScanShape, 'quads'>): number {
  return streams * (kPadded + 2 * group) * ENTRY_BYTES + 32;
}

/**
 * @param shards without empty ones, ascending
 * @param quads vec4<u32> words a row
 * @param queryCount at least 1
 * @param k 1 to 1,024
 * @param mostListBytes largest list buffer
 */
export function planSearch(shards: readonly ShardSpan[], quads: number, queryCount: number, k: number, mostListBytes: number): SearchPlan {
  const shape = scanShape(quads, queryCount, k);
  const rows = shards.reduce((sum, shard) => sum + shard.rows, 0);
  const tilesWanted = Math.max(1, Math.ceil(WANTED_GROUPS / Math.ceil(queryCount / shape.streams)));
  const tileRows = 256 * Math.ceil(Math.max(SMALLEST_TILE_ROWS, 2 * shape.kPadded, rows / tilesWanted) / 256);
  let lists = 0;
  const scans = shards.map((span, shard) => {
    const tiles = Math.ceil(span.rows / tileRows);
    const firstList = lists;
    lists += tiles;
    return { ...span, shard, tiles, firstList };
  });
  const merges = planMerges(lists, k);
  const queriesPerPart = Math.max(shape.streams, Math.min(MOST_GROUPS_PER_DIMENSION, Math.floor(mostListBytes / (lists * k * ENTRY_BYTES))));
  const aligned = queriesPerPart - (queriesPerPart % shape.streams);
  const parts: BatchPart[] = [];
  for (let firstQuery = 0; firstQuery < queryCount; firstQuery += aligned) {
    parts.push({ firstQuery, queries: Math.min(aligned, queryCount - firstQuery) });
  }
  const listBytes = Math.min(aligned, queryCount) * lists * k * ENTRY_BYTES;
  return { shape, k, tileRows, lists, scans, merges, parts, listBytes, dispatches: parts.length * (scans.length + merges.length) };
}

/** Passes with equal fan-in until one list is left. */
function planMerges(lists: number, k: number): MergeStep[] {
  const mostFan = Math.max(2, Math.floor(MERGE_ENTRIES / k));
  let passes = 0;
  for (let reach = 1; reach < lists; reach *= mostFan) passes++;
  const fan = Math.max(2, Math.ceil(lists ** (1 / Math.max(1, passes)) - 1e-9));
  const steps: MergeStep[] = [];
  for (let left = lists; left > 1; ) {
    const merged = Math.ceil(left / fan);
    steps.push({ lists: left, merged, fan });
    left = merged;
  }
  return steps;
}
