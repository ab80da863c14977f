// What `kindred evaluate` measures: the baselines, and the product itself.
import { baselineSystems } from '../../src/evaluation/baselines/systems.ts';
import { kindredVisitorSystem } from '../../src/evaluation/kindred-visitor.ts';
import type { RecommenderSystem } from '../../src/evaluation/types.ts';
import { kindredSystem } from '../../src/owner/systems/kindred.ts';

/** Measured where nothing is named, plainest first. */
export function measuredSystems(): RecommenderSystem[] {
  return [...baselineSystems(), kindredVisitorSystem()];
}

/** Those that can be named: with the product that learns from each split's training users, which takes minutes a split. */
export function namedSystems(): RecommenderSystem[] {
  return [...measuredSystems(), kindredSystem()];
}
