import { afterEach, expect, test, vi } from 'vitest';
import { violationsOf } from '../ui/testing/accessibility.ts';
import { UpdatePrompt } from './update-prompt.ts';

afterEach(() => document.body.replaceChildren());

class FakeWorker extends EventTarget {
  state = 'installed';
  readonly postMessage = vi.fn();
}

async function show(waiting: FakeWorker | null): Promise<UpdatePrompt> {
  const prompt = new UpdatePrompt();
  const registration = Object.assign(new EventTarget(), { waiting, installing: null });
  prompt.registration = Promise.resolve(registration as unknown as ServiceWorkerRegistration);
  document.body.append(prompt);
  await vi.waitFor(() => expect(prompt.waiting).toBe(waiting));
  await prompt.updateComplete;
  return prompt;
}

test('no prompt without a waiting version', async () => {
  const prompt = await show(null);
  expect(prompt.renderRoot.querySelector('button')).toBeNull();
});

test('a waiting version is announced, and loaded when the visitor agrees', async () => {
  const worker = new FakeWorker();
  const prompt = await show(worker);
  expect(prompt.renderRoot.querySelector('[role="status"]')?.textContent).toContain('A new version is available');
  expect(await violationsOf(prompt)).toEqual([]);
  prompt.renderRoot.querySelector<HTMLButtonElement>('button.primary')?.click();
  expect(worker.postMessage).toHaveBeenCalledWith({ type: 'SKIP_WAITING' });
});

test('"Later" closes the prompt and leaves the version waiting', async () => {
  const worker = new FakeWorker();
  const prompt = await show(worker);
  prompt.renderRoot.querySelector<HTMLButtonElement>('button:not(.primary)')?.click();
  await prompt.updateComplete;
  expect(prompt.renderRoot.querySelector('button')).toBeNull();
  expect(worker.postMessage).not.toHaveBeenCalled();
});
