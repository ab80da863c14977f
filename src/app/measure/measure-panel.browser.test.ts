// Both reports with a fake recommender: asked for, drawn, downloaded, failed.

import { afterEach, expect, test, vi } from 'vitest';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { Measured } from '../measured.ts';
import { MeasurePanel } from './measure-panel.ts';

afterEach(() => document.body.replaceChildren());

async function show(): Promise<{ panel: MeasurePanel; recommender: FakeRecommender }> {
  const recommender = new FakeRecommender();
  const panel = new MeasurePanel();
  panel.recommender = recommender;
  panel.status = recommender.status;
  document.body.append(panel);
  await panel.updateComplete;
  return { panel, recommender };
}

async function both(panel: MeasurePanel): Promise<void> {
  panel.renderRoot.querySelector<HTMLButtonElement>('#measure')?.click();
  await vi.waitFor(() => expect(panel.measured.reports.fairness).not.toBeNull());
  panel.log = new File(['user,item'], 'log.csv');
  await panel.updateComplete;
  panel.renderRoot.querySelector<HTMLButtonElement>('form button[type="submit"]')?.click();
  await vi.waitFor(() => expect(panel.measured.reports.quality).not.toBeNull());
  await panel.updateComplete;
}

const rows = (panel: MeasurePanel, selector: string): string[] =>
  [...panel.renderRoot.querySelectorAll(selector)].map((row) => row.textContent?.replace(/\s+/g, ' ').trim() ?? '');

test('exposure of each language, most items first, and the bias before and after', async () => {
  const { panel } = await show();
  await both(panel);
  expect(rows(panel, '.exposure tbody tr')[0]).toBe('English 50% 49.1% 70% 52%');
  expect(rows(panel, '#fair ~ .scroll .measures tbody tr')[0]).toMatch(/9\.60 1\.20 1 is fair/);
});

test('nDCG by the language of the query: bars with whiskers, numbers with intervals, none for a single query', async () => {
  const { panel } = await show();
  await both(panel);
  const [category, translation] = [...panel.renderRoot.querySelectorAll('.ndcg')];
  expect(category?.querySelectorAll('tbody tr')).toHaveLength(3);
  expect(category?.querySelectorAll('.track')).toHaveLength(6);
  expect(category?.querySelectorAll('.whisker')).toHaveLength(4);
  expect(translation?.querySelector('tbody tr')?.textContent?.replace(/\s+/g, ' ').trim()).toBe(
    'Swahili 20 0.60 [0.55; 0.65]0.85 [0.80; 0.90]0.25 [0.20; 0.30]',
  );
  const [bar, line] = ['.bar.after', '.whisker'].map((selector) => translation?.querySelector(selector)?.getBoundingClientRect());
  const track = translation?.querySelector('.track')?.getBoundingClientRect();
  expect((bar?.width ?? 0) / (track?.width ?? 1)).toBeCloseTo(0.85, 2);
  expect(((line?.left ?? 0) - (track?.left ?? 0)) / (track?.width ?? 1)).toBeCloseTo(0.55, 2);
});

test('a measurement can be stopped, and that is no failure', async () => {
  const { panel, recommender } = await show();
  const failed = vi.fn();
  panel.addEventListener('kindred-failed', failed);
  let stopped = false;
  recommender.fairness = ({ signal } = {}) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        stopped = true;
        reject(new Error('stopped'));
      });
    });
  panel.renderRoot.querySelector<HTMLButtonElement>('#measure')?.click();
  await panel.updateComplete;
  panel.status = { ...recommender.status, progress: { done: 3, total: 12, unit: 'texts' } };
  await panel.updateComplete;
  expect(panel.renderRoot.querySelector('progress')?.position).toBe(0.25);
  panel.renderRoot.querySelector<HTMLButtonElement>('.stop')?.click();
  await vi.waitFor(() => expect(panel.measured.reports.work).toBeNull());
  expect(stopped).toBe(true);
  expect(failed).not.toHaveBeenCalled();
});

test('the log is evaluated here: systems by their value, best first, with intervals and row problems', async () => {
  const { panel, recommender } = await show();
  await both(panel);
  expect(recommender.calls).toEqual(['fairness', 'measureQuality']);
  expect(rows(panel, '#quality ~ .scroll tbody tr')).toEqual([
    'Mean embedding 0.410 [0.360; 0.460]0.500 [0.450; 0.550]',
    'Popularity 0.180 [0.130; 0.230]0.300 [0.250; 0.350]',
  ]);
  expect(panel.renderRoot.querySelectorAll('.whiskers circle')).toHaveLength(2);
  expect(rows(panel, 'details li')[0]).toContain('The catalogue has no such item.');
});

test('a failure after the panel was left is still reported to the page', async () => {
  const { panel, recommender } = await show();
  const told = vi.fn();
  panel.measured = new Measured(() => undefined, told);
  await panel.updateComplete;
  recommender.fairness = () => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 0));
  panel.renderRoot.querySelector<HTMLButtonElement>('#measure')?.click();
  panel.remove();
  await vi.waitFor(() => expect(told).toHaveBeenCalledWith(new Error('late')));
});

test('without a file nothing can be evaluated; a failure is told to the page', async () => {
  const { panel, recommender } = await show();
  expect(panel.renderRoot.querySelector<HTMLButtonElement>('form button')?.disabled).toBe(true);
  recommender.failWith = new Error('not ready');
  const failed = vi.fn();
  panel.addEventListener('kindred-failed', failed);
  panel.renderRoot.querySelector<HTMLButtonElement>('#measure')?.click();
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce());
  expect(panel.measured.reports.fairness).toBeNull();
});

test('accessible, in both directions', async () => {
  const { panel } = await show();
  await both(panel);
  expect(await violationsOf(panel)).toEqual([]);
  panel.localizer = await loadLocalizer(['he']);
  panel.dir = 'rtl';
  await panel.updateComplete;
  expect(await violationsOf(panel)).toEqual([]);
});
