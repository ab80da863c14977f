// The panel Settings in the page: every choice takes effect, is saved, and is reset.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EncoderChoice, Speed } from '../../protocol/engine-api.ts';
import { violationsOf } from '../../ui/testing/accessibility.ts';
import { FakeRecommender } from '../../ui/testing/fake-recommender.ts';
import { KindredApp } from '../kindred-app.ts';

let app: KindredApp;
let made: { encoder: EncoderChoice | undefined; speed: Speed | undefined }[];

beforeEach(async () => {
  localStorage.clear();
  history.replaceState(null, '', '#/settings');
  made = [];
  app = new KindredApp();
  app.createRecommender = async ({ encoder, speed }) => {
    made.push({ encoder, speed });
    return new FakeRecommender();
  };
  document.body.append(app);
  await vi.waitFor(() => expect(panel('h2')?.textContent).toBe('Settings'));
  await vi.waitFor(() => expect(app.dataset.phase).toBe('ready'));
});

afterEach(() => {
  document.documentElement.style.removeProperty('--kindred-color-scheme');
  document.body.replaceChildren();
});

const panel = (selector: string): HTMLElement | null | undefined =>
  app.renderRoot.querySelector('kindred-settings-panel')?.shadowRoot?.querySelector<HTMLElement>(selector);
/** Ends the transitions of colours, whose time depends on the machine. */
function endTransitions(root: ShadowRoot | null = app.shadowRoot): void {
  for (const animation of root?.getAnimations() ?? []) animation.finish();
  for (const { shadowRoot } of root?.querySelectorAll('*') ?? []) if (shadowRoot) endTransitions(shadowRoot);
}
const scheme = (): string => getComputedStyle(app).colorScheme;

test('the theme is put on the page and kept', async () => {
  panel('#themeTitle-dark')?.click();
  expect(scheme()).toBe('dark');
  expect(localStorage.getItem('kindred:theme')).toBe('dark');
  endTransitions();
  expect(await violationsOf(app, true)).toEqual([]);
  panel('#themeTitle-light')?.click();
  expect(scheme()).toBe('light');
  endTransitions();
  expect(await violationsOf(app, true)).toEqual([]);
  panel('#themeTitle-auto')?.click();
  expect(scheme()).toBe('light dark');
});

test('the encoder is saved, and a new recommender uses it', async () => {
  panel('#encoderTitle-wasm')?.click();
  await vi.waitFor(() => expect(made.map(({ encoder }) => encoder)).toEqual(['auto', 'wasm']));
  expect(localStorage.getItem('kindred:encoder')).toBe('wasm');
});

test('a reset undoes all choices and keeps the ratings', async () => {
  localStorage.setItem('kindred:languages', '{"policy":{"mode":"mix"},"reads":["sw"]}');
  panel('#themeTitle-dark')?.click();
  panel('#encoderTitle-wasm')?.click();
  await vi.waitFor(() => expect(made).toHaveLength(2));
  const buttons = [...(app.renderRoot.querySelector('kindred-settings-panel')?.shadowRoot?.querySelectorAll('button') ?? [])];
  buttons.find(({ textContent }) => textContent === 'Reset the settings')?.click();
  await vi.waitFor(() => expect(made.at(-1)).toEqual({ encoder: 'auto', speed: 'auto' }));
  expect(Object.keys(localStorage).filter((key) => key.startsWith('kindred:'))).toEqual([]);
  expect(scheme()).toBe('light dark');
  await vi.waitFor(() =>
    expect(app.renderRoot.querySelector('kindred-settings-panel')?.shadowRoot?.textContent).toContain('what they were at the first visit'),
  );
  const box = panel('#themeTitle-auto');
  expect(box instanceof HTMLInputElement && box.checked).toBe(true);
});
