// Whether a ranking is fair to languages: do relevant items of all languages stand as high, does the language in which a
// taste is shown change the ranking, is the reader's own language preferred. Fair is not always wanted, so all are shown.
import { expectedDiscount } from './accuracy.ts';
import { kruskalWallis, spearman } from './statistics.ts';
import type { TieGroup } from './ties.ts';

/**
 * Probability of Equal Expected Rank of one case: p of the Kruskal–Wallis test that the ranks of its relevant items have one
 * distribution in all languages. 1: as high in each. The mean over cases is PEER.
 * Source: Yang, Jänich, Mayfield and Lawrie 2024, "Language fairness in multilingual information retrieval", with one level
 * of relevance and the full ranking as cut-off.
 *
 * @param ranks [relevant] rank of each relevant item, from 1; equal scores share the mean
 * @param languages [relevant]
 * @returns NaN when the items are of one language, so nothing can be compared
 */
export function equalExpectedRank(ranks: ArrayLike<number>, languages: readonly string[]): number {
  const groups = new Map<string, number[]>();
  languages.forEach((language, at) => {
    const rank = ranks[at] as number;
    const group = groups.get(language);
    if (group) group.push(rank);
    else groups.set(language, [rank]);
  });
  return groups.size < 2 ? Number.NaN : kruskalWallis([...groups.values()]).p;
}

/**
 * Rank correlation between query languages for one query: mean of Spearman's ρ over all pairs of languages, each over the
 * full candidate ranking. The mean over queries is MRC. Source: Yang, Jiang and Baldwin 2024, "Language bias in information
 * retrieval: the nature of the beast and mitigation methods".
 *
 * @param scores one entry a language in which the same query was put: [candidates], candidates in one order
 * @returns NaN for fewer than two languages; pairs with a constant side are left out
 */
export function rankCorrelation(scores: readonly ArrayLike<number>[]): number {
  let sum = 0;
  let pairs = 0;
  for (let a = 1; a < scores.length; a++) {
    for (let b = 0; b < a; b++) {
      const rho = spearman(scores[a] ?? [], scores[b] ?? []);
      if (Number.isNaN(rho)) continue;
      sum += rho;
      pairs += 1;
    }
  }
  return sum / pairs;
}

/**
 * Language preference rate of one case: of all pairs of relevant items, one in the language of the query and one in another,
 * the share in which the first ranks higher; equal ranks count one half. ½: no preference. The mean over cases is LPR.
 * Pairs of equally relevant items and ½ as the neutral point are this project's form of the measure of that name in Jang et
 * al. 2026, "MLAIRE" (arXiv 2605.07249), which asks parallel passages of one text; give parallel ranks for theirs.
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

/**
 * Language-aware nDCG@k (Lang-nDCG) of one case: nDCG with graded gains (Järvelin and Kekäläinen 2002), 1 for a relevant item in the
 * language of the query and `foreignGain` for one in another; the ideal list has those of the query's language first. DCG as in
 * `ndcgAt`. After the idea of Lang-nDCG in Jang et al. 2026, "MLAIRE" (arXiv:2605.07249), which asks pools of parallel passages; the
 * gain of ½ is this project's choice, so values are not to be compared with theirs. It rises with preference for the own language:
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
  foreignGain = 0.5,
): number {
  const gains = languages.map((language) => (language === queryLanguage ? 1 : foreignGain));
  const dcgOf = (ordered: readonly Pick<TieGroup, 'above' | 'size'>[], worth: readonly number[]): number =>
    ordered.reduce((sum, place, at) => sum + (worth[at] ?? 0) * expectedDiscount(place, k), 0);
  const ideal = gains.map((_, at) => ({ above: at, size: 1 }));
  return (
    dcgOf(places, gains) /
    dcgOf(
      ideal,
      gains.toSorted((a, b) => b - a),
    )
  );
}
