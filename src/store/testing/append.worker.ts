// Appends batch after batch until it is terminated, and reports each one only when its promise has resolved.
import { openStore } from '../open.ts';
import { batchOf } from './data.ts';

export interface AppendOrder {
  name: string;
  firstBatch: number;
  rowsPerBatch: number;
  dimensions: number;
}

self.addEventListener('message', async ({ data }: MessageEvent<AppendOrder>) => {
  const { name, firstBatch, rowsPerBatch, dimensions } = data;
  // Merging often, so that many of the interruptions fall into a merge.
  const store = await openStore({ name, mergeAfter: 3, chunkBytes: 64 * 1024 });
  for (let batch = firstBatch; ; batch++) {
    await store.appendVectors('e', dimensions, batchOf(batch * rowsPerBatch, rowsPerBatch, dimensions));
    self.postMessage(batch);
  }
});
