// What an owner's log says besides the head: how liked each item is, which items the same people like, and how much each part counts.
// A head file names items by id; here they become rows of a catalogue that may have changed since.

/** Weights of the three standardised parts, each 0 or more. */
export interface BlendPart {
  head: number;
  prior: number;
  itemItem: number;
}

/** Weights for histories of at most `upTo` items; `null`: of any length. */
export interface BlendBucket extends BlendPart {
  upTo: number | null;
}

/** In ascending order of `upTo`; the last one is `null`. */
export type BlendWeights = readonly BlendBucket[];

/** Sparse rows: the neighbours of item i are `items[offsets[i]] … items[offsets[i + 1] − 1]`, the most similar first, all above 0. */
export interface ItemItemTable {
  method: 'ease' | 'item-knn';
  /** [items + 1] */
  offsets: Int32Array;
  items: Int32Array;
  /** Same length as `items`; similarity = value · scale */
  values: Int8Array;
  scale: number;
}

/** By place in `items`. */
export interface LogKnowledge {
  /** Ids of the items that someone liked. */
  items: readonly string[];
  /** `values`: [items]; `absent`: the value of every other item. */
  prior: { asOfMs: number; users: number; values: Float32Array; absent: number };
  table: ItemItemTable;
  weights: BlendWeights;
}

export interface RowKnowledge {
  /** [rows] */
  prior: Float32Array;
  table: ItemItemTable;
  weights: BlendWeights;
}

/**
 * Items that are gone are left out; new ones get the prior of an item that nobody liked.
 * @param ids [rows] of the catalogue
 */
export function knowledgeByRow({ items, prior, table, weights }: LogKnowledge, ids: readonly string[]): RowKnowledge {
  const placeOf = new Map(items.map((id, place) => [id, place]));
  const places = ids.map((id) => placeOf.get(id) ?? -1);
  const rowOf = new Map(places.flatMap((place, row) => (place < 0 ? [] : [[place, row] as const])));
  return { prior: Float32Array.from(places, (place) => prior.values[place] ?? prior.absent), table: renumberTable(table, places, rowOf), weights };
}

/** @param from [new rows] old row of each, −1 for none @param to old row → new row; neighbours without a new row are left out */
export function renumberTable(table: ItemItemTable, from: readonly number[], to: ReadonlyMap<number, number>): ItemItemTable {
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

/** Σ over the history of each item's similarity to it. @param out [items], overwritten; 0 where no pair is known */
export function itemItemScores({ offsets, items, values, scale }: ItemItemTable, history: ArrayLike<number>, out: Float32Array): void {
  out.fill(0);
  for (let h = 0; h < history.length; h++) {
    const row = history[h] as number;
    const end = offsets[row + 1] as number;
    for (let at = offsets[row] as number; at < end; at++) {
      const item = items[at] as number;
      out[item] = (out[item] as number) + scale * (values[at] as number);
    }
  }
}
