// One score from three: the head (taste), the prior (how liked an item is by all) and the item–item table (what people with the same
// likes like). The weights were learned from people outside the training.
import { RecommenderError } from '../base/errors.ts';
import type { BlendPart, BlendWeights } from '../head/log-knowledge.ts';

export interface BlendInput {
  /** [items] in any unit; −Infinity where there is no vector */
  headScores: Float32Array;
  /** [items] in any unit; absent without an owner's log */
  prior?: Float32Array;
  /** [items] 0 or more, from `itemItemScores`; absent without a table */
  itemItem?: Float32Array;
  /** Rows that the person likes; their number chooses the weights. */
  history: ArrayLike<number>;
  weights: BlendWeights;
}

/** The weights for a history of this length. @throws bad-argument when there are none for it */
export function weightsFor(weights: BlendWeights, historyLength: number): BlendPart {
  const found = weights.find(({ upTo }) => upTo === null || historyLength <= upTo);
  if (found) return found;
  throw new RecommenderError(
    'bad-argument',
    `The blend has no weights for a history of ${historyLength} items. End its buckets with one of any length.`,
    { historyLength },
  );
}

/**
 * w_head · z(head) + w_prior · z(prior) + w_itemItem · itemItem / max(itemItem), z = (x − mean) / deviation over all items. A head score
 * of −Infinity counts as the lowest of the others. A part that is absent adds nothing.
 * @returns [items]
 * @throws bad-argument when lengths differ or weights are missing
 */
export function blendScores({ headScores, prior, itemItem, history, weights }: BlendInput): Float32Array {
  return combine(standardParts({ headScores, ...(prior && { prior }), ...(itemItem && { itemItem }) }), weightsFor(weights, history.length));
}

/** The parts, in units that can be added. */
export interface StandardParts {
  head: Float32Array;
  prior: Float32Array | undefined;
  itemItem: Float32Array | undefined;
}

/** @throws bad-argument when lengths differ */
export function standardParts({ headScores, prior, itemItem }: Pick<BlendInput, 'headScores' | 'prior' | 'itemItem'>): StandardParts {
  for (const [name, part] of [
    ['prior', prior],
    ['item–item scores', itemItem],
  ] as const) {
    if (part && part.length !== headScores.length) {
      throw new RecommenderError(
        'bad-argument',
        `There are ${headScores.length} head scores and ${part.length} values of the ${name}. Give those of one catalogue.`,
      );
    }
  }
  return { head: standardised(headScores), prior: prior && standardised(prior), itemItem: itemItem && dividedByLargest(itemItem) };
}

/** @returns [items] Σ weight · part */
export function combine({ head, prior, itemItem }: StandardParts, weights: BlendPart): Float32Array {
  // A plain loop, because learning the weights combines millions of values.
  const out = new Float32Array(head.length);
  for (let row = 0; row < out.length; row++) {
    let sum = weights.head * (head[row] as number);
    if (prior) sum += weights.prior * (prior[row] as number);
    if (itemItem) sum += weights.itemItem * (itemItem[row] as number);
    out[row] = sum;
  }
  return out;
}

/** Mean 0 and deviation 1 over the finite values; −Infinity becomes the lowest of them; equal values become 0. */
function standardised(values: Float32Array): Float32Array {
  let [count, sum, squares, lowest] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const value of values) {
    if (value === Number.NEGATIVE_INFINITY) continue;
    count++;
    sum += value;
    squares += value * value;
    lowest = Math.min(lowest, value);
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean));
  // Rounding leaves a trace of deviation in equal values.
  const scale = deviation > 1e-6 * (Math.abs(mean) + 1e-6) ? 1 / deviation : 0;
  return values.map((value) => ((value === Number.NEGATIVE_INFINITY ? (count > 0 ? lowest : mean) : value) - mean) * scale);
}

function dividedByLargest(values: Float32Array): Float32Array {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  return largest > 0 ? values.map((value) => value / largest) : values;
}
