// What the owner of a catalogue lays down, whatever the reader likes: items that stand first, never appear, or weigh more or less.
import { RecommenderError } from '../base/errors.ts';
import type { Item, ItemId } from '../base/types.ts';
import { bitsetWhere, intersection } from '../index/index.ts';
import { byScore, type Search } from './search.ts';

export interface RankingRules {
  /** First in the list, in this order, under every policy. */
  pinned?: readonly ItemId[];
  /** Never in the list, even when pinned. */
  excluded?: { items?: readonly ItemId[]; categories?: readonly string[] };
  /** Added to the score, −1 to 1; an item's own boost replaces those of its categories, of which the highest counts. */
  boosted?: { items?: ReadonlyMap<ItemId, number>; categories?: ReadonlyMap<string, number> };
}

/** Rules in terms of rows. */
export interface RowRules {
  pinned: readonly number[];
  allows: (row: number) => boolean;
  /** 0 where nothing is laid down. */
  boostOf: (row: number) => number;
}

/**
 * Ids that the catalogue does not hold are passed over: rules outlive items.
 * @throws bad-argument for a boost that is not from −1 to 1
 */
export function rowRules(rules: RankingRules, items: readonly Item[], rowOf: ReadonlyMap<ItemId, number>): RowRules {
  const { pinned = [], excluded = {}, boosted = {} } = rules;
  for (const [of, boost] of [...(boosted.items ?? []), ...(boosted.categories ?? [])]) {
    if (boost >= -1 && boost <= 1) continue;
    throw new RecommenderError('bad-argument', `The boost of "${of}" is ${boost}; it must be from −1 to 1.`, { of, boost });
  }
  const outItems = new Set(excluded.items);
  const outCategories = new Set(excluded.categories);
  const allows = (row: number): boolean => {
    const item = items[row];
    return item !== undefined && !outItems.has(item.id) && !item.categories.some((category) => outCategories.has(category));
  };
  const boostOf = (row: number): number => {
    const item = items[row];
    if (!item) return 0;
    const own = boosted.items?.get(item.id);
    if (own !== undefined) return own;
    const ofCategories = item.categories.flatMap((category) => boosted.categories?.get(category) ?? []);
    return ofCategories.length > 0 ? Math.max(...ofCategories) : 0;
  };
  return { pinned: pinned.flatMap((id) => rowOf.get(id) ?? []).filter(allows), allows, boostOf };
}

/**
 * A search with boosts added to its scores. Exact: rows of equal boost keep their order, so the best k of each boost hold the best
 * k of all. One search for each different boost that any row has.
 */
export function boostedSearch(search: Search, rowCount: number, boostOf: (row: number) => number): Search {
  const boosts = Float64Array.from({ length: rowCount }, (_, row) => boostOf(row));
  const values = [...new Set(boosts)];
  if (values.every((boost) => boost === 0)) return search;
  const groups = values.map((boost) => ({ boost, rows: bitsetWhere(rowCount, (row) => boosts[row] === boost) }));
  return async (k, allowed) => {
    const lists = await Promise.all(
      groups.map(async ({ boost, rows }) => (await search(k, intersection(rows, allowed))).map(({ row, score }) => ({ row, score: score + boost }))),
    );
    return lists.flat().sort(byScore).slice(0, k);
  };
}
