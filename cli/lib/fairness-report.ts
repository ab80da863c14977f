// The fairness report as data: what was measured, with intervals over the queries, in a form that scripts can read.
import type { RandomSource } from '../../src/base/random.ts';
import { randomBelow } from '../../src/base/random.ts';
import type { FairnessReport, LanguageBias, QueryBias } from '../../src/evaluation/fairness/types.ts';

export type Measure = keyof LanguageBias;

/** The measures in the order of the report, with their titles and their best values. */
const MEASURES: readonly { key: Measure; title: string; best: string }[] = [
  { key: 'sameLanguageOverFair', title: 'Own language in the top 10, over its fair share', best: '1 is fair' },
  { key: 'selfMrr', title: 'Item found by its translation (MRR)', best: '1 is best' },
  { key: 'rankCorrelation', title: 'Agreement of rankings by two languages', best: '1 is best' },
  { key: 'peer', title: 'PEER: languages rank equally high', best: '1 is best' },
  { key: 'preferenceRate', title: 'Own language preferred among relevant items', best: '0.5 is fair' },
  { key: 'languageNdcg', title: 'Lang-nDCG@10: relevant items, own language counts twice', best: 'higher serves readers of one language' },
];

/** Titles of the tables of nDCG@10 by language. */
export const RELEVANCE_TITLES: Record<FairnessReport['ndcg'][number]['relevance'], string> = {
  category: 'nDCG@10 by language of the query; relevant: items of a common category',
  translation: 'nDCG@10 by language of the query; relevant: the item whose translation it is',
};

/** 95 %; null where the measure does not apply. */
export interface BiasInterval {
  mean: number | null;
  low: number | null;
  high: number | null;
}

export interface MeasuredBias {
  key: Measure;
  title: string;
  best: string;
  before: BiasInterval;
  after: BiasInterval;
  /** After − before on the same queries. */
  change: BiasInterval;
  /** Queries that the measure applies to. */
  queries: number;
}

export interface FairnessSummary {
  format: 'kindred-fairness-1';
  title: string;
  /** ISO 8601 */
  createdAt: string;
  seed: number;
  items: number;
  method: string;
  dimensions: number;
  queries: number;
  /** Translations that served as queries. */
  translations: number;
  languages: FairnessReport['languages'];
  measures: MeasuredBias[];
  /** nDCG@10 by the language of the query. */
  ndcg: FairnessReport['ndcg'];
}

const RESAMPLES = 1000;

/** Adds titles and intervals to a report. @param parts what `onQuery` gave, the same queries in the same order */
export function summarise(
  report: FairnessReport,
  parts: { before: readonly QueryBias[]; after: readonly QueryBias[] },
  about: Pick<FairnessSummary, 'title' | 'createdAt' | 'seed' | 'items'>,
  random: RandomSource,
): FairnessSummary {
  const { method, dimensions, queries, languages, before, after, ndcg, translations } = report;
  const measures = MEASURES.map((measure): MeasuredBias => {
    const own = { before: parts.before.map((part) => part[measure.key]), after: parts.after.map((part) => part[measure.key]) };
    const intervals = pairedIntervals(own.before, own.after, random);
    const [mean, later] = [before[measure.key], after[measure.key]];
    return {
      ...measure,
      before: { ...intervals.before, mean },
      after: { ...intervals.after, mean: later },
      change: { ...intervals.change, mean: mean === null || later === null ? null : later - mean },
      queries: own.before.filter(({ weight }) => weight > 0).length,
    };
  });
  return { format: 'kindred-fairness-1', ...about, method, dimensions, queries, translations, languages, measures, ndcg };
}

type Part = QueryBias[Measure];
const UNKNOWN: BiasInterval = { mean: null, low: null, high: null };

/**
 * Percentile bootstrap of Σ sum / Σ weight over queries, before, after and for their difference on the same draws (Efron and
 * Tibshirani 1993, sections 13.3 and 8.3).
 */
export function pairedIntervals(
  before: readonly Part[],
  after: readonly Part[],
  random: RandomSource,
): Record<'before' | 'after' | 'change', BiasInterval> {
  const whole = { before: ratio(before), after: ratio(after) };
  if (whole.before === null || whole.after === null) return { before: UNKNOWN, after: UNKNOWN, change: UNKNOWN };
  const drawn = { before: [] as number[], after: [] as number[], change: [] as number[] };
  for (let turn = 0; turn < RESAMPLES; turn++) {
    const rows = before.map(() => randomBelow(before.length, random));
    const [first, second] = [ratio(rows.map((row) => before[row])), ratio(rows.map((row) => after[row]))];
    if (first === null || second === null) continue;
    drawn.before.push(first);
    drawn.after.push(second);
    drawn.change.push(second - first);
  }
  return {
    before: spread(drawn.before, whole.before),
    after: spread(drawn.after, whole.after),
    change: spread(drawn.change, whole.after - whole.before),
  };
}

function ratio(parts: readonly (Part | undefined)[]): number | null {
  let [sum, weight] = [0, 0];
  for (const part of parts) {
    sum += part?.sum ?? 0;
    weight += part?.weight ?? 0;
  }
  return weight > 0 ? sum / weight : null;
}

function spread(values: number[], mean: number): BiasInterval {
  values.sort((a, b) => a - b);
  const at = (share: number): number | null => values[Math.round(share * (values.length - 1))] ?? null;
  return { mean, low: at(0.025), high: at(0.975) };
}
