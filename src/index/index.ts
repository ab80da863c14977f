// What other folders may import from the index.
export type { Ranked } from '../compute/cpu/top-k.ts';
export { bitsetWhere } from './bitset.ts';
export { type BackendOffer, type BackendSources, type SelectedBackend, selectBackend } from './select-backend.ts';
export { createIndex, type IndexOptions, type VectorIndex } from './vector-index.ts';
