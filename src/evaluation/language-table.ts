// One row a language: what share of the places in the lists its items get, and how high its relevant items rank.
import { groupBy } from '../base/group-by.ts';
import { expectedDiscount } from './metrics/accuracy.ts';
import { averageRank, type TieGroup } from './metrics/ties.ts';

export interface LanguageRow {
  language: string;
  /** Candidates shown in this language, summed over cases. */
  candidates: number;
  /** Held-out items of this language, summed over cases. */
  relevant: number;
  /** Places in the first k of the lists. */
  shown: number;
  /** Share of shown places / share of candidates. 1: as often as its share of the candidates. NaN without either. */
  exposureRatio: number;
  /** Share of its held-out items among the first k. NaN without any. */
  recall: number;
  /** Mean of (rank − 1) / (candidates − 1) of its held-out items. 0: first. */
  meanRankShare: number;
  /** Mean of 1 / log₂(1 + rank) within the first k of its held-out items. */
  meanDiscount: number;
}

/** Collects the table over cases. @param languages [items] in which each item is shown */
export function createLanguageTable(languages: readonly string[], k: number) {
  const tags = [...new Set(languages)].sort();
  const indexOf = new Map(tags.map((tag, at) => [tag, at]));
  const languageAt = Int32Array.from(languages, (tag) => indexOf.get(tag) ?? -1);
  const column = (): Float64Array => new Float64Array(tags.length);
  const [candidates, relevant, shown, found, rankShares, discounts] = [column(), column(), column(), column(), column(), column()];
  const add = (to: Float64Array, row: number, value: number): void => {
    const at = languageAt[row] ?? -1;
    to[at] = (to[at] ?? 0) + value;
  };
  return {
    /** @param open [items] 1 where a row is a candidate; @param places [relevant]; @param listed the first k rows of the list */
    take(open: Uint8Array, rows: Int32Array, places: readonly TieGroup[], candidateCount: number, listed: Int32Array): void {
      for (let row = 0; row < open.length; row++) if (open[row] === 1) add(candidates, row, 1);
      for (const row of listed) add(shown, row, 1);
      places.forEach((place, at) => {
        const row = rows[at] as number;
        add(relevant, row, 1);
        add(found, row, Math.max(0, Math.min(k - place.above, place.size)) / place.size);
        add(rankShares, row, candidateCount < 2 ? 0 : (averageRank(place) - 1) / (candidateCount - 1));
        add(discounts, row, expectedDiscount(place, k));
      });
    },
    /** Most candidates first. */
    rows(): LanguageRow[] {
      const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
      const [allShown, allCandidates] = [sum(shown), sum(candidates)];
      const at = (values: Float64Array, index: number): number => values[index] ?? 0;
      return tags
        .map(
          (language, index): LanguageRow => ({
            language,
            candidates: at(candidates, index),
            relevant: at(relevant, index),
            shown: at(shown, index),
            exposureRatio: at(shown, index) / allShown / (at(candidates, index) / allCandidates),
            recall: at(found, index) / at(relevant, index),
            meanRankShare: at(rankShares, index) / at(relevant, index),
            meanDiscount: at(discounts, index) / at(relevant, index),
          }),
        )
        .filter((row) => row.candidates > 0)
        .sort((a, b) => b.candidates - a.candidates || (a.language < b.language ? -1 : 1));
    },
  };
}

/** The table of several runs together. */
export function mergeLanguageRows(tables: readonly (readonly LanguageRow[])[]): LanguageRow[] {
  const rows = tables.flat();
  const sum = (summed: readonly LanguageRow[], value: (row: LanguageRow) => number): number =>
    summed.reduce((total, row) => total + (value(row) || 0), 0);
  const [allShown, allCandidates] = [sum(rows, ({ shown }) => shown), sum(rows, ({ candidates }) => candidates)];
  return [...groupBy(rows, ({ language }) => language)]
    .map(([language, own]): LanguageRow => {
      const [candidates, relevant, shown] = [sum(own, (row) => row.candidates), sum(own, (row) => row.relevant), sum(own, (row) => row.shown)];
      const mean = (value: (row: LanguageRow) => number): number => sum(own, (row) => row.relevant * value(row)) / relevant;
      return {
        language,
        candidates,
        relevant,
        shown,
        exposureRatio: shown / allShown / (candidates / allCandidates),
        recall: mean(({ recall }) => recall),
        meanRankShare: mean(({ meanRankShare }) => meanRankShare),
        meanDiscount: mean(({ meanDiscount }) => meanDiscount),
      };
    })
    .sort((a, b) => b.candidates - a.candidates || (a.language < b.language ? -1 : 1));
}
