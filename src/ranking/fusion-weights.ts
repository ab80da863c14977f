// How much each language's vector of the reader is worth, learned from likes that were held out.
import { RecommenderError } from '../base/errors.ts';

export interface FusionPair {
  /** Score of a held-out like by each language's vector, less that of an item that was not liked; a language without a vector: none. */
  differences: ReadonlyMap<string, number>;
}

export interface FusionWeightOptions {
  /** Pull of every weight towards 1: so many pairs weigh as much as what was known before, that all are equal. Default 50. */
  strength?: number;
  /** Scores are multiplied by it before the logistic function: cosines of a list differ by a tenth or so. Default 10. */
  scale?: number;
}

const STEPS = 300;

/**
 * Weights w ≥ 0 of weighted score fusion by pairwise logistic regression (as in RankNet, Burges et al. 2005), shrunk towards equal
 * weights: minimises Σ over pairs of log(1 + exp(−scale · Σ_L w_L · Δ_L)) + (strength / 2) · Σ_L (w_L − 1)², by projected gradient
 * descent with a fixed step of 1 / (an upper bound of the curvature), STEPS times. Convex, so neither a start nor a draw matters.
 * @returns a weight for each language that occurs in a pair, mean 1
 * @throws bad-argument
 */
export function fitFusionWeights(pairs: readonly FusionPair[], { strength = 50, scale = 10 }: FusionWeightOptions = {}): Map<string, number> {
  if (!(strength > 0 && scale > 0)) {
    throw new RecommenderError('bad-argument', `strength is ${strength} and scale ${scale}; both must be above 0.`, { strength, scale });
  }
  const languages = [...new Set(pairs.flatMap(({ differences }) => [...differences.keys()]))].sort();
  const rows = pairs.map(({ differences }) => languages.map((language) => scale * (differences.get(language) ?? 0)));
  // The logistic loss curves by at most ¼ · |Δ|².
  const curvature = strength + rows.reduce((sum, row) => sum + row.reduce((square, value) => square + value * value, 0), 0) / 4;
  let weights = languages.map(() => 1);
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => strength * (weight - 1));
    for (const row of rows) {
      const margin = row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0);
      const miss = 1 / (1 + Math.exp(margin));
      row.forEach((value, at) => {
        gradient[at] = (gradient[at] ?? 0) - miss * value;
      });
    }
    weights = weights.map((weight, at) => Math.max(0, weight - (gradient[at] ?? 0) / curvature));
  }
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  return new Map(languages.map((language, at) => [language, mean > 0 ? (weights[at] ?? 0) / mean : 1]));
}
