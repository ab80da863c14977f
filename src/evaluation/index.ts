// What the rest of the project may use of this room. The baselines have a barrel of their own: baselines/index.ts.
export { aggregateLists, aggregateMetrics, type MetricResult, poolFolds, type SystemResult } from './aggregate.ts';
export {
  type BootstrapOptions,
  bootstrapMean,
  comparePaired,
  holm,
  type Interval,
  type PairedComparison,
  perUserMeans,
  type UserValues,
} from './bootstrap.ts';
export { type CompareOptions, type Comparison, compareSystems } from './compare.ts';
export { coverageInterval } from './coverage-interval.ts';
export { ratingThreshold, readTimeMs } from './interaction-fields.ts';
export { type ImportInteractionsOptions, type InteractionReport, importInteractions } from './interactions.ts';
export type { LanguageRow } from './language-table.ts';
export { buildLog, type Interaction, likesByUser, matrixOf, type UserLikes } from './log.ts';
export { averagePrecision, hitAt, ndcgAt, recallAt, reciprocalRank } from './metrics/accuracy.ts';
export {
  calibrationError,
  coverage,
  exposureOf,
  giniOfExposure,
  intraListSimilarity,
  novelty,
  selfInformation,
} from './metrics/beyond-accuracy.ts';
export { equalExpectedRank, languageNdcgAt, languagePreference, rankCorrelation } from './metrics/languages.ts';
export { averageRanks, chiSquareTail, type KruskalWallis, kruskalWallis, spearman } from './metrics/statistics.ts';
export { averageRank, groupsOfRelevant, type Standing, standingOf, type TieGroup } from './metrics/ties.ts';
export { buildReport, type EvaluationReport, type ReportOptions } from './report.ts';
export { reportHtml } from './report-html.ts';
export { type EvaluateOptions, evaluateSystem, evaluateSystems, type LeftOutSystem } from './run.ts';
export * from './splits/index.ts';
export type * from './types.ts';
