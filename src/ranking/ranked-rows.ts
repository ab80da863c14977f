// The vectors that lists, readers and heads of the open catalogue are made of: corrected texts, with the features of the items joined.
import type { Item, ItemId } from '../base/types.ts';
import type { RowBitset } from '../compute/backend.ts';
import type { Ranked } from '../compute/cpu/top-k.ts';
import type { Interests } from '../compute/interests.ts';
import type { ItemVectors } from '../feedback/examples.ts';
import { type FeatureProjection, featureSets, fitFeatures, textScaleOf } from '../head/features.ts';
import type { RowFeatures } from '../index/corrected-rows.ts';
import type { ItemTable } from '../index/item-table.ts';
import { languageTellingCategories } from '../language/telling-categories.ts';
import type { QuerySearch } from './search.ts';

/** Items, their vectors, and the searches over them. */
export interface RankedRows extends ItemVectors {
  items: readonly Item[];
  rowOf: ReadonlyMap<ItemId, number>;
  /** By the dot product with a query [dimensions]. */
  search: QuerySearch;
  searchInterests: (interests: Interests, k: number, allowed: RowBitset) => Promise<Ranked[]>;
  /** What is added to the product of a unit vector and the row, see `itemBias`. */
  biasOf: (row: number) => number;
  /** The text's part of a product, over the cosine of the texts. */
  readonly textShare: number;
}

export function rankedRows(table: ItemTable): RankedRows {
  return {
    items: table.items,
    rowOf: table.rowOf,
    get dimensions() {
      return table.rankedDimensions;
    },
    get textShare() {
      return table.textShare;
    },
    vectorOf: (id) => table.rankedVectorOf(id),
    search: (query, k, allowed) => table.searchRanked(query, k, allowed),
    searchInterests: (interests, k, allowed) => table.searchInterests(interests, k, allowed),
    biasOf: (row) => table.biasOf(row),
  };
}

/**
 * How features count where no owner's head says it: a fifth of the cosine, of that a fifth by numbers. Measured: see
 * docs/decisions/2026-11-25-several-interests.md.
 */
const FEATURES = { dimensions: 64, share: 0.2, numericShare: 0.2 };

/**
 * The features of a catalogue without an owner's head; categories that only tell the language are left out.
 * @returns undefined where no item has any: texts alone are ranked then
 */
export function catalogueFeatures(items: readonly Item[]): FeatureProjection | undefined {
  // Numbers alone are no more than they are beside categories.
  const share = items.some(({ categories }) => categories.length > 0) ? FEATURES.share : FEATURES.share * FEATURES.numericShare;
  const projection = fitFeatures(items, { ...FEATURES, share, withoutCategories: languageTellingCategories(items) });
  return featureSets(projection, items).sets.some((value) => value !== 0) ? projection : undefined;
}

/** Features in the form that the table joins. */
export function rowFeatures(projection: FeatureProjection, items: readonly Item[]): RowFeatures {
  return { ...featureSets(projection, items), dimensions: projection.dimensions, textScale: textScaleOf(projection) };
}
