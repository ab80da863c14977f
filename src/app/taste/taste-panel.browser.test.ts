// The panel on a fake recommender: charts, training, history, questions.
import { afterEach, expect, test, vi } from 'vitest';
import type { FeedbackKind } from '../../base/types.ts';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FAKE_ITEMS, FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { TastePanel } from './taste-panel.ts';

afterEach(() => document.body.replaceChildren());

const LIKES = ['sea-en', 'sea-ar', 'food-ja'];

async function show(likes = LIKES): Promise<{ panel: TastePanel; recommender: FakeRecommender }> {
  const recommender = new FakeRecommender();
  const panel = new TastePanel();
  panel.ratedItems = new Map(FAKE_ITEMS.map((item) => [item.id, item]));
  panel.ratings = new Map(likes.map((id): [string, FeedbackKind] => [id, 'like']));
  panel.status = recommender.status;
  panel.recommender = recommender;
  document.body.append(panel);
  await vi.waitFor(() => expect(panel.history).not.toBeNull());
  await panel.updateComplete;
  return { panel, recommender };
}

const click = (panel: TastePanel, selector: string): void => panel.renderRoot.querySelector<HTMLButtonElement>(selector)?.click();

test('likes by language, most first, with their names', async () => {
  const { panel } = await show();
  const bars = [...panel.renderRoot.querySelectorAll('section:first-of-type .bars li')].map((bar) => bar.textContent?.replace(/\s+/g, ' ').trim());
  expect(bars.slice(0, 3)).toEqual(['Arabic 1', 'English 1', 'Japanese 1']);
});

test('training now makes a head: its curve is drawn, the history shows it, an older one can be restored', async () => {
  const { panel, recommender } = await show();
  click(panel, '#train');
  await vi.waitFor(() => expect(panel.renderRoot.querySelectorAll('.history li')).toHaveLength(2));
  expect(panel.renderRoot.querySelector('#in-use')?.textContent).toContain('0.420');
  const curves = panel.renderRoot.querySelector('kindred-curves');
  await vi.waitFor(() => expect(curves?.shadowRoot?.querySelector('canvas')).toBeTruthy());
  expect(curves?.shadowRoot?.querySelectorAll('tbody tr').length).toBeGreaterThan(10);
  click(panel, '[data-head="head-0"] .restore');
  await vi.waitFor(() => expect(recommender.calls).toContain('restoreHead head-0'));
  await vi.waitFor(() => expect(panel.renderRoot.querySelector('[data-head="head-0"]')?.getAttribute('aria-current')).toBe('true'));
});

test('with fewer than three likes there is nothing to train on, and it says so', async () => {
  const { panel } = await show(['sea-en']);
  expect(panel.renderRoot.querySelector<HTMLButtonElement>('#train')?.disabled).toBe(true);
  expect(panel.renderRoot.querySelector('#train-hint')?.textContent).toContain('three likes');
});

test('while it trains it can be stopped', async () => {
  const { panel, recommender } = await show();
  panel.status = { ...recommender.status, training: { running: true, startedMs: 0, points: [] } };
  await panel.updateComplete;
  click(panel, '#stop');
  expect(recommender.calls).toContain('stopTraining');
});

test('questions can be rated in place', async () => {
  const { panel } = await show();
  expect(panel.renderRoot.querySelectorAll('kindred-item-card')).toHaveLength(6);
});

test('a failure is told to the page', async () => {
  const { panel, recommender } = await show();
  recommender.failWith = new Error('no memory');
  const failed = vi.fn();
  panel.addEventListener('kindred-failed', failed);
  click(panel, '#train');
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
});

test('accessible, in both directions', async () => {
  const { panel } = await show();
  click(panel, '#train');
  await vi.waitFor(() => expect(panel.renderRoot.querySelectorAll('.history li')).toHaveLength(2));
  expect(await violationsOf(panel)).toEqual([]);
  panel.localizer = await loadLocalizer(['ar']);
  panel.dir = 'rtl';
  await panel.updateComplete;
  expect(await violationsOf(panel)).toEqual([]);
});
