// Matrix factorisation trained on pairs "liked above not liked": BPR-MF (Rendle et al. 2009). Draws depend on item ids and the
// random source alone, so a seed gives the same model bit for bit.
import { RecommenderError, throwIfAborted } from '../../base/errors.ts';
import { createPacer } from '../../base/pacer.ts';
import { gaussian } from '../../base/random.ts';
import type { RecommenderSystem } from '../types.ts';
import { type BinaryMatrix, checkRange, likedHistory, lowestWhereUnknown, positivesOf, ranksById, rowOf } from './common.ts';

/** Negatives that are drawn once at fitting and used by every fold-in, so that scoring draws nothing. */
const FOLD_IN_NEGATIVES = 4099;
/** Draws of a negative after which the user is taken to like nearly everything. */
const NEGATIVE_TRIES = 50;
/** Standard deviation of the first factors. */
const INITIAL_DEVIATION = 0.1;

export interface BprMfOptions {
  /** Default 64. */
  factors?: number;
  /** Passes over as many draws as there are training interactions. Default 100. */
  epochs?: number;
  /** Default 0.1. */
  learningRate?: number;
  /** L2 penalty on factors and biases. Default 0.03. */
  regularisation?: number;
  /** Passes over the history when a user's vector is fitted for scoring. 0: the mean of the item factors. Default 20. */
  foldInEpochs?: number;
  /** Called after each epoch with the mean of −ln σ(x_ui − x_uj) over its draws. */
  onEpoch?: (epoch: number, loss: number) => void;
}

type Settings = Required<Omit<BprMfOptions, 'onEpoch'>>;

export interface Factors {
  factors: number;
  /** [users × factors] */
  users: Float64Array;
  /** [items × factors] */
  items: Float64Array;
  /** [items] */
  biases: Float64Array;
}

/**
 * score(j) = b_j + u·q_j. The history's user need not be in the training part: u starts at the mean of the history's item
 * factors and takes SGD steps on the same loss with the items fixed. An empty history is scored by b alone. Weights above 0
 * count as 1. Items without a training interaction get the lowest score of the others.
 * @throws bad-argument; fitting rejects with training-failed, aborted
 */
export function bprMfSystem(options: BprMfOptions = {}): RecommenderSystem {
  const settings = readSettings(options);
  return {
    name: 'bpr-mf',
    title: `BPR-MF (${settings.factors} factors, ${settings.epochs} epochs)`,
    async fit({ train, catalogue, random, signal }) {
      const what = 'Fitting BPR-MF';
      throwIfAborted(signal, what);
      const pace = createPacer({ signal, what });
      const { likes, slots } = knownItems(positivesOf(train), ranksById(catalogue.items));
      const model = initialFactors(likes.rowCount, likes.columnCount, settings.factors, random);
      for (let epoch = 0; epoch < settings.epochs; epoch++) {
        const loss = trainEpoch(model, likes, settings, random);
        if (!Number.isFinite(loss)) throw diverged(epoch, settings.learningRate);
        options.onEpoch?.(epoch, loss);
        await pace();
      }
      const negatives = Int32Array.from({ length: FOLD_IN_NEGATIVES }, () => Math.floor(random() * likes.columnCount));
      return {
        score(history, weights, scores) {
          const { items } = likedHistory(history, weights, scores, slots.length);
          const liked = Int32Array.from(items, (row) => slots[row] as number).filter((slot) => slot >= 0);
          const user = foldIn(model, liked, negatives, settings);
          slots.forEach((slot, row) => {
            scores[row] = slot < 0 ? 0 : rate(model, user, slot);
          });
          lowestWhereUnknown(scores, (row) => (slots[row] as number) >= 0);
        },
      };
    },
  };
}

function readSettings(options: BprMfOptions): Settings {
  const { factors = 64, epochs = 100, learningRate = 0.1, regularisation = 0.03, foldInEpochs = 20 } = options;
  checkRange('bpr-mf', 'factors', factors, { min: 1, integer: true });
  checkRange('bpr-mf', 'epochs', epochs, { min: 1, integer: true });
  checkRange('bpr-mf', 'learningRate', learningRate, { min: Number.MIN_VALUE });
  checkRange('bpr-mf', 'regularisation', regularisation, { min: 0, max: 1 });
  checkRange('bpr-mf', 'foldInEpochs', foldInEpochs, { min: 0, integer: true });
  return { factors, epochs, learningRate, regularisation, foldInEpochs };
}

/**
 * Renumbers items that have an interaction as slots 0, 1, … in the order of their ids.
 * @returns likes as users × slots, ascending, and [items] the slot of each row, −1 without interaction
 */
function knownItems(likes: BinaryMatrix, ranks: Int32Array): { likes: BinaryMatrix; slots: Int32Array } {
  const seen = Int32Array.from(new Set(likes.columns));
  seen.sort((a, b) => (ranks[a] as number) - (ranks[b] as number));
  const slots = new Int32Array(ranks.length).fill(-1);
  seen.forEach((row, slot) => {
    slots[row] = slot;
  });
  const columns = likes.columns.map((row) => slots[row] as number);
  const renumbered = { ...likes, columnCount: seen.length, columns };
  for (let user = 0; user < likes.rowCount; user++) rowOf(renumbered, user).sort();
  return { likes: renumbered, slots };
}

function initialFactors(userCount: number, itemCount: number, factors: number, random: () => number): Factors {
  // Box and Muller
  const normal = (): number => INITIAL_DEVIATION * gaussian(random);
  return {
    factors,
    users: Float64Array.from({ length: userCount * factors }, normal),
    items: Float64Array.from({ length: itemCount * factors }, normal),
    biases: new Float64Array(itemCount),
  };
}

/** As many draws of (user, liked, not liked) as there are interactions, with replacement. @returns mean loss */
function trainEpoch(model: Factors, likes: BinaryMatrix, settings: Settings, random: () => number): number {
  const owner = new Int32Array(likes.columns.length);
  for (let user = 0; user < likes.rowCount; user++) owner.fill(user, likes.offsets[user], likes.offsets[user + 1]);
  let loss = 0;
  let steps = 0;
  for (let draw = 0; draw < owner.length; draw++) {
    const at = Math.floor(random() * owner.length);
    const user = owner[at] as number;
    const negative = sampleNegative(rowOf(likes, user), likes.columnCount, random);
    if (negative < 0) continue;
    const vector = model.users.subarray(user * model.factors, (user + 1) * model.factors);
    loss += sgdStep(model, vector, likes.columns[at] as number, negative, settings, true);
    steps++;
  }
  return steps > 0 ? loss / steps : 0;
}

/** A vector for a user who was not trained, items fixed. @param liked slots @returns [factors]; zero for an empty history */
function foldIn(model: Factors, liked: Int32Array, negatives: Int32Array, settings: Settings): Float64Array {
  const k = model.factors;
  const user = new Float64Array(k);
  for (const slot of liked) {
    for (let f = 0; f < k; f++) user[f] = (user[f] as number) + (model.items[slot * k + f] as number) / liked.length;
  }
  const own = new Set(liked);
  let next = 0;
  for (let epoch = 0; epoch < settings.foldInEpochs; epoch++) {
    for (const slot of liked) {
      const negative = negatives[next++ % negatives.length] as number;
      if (!own.has(negative)) sgdStep(model, user, slot, negative, settings, false);
    }
  }
  return user;
}

function rate(model: Factors, user: Float64Array, slot: number): number {
  let sum = model.biases[slot] as number;
  for (let f = 0; f < model.factors; f++) sum += (user[f] as number) * (model.items[slot * model.factors + f] as number);
  return sum;
}

function diverged(epoch: number, learningRate: number): RecommenderError {
  return new RecommenderError('training-failed', `The loss of BPR-MF is no number after epoch ${epoch + 1}. Lower learningRate (${learningRate}).`, {
    epoch,
    learningRate,
  });
}

/**
 * One step of stochastic gradient ascent (Rendle et al. 2009, fig. 4), for training and fold-in. Ascends ln σ(x) − ½ regularisation · ‖parameters‖² with x = b_i − b_j + u·(q_i − q_j), in place.
 * @param user [factors], changed; @param moveItems false: only the user's vector changes
 * @returns −ln σ(x) before the step
 */
export function sgdStep(
  model: Factors,
  user: Float64Array,
  liked: number,
  other: number,
  settings: Pick<Settings, 'learningRate' | 'regularisation'>,
  moveItems: boolean,
): number {
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
