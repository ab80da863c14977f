// Entry of kindred.js, which other sites embed. Safe to import where there is no DOM (server rendering): it then defines nothing.
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';

export type { Recommender, RecommenderOptions } from '../client/recommender.ts';
export type { KindredRecommendations } from './kindred-recommendations.ts';

/** Resolves when `<kindred-recommendations>` is defined; at once on a server. */
export const defined: Promise<unknown> =
  typeof HTMLElement === 'undefined' ? Promise.resolve() : import('./kindred-recommendations.ts');

/** The recommender without the element: see `createRecommender` in src/client/create.ts. Errors have a `code`. */
export async function createRecommender(options?: RecommenderOptions): Promise<Recommender> {
  return (await import('../client/create.ts')).createRecommender(options);
}
