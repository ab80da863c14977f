// nDCG by the language of the query, before and after the correction, with intervals over the same queries: whether readers of one
// language are served worse than readers of another.
import { groupBy } from '../../base/group-by.ts';
import type { RandomSource } from '../../base/random.ts';
import { bootstrapMean } from '../bootstrap.ts';
import type { QueryNdcg } from './query-bias.ts';
import type { LanguageNdcg, MeanInterval, NdcgByLanguage } from './types.ts';

const RESAMPLES = 1000;
const RELEVANCES: readonly NdcgByLanguage['relevance'][] = ['category', 'translation'];

/**
 * Means by language with 95 % intervals: percentile bootstrap over queries (Efron and Tibshirani 1993, section 13.3). The change is
 * the mean difference of each query.
 *
 * @param before and `after`: of the same queries, in the same order
 * @returns by category, then by translation; a relevance without any query is left out
 */
export function ndcgByLanguage(before: readonly QueryNdcg[], after: readonly QueryNdcg[], random: RandomSource): NdcgByLanguage[] {
  return RELEVANCES.map((relevance) => ({ relevance, languages: languagesOf(relevance, before, after, random) })).filter(
    ({ languages }) => languages.length > 0,
  );
}

function languagesOf(
  relevance: NdcgByLanguage['relevance'],
  before: readonly QueryNdcg[],
  after: readonly QueryNdcg[],
  random: RandomSource,
): LanguageNdcg[] {
  const places = [...before.keys()].filter((place) => before[place]?.relevance === relevance);
  return [...groupBy(places, (place) => before[place]?.tag ?? '')]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([tag, own]) => {
      const valuesOf = (measured: readonly QueryNdcg[]) => Float64Array.from(own, (place) => measured[place]?.value ?? Number.NaN);
      const [first, second] = [valuesOf(before), valuesOf(after)];
      const change = second.map((value, at) => value - (first[at] as number));
      return {
        tag,
        queries: own.length,
        before: intervalOf(first, random),
        after: intervalOf(second, random),
        change: intervalOf(change, random),
      };
    });
}

function intervalOf(values: Float64Array, random: RandomSource): MeanInterval {
  const { mean, low, high } = bootstrapMean(values, { random, resamples: RESAMPLES });
  return values.length > 1 ? { mean, low, high } : { mean, low: null, high: null };
}
