// Item-based nearest neighbours: items that the same users liked. Old, simple, and hard to beat (Dacrema et al. 2019).
import type { RecommenderSystem } from '../types.ts';
import { type Breathe, breather } from './breathe.ts';
import { ranksById } from './item-order.ts';
import { inRange } from './options.ts';
import { type BinaryMatrix, likedHistory, positivesOf, rowOf, transpose } from './positives.ts';

/**
 * With n_ij users who liked both and n_i, n_j who liked each:
 * - `cosine`: n_ij / (√(n_i n_j) + shrink), Dacrema, Cremonesi & Jannach 2019;
 * - `overlap`: n_ij / √(n_i n_j) · n_ij / (n_ij + shrink), significance weighting as in Koren 2008, eq. 2.
 */
export type Shrinkage = 'cosine' | 'overlap';

export interface ItemKnnOptions {
  /** Most similar items kept for each item; equal ones by id. Default 200. */
  neighbours?: number;
  /** Users' worth of doubt, 0 or more. Default 20. */
  shrink?: number;
  /** Default `cosine`. */
  shrinkage?: Shrinkage;
}

/** Sparse items × items: row i holds the items j that keep i as a neighbour, with s_ij. */
interface Similarities {
  offsets: Int32Array;
  items: Int32Array;
  values: Float32Array;
}

/**
 * score(j) = Σ of s_ij over the liked history items i among j's nearest neighbours (Sarwar et al. 2001; not divided by Σ s, as in
 * Deshpande & Karypis 2004 for lists of items). Weights above 0 count as 1. Unknown items: 0, the lowest.
 * @throws bad-argument; fitting rejects with aborted
 */
export function itemKnnSystem({ neighbours = 200, shrink = 20, shrinkage = 'cosine' }: ItemKnnOptions = {}): RecommenderSystem {
  inRange('item-knn', 'neighbours', neighbours, { min: 1, integer: true });
  inRange('item-knn', 'shrink', shrink, { min: 0 });
  return {
    name: 'item-knn',
    title: `ItemKNN (${shrinkage}, shrink ${shrink}, ${neighbours} neighbours)`,
    async fit({ train, catalogue, signal }) {
      const likes = positivesOf(train);
      const measure = similarity(shrinkage, shrink);
      const breathe = breather(signal, 'Fitting ItemKNN');
      const similar = await findNeighbours(likes, ranksById(catalogue.items), neighbours, measure, breathe);
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

type Similarity = (both: number, one: number, other: number) => number;

function similarity(shrinkage: Shrinkage, shrink: number): Similarity {
  if (shrinkage === 'cosine') return (both, one, other) => both / (Math.sqrt(one * other) + shrink);
  return (both, one, other) => (both / Math.sqrt(one * other)) * (both / (both + shrink));
}

async function findNeighbours(likes: BinaryMatrix, ranks: Int32Array, limit: number, similar: Similarity, breathe: Breathe): Promise<Similarities> {
  const likers = transpose(likes);
  const count = (item: number): number => (likers.offsets[item + 1] as number) - (likers.offsets[item] as number);
  const both = new Int32Array(likes.columnCount);
  /** Of each item j, its neighbours i: the transpose of what scoring needs. */
  const kept: { item: number; value: number }[][] = [];
  for (let j = 0; j < likes.columnCount; j++) {
    const touched: number[] = [];
    let work = 0;
    for (const user of rowOf(likers, j)) {
      const items = rowOf(likes, user);
      work += items.length;
      for (const i of items) {
        if (both[i] === 0) touched.push(i);
        both[i] = (both[i] as number) + 1;
      }
    }
    const found = touched.filter((i) => i !== j).map((i) => ({ item: i, value: similar(both[i] as number, count(i), count(j)) }));
    for (const i of touched) both[i] = 0;
    if (found.length > limit) {
      found.sort((a, b) => b.value - a.value || (ranks[a.item] as number) - (ranks[b.item] as number));
      found.length = limit;
    }
    kept.push(found);
    await breathe(10 * work);
  }
  return byNeighbour(kept);
}

/** From "neighbours of j" to "items whose neighbour i is". */
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
