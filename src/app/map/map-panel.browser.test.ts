// The map with a fake recommender: drawing, zoom, pointer, before and after the correction, accessibility.
import { afterEach, expect, test, vi } from 'vitest';
import { loadLocalizer } from '../../ui/messages/localize.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FAKE_ITEMS, FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { MapPanel } from './map-panel.ts';
import { toScreen } from './viewport.ts';

afterEach(() => document.body.replaceChildren());

async function show(): Promise<{ panel: MapPanel; recommender: FakeRecommender }> {
  const recommender = new FakeRecommender();
  const panel = new MapPanel();
  panel.ratings = new Map([['sea-en', 'like']]);
  panel.status = recommender.status;
  panel.recommender = recommender;
  document.body.append(panel);
  await vi.waitFor(() => expect(panel.map).not.toBeNull());
  await panel.updateComplete;
  return { panel, recommender };
}

/** Opaque pixels of the canvas. */
function painted(panel: MapPanel): number {
  const { canvas } = panel;
  const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  let count = 0;
  for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] as number) > 0) count++;
  return count;
}

test('every item is a dot, with a legend of the largest groups', async () => {
  const { panel } = await show();
  await vi.waitFor(() => expect(painted(panel)).toBeGreaterThan(FAKE_ITEMS.length * 10));
  expect(panel.renderRoot.querySelector('.legend li')?.textContent?.replace(/\s+/g, ' ').trim()).toBe('English 2');
});

test('keys zoom and move, and bring the whole map back', async () => {
  const { panel } = await show();
  const press = (key: string): void => void panel.canvas?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  press('+');
  press('+');
  press('ArrowRight');
  expect(panel.view.zoom).toBeCloseTo(1.96);
  expect(panel.view.x).toBeGreaterThan(0);
  press('0');
  expect(panel.view).toEqual({ x: 0, y: 0, zoom: 1 });
});

test('pointing at a dot says what it is', async () => {
  const { panel } = await show();
  const { canvas, map } = panel;
  if (!canvas || !map) throw new Error('no map');
  const box = canvas.getBoundingClientRect();
  const { left, top } = toScreen(panel.view, canvas.clientWidth, canvas.clientHeight, map.x[2] as number, map.y[2] as number);
  canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + left, clientY: box.top + top }));
  await panel.updateComplete;
  expect(panel.renderRoot.querySelector('.tip bdi')?.textContent).toBe(FAKE_ITEMS[2]?.title);
});

test('before the correction is another map', async () => {
  const { panel, recommender } = await show();
  const after = panel.map;
  panel.renderRoot.querySelector<HTMLInputElement>('input[name="correction"]')?.click();
  await vi.waitFor(() => expect(panel.map).not.toBe(after), { timeout: 4000 });
  expect(recommender.calls).toEqual(['map after', 'map before']);
});

test('accessible, in both directions', async () => {
  const { panel } = await show();
  expect(await violationsOf(panel)).toEqual([]);
  panel.localizer = await loadLocalizer(['ar']);
  panel.dir = 'rtl';
  await panel.updateComplete;
  expect(await violationsOf(panel)).toEqual([]);
});
