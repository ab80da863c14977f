// nDCG by the language that is asked in, before and after, with intervals on the same queries: whether the reader of one language is
// served worse than the reader of another.
import type { RandomSource } from '../../base/random.ts';
import { bootstrapMean } from '../bootstrap.ts';
import type { AskedNdcg } from './query-bias.ts';
import type { LanguageNdcg, MeanInterval, NdcgByLanguage } from './types.ts';

const RESAMPLES = 1000;
const RELEVANCES: readonly NdcgByLanguage['relevance'][] = ['category', 'translation'];

/**
 * Means by language with 95 % intervals: percentile bootstrap over queries (Efron and Tibshirani 1993, section 13.3); the change is
 * that of each query.
 *
 * @param before and `after`: of the same queries, in the same order
 * @returns by category, by translation; what no query tells is left out
 */
export function ndcgByLanguage(before: readonly AskedNdcg[], after: readonly AskedNdcg[], random: RandomSource): NdcgByLanguage[] {
  return RELEVANCES.map((relevance) => ({ relevance, languages: languagesOf(relevance, before, after, random) })).filter(
    ({ languages }) => languages.length > 0,
  );
}

function languagesOf(
  relevance: NdcgByLanguage['relevance'],
  before: readonly AskedNdcg[],
  after: readonly AskedNdcg[],
  random: RandomSource,
): LanguageNdcg[] {
  const placesOf = new Map<string, number[]>();
  before.forEach((asked, place) => {
    if (asked.relevance !== relevance) return;
    const places = placesOf.get(asked.tag);
    if (places) places.push(place);
    else placesOf.set(asked.tag, [place]);
  });
  return [...placesOf]
    .sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
    .map(([tag, places]) => {
      const valuesOf = (asked: readonly AskedNdcg[]) => Float64Array.from(places, (place) => asked[place]?.value ?? Number.NaN);
      const [first, second] = [valuesOf(before), valuesOf(after)];
      const change = second.map((value, at) => value - (first[at] as number));
      return {
        tag,
        queries: places.length,
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
