// Entry of kindred.js, which other sites embed. Safe to import where there is no DOM (server rendering): it then defines nothing.
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';

export type { Recommender, RecommenderOptions } from '../client/recommender.ts';
export type * from './types.ts';

const hasDom = typeof HTMLElement !== 'undefined' && typeof customElements !== 'undefined';

/** Resolves when `<kindred-recommendations>` is defined; at once on a server. */
export const defined: Promise<unknown> = hasDom ? import('./kindred-recommendations.ts') : Promise.resolve();

/** The recommender without the element: see `createRecommender` in src/client/create.ts. Errors have a `code`. */
export async function createRecommender(options?: RecommenderOptions): Promise<Recommender> {
  return (await import('../client/create.ts')).createRecommender(options);
}

// embed.html, the page for iframes, has this attribute.
if (hasDom && document.documentElement.hasAttribute('data-kindred-frame')) {
  void Promise.all([import('./frame.ts'), defined]).then(([{ startFrame }]) => startFrame(window));
}
