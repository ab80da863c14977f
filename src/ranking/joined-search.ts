// A search over vectors that are text and features joined, through an index that knows the text alone. Features of items that say the
// same are scored once, so that they cost next to nothing beside the text.

import type { RowBitset } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import { byScore } from '../compute/cpu/top-k.ts';
import { bitsetOf, hasRow } from '../index/bitset.ts';
import type { Search } from './search.ts';

/** Rows that text and features put forward where not all are scored: at first, and where those do not settle it. */
const DEPTH = { perResult: 4, least: 200, most: 1000 };

/** Items as a search over joined vectors sees them. */
export interface JoinedRows {
  /** Best rows by the text part. @param query [textDimensions], unit length */
  searchText: (query: Float32Array, k: number, allowed: RowBitset) => Promise<Ranked[]>;
  /** [textDimensions] of a row, in float32: every allowed row is scored; absent: what text and features put forward is. */
  textOf?: ((row: number) => Float32Array | undefined) | undefined;
  textDimensions: number;
  /** What the text part of a joined vector is multiplied by. */
  textScale: number;
  /** [rows] */
  setOf: Int32Array;
  /** [sets × featureDimensions] as joined */
  sets: Float32Array;
}

/** A joined query in its two parts. */
interface Query {
  /** [textDimensions], unit length */
  text: Float32Array;
  /** Of the cosine with `text`. */
  weight: number;
  /** [sets] what features add to the score */
  bySet: Float64Array;
}

/**
 * Best k of the allowed rows by the dot product of the joined vectors. Exact where float32 rows are at hand. Else the text puts its best
 * forward and the features theirs; a row outside of both scores at most as the last of the two together (threshold algorithm, Fagin,
 * Lotem & Naor 2003), and where the k-th of the list is below that, 1,000 of each are asked for.
 * @param query [textDimensions + featureDimensions]
 */
export function joinedSearch(rows: JoinedRows, query: Float32Array): Search {
  const parts = partsOf(rows, query);
  const { textOf } = rows;
  return textOf ? async (k, allowed) => allScored(rows, parts, textOf, allowed).slice(0, k) : (k, allowed) => putForward(rows, parts, k, allowed);
}

function partsOf({ textDimensions: d, textScale, sets }: JoinedRows, query: Float32Array): Query {
  const width = query.length - d;
  const length = Math.hypot(...query.subarray(0, d));
  const text = query.slice(0, d);
  if (length > 0) for (let j = 0; j < d; j++) text[j] = (text[j] as number) / length;
  const count = width > 0 ? sets.length / width : 0;
  return { text, weight: textScale * length, bySet: Float64Array.from({ length: count }, (_, set) => dot(query, d, sets, set * width, width)) };
}

function allScored({ setOf }: JoinedRows, { text, weight, bySet }: Query, textOf: NonNullable<JoinedRows['textOf']>, allowed: RowBitset): Ranked[] {
  const ranked: Ranked[] = [];
  for (let row = 0; row < setOf.length; row++) {
    const vector = hasRow(allowed, row) ? textOf(row) : undefined;
    if (vector) ranked.push({ row, score: weight * dot(text, 0, vector, 0, text.length) + (bySet[setOf[row] as number] as number) });
  }
  return ranked.sort(byScore);
}

async function putForward(rows: JoinedRows, { text, weight, bySet }: Query, k: number, allowed: RowBitset): Promise<Ranked[]> {
  const { setOf, searchText } = rows;
  const byText = new Map<number, number>(); // row → cosine
  const score = (row: number): number => weight * (byText.get(row) ?? 0) + (bySet[setOf[row] as number] as number);
  const liked = byFeatures(setOf, bySet, allowed);
  let depth = Math.min(DEPTH.most, Math.max(DEPTH.least, DEPTH.perResult * k));
  for (;;) {
    const best = await searchText(text, depth, allowed);
    const forward = liked.slice(0, depth);
    for (const { row, score: cosine } of best) byText.set(row, cosine);
    const unknown = forward.filter((row) => !byText.has(row));
    if (unknown.length > 0)
      for (const { row, score: cosine } of await searchText(text, unknown.length, bitsetOf(setOf.length, unknown))) byText.set(row, cosine);
    const ranked = [...byText.keys()].map((row) => ({ row, score: score(row) })).sort(byScore);
    const [lastOfText, lastOfFeatures] = [best.at(-1), forward.at(-1)];
    const whole = best.length < depth || !lastOfText || lastOfFeatures === undefined;
    const bound = whole ? Number.NEGATIVE_INFINITY : weight * lastOfText.score + (bySet[setOf[lastOfFeatures] as number] as number);
    if (depth >= DEPTH.most || (ranked[k - 1]?.score ?? Number.NEGATIVE_INFINITY) >= bound) return ranked.slice(0, k);
    depth = DEPTH.most;
  }
}

/** Allowed rows, best features first, ties by row; `DEPTH.most` at most. */
function byFeatures(setOf: Int32Array, bySet: Float64Array, allowed: RowBitset): number[] {
  const rowsOf: number[][] = Array.from(bySet, () => []);
  setOf.forEach((set, row) => {
    if (hasRow(allowed, row)) rowsOf[set]?.push(row);
  });
  const order = [...rowsOf.keys()].sort((a, b) => (bySet[b] as number) - (bySet[a] as number) || a - b);
  const rows: number[] = [];
  for (const set of order) {
    if (rows.length >= DEPTH.most) break;
    for (const row of rowsOf[set] ?? []) rows.push(row);
  }
  return rows.slice(0, DEPTH.most);
}
