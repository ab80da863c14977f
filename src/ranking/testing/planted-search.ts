// A catalogue of scores instead of vectors: what the best list is can then be found by trying all of them.
import { type RandomSource, randomBelow } from '../../base/random.ts';
import { byScore } from '../../compute/cpu/top-k.ts';
import { hasRow } from '../../index/bitset.ts';
import type { Search } from '../search.ts';

export interface PlantedCatalogue {
  scores: readonly number[];
  languages: readonly string[];
  search: Search;
}

/** Few different scores, so that ties occur; languages of very different sizes, some perhaps without a row. */
export function plantedCatalogue(rowCount: number, languages: readonly string[], random: RandomSource): PlantedCatalogue {
  const scores = Array.from({ length: rowCount }, () => randomBelow(20, random) / 10 - 1);
  const drawn = scores.map(() => languages[Math.floor(languages.length * random() ** 2)] ?? '');
  return { scores, languages: drawn, search: searchOf(scores) };
}

export function searchOf(scores: readonly number[]): Search {
  return async (k, allowed) =>
    scores
      .map((score, row) => ({ row, score }))
      .filter(({ row }) => hasRow(allowed, row))
      .sort(byScore)
      .slice(0, k);
}
