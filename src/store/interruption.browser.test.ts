// A tab may be closed at any moment. Whatever an append reported as done must be there afterwards, whole and right.
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { AppendOrder } from './testing/append.worker.ts';
import { keysOfRows, loadedRow, vectorOf } from './testing/data.ts';
import { chunkIds, freshName, openTestStore } from './testing/database.ts';

const ROWS_PER_BATCH = 20;
const DIMENSIONS = 32;
const INTERRUPTIONS = 10;

/** Starts a worker, ends it some time after its first report. @returns the last batch it reported */
function appendUntilTerminated(order: AppendOrder, minReports: number, extraMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./testing/append.worker.ts', import.meta.url), { type: 'module' });
    let last = -1;
    let reports = 0;
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
    worker.addEventListener('message', ({ data }: MessageEvent<number>) => {
      last = data;
      if (++reports !== minReports) return;
      setTimeout(() => {
        worker.terminate();
        resolve(last);
      }, extraMs);
    });
    worker.postMessage(order);
  });
}

test('ten interruptions at random points lose no batch that was reported as done', async () => {
  const name = freshName();
  const random = seededRandom(20240607);
  const done = new Set<number>();
  let firstBatch = 0;
  for (let round = 0; round < INTERRUPTIONS; round++) {
    const minReports = 1 + Math.floor(random() * 8);
    const order = { name, firstBatch, rowsPerBatch: ROWS_PER_BATCH, dimensions: DIMENSIONS };
    const last = await appendUntilTerminated(order, minReports, random() * 12);
    for (let batch = firstBatch; batch <= last; batch++) done.add(batch);

    const store = await openTestStore({ name });
    // Beyond the last report there may be batches that were stored but not yet reported: whole, or not there.
    const asked = last + 20;
    const load = await store.loadVectors('e', DIMENSIONS, keysOfRows(0, asked * ROWS_PER_BATCH));
    expect(load.damagedChunks).toBe(0);
    for (let batch = 0; batch < asked; batch++) {
      const rows = Array.from({ length: ROWS_PER_BATCH }, (_, i) => batch * ROWS_PER_BATCH + i);
      const found = rows.filter((row) => loadedRow(load, row, DIMENSIONS) !== undefined);
      expect(found.length, `rows of batch ${batch} after round ${round}`).toBeOneOf(done.has(batch) ? [ROWS_PER_BATCH] : [0, ROWS_PER_BATCH]);
      for (const row of found) expect(loadedRow(load, row, DIMENSIONS)).toEqual([...vectorOf(row, DIMENSIONS)]);
    }
    const { stored, listed } = await chunkIds(name, 'e');
    expect([...listed].sort((a, b) => a - b)).toEqual(stored);
    store.dispose();
    firstBatch = asked;
  }
  expect(done.size).toBeGreaterThanOrEqual(INTERRUPTIONS);
});
