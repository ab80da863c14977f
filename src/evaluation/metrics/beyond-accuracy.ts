// What lists are like besides accurate: how much of the catalogue they show, how evenly, how alike and how well-known their items
// are, and whether they have the proportions of the history. A list holds rows, best first, and ends with −1 where it is short.
import { dot } from '../../compute/cpu/linear.ts';
import type { InteractionMatrix } from '../types.ts';

/** Entries of a list before its first −1, at most k. */
export function listRows(list: Int32Array, k = list.length): Int32Array {
  const end = list.indexOf(-1);
  return list.subarray(0, Math.min(k, end < 0 ? list.length : end));
}

/** [items] in how many of the lists an item is among the first k */
export function exposureOf(lists: Iterable<Int32Array>, k: number, itemCount: number): Float64Array {
  const exposure = new Float64Array(itemCount);
  for (const list of lists) for (const row of listRows(list, k)) exposure[row] = (exposure[row] as number) + 1;
  return exposure;
}

/**
 * Catalogue coverage@k: share of the candidates that are in some list. Source: Ge, Delgado-Battenfeld and Jannach 2010,
 * "Beyond accuracy".
 *
 * @param candidates [items] 1 where a row may be recommended; all when left out
 */
export function coverage(exposure: Float64Array, candidates?: Uint8Array): number {
  let shown = 0;
  let total = 0;
  for (let row = 0; row < exposure.length; row++) {
    if (candidates && candidates[row] !== 1) continue;
    total += 1;
    if ((exposure[row] as number) > 0) shown += 1;
  }
  return shown / total;
}

/**
 * Gini index of exposure over n candidates, x ascending: Σ (2i − n − 1) x_i / (n Σ x). 0: all are shown equally often;
 * (n − 1)/n: one item is shown alone. NaN when nothing was shown. Source: Castells, Hurley and Vargas 2022, "Novelty and diversity
 * in recommender systems", section 4.4 (there as 1 − Gini, and with n − 1 for n).
 *
 * @param candidates [items] 1 where a row may be recommended; all when left out
 */
export function giniOfExposure(exposure: Float64Array, candidates?: Uint8Array): number {
  const ascending = exposure.filter((_, row) => !candidates || candidates[row] === 1).sort();
  let weighted = 0;
  let total = 0;
  ascending.forEach((value, at) => {
    weighted += (2 * (at + 1) - ascending.length - 1) * value;
    total += value;
  });
  return weighted / (ascending.length * total);
}

/**
 * Mean cosine of all pairs of a list; 1 − this is intra-list diversity. NaN for fewer than two items. Source: Ziegler et al.
 * 2005, "Improving recommendation lists through topic diversification", equation 5, as a mean.
 *
 * @param vectors [items × dimensions], unit length
 */
export function intraListSimilarity(rows: Int32Array, vectors: Float32Array, dimensions: number): number {
  let sum = 0;
  for (let a = 1; a < rows.length; a++) {
    for (let b = 0; b < a; b++) sum += dot(vectors, (rows[a] as number) * dimensions, vectors, (rows[b] as number) * dimensions, dimensions);
  }
  return sum / ((rows.length * (rows.length - 1)) / 2);
}

/**
 * [items] self-information in bits, −log₂ p(item), p = (1 + users of the training matrix who have the item) / (1 + users
 * with any). The added 1 keeps the value of items that nobody has finite. Source: Zhou et al. 2010, "Solving the apparent
 * diversity-accuracy dilemma of recommender systems".
 */
export function selfInformation({ items, offsets, userCount, itemCount }: InteractionMatrix): Float64Array {
  const counts = new Float64Array(itemCount).fill(1);
  for (const row of items) counts[row] = (counts[row] as number) + 1;
  let users = 1;
  for (let user = 0; user < userCount; user++) if ((offsets[user + 1] as number) > (offsets[user] as number)) users += 1;
  return counts.map((count) => Math.log2(users / count));
}

/** Novelty of a list: mean self-information of its items in bits. NaN for an empty list. */
export function novelty(rows: Int32Array, information: Float64Array): number {
  return rows.reduce((sum, row) => sum + (information[row] as number), 0) / rows.length;
}

/** Steck's α: how much of the history is mixed into the list's proportions, so that the divergence is finite. */
const CALIBRATION_MIX = 0.01;

/** Share of each class in `rows`. An item with several classes counts in each by an equal part. */
function proportions(rows: Int32Array, classesOf: (row: number) => readonly string[]): Map<string, number> {
  const shares = new Map<string, number>();
  let total = 0;
  for (const row of rows) {
    const classes = classesOf(row);
    if (classes.length === 0) continue;
    total += 1;
    for (const one of classes) shares.set(one, (shares.get(one) ?? 0) + 1 / classes.length);
  }
  for (const [one, share] of shares) shares.set(one, share / total);
  return shares;
}

/**
 * Calibration error C_KL = Σ p(g) ln(p(g) / q̃(g)) over classes g, p the proportions of the history, q̃ = 0.99 q + 0.01 p, q those
 * of the list. 0: the list has the history's proportions. NaN when history or list have no class.
 * Source: Steck 2018, "Calibrated recommendations", equations 2 to 5.
 */
export function calibrationError(history: Int32Array, list: Int32Array, classesOf: (row: number) => readonly string[]): number {
  const p = proportions(history, classesOf);
  const q = proportions(list, classesOf);
  if (p.size === 0 || q.size === 0) return Number.NaN;
  let divergence = 0;
  for (const [one, share] of p) {
    divergence += share * Math.log(share / ((1 - CALIBRATION_MIX) * (q.get(one) ?? 0) + CALIBRATION_MIX * share));
  }
  // Rounding can give slightly less than zero.
  return Math.max(0, divergence);
}
