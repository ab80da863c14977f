// Colours and shapes of the map's dots: the largest groups get one each, the rest share the last. Pure.
import type { Item } from '../../base/types.ts';

export type ColourBy = 'language' | 'category';

export interface Group {
  /** Language tag or category id; '' for all others. */
  key: string;
  count: number;
}

/** Two cues each, so that the groups can be told apart without colours. Hues of Okabe and Ito (2008). */
export const MARKS = [
  { colour: '#0072b2', shape: 'circle' },
  { colour: '#d55e00', shape: 'square' },
  { colour: '#009e73', shape: 'triangle' },
  { colour: '#cc79a7', shape: 'diamond' },
  { colour: '#e69f00', shape: 'down' },
  { colour: '#56b4e9', shape: 'cross' },
  { colour: '#8c6d1f', shape: 'ring' },
  { colour: '#7a5fc4', shape: 'bar' },
  { colour: '#8a8a8a', shape: 'dot' },
] as const;

export type Shape = (typeof MARKS)[number]['shape'];

/** @returns the groups, largest first with the others last, and the group's place for each item */
export function groupItems(items: readonly Item[], by: ColourBy): { groups: Group[]; groupOf: Uint8Array } {
  const keyOf = (item: Item): string => (by === 'language' ? item.language : (item.categories[0] ?? ''));
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  const others = counts.get('') ?? 0;
  counts.delete('');
  const sorted = [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  const groups: Group[] = sorted.slice(0, MARKS.length - 1);
  const rest = others + sorted.slice(MARKS.length - 1).reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) groups.push({ key: '', count: rest });
  const places = new Map(groups.map(({ key }, at) => [key, at]));
  return { groups, groupOf: Uint8Array.from(items, (item) => places.get(keyOf(item)) ?? groups.length - 1) };
}

/** The mark of a group: the others always have the last one. */
export const markOf = ({ key }: Group, at: number): (typeof MARKS)[number] =>
  (key === '' ? MARKS[MARKS.length - 1] : MARKS[at]) as (typeof MARKS)[number];
