// Entry of kindred.js, which other sites embed. Safe to import where there is no DOM (server rendering): it then defines nothing.
export type { KindredRecommendations } from './kindred-recommendations.ts';

/** Resolves when `<kindred-recommendations>` is defined; at once on a server. */
export const defined: Promise<unknown> =
  typeof HTMLElement === 'undefined' ? Promise.resolve() : import('./kindred-recommendations.ts');
