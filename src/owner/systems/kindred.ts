// The product with an owner's log as a system beside the baselines: the list that a visitor sees who opens a catalogue with the file of
// `kindred train`.
import type { RecommenderSystem } from '../../evaluation/types.ts';
import { catalogueFeatures } from '../../ranking/ranked-rows.ts';
import { blendOf, fitTrained } from './trained.ts';

export interface KindredOptions {
  /** Most passes of training over the log. Default 0: the head is the best start. */
  epochs?: number;
  /** Of held-out users and training. Default 1. */
  seed?: number;
}

/**
 * `kindred`: popularity, item–item table and taste by several interests over text, categories and numbers, blended by the number of likes;
 * learned on the training users of the split alone. Weights above 0 are likes; the rest says nothing. Fitting throws bad-argument without
 * vectors, and as `trainOwnerModel`.
 */
export function kindredSystem({ epochs = 0, seed = 1 }: KindredOptions = {}): RecommenderSystem {
  return {
    name: 'kindred',
    title: "Kindred with the owner's log",
    needsVectors: true,
    fit: async (context) => blendOf(await fitTrained(context, { kind: 'bilinear', epochs, seed }, catalogueFeatures)),
  };
}
