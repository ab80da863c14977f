// Taste as shares of categories: what a shop without a model would do. It needs no training.
import type { Item } from '../../base/types.ts';
import type { RecommenderSystem } from '../types.ts';
import { likedHistory } from './common.ts';

interface ItemCategories {
  /** [items] indices of each item's categories, each once */
  ofItem: Int32Array[];
  /** [categories] ln(items / items that have it) */
  idf: Float64Array;
}

/**
 * p(c) = share of category c among those of the history (weights above 0); score = Σ of p(c) · idf(c) over the item's categories.
 * Items without a category: 0, the lowest.
 */
export function categoryHistogramSystem(): RecommenderSystem {
  return {
    name: 'category-histogram',
    title: 'Category histogram (idf)',
    fit({ catalogue }) {
      const { ofItem, idf } = readCategories(catalogue.items);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, ofItem.length);
          const share = new Float64Array(idf.length);
          let total = 0;
          liked.items.forEach((row, at) => {
            for (const category of ofItem[row] ?? []) {
              share[category] = (share[category] as number) + (liked.weights[at] as number);
              total += liked.weights[at] as number;
            }
          });
          if (total > 0) {
            for (let c = 0; c < share.length; c++) share[c] = ((share[c] as number) / total) * (idf[c] as number);
          }
          ofItem.forEach((categories, item) => {
            let sum = 0;
            for (const category of categories) sum += share[category] as number;
            scores[item] = sum;
          });
        },
      };
    },
  };
}

function readCategories(items: readonly Item[]): ItemCategories {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const ofItem = items.map(({ categories }) =>
    Int32Array.from(new Set(categories), (category) => {
      const number = numbers.get(category) ?? numbers.size;
      numbers.set(category, number);
      counts[number] = (counts[number] ?? 0) + 1;
      return number;
    }),
  );
  return { ofItem, idf: Float64Array.from(counts, (count) => Math.log(items.length / count)) };
}
