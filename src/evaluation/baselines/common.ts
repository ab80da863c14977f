// What the baselines share: checks of their options, an order of items that the file does not decide, and what counts as liked.
import { RecommenderError } from '../../base/errors.ts';
import type { Item } from '../../base/types.ts';
import type { InteractionMatrix } from '../types.ts';

interface Range {
  min: number;
  /** Default: no limit. */
  max?: number;
  integer?: boolean;
}

/** Checks an option when the system is made, not after minutes of fitting. @throws bad-argument when it is not a finite number in the range */
export function checkRange(system: string, name: string, value: number, { min, max = Number.MAX_VALUE, integer = false }: Range): void {
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return;
  const limits = max === Number.MAX_VALUE ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new RecommenderError('bad-argument', `${system}: ${name} is ${value}. Pass ${integer ? 'a whole number' : 'a number'} ${limits}.`, {
    system,
    name,
    value,
  });
}

/**
 * Rank of each row when items are sorted by id (UTF-16 units). Ties and random draws follow it, so a shuffled catalogue gives the
 * same result.
 * @returns [items]
 */
export function ranksById(items: readonly Item[]): Int32Array {
  const ids = items.map((item): string => item.id);
  const rows = ids.map((_, row) => row);
  rows.sort((a, b) => {
    const x = ids[a] as string;
    const y = ids[b] as string;
    return x < y ? -1 : x > y ? 1 : a - b;
  });
  const ranks = new Int32Array(rows.length);
  rows.forEach((row, rank) => {
    ranks[row] = rank;
  });
  return ranks;
}

/** Sparse 0/1 matrix, compressed rows: columns of row r are `columns[offsets[r]] … columns[offsets[r + 1] − 1]`, ascending. */
export interface BinaryMatrix {
  rowCount: number;
  columnCount: number;
  /** [rowCount + 1] */
  offsets: Int32Array;
  columns: Int32Array;
}

/** Users × items, 1 where the weight is above 0. */
export function positivesOf(train: InteractionMatrix): BinaryMatrix {
  const offsets = new Int32Array(train.userCount + 1);
  const columns = new Int32Array(train.items.length);
  let count = 0;
  for (let user = 0; user < train.userCount; user++) {
    const end = train.offsets[user + 1] as number;
    for (let at = train.offsets[user] as number; at < end; at++) {
      if ((train.weights[at] as number) > 0) columns[count++] = train.items[at] as number;
    }
    offsets[user + 1] = count;
  }
  return { rowCount: train.userCount, columnCount: train.itemCount, offsets, columns: columns.slice(0, count) };
}

/** Aᵀ, with ascending columns. */
export function transpose(a: BinaryMatrix): BinaryMatrix {
  const offsets = new Int32Array(a.columnCount + 1);
  for (const column of a.columns) offsets[column + 1] = (offsets[column + 1] as number) + 1;
  for (let c = 0; c < a.columnCount; c++) offsets[c + 1] = (offsets[c + 1] as number) + (offsets[c] as number);
  const next = offsets.slice(0, a.columnCount);
  const columns = new Int32Array(a.columns.length);
  for (let row = 0; row < a.rowCount; row++) {
    for (const column of rowOf(a, row)) {
      const at = next[column] as number;
      columns[at] = row;
      next[column] = at + 1;
    }
  }
  return { rowCount: a.columnCount, columnCount: a.rowCount, offsets, columns };
}

/** Columns of one row, as a view. */
export function rowOf(a: BinaryMatrix, row: number): Int32Array {
  return a.columns.subarray(a.offsets[row], a.offsets[row + 1]);
}

export interface LikedHistory {
  /** Rows, each once, in the order of first appearance. */
  items: Int32Array;
  /** [items] above 0; the sum where a row came more than once */
  weights: Float64Array;
}

/**
 * The liked part of a history.
 * @param history rows, oldest first; @param weights [history]; @param scores [itemCount], checked for its length only
 * @throws bad-argument when lengths disagree or a row is not in the catalogue
 */
export function likedHistory(history: Int32Array, weights: Float32Array, scores: Float32Array, itemCount: number): LikedHistory {
  if (history.length !== weights.length || scores.length !== itemCount) {
    throw new RecommenderError(
      'bad-argument',
      `A history of ${history.length} rows came with ${weights.length} weights and room for ${scores.length} scores. ` +
        `Pass one weight a row and ${itemCount} scores, one an item.`,
      { history: history.length, weights: weights.length, scores: scores.length, itemCount },
    );
  }
  const sums = new Map<number, number>();
  history.forEach((row, at) => {
    if (row < 0 || row >= itemCount) {
      throw new RecommenderError(
        'bad-argument',
        `The history names row ${row}, but the system was fitted on ${itemCount} items. Fit it on the catalogue of the history.`,
        { row, itemCount },
      );
    }
    const weight = weights[at] as number;
    if (weight > 0) sums.set(row, (sums.get(row) ?? 0) + weight);
  });
  return { items: Int32Array.from(sums.keys()), weights: Float64Array.from(sums.values()) };
}

/** Gives each unknown item the lowest score of the known ones: unknown items are then neither first nor excluded. */
export function lowestWhereUnknown(scores: Float32Array, known: (item: number) => boolean): void {
  let lowest = Number.POSITIVE_INFINITY;
  scores.forEach((score, item) => {
    if (score < lowest && known(item)) lowest = score;
  });
  if (lowest === Number.POSITIVE_INFINITY) lowest = 0;
  for (let item = 0; item < scores.length; item++) if (!known(item)) scores[item] = lowest;
}
