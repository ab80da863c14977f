// What the open catalogue is ranked by: its text vectors as they are, or with the features of its items joined as an owner's head was
// trained on them. Beside the table, which knows text alone.
import type { Item, ItemId } from '../base/types.ts';
import type { RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import type { ItemVectors } from '../feedback/examples.ts';
import { type FeatureProjection, type FeatureSets, featureSets, joinRow, textScaleOf } from '../head/features.ts';
import type { ItemTable } from '../index/item-table.ts';
import type { SearchableRows } from './head-rank.ts';
import { joinedSearch } from './joined-search.ts';

/** Above so many rows what text and features put forward is scored, not every row. */
const ALL_SCORED_TO = 20_000;

/** Items, their vectors, and the search over them: what users, heads, lists and reasons are made of. */
export interface RankedRows extends ItemVectors, SearchableRows {}

/** The features of an item set are few numbers for many rows; they are made once, of items that never change. */
export class FeatureRows implements RankedRows {
  readonly #table: ItemTable;
  readonly #projection: FeatureProjection;
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

  /** Where hubs are marked down the index alone knows by how much. */
  #scoresAll(): boolean {
    return this.items.length <= ALL_SCORED_TO && this.#table.correction.hubness.weight === 0;
  }

  #textOf(row: number): Float32Array | undefined {
    const item = this.items[row];
    return item && this.#table.vectorOf(item.id);
  }
}
