// A worker whose script lies elsewhere runs, and so do those that it starts. A data: address stands for another origin here.
import { expect, test } from 'vitest';
import { openWorker } from './open-worker.ts';

const script = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

function heard(worker: Worker): Promise<unknown> {
  return new Promise((resolve) => {
    worker.addEventListener('message', ({ data }) => resolve(data), { once: true });
    worker.addEventListener('error', () => resolve('failed'), { once: true });
  });
}

test('the wrapper imports the script; its origin is the page’s, and that of a worker it starts, too', async () => {
  const inner = script(`postMessage(self.location.origin)`);
  const outer = script(`
    addEventListener('message', ({ data }) => {
      const worker = new Worker(${JSON.stringify(inner)}, { type: 'module' });
      worker.onmessage = (event) => postMessage([data, self.location.origin, event.data]);
    });`);
  const worker = openWorker(outer, { type: 'module' });
  worker.postMessage('early'); // before the script is there
  expect(await heard(worker)).toEqual(['early', location.origin, location.origin]);
  worker.terminate();
});

test('a script of the same origin is started as it is', async () => {
  const url = URL.createObjectURL(new Blob(['postMessage(self.location.href)'], { type: 'text/javascript' }));
  const worker = openWorker(url, { type: 'module' });
  expect(await heard(worker)).toBe(url);
  worker.terminate();
});

test('a script that is missing ends in an error event', async () => {
  const worker = openWorker('data:text/plain,no%20script', { type: 'module' });
  expect(await heard(worker)).toBe('failed');
  worker.terminate();
});
