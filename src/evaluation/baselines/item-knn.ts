// Item-based nearest neighbours: items that the same users liked. Old, simple and hard to beat (Dacrema et al. 2019).
import { throwIfAborted } from '../../base/errors.ts';
import { createPacer, type Pace } from '../../base/pacer.ts';
import type { RecommenderSystem } from '../types.ts';
import { type BinaryMatrix, checkRange, likedHistory, positivesOf, ranksById, rowOf, transpose } from './common.ts';

export interface ItemKnnOptions {
  /** Most similar items kept for each item; equal ones by id. Default 200. */
  neighbours?: number;
  /** Added to the denominator of the cosine: doubts pairs that few users share. Default 20. */
  shrink?: number;
}

/** Sparse items × items: row i holds the items j that keep i as a neighbour, with s_ij. */
interface Similarities {
  offsets: Int32Array;
  items: Int32Array;
  values: Float32Array;
}

/**
 * s_ij = n_ij / (√(n_i n_j) + shrink), with n_ij users who liked both and n_i, n_j who liked each (Dacrema, Cremonesi & Jannach
 * 2019). score(j) = Σ of s_ij over the liked history items i among j's nearest neighbours (Sarwar et al. 2001; not divided by Σ s, as in
 * Deshpande & Karypis 2004 for lists of items). Weights above 0 count as 1. Unknown items: 0, the lowest.
 * @throws bad-argument; fitting rejects with aborted
 */
export function itemKnnSystem({ neighbours = 200, shrink = 20 }: ItemKnnOptions = {}): RecommenderSystem {
  checkRange('item-knn', 'neighbours', neighbours, { min: 1, integer: true });
  checkRange('item-knn', 'shrink', shrink, { min: 0 });
  return {
    name: 'item-knn',
    title: `ItemKNN (cosine, shrink ${shrink}, ${neighbours} neighbours)`,
    async fit({ train, catalogue, signal }) {
      const likes = positivesOf(train);
      const what = 'Fitting ItemKNN';
      throwIfAborted(signal, what);
      const similar = await findNeighbours(likes, ranksById(catalogue.items), { neighbours, shrink }, createPacer({ signal, what }));
      const sums = new Float64Array(likes.columnCount);
      return {
        score(history, weights, scores) {
          const { items } = likedHistory(history, weights, scores, likes.columnCount);
          sums.fill(0);
          for (const row of items) {
            const end = similar.offsets[row + 1] as number;
            for (let at = similar.offsets[row] as number; at < end; at++) {
              const item = similar.items[at] as number;
              sums[item] = (sums[item] as number) + (similar.values[at] as number);
            }
          }
          scores.set(sums);
        },
      };
    },
  };
}

async function findNeighbours(
  likes: BinaryMatrix,
  ranks: Int32Array,
  { neighbours, shrink }: Required<ItemKnnOptions>,
  pace: Pace,
): Promise<Similarities> {
  const likers = transpose(likes);
  const count = (item: number): number => (likers.offsets[item + 1] as number) - (likers.offsets[item] as number);
  const both = new Int32Array(likes.columnCount);
  /** The neighbours i of each item j. Scoring needs the transpose. */
  const kept: { item: number; value: number }[][] = [];
  for (let j = 0; j < likes.columnCount; j++) {
    const touched: number[] = [];
    for (const user of rowOf(likers, j)) {
      for (const i of rowOf(likes, user)) {
        if (both[i] === 0) touched.push(i);
        both[i] = (both[i] as number) + 1;
      }
    }
    const found = touched.filter((i) => i !== j).map((i) => ({ item: i, value: (both[i] as number) / (Math.sqrt(count(i) * count(j)) + shrink) }));
    for (const i of touched) both[i] = 0;
    if (found.length > neighbours) {
      found.sort((a, b) => b.value - a.value || (ranks[a.item] as number) - (ranks[b.item] as number));
      found.length = neighbours;
    }
    kept.push(found);
    await pace();
  }
  return byNeighbour(kept);
}

/** Turns "the neighbours of j" into "the items that have i as a neighbour". */
function byNeighbour(kept: readonly { item: number; value: number }[][]): Similarities {
  const offsets = new Int32Array(kept.length + 1);
  for (const list of kept) for (const { item } of list) offsets[item + 1] = (offsets[item + 1] as number) + 1;
  for (let i = 0; i < kept.length; i++) offsets[i + 1] = (offsets[i + 1] as number) + (offsets[i] as number);
  const next = offsets.slice(0, kept.length);
  const total = offsets[kept.length] as number;
  const items = new Int32Array(total);
  const values = new Float32Array(total);
  kept.forEach((list, j) => {
    for (const { item, value } of list) {
      const at = next[item] as number;
      items[at] = j;
      values[at] = value;
      next[item] = at + 1;
    }
  });
  return { offsets, items, values };
}
