// The vectors that the open catalogue is ranked by: those of its texts (`ItemTable`), or text and features of the items joined, as an
// owner's head was trained on them. The index holds the text part only. Items with the same features share one feature vector, so that
// features cost next to nothing beside the text.
import type { Item, ItemId } from '../base/types.ts';
import type { RowBitset } from '../compute/backend.ts';
import { dot } from '../compute/cpu/linear.ts';
import { byScore, type Ranked } from '../compute/cpu/top-k.ts';
import type { ItemVectors } from '../feedback/examples.ts';
import { type FeatureProjection, type FeatureSets, featureSets, joinRow, textScaleOf } from '../head/features.ts';
import { hasRow } from '../index/bitset.ts';
import type { ItemTable } from '../index/item-table.ts';
import { type QuerySearch, type Search, thresholdSearch } from './search.ts';

/** With more rows than this, a threshold search stands in for scoring every row. */
const ALL_SCORED_TO = 20_000;

/** Items, their vectors, and the search over them: what user vectors, heads, lists and reasons are made of. */
export interface RankedRows extends ItemVectors {
  search: QuerySearch;
}

export class FeatureRows implements RankedRows {
  readonly #table: ItemTable;
  readonly #projection: FeatureProjection;
  /** Made once: items never change. */
  readonly #features: FeatureSets;

  constructor(table: ItemTable, projection: FeatureProjection) {
    this.#table = table;
    this.#projection = projection;
    this.#features = featureSets(projection, table.items);
  }

  get items(): readonly Item[] {
    return this.#table.items;
  }

  /** Of text and features together. */
  get dimensions(): number {
    return this.#table.dimensions + this.#projection.dimensions;
  }

  /** @returns [dimensions] as `appendFeatures` makes it; undefined while the item is not encoded */
  vectorOf(id: ItemId): Float32Array | undefined {
    const text = this.#table.vectorOf(id);
    const row = this.#table.rowOf.get(id);
    if (!text || row === undefined) return undefined;
    const out = new Float32Array(this.dimensions);
    joinRow(this.#projection, text, this.#features.sets, this.#features.setOf[row] as number, out, 0);
    return out;
  }

  search(query: Float32Array, k: number, allowed: RowBitset): Promise<Ranked[]> {
    const table = this.#table;
    const rows = {
      ...this.#features,
      searchText: (text: Float32Array, count: number, among: RowBitset) => table.search(text, count, among),
      textOf: this.#scoresAll() ? (row: number) => this.#textOf(row) : undefined,
      textDimensions: table.dimensions,
      textScale: textScaleOf(this.#projection),
    };
    return joinedSearch(rows, query)(k, allowed);
  }

  /** Where hubs are marked down, only the index knows by how much. */
  #scoresAll(): boolean {
    return this.items.length <= ALL_SCORED_TO && this.#table.correction.hubness.weight === 0;
  }

  #textOf(row: number): Float32Array | undefined {
    const item = this.items[row];
    return item && this.#table.vectorOf(item.id);
  }
}

/** Items as a search over joined vectors sees them. */
export interface JoinedRows {
  /** Best rows by the text part. @param query [textDimensions], unit length */
  searchText: QuerySearch;
  /** [textDimensions] of a row, in float32. With it every allowed row is scored; without it, a threshold search finds the best. */
  textOf?: ((row: number) => Float32Array | undefined) | undefined;
  textDimensions: number;
  /** What the text part of a joined vector is multiplied by. */
  textScale: number;
  /** [rows] row of `sets` that each item has */
  setOf: Int32Array;
  /** [sets × featureDimensions] as joined */
  sets: Float32Array;
}

/**
 * A search by the dot product of joined vectors. Exact where `textOf` is given; else see `thresholdSearch`.
 * @param query [textDimensions + featureDimensions]
 */
export function joinedSearch({ textDimensions: d, textScale, sets, setOf, searchText, textOf }: JoinedRows, query: Float32Array): Search {
  const length = Math.hypot(...query.subarray(0, d));
  const text = query.slice(0, d);
  if (length > 0) for (let j = 0; j < d; j++) text[j] = (text[j] as number) / length;
  const width = query.length - d;
  const scoreOfSet = Float64Array.from({ length: width > 0 ? sets.length / width : 0 }, (_, set) => dot(query, d, sets, set * width, width));
  const score = (row: number, cosine: number): number => textScale * length * cosine + (scoreOfSet[setOf[row] as number] as number);
  if (textOf) {
    return async (k, allowed) => {
      const ranked = Array.from(setOf.keys()).flatMap((row) => {
        const vector = hasRow(allowed, row) ? textOf(row) : undefined;
        return vector ? [{ row, score: score(row, dot(text, 0, vector, 0, d)) }] : [];
      });
      return ranked.sort(byScore).slice(0, k);
    };
  }
  return thresholdSearch({
    rowCount: setOf.length,
    search: (k, allowed) => searchText(text, k, allowed),
    bestRows: (count, allowed) => bestByFeatures(setOf, scoreOfSet, count, allowed),
    score,
    bound: score,
  });
}

/** At most `count` allowed rows, best features first; ties by feature set, then by row. */
function bestByFeatures(setOf: Int32Array, scoreOfSet: Float64Array, count: number, allowed: RowBitset): number[] {
  const rowsOf: number[][] = Array.from(scoreOfSet, () => []);
  setOf.forEach((set, row) => {
    if (hasRow(allowed, row)) rowsOf[set]?.push(row);
  });
  const order = [...rowsOf.keys()].sort((a, b) => (scoreOfSet[b] as number) - (scoreOfSet[a] as number) || a - b);
  const rows: number[] = [];
  for (const set of order) {
    if (rows.length >= count) break;
    for (const row of rowsOf[set] ?? []) rows.push(row);
  }
  return rows.slice(0, count);
}
