// The systems that every recommender here is compared with, from chance to the strong and simple ones (Dacrema et al. 2019).
// In all of them: weights above 0 are likes and the rest is ignored; scores are finite; an item that a system does not know gets
// the lowest score of the others; an empty history gives an order that is the same for everyone, often a tie of all items.
import { RecommenderError } from '../../base/errors.ts';
import type { RecommenderSystem } from '../types.ts';
import { bprMfSystem } from './bpr-mf.ts';
import { categoryHistogramSystem } from './category-histogram.ts';
import { easeSystem } from './ease.ts';
import { embeddingKnnSystem, meanEmbeddingSystem } from './embedding.ts';
import { itemKnnSystem } from './item-knn.ts';
import { popularitySystem } from './popularity.ts';
import { randomSystem } from './random.ts';
import { tfidfKnnSystem } from './tfidf.ts';

/** Every baseline with its default parameters, plainest first. */
export function baselineSystems(): RecommenderSystem[] {
  return [
    randomSystem(),
    popularitySystem(),
    categoryHistogramSystem(),
    tfidfKnnSystem(),
    itemKnnSystem(),
    easeSystem(),
    bprMfSystem(),
    meanEmbeddingSystem(),
    embeddingKnnSystem(),
  ];
}

/** The system of that name. @param systems default the baselines @throws bad-argument, listing the names */
export function systemByName(name: string, systems: readonly RecommenderSystem[] = baselineSystems()): RecommenderSystem {
  const found = systems.find((system) => system.name === name);
  if (found) return found;
  throw new RecommenderError('bad-argument', `No system is called "${name}". Use one of: ${systems.map((one) => one.name).join(', ')}.`, {
    name,
  });
}
