// Likeness of words alone, in the texts as shown: what a search engine without a model would recommend. Across languages it
// can only match names and loan words, which is the point of comparing with it.
import type { RecommenderSystem } from '../types.ts';
import { breather } from './breathe.ts';
import { likedHistory } from './positives.ts';
import { fitTfIdf, type TfIdf } from './tfidf.ts';

/**
 * score = cosine of the item's TF-IDF row with the mean of the history's, weighted by the weights above 0. Items without a
 * word in common: 0, the lowest. Fitting rejects with aborted.
 */
export function tfidfKnnSystem(): RecommenderSystem {
  return {
    name: 'tfidf-knn',
    title: 'TF-IDF of the texts',
    async fit({ catalogue, signal }) {
      const model = await fitTfIdf(catalogue.texts, breather(signal, 'Fitting TF-IDF'));
      const profile = new Float64Array(model.vocabulary.size);
      return {
        score(history, weights, scores) {
          const liked = likedHistory(history, weights, scores, catalogue.texts.length);
          const terms = fillProfile(profile, model, liked.items, liked.weights);
          const sums = new Float64Array(scores.length);
          for (const term of terms) {
            const value = profile[term] as number;
            const { offsets, columns, values } = model.byTerm;
            for (let at = offsets[term] as number; at < (offsets[term + 1] as number); at++) {
              const text = columns[at] as number;
              sums[text] = (sums[text] as number) + value * (values[at] as number);
            }
            profile[term] = 0;
          }
          scores.set(sums);
        },
      };
    },
  };
}

/** @param profile [terms], zero on entry, of unit length on return @returns the terms that are not zero */
function fillProfile(profile: Float64Array, { byText }: TfIdf, items: Int32Array, weights: Float64Array): number[] {
  const terms: number[] = [];
  items.forEach((text, h) => {
    for (let at = byText.offsets[text] as number; at < (byText.offsets[text + 1] as number); at++) {
      const term = byText.columns[at] as number;
      if (profile[term] === 0) terms.push(term);
      profile[term] = (profile[term] as number) + (weights[h] as number) * (byText.values[at] as number);
    }
  });
  let square = 0;
  for (const term of terms) square += (profile[term] as number) ** 2;
  for (const term of terms) profile[term] = (profile[term] as number) / Math.sqrt(square);
  return terms;
}
