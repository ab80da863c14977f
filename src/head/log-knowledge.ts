// Prior and table by item id for the file, and back by row for a page whose catalogue may have changed since: items that are gone
// fall out, new ones get the prior of an item that nobody liked.

import type { ItemPrior } from '../owner/prior.ts';
import type { BlendWeights } from './blend.ts';
import type { LogKnowledge } from './head-file.ts';
import type { ItemItemTable } from '../owner/item-item.ts';

export interface RowKnowledge {
  /** [rows] */
  prior: Float32Array;
  table: ItemItemTable;
  weights: BlendWeights;
}

/** @param ids [rows] @param liked whether anyone liked a row: the others share one prior and have no neighbours */
export function knowledgeById(
  ids: readonly string[],
  liked: (row: number) => boolean,
  prior: ItemPrior,
  table: ItemItemTable,
  weights: BlendWeights,
): LogKnowledge {
  const rows = [...ids.keys()].filter(liked);
  const other = ids.findIndex((_, row) => !liked(row));
  // Where every item is liked, a new one counts as the least liked.
  const absent = other >= 0 ? (prior.values[other] as number) : Math.min(...rows.map((row) => prior.values[row] as number));
  return {
    items: rows.map((row) => ids[row] as string),
    prior: { asOfMs: prior.asOfMs, users: prior.users, values: Float32Array.from(rows, (row) => prior.values[row] as number), absent },
    table: renumber(table, rows, new Map(rows.map((row, place) => [row, place]))),
    weights,
  };
}

/** @param ids [rows] of the catalogue at hand */
export function knowledgeByRow({ items, prior, table, weights }: LogKnowledge, ids: readonly string[]): RowKnowledge {
  const placeOf = new Map(items.map((id, place) => [id, place]));
  const places = ids.map((id) => placeOf.get(id) ?? -1);
  const rowOf = new Map(places.flatMap((place, row) => (place < 0 ? [] : [[place, row] as const])));
  return { prior: Float32Array.from(places, (place) => prior.values[place] ?? prior.absent), table: renumber(table, places, rowOf), weights };
}

/** @param from [new rows] old row of each, −1 for none @param to old row → new row; neighbours that have none fall out */
function renumber(table: ItemItemTable, from: readonly number[], to: ReadonlyMap<number, number>): ItemItemTable {
  const offsets = new Int32Array(from.length + 1);
  const items: number[] = [];
  const values: number[] = [];
  from.forEach((old, row) => {
    const end = old < 0 ? 0 : (table.offsets[old + 1] as number);
    for (let at = old < 0 ? 0 : (table.offsets[old] as number); at < end; at++) {
      const item = to.get(table.items[at] as number);
      if (item === undefined) continue;
      items.push(item);
      values.push(table.values[at] as number);
    }
    offsets[row + 1] = items.length;
  });
  return { ...table, offsets, items: Int32Array.from(items), values: Int8Array.from(values) };
}
