// Matrix factorisation trained on pairs "liked above not liked": BPR-MF (Rendle et al. 2009). Draws follow item ids and the
// random source alone, so a seed gives the same model bit for bit.
import { RecommenderError } from '../../base/errors.ts';
import { gaussian } from '../../base/random.ts';
import type { RecommenderSystem } from '../types.ts';
import { type Factors, sampleNegative, sgdStep } from './bpr-step.ts';
import { breather } from './breathe.ts';
import { ranksById } from './item-order.ts';
import { inRange } from './options.ts';
import { type BinaryMatrix, likedHistory, lowestWhereUnknown, positivesOf, rowOf } from './positives.ts';

/** Negatives drawn once at fitting, which every fold-in walks through: scoring needs no chance of its own. */
const FOLD_IN_NEGATIVES = 4099;
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
      const breathe = breather(signal, 'Fitting BPR-MF');
      const { likes, slots } = knownItems(positivesOf(train), ranksById(catalogue.items));
      const model = initialFactors(likes.rowCount, likes.columnCount, settings.factors, random);
      for (let epoch = 0; epoch < settings.epochs; epoch++) {
        const loss = trainEpoch(model, likes, settings, random);
        if (!Number.isFinite(loss)) throw diverged(epoch, settings.learningRate);
        options.onEpoch?.(epoch, loss);
        await breathe(likes.columns.length * settings.factors * 8);
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
  inRange('bpr-mf', 'factors', factors, { min: 1, integer: true });
  inRange('bpr-mf', 'epochs', epochs, { min: 1, integer: true });
  inRange('bpr-mf', 'learningRate', learningRate, { min: Number.MIN_VALUE });
  inRange('bpr-mf', 'regularisation', regularisation, { min: 0, max: 1 });
  inRange('bpr-mf', 'foldInEpochs', foldInEpochs, { min: 0, integer: true });
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
