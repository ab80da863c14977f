// The same list for everyone: what most users of the training part liked. A system that is worse has learned nothing about taste.
import type { RecommenderSystem } from '../types.ts';
import { likedHistory } from './common.ts';

/** Score = number of users who liked the item. Unknown items: 0, the lowest. */
export function popularitySystem(): RecommenderSystem {
  return {
    name: 'popularity',
    title: 'Popularity',
    fit({ train }) {
      const counts = new Float32Array(train.itemCount);
      train.items.forEach((item, at) => {
        if ((train.weights[at] as number) > 0) counts[item] = (counts[item] as number) + 1;
      });
      return {
        score(history, weights, scores) {
          likedHistory(history, weights, scores, counts.length);
          scores.set(counts);
        },
      };
    },
  };
}
