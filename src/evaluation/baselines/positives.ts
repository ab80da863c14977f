// What counts as liked, for every baseline alike: weights above 0. The rest of a log says nothing to these systems.
import { RecommenderError } from '../../base/errors.ts';
import type { InteractionMatrix } from '../types.ts';

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

/** Aᵀ; its columns ascend as well. */
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

/** Columns of one row: a view, not a copy. */
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

/** Gives items of which a system knows nothing the lowest score of those it knows, so that they neither lead nor vanish. */
export function lowestWhereUnknown(scores: Float32Array, known: (item: number) => boolean): void {
  let lowest = Number.POSITIVE_INFINITY;
  scores.forEach((score, item) => {
    if (score < lowest && known(item)) lowest = score;
  });
  if (lowest === Number.POSITIVE_INFINITY) lowest = 0;
  for (let item = 0; item < scores.length; item++) if (!known(item)) scores[item] = lowest;
}
