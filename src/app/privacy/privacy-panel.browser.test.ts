// The list of requests, what is kept, the export, and the check after erasing.
import { afterEach, expect, test, vi } from 'vitest';
import { keepRequestLog, REQUEST_CHANNEL, type RequestMessage } from '../../base/request-log.ts';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { PrivacyPanel } from './privacy-panel.ts';

afterEach(() => document.body.replaceChildren());

async function show(recommender = new FakeRecommender()): Promise<PrivacyPanel> {
  const panel = new PrivacyPanel();
  panel.recommender = recommender;
  document.body.append(panel);
  await vi.waitFor(() => expect(panel.storage).not.toBeNull());
  await panel.updateComplete;
  return panel;
}

const text = (panel: PrivacyPanel, selector: string): string => panel.renderRoot.querySelector(selector)?.textContent?.trim() ?? '';

test('requests of every thread appear, those to other sites counted apart', async () => {
  keepRequestLog('page');
  const panel = await show();
  await fetch(new URL('?receipt-test', location.href));
  await vi.waitFor(() => expect(panel.renderRoot.querySelectorAll('tbody tr').length).toBeGreaterThan(0));
  await panel.updateComplete;
  expect(text(panel, '#elsewhere')).toBe('0');
  const worker = new BroadcastChannel(REQUEST_CHANNEL);
  const message: RequestMessage = { kind: 'sent', sent: [{ url: 'https://tracker.example/taste', method: 'POST', bytesOut: 2_000_000 }] };
  worker.postMessage(message);
  await vi.waitFor(() => expect(text(panel, '#elsewhere')).toBe('1'));
  expect(text(panel, '#sent')).toBe('2 MB');
  expect(text(panel, 'tbody tr.bad th')).toBe('https://tracker.example/taste');
  worker.close();
});

test('what is kept is listed with its size', async () => {
  const panel = await show();
  const rows = [...panel.renderRoot.querySelectorAll('.bars li')].map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
  expect(rows).toHaveLength(4);
  expect(rows[3]).toContain('42 MB');
});

test('the export is offered as a file', async () => {
  const recommender = new FakeRecommender();
  const panel = await show(recommender);
  const download = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  panel.renderRoot.querySelector<HTMLButtonElement>('#export')?.click();
  await vi.waitFor(() => expect(download).toHaveBeenCalledOnce());
  expect(recommender.calls).toContain('exportData');
  download.mockRestore();
});

test('after erasing it says whether anything is left', async () => {
  const panel = await show();
  panel.leftovers = [];
  await panel.updateComplete;
  expect(text(panel, '#verified')).toBe('Checked: nothing is left in this browser.');
  panel.leftovers = ['cache kindred-models'];
  await panel.updateComplete;
  expect(text(panel, '#verified')).toContain('cache kindred-models');
});

test('accessible, in both directions', async () => {
  const panel = await show();
  expect(await violationsOf(panel)).toEqual([]);
  panel.localizer = await loadLocalizer(['ar']);
  panel.dir = 'rtl';
  await panel.updateComplete;
  expect(await violationsOf(panel)).toEqual([]);
});
