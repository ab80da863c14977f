// One step of stochastic gradient ascent on the BPR criterion (Rendle et al. 2009, fig. 4), shared by training and fold-in.

/** Draws before a user is taken to like nearly everything. */
const NEGATIVE_TRIES = 50;

export interface Factors {
  factors: number;
  /** [users × factors] */
  users: Float64Array;
  /** [items × factors] */
  items: Float64Array;
  /** [items] */
  biases: Float64Array;
}

export interface StepSettings {
  learningRate: number;
  regularisation: number;
}

/**
 * Ascends ln σ(x) − ½ regularisation · ‖parameters‖² with x = b_i − b_j + u·(q_i − q_j), in place.
 * @param user [factors], changed; @param moveItems false: only the user's vector changes
 * @returns −ln σ(x) before the step
 */
export function sgdStep(model: Factors, user: Float64Array, liked: number, other: number, settings: StepSettings, moveItems: boolean): number {
  const { factors: k, items, biases } = model;
  const { learningRate: rate, regularisation: decay } = settings;
  const i = liked * k;
  const j = other * k;
  let x = (biases[liked] as number) - (biases[other] as number);
  for (let f = 0; f < k; f++) x += (user[f] as number) * ((items[i + f] as number) - (items[j + f] as number));
  const pull = 1 / (1 + Math.exp(x)); // σ(−x)
  for (let f = 0; f < k; f++) {
    const u = user[f] as number;
    const qi = items[i + f] as number;
    const qj = items[j + f] as number;
    user[f] = u + rate * (pull * (qi - qj) - decay * u);
    if (!moveItems) continue;
    items[i + f] = qi + rate * (pull * u - decay * qi);
    items[j + f] = qj - rate * (pull * u + decay * qj);
  }
  if (moveItems) {
    biases[liked] = (biases[liked] as number) + rate * (pull - decay * (biases[liked] as number));
    biases[other] = (biases[other] as number) - rate * (pull + decay * (biases[other] as number));
  }
  return x > 0 ? Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)) - x;
}

/** Uniform among the items not in `liked` (ascending). @returns −1 when many draws all fell on liked ones */
export function sampleNegative(liked: Int32Array, itemCount: number, random: () => number): number {
  for (let attempt = 0; attempt < NEGATIVE_TRIES; attempt++) {
    const item = Math.floor(random() * itemCount);
    if (!includesSorted(liked, item)) return item;
  }
  return -1;
}

function includesSorted(values: Int32Array, wanted: number): boolean {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return values[low] === wanted;
}
