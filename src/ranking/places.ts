// Fills the places of a list from groups of rows, each with a share of the places: best scores first, or varied, and within the limits
// of categories.
import type { Ranked } from '../compute/cpu/top-k.ts';
import { bitsetOf } from '../index/bitset.ts';
import { type CategoryLimits, LimitCount, POOL_PER_PLACE, pickVaried } from './diversity.ts';
import type { Search } from './search.ts';

export const MAX_LIST = 1000;

export interface PlacesRequest {
  /** Items in the list, 1 to MAX_LIST. */
  count: number;
  /** Rows of the catalogue. */
  rowCount: number;
  search: Search;
  /** λ of MMR, 0 to 1; 0, the default: best scores. */
  diversity?: number;
  /** [dimensions], unit length; needed for a diversity above 0. */
  vectorOf?: (row: number) => Float32Array | undefined;
  /** Score that counts as a cosine of 1, for `diversity`; above 0, default 1. */
  unit?: number;
  /** Default none. */
  limits?: CategoryLimits | undefined;
}

export interface Group {
  /** Rows in it, pinned ones left out. */
  rows: readonly number[];
  pinned: number;
  /** Places of the list are given in proportion to it. */
  weight: number;
}

/**
 * Each group gets its share of the places (`allot`); pinned rows count in it. A group without a row left, or without one that the
 * limits allow, leaves its places to the others. If it is short because others filled up its categories, everything is picked again
 * with that group first, and the list nearest to the shares is returned.
 * @param pinned rows that are in the list already
 * @returns the others; sorted by score (λ = 0) or in the order in which MMR chose them
 * @throws bad-argument; what `search` throws
 */
export async function fillPlaces(groups: readonly Group[], pinned: readonly number[], request: PlacesRequest): Promise<Ranked[]> {
  let best = await fillOnce(groups, pinned, request, []);
  const first: number[] = [];
  for (let short = best.short; request.limits && short.size > 0; ) {
    const next = [...short.keys()].filter((group) => !first.includes(group));
    if (next.length === 0 || groups.length === 1) break;
    first.push(...next);
    const again = await fillOnce(groups, pinned, request, first);
    short = again.short;
    if (again.list.length > best.list.length || (again.list.length === best.list.length && sum(short) < sum(best.short))) best = again;
  }
  return best.list;
}

interface Filled {
  list: Ranked[];
  /** Group → places of its share that it did not fill, though it has enough rows. */
  short: ReadonlyMap<number, number>;
}

/** @param first groups that pick before all others, in this order */
async function fillOnce(groups: readonly Group[], pinned: readonly number[], request: PlacesRequest, first: readonly number[]): Promise<Filled> {
  const { count } = request;
  const limits = request.limits && new LimitCount(request.limits);
  for (const row of pinned) limits?.take(row);
  const rooms = groups.map(({ rows }) => rows.length);
  const wanted = quotasOf(groups, rooms, count, pinned.length);
  const picked: Ranked[][] = groups.map(() => []);
  const taken = (): Ranked[] => picked.flat();
  const others = [...groups.keys()].filter((group) => !first.includes(group));
  for (const stage of [...first.map((group) => [group]), others, [...groups.keys()]]) {
    let open = stage;
    while (open.length > 0) {
      const quotas = quotasOf(groups, rooms, count, pinned.length);
      open = stage.filter((group) => (quotas[group] ?? 0) > (picked[group]?.length ?? 0));
      const needs = open.map((group) => (quotas[group] ?? 0) - (picked[group]?.length ?? 0));
      const pools = await Promise.all(open.map((group, at) => searchGroup(groups[group]?.rows ?? [], needs[at] ?? 0, taken(), request, limits)));
      open.forEach((group, at) => {
        if (pools[at]?.length === 0) rooms[group] = picked[group]?.length ?? 0;
      });
      const before = [...pinned, ...taken().map(({ row }) => row)];
      const round = pickVaried(
        pools.map((ranked, at) => ({ ranked, quota: needs[at] ?? 0, hasMore: limits !== undefined && ranked.length > 0 })),
        variedBy(request, before, limits),
      );
      const poolOf = new Map(pools.flatMap((ranked, at) => ranked.map(({ row }) => [row, open[at]] as const)));
      for (const one of round) picked[poolOf.get(one.row) ?? -1]?.push(one);
    }
  }
  const short = new Map(
    groups.flatMap((_, group) => {
      const missing = (wanted[group] ?? 0) - (picked[group]?.length ?? 0);
      return missing > 0 ? [[group, missing] as const] : [];
    }),
  );
  // Rounds are merged: the list is in the order in which a single round would have chosen it.
  const list = taken();
  return { list: pickVaried([{ ranked: list, quota: list.length }], variedBy(request, pinned, undefined)), short };
}

function variedBy({ diversity = 0, vectorOf = () => undefined, unit = 1 }: PlacesRequest, before: readonly number[], limits: LimitCount | undefined) {
  return { diversity, vectorOf, unit, before, limits };
}

/** Candidates for `need` places of a group; empty only where none of its rows may be taken any more. */
async function searchGroup(
  rows: readonly number[],
  need: number,
  taken: readonly Ranked[],
  request: PlacesRequest,
  limits: LimitCount | undefined,
): Promise<Ranked[]> {
  const { rowCount, search, diversity = 0 } = request;
  const out = new Set(taken.map(({ row }) => row));
  const open = limits || out.size > 0 ? rows.filter((row) => !out.has(row) && limits?.fits(row) !== false) : rows;
  const most = diversity > 0 || limits ? Math.max(need, Math.min(POOL_PER_PLACE * need, MAX_LIST)) : need;
  return open.length === 0 ? [] : search(Math.min(open.length, most), bitsetOf(rowCount, open));
}

/** Places for each group besides its pinned rows. */
function quotasOf(groups: readonly Group[], rooms: readonly number[], count: number, pinned: number): number[] {
  const wanted = allot(
    count,
    groups.map(({ weight }) => weight),
    groups.map((group, at) => (rooms[at] ?? 0) + group.pinned),
  );
  const missing = groups.map((group, at) => Math.max(0, (wanted[at] ?? 0) - group.pinned));
  return allot(count - pinned, missing, rooms);
}

const sum = (short: ReadonlyMap<number, number>): number => [...short.values()].reduce((all, one) => all + one, 0);

/**
 * Largest remainder (Hamilton 1792): each group gets ⌊places · weight / Σ weights⌋, and the places left over go to the largest
 * fractions, ties to the earlier group. What a group has no room for goes to the others in the same way. When no group with
 * a weight has room left, the groups without a weight share the rest equally.
 *
 * @param weights [groups] 0 or more
 * @param rooms [groups] most places a group can take, whole
 * @returns [groups] whole numbers, Σ = min(places, Σ rooms); |got − places · weight / Σ weights| < 1 where every room suffices
 */
export function allot(places: number, weights: readonly number[], rooms: readonly number[]): number[] {
  const got = rooms.map(() => 0);
  const roomOf = (group: number): number => (rooms[group] ?? 0) - (got[group] ?? 0);
  const give = (group: number, count: number): void => {
    got[group] = (got[group] ?? 0) + count;
    left -= count;
  };
  let left = Math.min(
    places,
    rooms.reduce((sum, room) => sum + room, 0),
  );
  while (left > 0) {
    const withRoom = [...rooms.keys()].filter((group) => roomOf(group) > 0);
    const weighted = withRoom.filter((group) => (weights[group] ?? 0) > 0);
    const open = weighted.length > 0 ? weighted : withRoom;
    const weightOf = (group: number): number => (weighted.length > 0 ? (weights[group] ?? 0) : 1);
    const total = open.reduce((sum, group) => sum + weightOf(group), 0);
    const shares = open.map((group) => ({ group, share: (left * weightOf(group)) / total }));
    const full = shares.filter(({ group, share }) => share >= roomOf(group));
    if (full.length > 0) {
      for (const { group } of full) give(group, roomOf(group));
      continue;
    }
    for (const { group, share } of shares) give(group, Math.floor(share));
    shares.sort((a, b) => (b.share % 1) - (a.share % 1) || a.group - b.group);
    for (const { group } of shares.slice(0, left)) give(group, 1);
  }
  return got;
}
