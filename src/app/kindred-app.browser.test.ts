// The page with a fake recommender: the round of like → new list → undo, search, import, erase, languages, accessibility.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { Speed } from '../protocol/engine-api.ts';
import { violationsOf } from '../ui/testing/accessibility.ts';
import { FakeRecommender } from '../ui/testing/fake-recommender.ts';
import { KindredApp } from './kindred-app.ts';
import { RATE_MEASURE } from './measure-rating.ts';

let fake: FakeRecommender;
let app: KindredApp;

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, '', '#');
  fake = new FakeRecommender();
});

afterEach(() => document.body.replaceChildren());

async function open(): Promise<void> {
  app = new KindredApp();
  app.recommender = fake;
  document.body.append(app);
  await vi.waitFor(() => expect(cards().length).toBeGreaterThan(0));
}

const all = (selector: string): HTMLElement[] => [...app.renderRoot.querySelectorAll<HTMLElement>(selector)];
const cards = (): HTMLElement[] => all('#recommendations kindred-item-card');
const inside = (host: string, selector: string): HTMLElement | null =>
  app.renderRoot.querySelector(host)?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
const like = (id: string): HTMLElement | null => inside(`#recommendations [data-item-id="${id}"]`, '[data-kind=like]');
/** Fires an event as an element of the page does. */
function tell(selector: string, name: string, detail: unknown): void {
  const from = app.renderRoot.querySelector(selector);
  if (!from) throw new Error(`${selector} is not on the page`);
  from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** Goes to a part of the page by its link and waits for its element. */
async function goTo(panel: string): Promise<HTMLElement> {
  app.renderRoot.querySelector<HTMLElement>(`nav a[href="#/${panel}"]`)?.click();
  return vi.waitFor(() => {
    const element = app.renderRoot.querySelector<HTMLElement>(`[data-part="${panel}"] > kindred-${panel}-panel`);
    if (!element) throw new Error(`${panel} is not there yet`);
    return element;
  });
}

/** An element in a panel, also in the shadow roots of its elements. */
function within(panel: HTMLElement, ...selectors: string[]): HTMLElement | null {
  let found: HTMLElement | null = panel;
  for (const selector of selectors) found = found?.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
  return found;
}

const heading = (): string => app.renderRoot.querySelector('#recommendations h2')?.textContent ?? '';

test('a like changes the list at once, before it is stored, and can be undone', async () => {
  await open();
  expect(heading()).toBe('Start here: like a few');
  expect(app.dataset).toMatchObject({ phase: 'ready', basis: 'sample', encoded: '14', textsEncoded: '14', rung: 'wasm' });
  expect(app.dataset).toMatchObject({ quick: '14', speed: 'refined', topRefined: 'true' });
  expect(cards()).toHaveLength(12);
  performance.clearMeasures();
  fake.stallRatings = true;
  like('sea-en')?.click();
  await vi.waitFor(() => expect(app.dataset.basis).toBe('profile'));
  expect(fake.calls.slice(-2)).toEqual(['rate sea-en like', 'recommend']);
  expect(heading()).toBe('Recommended for you');
  expect(cards()[0]?.dataset.itemId).toBe('sea-ar');
  await vi.waitFor(() => expect(performance.getEntriesByName(RATE_MEASURE)[0]?.duration).toBeLessThan(100));

  fake.stallRatings = false;
  await vi.waitFor(() => expect(inside('kindred-ratings', 'bdi')?.textContent).toBe('The lighthouse keeper’s daughter'));
  inside('kindred-ratings', 'li button')?.click();
  await vi.waitFor(() => expect(app.dataset.basis).toBe('sample'));
  expect(inside('kindred-ratings', 'li')).toBeNull();
});

test('the focus stays in place when the rated card leaves', async () => {
  await open();
  const next = cards()[3];
  const button = like(cards()[2]?.dataset.itemId ?? '');
  button?.focus();
  button?.click();
  await vi.waitFor(() => expect(app.dataset.basis).toBe('profile'));
  await vi.waitFor(() => expect(app.shadowRoot?.activeElement?.localName).toBe('kindred-item-card'));
  expect(app.shadowRoot?.activeElement).toBe(cards()[2]);
  expect(next?.isConnected).toBe(true);
});

function field(): HTMLInputElement {
  const input = app.renderRoot.querySelector<HTMLInputElement>('#query');
  if (!input) throw new Error('there is no search field');
  return input;
}

function type(text: string, init: InputEventInit = {}): void {
  const input = field();
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, ...init }));
}

function choosePolicy(...languages: string[]): void {
  tell('kindred-language-filter', 'kindred-policy', { mode: 'only', languages });
}

test('lists are asked for with the chosen variety, also on the next visit', async () => {
  const asked = vi.spyOn(fake, 'recommend');
  await open();
  expect(asked.mock.lastCall?.[0]).not.toHaveProperty('diversity');
  tell('kindred-variety', 'kindred-diversity', 0.25);
  await vi.waitFor(() => expect(asked.mock.lastCall?.[0]).toMatchObject({ diversity: 0.25 }));
  app.remove();
  await open();
  expect(asked.mock.lastCall?.[0]).toMatchObject({ diversity: 0.25 });
  expect(app.renderRoot.querySelector('kindred-variety')?.diversity).toBe(0.25);
});

test('familiarity is offered where the catalogue states popularity, and reaches the list, also on the next visit', async () => {
  await open();
  expect(app.renderRoot.querySelector('kindred-familiarity')).toBeNull();
  app.remove();
  fake.itemsWithPopularity = 1;
  const asked = vi.spyOn(fake, 'recommend');
  await open();
  expect(asked.mock.lastCall?.[0]).not.toHaveProperty('familiarity');
  tell('kindred-familiarity', 'kindred-familiarity', -0.5);
  await vi.waitFor(() => expect(asked.mock.lastCall?.[0]).toMatchObject({ familiarity: -0.5 }));
  app.remove();
  await open();
  expect(asked.mock.lastCall?.[0]).toMatchObject({ familiarity: -0.5 });
  expect(app.renderRoot.querySelector('kindred-familiarity')?.familiarity).toBe(-0.5);
});

test('search shows results and closes', async () => {
  await open();
  field().value = 'kilim';
  app.renderRoot.querySelector('form')?.requestSubmit();
  await vi.waitFor(() => expect(all('#results kindred-item-card')).toHaveLength(1));
  app.renderRoot.querySelector<HTMLElement>('#results .heading button')?.click();
  await vi.waitFor(() => expect(all('#results')).toHaveLength(0));
});

test('search as you type: hits at each key, announced after a pause; Escape clears', async () => {
  fake.setStatus({ speed: 'quick-then-refined' });
  await open();
  const input = field();
  input.focus();
  type('kil', { isComposing: true });
  expect(fake.calls.filter((call) => call.startsWith('search'))).toEqual([]);
  input.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
  const results = (): HTMLElement | undefined => all('#results')[0];
  await vi.waitFor(() => expect(results()?.dataset.queryEncoder).toBe('quick'));
  const said = (): string => all('#search-status')[0]?.textContent ?? '';
  expect(said()).toBe('');
  await vi.waitFor(() => expect(results()?.dataset.queryEncoder).toBe('refined'));
  await vi.waitFor(() => expect(said()).toBe('1 result'));
  expect(await violationsOf(app, true)).toEqual([]);

  type('zzz');
  await vi.waitFor(() => expect(said()).toBe('Nothing found. Try other words or more languages.'));
  type('azulejos');
  await vi.waitFor(() => expect(said()).toBe('1 result'));
  choosePolicy('de');
  await vi.waitFor(() => expect(said()).toContain('Nothing found'));
  input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(all('#results')).toHaveLength(0));
  expect(input.value).toBe('');
  expect(said()).toBe('');
  expect(app.shadowRoot?.activeElement).toBe(input);
});

test('quick vectors: the list stays, and improves once, without taking the focus', async () => {
  fake.setStatus({ speed: 'quick-then-refined', quickCount: 14, encodedCount: 0, topRefined: false, phase: 'encoding' });
  await open();
  like('sea-en')?.click();
  await vi.waitFor(() => expect(app.dataset.basis).toBe('profile'));
  const asked = (): number => fake.calls.filter((call) => call === 'recommend').length;
  const before = asked();
  for (const encodedCount of [4, 8]) {
    fake.setStatus({ encodedCount });
    fake.change();
  }
  await vi.waitFor(() => expect(inside('kindred-status', 'strong')?.textContent).toBe('Quick · refined 8 of 14'));
  expect(app.dataset).toMatchObject({ encoded: '8', quick: '14', speed: 'quick-then-refined', topRefined: 'false' });
  expect(asked()).toBe(before);

  const button = like('sea-ar');
  button?.focus();
  const said = (): string => all('#recommendations [role=status]')[0]?.textContent?.trim() ?? '';
  expect(said()).toBe('');
  const fade = vi.spyOn(Element.prototype, 'animate');
  fake.order = ['music-ru'];
  fake.setStatus({ topRefined: true });
  fake.change();
  await vi.waitFor(() => expect(said()).toBe('Recommendations improved'));
  expect(cards()[0]?.dataset.itemId).toBe('music-ru');
  expect(fade).toHaveBeenCalledTimes(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 1);
  fade.mockRestore();
  expect(asked()).toBe(before + 1);
  expect(app.shadowRoot?.activeElement?.shadowRoot?.activeElement).toBe(button);
  expect(app.dataset.topRefined).toBe('true');
});

test('the speed is chosen and saved, and a new recommender opens the same catalogue', async () => {
  const made: { speed: Speed | undefined; fake: FakeRecommender }[] = [];
  app = new KindredApp();
  app.createRecommender = async ({ speed }) => {
    const next = new FakeRecommender();
    made.push({ speed, fake: next });
    return next;
  };
  localStorage.setItem('kindred:speed', 'refined');
  document.body.append(app);
  await vi.waitFor(() => expect(cards().length).toBeGreaterThan(0));
  expect(made.map(({ speed }) => speed)).toEqual(['auto']); // read when the page was made

  tell('kindred-status', 'kindred-open', new File(['id'], 'bücher.csv'));
  const opened = (): unknown => made.at(-1)?.fake.status.catalogueId;
  await vi.waitFor(() => expect(opened()).toBe('bücher.csv'));
  const settings = await goTo('settings');
  const speedOf = (value: string): HTMLElement | null => within(settings, `[name=speedTitle][value=${value}]`);
  await vi.waitFor(() => expect(speedOf('quick')).not.toBeNull());
  speedOf('quick')?.click();
  speedOf('quick-then-refined')?.click();
  await vi.waitFor(() => expect(made.at(-1)?.speed).toBe('quick-then-refined'));
  await vi.waitFor(() => expect(opened()).toBe('bücher.csv'));
  await vi.waitFor(() => expect(cards().length).toBeGreaterThan(0));
  expect(localStorage.getItem('kindred:speed')).toBe('quick-then-refined');
  for (const { fake: old } of made.slice(0, -1)) expect(old.calls.at(-1)).toBe('dispose');
  expect(app.recommender).toBe(made.at(-1)?.fake);
  expect(app.error).toBeNull();

  const again = new KindredApp();
  expect(again.speed).toBe('quick-then-refined');
});

test('a dropped file is previewed with its problems, then opened', async () => {
  await open();
  const transfer = new DataTransfer();
  transfer.items.add(new File(['id'], 'bücher.csv'));
  app.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(location.hash).toBe('#/catalogue'));
  const panel = await goTo('catalogue');
  await vi.waitFor(() => expect(within(panel, 'kindred-import', '#preview-title')?.textContent).toBe('Preview of bücher.csv'));
  const row = within(panel, 'kindred-import', '[data-severity=error]');
  expect(row?.textContent?.replace(/\s+/g, ' ')).toContain('klingonisch This is not a language tag. Write a tag');
  expect(fake.status.catalogueId).not.toBe('bücher.csv');
  expect(await violationsOf(app, true)).toEqual([]);
  within(panel, 'kindred-import', '#open')?.click();
  await vi.waitFor(() => expect(within(panel, '#open-title')?.textContent).toBe('bücher.csv'));
  expect(fake.status.catalogueId).toBe('bücher.csv');
  expect(await violationsOf(app, true)).toEqual([]);
});

test('only the chosen languages', async () => {
  await open();
  choosePolicy('fr');
  await vi.waitFor(() => expect(cards().map(({ dataset }) => dataset.language)).toEqual(['fr']));
});

test('errors are announced with what to do', async () => {
  fake.failWith = new RecommenderError('asset-missing', 'The catalogue x.csv is not there (404).');
  app = new KindredApp();
  app.recommender = fake;
  document.body.append(app);
  await vi.waitFor(() => expect(app.renderRoot.querySelector('[role=alert]')?.textContent).toContain('404'));
  expect(app.renderRoot.querySelector('[role=alert]')?.textContent).toContain('Check the connection');
});

test('erasing asks first', async () => {
  await open();
  const settings = await goTo('settings');
  await vi.waitFor(() => expect(within(settings, 'kindred-data', 'section > .danger')).not.toBeNull());
  within(settings, 'kindred-data', 'section > .danger')?.click();
  expect(fake.calls).not.toContain('erase');
  expect(await violationsOf(app, true)).toEqual([]);
  within(settings, 'kindred-data', 'dialog .danger')?.click();
  await vi.waitFor(() => expect(fake.calls).toContain('erase'));
  await vi.waitFor(() => expect(within(settings, 'kindred-data', '[role=status]')?.textContent).toContain('Everything was erased.'));
  app.renderRoot.querySelector<HTMLElement>('nav a[href="#/discover"]')?.click();
  await vi.waitFor(() => expect(heading()).toBe('No catalogue is open'));
  expect(await violationsOf(app, true)).toEqual([]);
  all('#recommendations button')[0]?.click();
  await vi.waitFor(() => expect(cards().length).toBeGreaterThan(0));
});

test('no axe violations; the interface turns to Arabic', async () => {
  await open();
  expect(await violationsOf(app, true)).toEqual([]);
  tell('kindred-interface-language', 'kindred-interface-language', 'ar');
  await vi.waitFor(() => expect(document.documentElement.dir).toBe('rtl'));
  expect(heading()).toBe('ابدأ هنا: اختر ما يعجبك');
  expect(await violationsOf(app, true)).toEqual([]);
});
