// Makes a list under the reader's language policy. The index is searched once for each group of languages, so that a policy's shares
// hold for every list at the least loss of score.
import { RecommenderError } from '../base/errors.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import { bitsetOf } from '../index/bitset.ts';
import { checkDiversity } from './diversity.ts';
import { fillPlaces, type Group, MAX_LIST, type PlacesRequest } from './places.ts';
import { languageFilter } from './rank.ts';
import type { Search } from './search.ts';
import type { LanguagePolicy } from './types.ts';

export interface PolicyRequest extends PlacesRequest {
  /** Rows that may appear, whatever their language. */
  allows: (row: number) => boolean;
  /** Tag of a row. */
  languageOf: (row: number) => string;
  /** Language group (see `groupOf`) → weight of the reader's likes in it. For `mix`. */
  liked?: ReadonlyMap<string, number>;
  /** Language group of a tag, such as `pt` for `pt-BR`; default the tag itself. For `mix`. */
  groupOf?: (tag: string) => string;
  /** Rows that come first, in this order; they need not be allowed. Default none. */
  pinned?: readonly number[];
}

/**
 * The list under a policy. Without pinned rows and diversity, of k items:
 * - `any`: the k best.
 * - `only`: the k best in these languages; fewer when there are fewer.
 * - `prefer`: exactly round(k · share) are in these languages and the others are not; where one side has too few, the other fills
 *   the list. No other list with these numbers has a higher sum of scores.
 * - `mix`: a language with the share p of the reader's likes has ⌊k·p⌋ or ⌈k·p⌉ items, if it has that many; places that it cannot
 *   fill go to the reader's other languages in proportion, then to all others. No other list with these numbers has a higher sum of scores.
 *   This is the calibration of Steck 2018, with quotas by largest remainder instead of his greedy trade-off of score and
 *   Kullback–Leibler divergence, which needs tuning and guarantees no number. Without likes, as `any`.
 *
 * Pinned rows count in these numbers and come first. All others are sorted by score (λ = 0) or in the order in which MMR chose them;
 * the numbers hold for the whole list, not for each part of it.
 * @throws bad-argument; what `search` throws
 */
export async function rankByPolicy(policy: LanguagePolicy, request: PolicyRequest): Promise<Ranked[]> {
  const { count, rowCount, search } = request;
  checkRequest(policy, count, request.diversity ?? 0);
  const pinnedRows = [...new Set(request.pinned)].filter((row) => row >= 0 && row < rowCount).slice(0, count);
  const first = await pinnedList(pinnedRows, rowCount, search);
  const groups = groupsOf(policy, request, new Set(pinnedRows));
  return [...first, ...(await fillPlaces(groups, pinnedRows, request))];
}

function groupsOf(policy: LanguagePolicy, request: PolicyRequest, pinned: ReadonlySet<number>): Group[] {
  const { rowCount, allows, languageOf } = request;
  const { weights, groupOf } = languageGroups(policy, request);
  const known = new Map<string, number>();
  const groupAt = (row: number): number => {
    const tag = languageOf(row);
    const group = known.get(tag) ?? groupOf(tag);
    known.set(tag, group);
    return group;
  };
  const members: number[][] = weights.map(() => []);
  for (let row = 0; row < rowCount; row++) if (!pinned.has(row) && allows(row)) members[groupAt(row)]?.push(row);
  const pins = [...pinned].map(groupAt);
  return weights.map((weight, group) => {
    const rows = members[group] ?? [];
    return { rows, pinned: pins.filter((other) => other === group).length, weight };
  });
}

/** Divides the languages into groups: the weight of each, and the group of a tag (−1: none). */
function languageGroups(policy: LanguagePolicy, request: PolicyRequest): { weights: number[]; groupOf: (tag: string) => number } {
  switch (policy.mode) {
    case 'any':
      return { weights: [1], groupOf: () => 0 };
    case 'only': {
      const wanted = languageFilter(policy.languages);
      return { weights: [1], groupOf: (tag) => (wanted(tag) ? 0 : -1) };
    }
    case 'prefer': {
      const inside = languageFilter(policy.languages);
      const places = Math.round(request.count * policy.share);
      return { weights: [places, request.count - places], groupOf: (tag) => (inside(tag) ? 0 : 1) };
    }
    case 'mix': {
      const { liked = new Map<string, number>(), groupOf = (tag: string) => tag } = request;
      const names = [...liked.keys()];
      const place = new Map(names.map((name, group) => [name, group]));
      return { weights: [...liked.values(), 0], groupOf: (tag) => place.get(groupOf(tag)) ?? names.length };
    }
  }
}

async function pinnedList(rows: readonly number[], rowCount: number, search: Search): Promise<Ranked[]> {
  if (rows.length === 0) return [];
  const found = new Map((await search(rows.length, bitsetOf(rowCount, rows))).map((one) => [one.row, one]));
  return rows.map((row) => found.get(row) ?? { row, score: 0 });
}

function checkRequest(policy: LanguagePolicy, count: number, diversity: number): void {
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIST) {
    throw new RecommenderError('bad-argument', `A list of ${count} items cannot be made; count is a whole number from 1 to ${MAX_LIST}.`, { count });
  }
  if (policy.mode === 'prefer' && !(policy.share >= 0 && policy.share <= 1)) {
    const message = `The share of preferred languages is ${policy.share}; it must be from 0 to 1.`;
    throw new RecommenderError('bad-argument', message, { share: policy.share });
  }
  checkDiversity(diversity);
}
