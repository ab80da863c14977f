// What other folders may import from the store.
export { openStore, type StoreOptions } from './open.ts';
export { requestPersistence } from './storage-space.ts';
export type {
  HeadChange,
  Store,
  StoredCatalogue,
  StoredCorrection,
  StoredHead,
  StoredHeads,
  StoreStatus,
  VectorBatch,
  VectorFormat,
  VectorLoad,
} from './store.ts';
