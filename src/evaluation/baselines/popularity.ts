// The same list for everyone: what most users of the training part liked. A system below this has learned nothing of taste.
import type { RecommenderSystem } from '../types.ts';
import { likedHistory } from './positives.ts';

export interface PopularityOptions {
  /** Adds up the weights above 0 instead of counting users. Default false. */
  weighted?: boolean;
}

/** Score = number of users who liked the item, or the sum of their weights. Unknown items: 0, the lowest. */
export function popularitySystem({ weighted = false }: PopularityOptions = {}): RecommenderSystem {
  return {
    name: 'popularity',
    title: weighted ? 'Popularity (weights)' : 'Popularity',
    fit({ train }) {
      const counts = new Float32Array(train.itemCount);
      train.items.forEach((item, at) => {
        const weight = train.weights[at] as number;
        if (weight > 0) counts[item] = (counts[item] as number) + (weighted ? weight : 1);
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
