import { expect, test } from 'vitest';
import { createPacer } from './pacer.ts';

test('pauses only when the time slice is over, and tells of it', async () => {
  let nowMs = 0;
  let pauses = 0;
  const pace = createPacer({
    what: 'The test',
    onPause: () => {
      pauses += 1;
    },
    clock: () => nowMs,
  });
  expect(pace()).toBeUndefined();
  nowMs = 30;
  await pace();
  expect(pauses).toBe(1);
  expect(pace()).toBeUndefined();
});

test('rejects with "aborted" once the signal has fired', async () => {
  const controller = new AbortController();
  let nowMs = 0;
  const pace = createPacer({ signal: controller.signal, what: 'The test', clock: () => nowMs });
  nowMs = 100;
  controller.abort();
  await expect(pace()).rejects.toMatchObject({ code: 'aborted' });
});
