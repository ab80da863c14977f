// The status line: what it says in each phase, its buttons, and how often it announces.
import { afterEach, expect, test, vi } from 'vitest';
import { loadLocalizer } from './messages/localize.ts';
import { StatusPanel } from './status-panel.ts';
import { violationsOf } from './testing/accessibility.ts';
import { FakeRecommender } from './testing/fake-recommender.ts';

afterEach(() => document.body.replaceChildren());

const base = new FakeRecommender().status;

async function show(change: Partial<typeof base>): Promise<StatusPanel> {
  const panel = new StatusPanel();
  panel.status = { ...base, ...change };
  panel.languageCount = 13;
  document.body.append(panel);
  await panel.updateComplete;
  return panel;
}

const textOf = (panel: StatusPanel, selector: string): string =>
  panel.renderRoot.querySelector(selector)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

test('encoding: progress, speed, time left, stop', async () => {
  const panel = await show({ phase: 'encoding', itemCount: 2000, encodedCount: 500, itemsPerSecond: 25, secondsLeft: 60 });
  expect(textOf(panel, '.line p')).toBe('Learning the catalogue 2,000 items · 13 languages · on your main processor');
  expect(textOf(panel, 'progress + p')).toBe('500 of 2,000 items learned · 25 per second · 60 seconds left');
  expect(panel.renderRoot.querySelector('progress')?.value).toBe(0.25);
  const stopped = vi.fn();
  panel.addEventListener('kindred-stop', stopped);
  panel.renderRoot.querySelector('button')?.click();
  expect(stopped).toHaveBeenCalledOnce();
  expect(await violationsOf(panel)).toEqual([]);
});

test('stopped: resume', async () => {
  const panel = await show({ phase: 'ready', itemCount: 2000, encodedCount: 500 });
  const resumed = vi.fn();
  panel.addEventListener('kindred-resume', resumed);
  expect(textOf(panel, 'strong')).toBe('Stopped');
  panel.renderRoot.querySelector('button')?.click();
  expect(resumed).toHaveBeenCalledOnce();
});

test('quick, then refined: what is refined, with its progress, while the model comes and after', async () => {
  const quick = { speed: 'quick-then-refined', itemCount: 2000, quickCount: 2000, encodedCount: 500, topRefined: false } as const;
  const panel = await show({ ...quick, phase: 'encoding', itemsPerSecond: 25, secondsLeft: 60 });
  expect(textOf(panel, '.line p')).toBe('Quick · refined 500 of 2,000 2,000 items · 13 languages · on your main processor');
  expect(textOf(panel, 'progress + p')).toBe('25 per second · 60 seconds left');
  expect(panel.renderRoot.querySelector('progress')?.value).toBe(0.25);
  expect(textOf(panel, '[aria-live]')).toBe('Quick · refined 500 of 2,000');
  expect(await violationsOf(panel)).toEqual([]);

  const bytes = { done: 21e6, total: 42e6, unit: 'bytes' } as const;
  const loading = await show({ ...quick, phase: 'loading-model', encodedCount: 0, encoder: null, progress: bytes });
  expect(textOf(loading, 'strong')).toBe('Quick · refined 0 of 2,000');
  expect(textOf(loading, 'progress + p')).toBe('Loading the language model · 21 MB / 42 MB');
  expect(loading.renderRoot.querySelector('progress')?.value).toBe(0);

  const stopped = await show({ ...quick, phase: 'ready' });
  expect(textOf(stopped, '.line p')).toContain('Stopped Quick · refined 500 of 2,000 ·');
  expect(textOf(stopped, 'button')).toBe('Resume');

  const done = await show({ ...quick, phase: 'ready', encodedCount: 2000 });
  expect(textOf(done, 'strong')).toBe('Ready');

  const german = new StatusPanel();
  german.localizer = await loadLocalizer(['de']);
  german.status = { ...base, ...quick, phase: 'encoding' };
  document.body.append(german);
  await german.updateComplete;
  expect(textOf(german, 'strong')).toBe('Schnell · 500 von 2.000 verfeinert');
});

test('quick only: ready, not stopped, and without the large model', async () => {
  const encoder = base.encoder && { ...base.encoder, rung: 'instant' as const, threads: 1 };
  const panel = await show({ speed: 'quick', topRefined: false, encoder });
  expect(textOf(panel, '.line p')).toBe('Ready Quick only · 14 items · 13 languages · on this device, without the large model');
  expect(panel.renderRoot.querySelector('progress, button')).toBeNull();
  expect(textOf(panel, 'dl')).not.toContain('WebAssembly');
});

test('ready: no progress, details and notices', async () => {
  const panel = await show({ notices: [{ code: 'stepped-down', text: 'The adapter gave wrong vectors (cosine 0.41).' }] });
  expect(panel.renderRoot.querySelector('progress, button')).toBeNull();
  expect(textOf(panel, '.notices')).toContain('The graphics processor could not be used');
  const details = panel.renderRoot.querySelector('details');
  if (details) details.open = true;
  expect(textOf(panel, 'dl')).toContain('cosine 0.41');
  expect(await violationsOf(panel)).toEqual([]);
});

test('notices of training and of the owner’s head', async () => {
  const panel = await show({
    notices: [
      { code: 'head-unusable', text: 'The head is of another encoder.' },
      { code: 'training-failed', text: 'The loss is not a number.' },
    ],
  });
  expect([...panel.renderRoot.querySelectorAll('.notices li')].map(({ textContent }) => textContent)).toEqual([
    'The ranking that came with the catalogue could not be used; your likes alone decide.',
    'Learning from your ratings failed; the ranking stays as it was.',
  ]);
});

test('a hundred batches make at most six announcements', async () => {
  const panel = await show({ phase: 'encoding', itemCount: 100, encodedCount: 0 });
  const heard = new Set<string>();
  for (let encodedCount = 0; encodedCount <= 100; encodedCount++) {
    panel.status = { ...base, phase: 'encoding', itemCount: 100, encodedCount };
    await panel.updateComplete;
    heard.add(textOf(panel, '[aria-live]'));
  }
  expect(heard.size).toBeLessThanOrEqual(6);
  expect(heard.size).toBeGreaterThanOrEqual(4);
});
