// What `kindred evaluate` measures: the baselines, and the product itself.
import { baselineSystems } from '../../src/evaluation/baselines/systems.ts';
import { kindredVisitorSystem } from '../../src/evaluation/kindred-visitor.ts';
import type { RecommenderSystem } from '../../src/evaluation/types.ts';

/** Plainest first. */
export function measuredSystems(): RecommenderSystem[] {
  return [...baselineSystems(), kindredVisitorSystem()];
}
