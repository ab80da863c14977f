// The systems that any recommender here is compared with, from chance to the strong and simple ones (Dacrema et al. 2019).
// What they share: weights above 0 are likes, the rest is ignored; scores are finite; an item of which a system knows nothing
// is tied with its lowest; a history that says nothing gives an order that is the same for everyone, often one tie of all.
import { RecommenderError } from '../../base/errors.ts';
import type { RecommenderSystem } from '../types.ts';
import { bprMfSystem } from './bpr-mf.ts';
import { categoryHistogramSystem } from './category-histogram.ts';
import { easeSystem } from './ease.ts';
import { embeddingKnnSystem } from './embedding-knn.ts';
import { itemKnnSystem } from './item-knn.ts';
import { meanEmbeddingSystem } from './mean-embedding.ts';
import { popularitySystem } from './popularity.ts';
import { randomSystem } from './random.ts';
import { tfidfKnnSystem } from './tfidf-knn.ts';

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

/** The baseline of that name, with default parameters. @throws bad-argument, listing the names */
export function systemByName(name: string): RecommenderSystem {
  const systems = baselineSystems();
  const found = systems.find((system) => system.name === name);
  if (found) return found;
  throw new RecommenderError('bad-argument', `No system is called "${name}". Use one of: ${systems.map((one) => one.name).join(', ')}.`, {
    name,
  });
}
