// The rules of a catalogue's owner in terms of rows: which come first, which never appear, which weigh more or less, and how many of a
// category a list may hold.
import type { RankingRule, RuleTarget } from '../base/ranking-rules.ts';
import type { Item } from '../base/types.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { bitsetWhere, intersection } from '../index/bitset.ts';
import type { CategoryLimits } from './diversity.ts';
import { languageFilter } from './rank.ts';
import type { Search } from './search.ts';

/** Rules in terms of rows. */
export interface RowRules {
  pinned: readonly number[];
  allows: (row: number) => boolean;
  /** 0 where no rule boosts the row. */
  boostOf: (row: number) => number;
  /** undefined: no limits. */
  limits: CategoryLimits | undefined;
}

/**
 * @param rules checked by `parseListOptions`
 * @param rowOf id → row; ids that the catalogue does not hold are ignored, because rules outlive items
 */
export function rowRules(rules: readonly RankingRule[], items: readonly Item[], rowOf: ReadonlyMap<string, number>): RowRules {
  const excluded = rules.flatMap((rule) => (rule.rule === 'exclude' ? [targetFilter(rule.where)] : []));
  const boosts = rules.flatMap((rule) => (rule.rule === 'boost' ? [{ by: rule.by, fits: targetFilter(rule.where) }] : []));
  const allows = (row: number): boolean => {
    const item = items[row];
    return item !== undefined && !excluded.some((fits) => fits(item));
  };
  const boostOf = (row: number): number => {
    const item = items[row];
    return (item && boosts.findLast(({ fits }) => fits(item))?.by) ?? 0;
  };
  const pins = rules.flatMap((rule) => (rule.rule === 'pin' ? rule.items : []));
  return { pinned: pins.flatMap((id) => rowOf.get(id) ?? []).filter(allows), allows, boostOf, limits: limitsOf(rules, items) };
}

function targetFilter({ items, categories, languages, attributes }: RuleTarget): (item: Item) => boolean {
  const ids = items && new Set<string>(items);
  const named = categories && new Set(categories);
  const speaks = languageFilter(languages);
  const bounds = Object.entries(attributes ?? {});
  return (item) =>
    (!ids || ids.has(item.id)) &&
    (!named || item.categories.some((category) => named.has(category))) &&
    speaks(item.language) &&
    bounds.every(([name, { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }]) => {
      const value = item.attributes?.[name];
      return value !== undefined && value >= from && value <= to;
    });
}

function limitsOf(rules: readonly RankingRule[], items: readonly Item[]): CategoryLimits | undefined {
  const limits = rules.filter((rule) => rule.rule === 'limit');
  if (limits.length === 0) return undefined;
  const known = new Map<string, number>();
  const limitOf = (category: string): number => {
    const found =
      known.get(category) ?? limits.findLast(({ categories }) => !categories || categories.includes(category))?.atMost ?? Number.POSITIVE_INFINITY;
    known.set(category, found);
    return found;
  };
  return { limitOf, categoriesOf: (row) => items[row]?.categories ?? [] };
}

/**
 * A search with boosts added to its scores. Exact: rows with the same boost keep their order, so the best k of each boost contain the
 * best k of all. One search for each different boost.
 * @param unit score that counts as a cosine of 1; boosts are multiplied by it
 */
export function boostedSearch(search: Search, rowCount: number, boostOf: (row: number) => number, unit = 1): Search {
  const boosts = Float64Array.from({ length: rowCount }, (_, row) => unit * boostOf(row));
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
