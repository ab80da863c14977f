// Colours and shapes of the map's dots: each of the largest groups has its own, the others share the last. Pure.
import type { Item } from '../../base/types.ts';
import { type Count, countKeys } from '../counts.ts';

export type ColourBy = 'language' | 'category';

/** `key`: a language tag or a category id; '' for all others. */
export type Group = Count;

/** A colour and a shape each, so that groups differ without colour too. Hues of Okabe and Ito (2008). */
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

/** @returns the groups, largest first and the others last; for each item the place of its group */
export function groupItems(items: readonly Item[], by: ColourBy): { groups: Group[]; groupOf: Uint8Array } {
  const keyOf = (item: Item): string => (by === 'language' ? item.language : (item.categories[0] ?? ''));
  const named = countKeys(items.map(keyOf)).filter(({ key }) => key !== '');
  const groups: Group[] = named.slice(0, MARKS.length - 1);
  const rest = items.length - groups.reduce((sum, { count }) => sum + count, 0);
  if (rest > 0) groups.push({ key: '', count: rest });
  const places = new Map(groups.map(({ key }, at) => [key, at]));
  return { groups, groupOf: Uint8Array.from(items, (item) => places.get(keyOf(item)) ?? groups.length - 1) };
}

/** The mark of a group; the others always have the last mark. */
export const markOf = ({ key }: Group, at: number): (typeof MARKS)[number] =>
  (key === '' ? MARKS[MARKS.length - 1] : MARKS[at]) as (typeof MARKS)[number];
