// What other folders may import from the index.
export type { RowBitset } from '../compute/backend.ts';
export type { Ranked } from '../compute/cpu/top-k.ts';
export { bitsetOf, bitsetWhere, difference, hasRow, intersection, union } from './bitset.ts';
export { type BackendOffer, type BackendSources, type SelectedBackend, selectBackend } from './select-backend.ts';
export { createIndex, type IndexOptions, type VectorIndex } from './vector-index.ts';
