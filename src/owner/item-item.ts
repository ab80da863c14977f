// Makes the item–item table of a log: which items the same people like, one byte a pair. A pair that fewer than
// five users share is never written, so that nobody's history can be read back from the table.
import { RecommenderError } from '../base/errors.ts';
import { createPacer } from '../base/pacer.ts';
import { invertSymmetric } from '../compute/cpu/symmetric-inverse.ts';
import type { ItemItemTable } from '../head/log-knowledge.ts';
import { countLikers, type Likes, likedRows } from './likes.ts';

/** A pair that fewer users share is not written. */
const LEAST_PAIR_USERS = 5;
const LARGEST_EASE = 3000;
/** 100 was as good as 250, and 500 between 250 and 1000. */
const EASE_LAMBDAS = [250, 1000];

export interface ItemItemOptions {
  /** Most neighbours of an item. Default 128. */
  neighbours?: number;
  /** λ of EASE^R. Default 500. */
  lambda?: number;
  /** Added to the denominator of ItemKNN's cosine, in users. Default 20. */
  shrink?: number;
  /** Default: `ease` for at most 3,000 items that five users like, else `item-knn`. */
  method?: 'ease' | 'item-knn';
  signal?: AbortSignal;
}

/**
 * Settings that held-out users choose between: ItemKNN is best for readers with one to five likes, EASE from ten likes on, with a higher λ
 * for fewer likes and users; 256 neighbours give ItemKNN 1 to 3 % on some logs, and EASE nothing.
 * @see docs/decisions/2026-11-25-what-an-owners-log-adds.md
 */
export function tableCandidates(likes: Likes): Pick<ItemItemOptions, 'method' | 'lambda' | 'neighbours'>[] {
  const known = countLikers(likedRows(likes), likes.itemCount).filter((count) => count >= LEAST_PAIR_USERS).length;
  const ease = known <= LARGEST_EASE ? EASE_LAMBDAS.map((lambda) => ({ method: 'ease' as const, lambda })) : [];
  return [{ method: 'item-knn' }, { method: 'item-knn', neighbours: 256 }, ...ease];
}

/** For each item, the users that it shares with each other item. */
type Pairs = Map<number, number>[];

/**
 * The table of a log. `ease`: B = I − P / diag(P), P = (XᵀX + λI)⁻¹ over the items that five users like (Steck 2019). `item-knn`:
 * n_ij / (√(n_i n_j) + shrink) (Dacrema, Cremonesi & Jannach 2019). Row i says what a liked i adds to each neighbour.
 * @throws bad-argument for options out of range, or `ease` with more than 3,000 items; aborted
 */
export async function itemItemTable(
  likes: Likes,
  { neighbours = 128, lambda = 500, shrink = 20, method, signal }: ItemItemOptions = {},
): Promise<ItemItemTable> {
  if (!(Number.isInteger(neighbours) && neighbours > 0 && lambda > 0 && shrink >= 0)) {
    throw new RecommenderError(
      'bad-argument',
      `A table takes whole neighbours from 1, λ above 0, shrinkage from 0; got ${neighbours}, ${lambda}, ${shrink}.`,
    );
  }
  const liked = likedRows(likes);
  const counts = countLikers(liked, likes.itemCount);
  const kept = [...counts.keys()].filter((row) => (counts[row] as number) >= LEAST_PAIR_USERS);
  const chosen = method ?? (kept.length <= LARGEST_EASE ? 'ease' : 'item-knn');
  if (chosen === 'ease' && kept.length > LARGEST_EASE) {
    throw new RecommenderError('bad-argument', `EASE would invert a matrix of ${kept.length} items; the limit is ${LARGEST_EASE}. Use item-knn.`, {
      items: kept.length,
    });
  }
  const placeOf = new Map(kept.map((row, place) => [row, place]));
  const users = liked.map((rows) =>
    Int32Array.from(rows)
      .filter((row) => placeOf.has(row))
      .map((row) => placeOf.get(row) ?? 0),
  );
  const pairs = await sharedPairs(users, kept.length, signal);
  const count = (place: number): number => counts[kept[place] as number] as number;
  const weights =
    chosen === 'ease'
      ? await easeWeights(pairs, count, lambda, signal)
      : (i: number, j: number, both: number) => both / (Math.sqrt(count(i) * count(j)) + shrink);
  const rows = pairs.map((row, i) =>
    [...row]
      .filter(([, both]) => both >= LEAST_PAIR_USERS)
      .map(([j, both]) => ({ item: kept[j] as number, weight: weights(i, j, both) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight || a.item - b.item)
      .slice(0, neighbours),
  );
  return pack(chosen, likes.itemCount, new Map(rows.map((row, place) => [kept[place] as number, row])));
}

async function sharedPairs(users: readonly Int32Array[], size: number, signal: AbortSignal | undefined): Promise<Pairs> {
  const pairs: Pairs = Array.from({ length: size }, () => new Map());
  const pace = createPacer({ signal, what: 'Making the item–item table' });
  for (const rows of users) {
    for (const i of rows) {
      const row = pairs[i];
      for (const j of rows) if (i !== j) row?.set(j, (row.get(j) ?? 0) + 1);
    }
    await pace();
  }
  return pairs;
}

async function easeWeights(
  pairs: Pairs,
  count: (place: number) => number,
  lambda: number,
  signal: AbortSignal | undefined,
): Promise<(i: number, j: number) => number> {
  const n = pairs.length;
  const p = new Float64Array(n * n);
  pairs.forEach((row, i) => {
    for (const [j, both] of row) p[i * n + j] = both;
    p[i * n + i] = count(i) + lambda;
  });
  const pace = createPacer({ signal, what: 'Making the item–item table' });
  await invertSymmetric(p, n, pace);
  return (i, j) => -(p[i * n + j] as number) / (p[j * n + j] as number);
}

interface Neighbour {
  item: number;
  weight: number;
}

function pack(method: ItemItemTable['method'], itemCount: number, rows: ReadonlyMap<number, readonly Neighbour[]>): ItemItemTable {
  const all = [...rows.values()];
  const largest = all.reduce((most, row) => Math.max(most, row[0]?.weight ?? 0), 0);
  const scale = largest > 0 ? largest / 127 : 1;
  const offsets = new Int32Array(itemCount + 1);
  const items: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < itemCount; row++) {
    for (const { item, weight } of rows.get(row) ?? []) {
      const value = Math.round(weight / scale);
      if (value === 0) break; // strongest first: the rest is 0 as well
      items.push(item);
      values.push(value);
    }
    offsets[row + 1] = items.length;
  }
  return { method, offsets, items: Int32Array.from(items), values: Int8Array.from(values), scale };
}
