// Whether a ranking is fair to languages: whether relevant items of all languages rank equally high, and whether the language of
// the query is preferred. A reader may want that preference, so several measures are shown.
import { groupBy } from '../../base/group-by.ts';
import { expectedDiscount } from './accuracy.ts';
import { kruskalWallis } from './statistics.ts';
import type { TieGroup } from './ties.ts';

/**
 * Probability of Equal Expected Rank of one case: p of the Kruskal–Wallis test that the ranks of its relevant items have one
 * distribution in all languages. 1: equally high in each. The mean over cases is PEER.
 * Source: Yang, Jänich, Mayfield and Lawrie 2024, "Language fairness in multilingual information retrieval", with one level
 * of relevance and the full ranking as cut-off.
 *
 * @param ranks [relevant] rank of each relevant item, from 1; equal scores share the mean
 * @param languages [relevant]
 * @returns NaN when the items are of one language, so nothing can be compared
 */
export function equalExpectedRank(ranks: readonly number[], languages: readonly string[]): number {
  const ranksByLanguage = groupBy(ranks, (_, at) => languages[at]);
  return ranksByLanguage.size < 2 ? Number.NaN : kruskalWallis([...ranksByLanguage.values()]).p;
}

/**
 * Language preference rate of one case: of all pairs of relevant items, one in the language of the query and one in another,
 * the share in which the first ranks higher; equal ranks count one half. ½: no preference. The mean over cases is LPR.
 * Pairs of equally relevant items and ½ as the neutral point are this project's form of the measure of that name in Jang et
 * al. 2026, "MLAIRE" (arXiv 2605.07249), which asks for parallel passages of one text.
 *
 * @param ranks [relevant] from 1
 * @param languages [relevant]
 * @returns NaN when there is no such pair
 */
export function languagePreference(ranks: ArrayLike<number>, languages: readonly string[], queryLanguage: string): number {
  let wins = 0;
  let pairs = 0;
  languages.forEach((own, a) => {
    if (own !== queryLanguage) return;
    languages.forEach((other, b) => {
      if (other === queryLanguage) return;
      pairs += 1;
      const gap = (ranks[b] as number) - (ranks[a] as number);
      wins += gap > 0 ? 1 : gap === 0 ? 0.5 : 0;
    });
  });
  return wins / pairs;
}

/** Gain of a relevant item in another language than the query's. */
const FOREIGN_GAIN = 0.5;

/**
 * Language-aware nDCG@k (Lang-nDCG) of one case: nDCG with graded gains (Järvelin and Kekäläinen 2002), 1 for a relevant item in the
 * language of the query and ½ for one in another; the ideal list has those of the query's language first. DCG as in
 * `ndcgAt`. The idea is Lang-nDCG of Jang et al. 2026, "MLAIRE" (arXiv:2605.07249), which asks for pools of parallel passages; the
 * gain of ½ is this project's choice, so its values cannot be compared with theirs. It rises with preference for the own language:
 * read it beside PEER and the preference rate.
 *
 * @param places [relevant] where each relevant item stands
 * @param languages [relevant]
 */
export function languageNdcgAt(
  places: readonly Pick<TieGroup, 'above' | 'size'>[],
  languages: readonly string[],
  queryLanguage: string,
  k: number,
): number {
  const gains = languages.map((language) => (language === queryLanguage ? 1 : FOREIGN_GAIN));
  const dcgOf = (groups: readonly Pick<TieGroup, 'above' | 'size'>[], gainOf: readonly number[]): number =>
    groups.reduce((sum, place, at) => sum + (gainOf[at] ?? 0) * expectedDiscount(place, k), 0);
  const ideal = gains.map((_, at) => ({ above: at, size: 1 }));
  return (
    dcgOf(places, gains) /
    dcgOf(
      ideal,
      gains.toSorted((a, b) => b - a),
    )
  );
}
