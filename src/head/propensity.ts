// Weights that undo position bias in what was logged: an item shown lower is seen less often, so its click says more.
import { RecommenderError } from '../base/errors.ts';

export interface PropensityOptions {
  /** η: a place k is looked at with probability (1/k)^η. 1 when absent, as in the paper's simulation. */
  power?: number;
  /** Largest inverse propensity, before the mean is made 1: bounds the variance, at the price of some bias. 10 when absent. */
  clip?: number;
}

/**
 * Clipped inverse propensity weights of logged interactions: min(k^η, clip), divided by their mean so that the step size stays
 * as it is (self-normalised; Joachims, Swaminathan & Schnabel 2017; Swaminathan & Joachims 2015).
 * @param positions 1-based place of each item in the list in which it was chosen
 * @returns [positions] for `TrainingSet.weight`, mean 1
 * @throws bad-argument for a place below 1, or options out of range
 */
export function propensityWeights(positions: ArrayLike<number>, { power = 1, clip = 10 }: PropensityOptions = {}): Float32Array {
  if (!(power >= 0 && power < Number.POSITIVE_INFINITY && clip >= 1)) {
    throw new RecommenderError('bad-argument', `Propensities take a power from 0 and a clip from 1; got ${power} and ${clip}.`, { power, clip });
  }
  const inverse = Float64Array.from(positions, (place) => {
    if (!(place >= 1)) throw new RecommenderError('bad-argument', `Places in a list count from 1; got ${place}.`, { place });
    return Math.min(place ** power, clip);
  });
  const mean = inverse.reduce((sum, value) => sum + value, 0) / inverse.length;
  return Float32Array.from(inverse, (value) => value / mean);
}
