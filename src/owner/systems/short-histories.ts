// The same split with shorter histories: how well a system ranks early, on all users instead of a sample.
import { RecommenderError } from '../../base/errors.ts';
import { sampleWithout, seededRandom } from '../../base/random.ts';
import type { EvaluationCase, Split } from '../../evaluation/types.ts';

/**
 * Cuts every history to `count` items drawn at random; its other items are no candidates, so the relevant items compete with the same
 * items as before. Cases with shorter histories are left out and counted. Training data is the same, so fits of the split can be used.
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
