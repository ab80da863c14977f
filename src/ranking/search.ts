// The form in which every stage of ranking asks for items: a search over the rows that a bitset allows. A stage wraps a search and is a
// search again, so that none of them knows whether an index, a head or a fused list answers.
import type { RowBitset } from '../compute/backend.ts';
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';
import { bitsetOf } from '../index/bitset.ts';

/**
 * Best k of the allowed rows: higher score first, ties by row; fewer only where fewer are allowed. k from 1 to MAX_K.
 * @param allowed [ceil(rows / 32)]
 */
export type Search = (k: number, allowed: RowBitset) => Promise<Ranked[]>;

/** As `Search`, by the dot product with a query [dimensions]. */
export type QuerySearch = (query: Float32Array, k: number, allowed: RowBitset) => Promise<Ranked[]>;

/** Rows taken from each of the two lists of a threshold search: at first, and once more where those are not enough. */
const DEPTH = { perResult: 4, least: 200, most: 1000 };

/** A score made of two parts: one that an index searches, and one that is known for every row. */
export interface TwoPartScore {
  /** Rows of the catalogue. */
  rowCount: number;
  /** Best rows by the first part; also asked for the first part of single rows. */
  search: Search;
  /** Best allowed rows by the second part, at most `count`. */
  bestRows: (count: number, allowed: RowBitset) => readonly number[];
  /** Rows that are scored whether or not a list holds them. Default none. */
  alwaysScored?: (allowed: RowBitset) => readonly number[];
  /** The whole score of a row. It never falls when the first part grows. */
  score: (row: number, firstPart: number) => number;
  /** Most that a row in none of these lists can score. @param row last of `bestRows` @param firstPart of the last row of `search` */
  bound: (row: number, firstPart: number) => number;
}

/**
 * Best rows by a score of two parts, without scoring every row (threshold algorithm, Fagin, Lotem & Naor 2003). The best rows of each
 * part are scored. A row outside of them scores at most `bound`; where the k-th of the list scores less, 1,000 rows of each part are
 * scored. The list is exact where the bound holds by then.
 */
export function thresholdSearch({ rowCount, search, bestRows, alwaysScored = () => [], score, bound }: TwoPartScore): Search {
  return async (k, allowed) => {
    const always = alwaysScored(allowed);
    const second = bestRows(DEPTH.most, allowed);
    const firstParts = new Map<number, number>();
    const remember = (found: readonly Ranked[]): void => {
      for (const one of found) firstParts.set(one.row, one.score);
    };
    let depth = Math.min(DEPTH.most, Math.max(DEPTH.least, DEPTH.perResult * k));
    for (;;) {
      const best = await search(depth, allowed);
      remember(best);
      const bestOfSecond = second.slice(0, depth);
      const unknown = [...new Set([...bestOfSecond, ...always])].filter((row) => !firstParts.has(row));
      for (let from = 0; from < unknown.length; from += DEPTH.most) {
        const block = unknown.slice(from, from + DEPTH.most);
        remember(await search(block.length, bitsetOf(rowCount, block)));
      }
      const ranked = [...firstParts].map(([row, firstPart]) => ({ row, score: score(row, firstPart) })).sort(byScore);
      const [lastFirst, lastSecond] = [best.at(-1), bestOfSecond.at(-1)];
      const isWhole = best.length < depth || !lastFirst || lastSecond === undefined;
      const most = isWhole ? Number.NEGATIVE_INFINITY : bound(lastSecond, lastFirst.score);
      if (depth >= DEPTH.most || (ranked[k - 1]?.score ?? Number.NEGATIVE_INFINITY) >= most) return ranked.slice(0, k);
      depth = DEPTH.most;
    }
  };
}
