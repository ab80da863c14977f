// The same split with less known of each person: how a system does early, on all users instead of a sample.
import { RecommenderError } from '../../base/errors.ts';
import { sampleWithout, seededRandom } from '../../base/random.ts';
import type { EvaluationCase, Split } from '../../evaluation/types.ts';

/**
 * Cuts every history to `count` items drawn at random; the others are no candidates, so that the questions stay the same. Cases with
 * fewer are left out and counted. Training is untouched: systems that were fitted on the split are fitted on this one.
 * @throws bad-argument for a count below 1, evaluation-empty when no history is long enough
 */
export function shortHistories(split: Split, count: number): Split {
  if (!(Number.isInteger(count) && count > 0))
    throw new RecommenderError('bad-argument', `A history of ${count} items was asked for. Give a whole number from 1.`, { count });
  const random = seededRandom(split.seed + count);
  const cases = split.cases.flatMap((one): EvaluationCase[] => {
    const { history, historyWeights, excluded = [] } = one;
    if (history.length < count) return [];
    const places = sampleWithout(history.length, count, random).sort();
    const kept = new Set(places);
    return [
      {
        ...one,
        history: places.map((at) => history[at] as number),
        historyWeights: Float32Array.from(places, (at) => historyWeights[at] as number),
        excluded: Int32Array.of(...excluded, ...history.filter((_, at) => !kept.has(at))),
      },
    ];
  });
  if (cases.length === 0) throw new RecommenderError('evaluation-empty', `No history of ${split.name} has ${count} items. Ask for fewer.`, { count });
  return { ...split, name: `${split.name}-${count}`, cases, leftOutUsers: (split.leftOutUsers ?? 0) + split.cases.length - cases.length };
}
