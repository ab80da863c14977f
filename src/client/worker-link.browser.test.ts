// A worker that fails must be replaced without the page noticing more than one line, and without encoding anything twice.
import { expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { EngineStatus } from '../protocol/engine-api.ts';
import { WorkerLink } from './worker-link.ts';

const file = (count: number): File =>
  new File([Array.from({ length: count }, (_, i) => JSON.stringify({ id: `i${i}`, language: 'en', title: `Title ${i}` })).join('\n')], 'list.ndjson');

/** @param faults batches after which each worker fails, in order; a worker beyond the list is sound */
function link(faults: number[], onStatus: (status: EngineStatus) => void) {
  let started = 0;
  const workers: Worker[] = [];
  const made = new WorkerLink(
    { modelUrl: '', modelKind: 'manifest', encoder: 'auto', speed: 'refined', quickModelUrl: '', databaseName: `link-${crypto.randomUUID()}` },
    { onStatus, onChange: () => undefined },
    () => {
      const fault = faults[started++];
      const worker = new Worker(new URL('../worker/testing/small.test-worker.ts', import.meta.url), {
        type: 'module',
        name: fault === undefined ? '' : String(fault),
      });
      workers.push(worker);
      return worker;
    },
  );
  return { made, workers, count: () => started };
}

test('a fault in the middle: another worker goes on from what is stored and says so', async () => {
  const seen: EngineStatus[] = [];
  const { made, count } = link([4], (status) => seen.push(status));
  await made.openCatalogue({ kind: 'file', name: 'list.ndjson', data: file(60) });
  await vi.waitUntil(() => seen.at(-1)?.phase === 'ready' && seen.at(-1)?.encodedCount === 60, { timeout: 20_000 });
  expect(count()).toBe(2);
  const last = seen.at(-1);
  expect(last?.notices.map(({ code }) => code)).toContain('encoder-restarted');
  expect(last?.textsEncoded).toBe(40); // four batches of five were stored before
  const list = await made.call((api) => api.recommend({ count: 5 }));
  expect(list.items).toHaveLength(5);
  await made.call((api) => api.erase());
  await made.dispose();
});

test('a worker that is killed: the call that was under way is asked again of the next one', async () => {
  const seen: EngineStatus[] = [];
  const { made, workers, count } = link([], (status) => seen.push(status));
  await made.openCatalogue({ kind: 'file', name: 'list.ndjson', data: file(10) });
  await vi.waitUntil(() => seen.at(-1)?.phase === 'ready', { timeout: 20_000 });
  workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
  const list = await made.call((api) => api.recommend({ count: 3 }));
  expect(list.items).toHaveLength(3);
  expect(count()).toBe(2);
  await made.call((api) => api.erase());
  await made.dispose();
});

test('three faults in a row end in a clear error, not in a loop', async () => {
  const { made, count } = link([0, 0, 0, 0, 0], () => undefined);
  await made.openCatalogue({ kind: 'file', name: 'list.ndjson', data: file(10) });
  await vi.waitUntil(() => count() === 3, { timeout: 20_000 });
  await vi.waitUntil(
    () =>
      made
        .call((api) => api.recommend({ count: 3 }))
        .then(() => false)
        .catch((error: unknown) => error instanceof Error && /three times/.test(error.message)),
    { timeout: 20_000 },
  );
  expect(count()).toBe(3);
  await made.dispose();
});

test('stopping does not end the worker, and encoding goes on where it was', async () => {
  const seen: EngineStatus[] = [];
  const { made, count } = link([], (status) => seen.push(status));
  await made.openCatalogue({ kind: 'file', name: 'list.ndjson', data: file(200) });
  await vi.waitUntil(() => (seen.at(-1)?.encodedCount ?? 0) >= 10, { timeout: 20_000, interval: 5 });
  await made.call((api) => api.stopEncoding());
  const stopped = await made.call((api) => api.status());
  expect(stopped.encodedCount).toBeLessThan(200);
  await made.call((api) => api.resumeEncoding());
  await vi.waitUntil(() => seen.at(-1)?.encodedCount === 200 && seen.at(-1)?.phase === 'ready', { timeout: 20_000 });
  expect(seen.at(-1)?.textsEncoded).toBe(200);
  expect(count()).toBe(1);
  await made.call((api) => api.erase());
  await made.dispose();
});

test('an argument that cannot be sent, and one that is wrong, are refused without a new worker', async () => {
  const { made, count } = link([], () => undefined);
  await made.openCatalogue({ kind: 'file', name: 'sale 50% off.ndjson', data: file(10) });
  const code = (error: unknown): unknown => error instanceof RecommenderError && error.code;
  expect(await made.call((api) => api.items([(() => 1) as never])).catch(code)).toBe('bad-argument');
  expect(await made.call((api) => api.items(null as never)).catch(code)).toBe('bad-argument');
  expect(await made.call((api) => api.items(['i3']))).toHaveLength(1);
  expect(count()).toBe(1);
  await made.call((api) => api.erase());
  await made.dispose();
});
