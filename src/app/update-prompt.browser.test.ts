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

test('nothing is said while no version waits', async () => {
  const prompt = await show(null);
  expect(prompt.renderRoot.querySelector('button')).toBeNull();
});

test('a waiting version is announced, and taken when asked for', async () => {
  const worker = new FakeWorker();
  const prompt = await show(worker);
  expect(prompt.renderRoot.querySelector('[role="status"]')?.textContent).toContain('A new version is there');
  expect(await violationsOf(prompt)).toEqual([]);
  prompt.renderRoot.querySelector<HTMLButtonElement>('button.primary')?.click();
  expect(worker.postMessage).toHaveBeenCalledWith({ type: 'SKIP_WAITING' });
});

test('later takes the prompt away and leaves the version waiting', async () => {
  const worker = new FakeWorker();
  const prompt = await show(worker);
  prompt.renderRoot.querySelector<HTMLButtonElement>('button:not(.primary)')?.click();
  await prompt.updateComplete;
  expect(prompt.renderRoot.querySelector('button')).toBeNull();
  expect(worker.postMessage).not.toHaveBeenCalled();
});
