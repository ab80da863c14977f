// One case of a split: which items are candidates, how the relevant ones rank, which list the user would see, and its metrics.
import { countBy } from '../base/group-by.ts';
import { type Ranked, topK } from '../compute/cpu/top-k.ts';
import { averagePrecision, hitAt, ndcgAt, recallAt, reciprocalRank } from './metrics/accuracy.ts';
import { calibrationError, intraListSimilarity, listRows, novelty } from './metrics/beyond-accuracy.ts';
import { equalExpectedRank, languageNdcgAt, languagePreference } from './metrics/languages.ts';
import { averageRank, groupsOfRelevant, type Standing, standingOf, type TieGroup } from './metrics/ties.ts';
import type { EvaluationCase, EvaluationCatalogue, Split } from './types.ts';

export interface RankedCase {
  one: EvaluationCase;
  standing: Standing;
  /** [relevant] */
  places: readonly TieGroup[];
  /** [listLength] rows, best first, equal scores by row; ends with −1 where the system scored too few items */
  list: Int32Array;
}

/** @param open filled and returned: [items] 1 where a row is a candidate of the case: one of the split's, not in the history, not excluded */
export function candidatesOfCase(split: Split, one: EvaluationCase, open: Uint8Array): Uint8Array {
  if (split.candidates) open.set(split.candidates);
  else open.fill(1);
  for (const row of one.history) open[row] = 0;
  for (const row of one.excluded ?? []) open[row] = 0;
  return open;
}

/** @throws bad-vector when a score is NaN */
export function rankCase(one: EvaluationCase, scores: Float32Array, open: Uint8Array, listLength: number): RankedCase {
  const standing = standingOf(scores, open, one.relevant);
  const list = new Int32Array(listLength).fill(-1);
  const best: Ranked[] = topK(scores, listLength, (row) => open[row] === 1 && (scores[row] as number) > Number.NEGATIVE_INFINITY);
  best.forEach(({ row }, at) => {
    list[at] = row;
  });
  return { one, standing, places: groupsOfRelevant(standing, scores, one.relevant), list };
}

/** The most frequent language of a history; of equally frequent ones the first in the alphabet. Undefined for an empty history. */
export function historyLanguage(history: Int32Array, languages: readonly string[]): string | undefined {
  const counts = countBy(Array.from(history, (row) => languages[row] ?? ''));
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

export type CaseMetric = (ranked: RankedCase) => number;

/**
 * The metrics of one case by name. Those at k: `ndcg@k`, `recall@k`, `hit@k`, `language-ndcg@k`, `similarity@k` (only with vectors), `novelty@k`,
 * `calibration-categories@k`, `calibration-languages@k`. Over the full ranking: `mrr`, `map`, `mean-rank-share` (0 first, 1 last),
 * `peer`, `language-preference`. NaN where a metric does not apply to a case.
 *
 * @param languages [items] shown
 * @param information [items] self-information in bits
 */
export function caseMetrics(
  ks: readonly number[],
  catalogue: EvaluationCatalogue,
  languages: readonly string[],
  information: Float64Array,
): Map<string, CaseMetric> {
  const { items, vectors, dimensions } = catalogue;
  const languageOf = (row: number): string => languages[row] ?? '';
  const relevantLanguages = ({ one }: RankedCase): string[] => Array.from(one.relevant, languageOf);
  const ranksOf = ({ places }: RankedCase): number[] => places.map(averageRank);
  const metrics = new Map<string, CaseMetric>();
  for (const k of ks) {
    metrics.set(`ndcg@${k}`, ({ standing }) => ndcgAt(standing, k));
    metrics.set(`recall@${k}`, ({ standing }) => recallAt(standing, k));
    metrics.set(`hit@${k}`, ({ standing }) => hitAt(standing, k));
  }
  metrics.set('mrr', ({ standing }) => reciprocalRank(standing));
  metrics.set('map', ({ standing }) => averagePrecision(standing));
  metrics.set('mean-rank-share', (ranked) => {
    const { relevant, candidates } = ranked.standing;
    return candidates < 2 ? Number.NaN : ranksOf(ranked).reduce((sum, rank) => sum + (rank - 1) / (candidates - 1), 0) / relevant;
  });
  metrics.set('peer', (ranked) => equalExpectedRank(ranksOf(ranked), relevantLanguages(ranked)));
  metrics.set('language-preference', (ranked) => {
    const own = historyLanguage(ranked.one.history, languages);
    return own === undefined ? Number.NaN : languagePreference(ranksOf(ranked), relevantLanguages(ranked), own);
  });
  for (const k of ks) {
    metrics.set(`language-ndcg@${k}`, (ranked) => {
      const own = historyLanguage(ranked.one.history, languages);
      return own === undefined ? Number.NaN : languageNdcgAt(ranked.places, relevantLanguages(ranked), own, k);
    });
    metrics.set(`novelty@${k}`, ({ list }) => novelty(listRows(list, k), information));
    if (vectors) metrics.set(`similarity@${k}`, ({ list }) => intraListSimilarity(listRows(list, k), vectors, dimensions));
    metrics.set(`calibration-categories@${k}`, ({ one, list }) =>
      calibrationError(one.history, listRows(list, k), (row) => items[row]?.categories ?? []),
    );
    metrics.set(`calibration-languages@${k}`, ({ one, list }) => calibrationError(one.history, listRows(list, k), (row) => [languageOf(row)]));
  }
  return metrics;
}
