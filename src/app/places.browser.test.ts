// Navigation: links, "back", focus and title; what a reload keeps; which catalogue is opened first.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecommenderError } from '../base/errors.ts';
import type { KeptCatalogue, LanguagePolicy } from '../protocol/engine-api.ts';
import { violationsOf } from '../ui/testing/accessibility.ts';
import { FakeRecommender } from '../ui/testing/fake-recommender.ts';
import { KindredApp } from './kindred-app.ts';

let app: KindredApp;

beforeEach(() => {
  localStorage.clear();
  history.replaceState(null, '', '#');
});

afterEach(() => document.body.replaceChildren());

const find = (selector: string): HTMLElement | null => app.renderRoot.querySelector<HTMLElement>(selector);
const idsIn = (selector: string): (string | undefined)[] =>
  [...app.renderRoot.querySelectorAll<HTMLElement>(`${selector} kindred-item-card`)].map(({ dataset }) => dataset.itemId);
const browse = (): ShadowRoot | null | undefined => find('kindred-browse')?.shadowRoot;
const browsed = (): (string | undefined)[] =>
  [...(browse()?.querySelectorAll<HTMLElement>('kindred-item-card') ?? [])].map(({ dataset }) => dataset.itemId);

/** What has the focus, through the shadow roots. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

async function open(hash = '', fake = new FakeRecommender()): Promise<FakeRecommender> {
  document.body.replaceChildren();
  history.replaceState(null, '', hash || '#');
  app = new KindredApp();
  app.recommender = fake;
  document.body.append(app);
  await vi.waitFor(() => expect(idsIn('#recommendations').length + browsed().length).toBeGreaterThan(0));
  return fake;
}

test('a link shows its part, with the focus at its heading and in the title; "back" goes back', async () => {
  await open();
  expect(document.title).toBe('Discover · Kindred');
  expect(find('nav [aria-current=page]')?.getAttribute('href')).toBe('#/discover');
  find('nav a[href="#/settings"]')?.click();
  await vi.waitFor(() => expect(focused()?.textContent).toBe('Settings'));
  expect(document.title).toBe('Settings · Kindred');
  expect(find('nav [aria-current=page]')?.getAttribute('href')).toBe('#/settings');
  expect(find('[data-part=discover]')?.hidden).toBe(true);
  expect(await violationsOf(app, true)).toEqual([]);
  history.back();
  await vi.waitFor(() => expect(focused()?.id).toBe('recommendations-title'));
  expect(find('[data-part=discover]')?.hidden).toBe(false);
  expect(app.dataset.panel).toBe('discover');
});

test('"back" and "forward" scroll to where the visitor was, a link to the top', async () => {
  await open();
  const pageTop = async (wanted: number): Promise<void> => vi.waitFor(() => expect(Math.abs(scrollY - wanted)).toBeLessThan(1));
  scrollTo({ top: 300, behavior: 'instant' });
  await pageTop(300);
  find('nav a[href="#/measure"]')?.click();
  await vi.waitFor(() => expect(focused()?.textContent).toBe('Fairness and quality'));
  await pageTop(0);
  scrollTo({ top: 40, behavior: 'instant' });
  await pageTop(40);
  history.back();
  await vi.waitFor(() => expect(focused()?.id).toBe('recommendations-title'));
  await pageTop(300);
  history.forward();
  await vi.waitFor(() => expect(focused()?.textContent).toBe('Fairness and quality'));
  await pageTop(40);
  find('nav a[href="#/discover"]')?.click();
  await vi.waitFor(() => expect(focused()?.id).toBe('recommendations-title'));
  await pageTop(0);
});

test('in a narrow window the bar shows the link of the part that an address names', async () => {
  document.body.style.inlineSize = '300px';
  await open('#/settings');
  const [link, bar] = ['.parts [aria-current]', '.parts ul'].map((selector) => find(selector)?.getBoundingClientRect());
  document.body.style.inlineSize = '';
  if (!link || !bar) throw new Error('there is no bar');
  expect(find('.parts ul')?.scrollWidth).toBeGreaterThan(bar.width);
  expect(link.left).toBeGreaterThanOrEqual(bar.left);
  expect(link.right).toBeLessThanOrEqual(bar.right);
});

test('a search is in the address: after a link, for "back" and after a reload', async () => {
  await open('#/discover?q=kilim');
  await vi.waitFor(() => expect(idsIn('#results')).toEqual(['craft-tr']));
  const field = find('#query');
  expect(field instanceof HTMLInputElement && field.value).toBe('kilim');
  location.hash = '#/discover?q=azulejos';
  await vi.waitFor(() => expect(idsIn('#results')).toEqual(['craft-pt']));
  expect(document.title).toBe('azulejos · Kindred');
  history.back();
  await vi.waitFor(() => expect(idsIn('#results')).toEqual(['craft-tr']));
  find('#results .heading button')?.click();
  await vi.waitFor(() => expect(location.hash).toBe('#/discover'));
  expect(idsIn('#results')).toEqual([]);
});

test('the typed query is in the address after a pause', async () => {
  const fake = new FakeRecommender();
  fake.setStatus({ speed: 'quick-then-refined' });
  await open('', fake);
  const field = find('#query');
  if (!(field instanceof HTMLInputElement)) throw new Error('no field');
  const length = history.length;
  field.value = 'kilim';
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await vi.waitFor(() => expect(location.hash).toBe('#/discover?q=kilim'));
  expect(history.length).toBe(length);
});

test('an item has an address; the page says when the catalogue does not have it', async () => {
  await open('#/discover?item=food-ja');
  await vi.waitFor(() => expect(idsIn('#one-item')).toEqual(['food-ja']));
  location.hash = '#/discover?item=nothing';
  await vi.waitFor(() => expect(find('#one-item [role=status]')?.textContent).toBe('This catalogue has no such item.'));
  find('#one-item button')?.click();
  await vi.waitFor(() => expect(find('#one-item')).toBeNull());
  expect(location.hash).toBe('#/discover');
});

test('browsing by language and category, in the address', async () => {
  await open('#/discover?view=browse&language=en');
  expect(browsed()).toEqual(['sea-en', 'hostile']);
  await vi.waitFor(() => expect(browse()?.querySelectorAll('select')).toHaveLength(2));
  const [language, category] = browse()?.querySelectorAll('select') ?? [];
  if (!language || !category) throw new Error('no choices');
  expect(language.value).toBe('en');
  language.value = '';
  language.dispatchEvent(new Event('change'));
  category.value = 'Travel';
  category.dispatchEvent(new Event('change'));
  await vi.waitFor(() => expect(location.hash).toContain('category=Travel'));
  location.hash = '#/discover?view=browse&category=Travel';
  await vi.waitFor(() => expect(browsed()).toEqual(['stars-es', 'travel-fr', 'travel-he', 'science-zh', 'craft-pt']));
  expect(await violationsOf(app, true)).toEqual([]);
  location.hash = '#/discover?view=browse&language=sw&category=Sea';
  await vi.waitFor(() => expect(browse()?.textContent).toContain('Nothing fits this choice.'));
  browse()?.querySelector<HTMLElement>('.empty button')?.click();
  await vi.waitFor(() => expect(location.hash).toBe('#/discover?view=browse'));
  await vi.waitFor(() => expect(browsed()).toHaveLength(14));
});

test('the language policy is saved, without languages that the catalogue lacks', async () => {
  await open();
  const policy: LanguagePolicy = { mode: 'only', languages: ['fr', 'xx'] };
  find('kindred-language-filter')?.dispatchEvent(new CustomEvent('kindred-policy', { detail: policy, bubbles: true, composed: true }));
  await vi.waitFor(() => expect(idsIn('#recommendations')).toEqual(['travel-fr']));
  await open();
  expect(idsIn('#recommendations')).toEqual(['travel-fr']);
  const filter = find('kindred-language-filter');
  expect(filter && Reflect.get(filter, 'policy')).toEqual({ mode: 'only', languages: ['fr'] });
});

function kept(id: string): KeptCatalogue {
  return { id, title: id, itemCount: 14, ratingCount: 2, importedAtMs: Date.UTC(2026, 10, 1) };
}

test('the catalogue that was open last is opened again from the store', async () => {
  const fake = new FakeRecommender();
  fake.kept = [kept('shelf.csv'), kept('older.csv')];
  await open('', fake);
  expect(fake.status.catalogueId).toBe('shelf.csv');
  await open('', new FakeRecommender());
  expect(app.recommender?.status.catalogueId).toMatch(/world-library\/items\.ndjson$/);
});

test('an error on opening it again is shown, and the demo is opened', async () => {
  const fake = new FakeRecommender();
  fake.kept = [kept('shelf.csv')];
  const openCatalogue = fake.openCatalogue.bind(fake);
  fake.openCatalogue = async (source) => {
    if (typeof source === 'object' && 'kind' in source && source.kind === 'stored') {
      throw new RecommenderError('storage-unavailable', 'The catalogue shelf.csv is damaged.');
    }
    return openCatalogue(source);
  };
  await open('', fake);
  expect(fake.status.catalogueId).toMatch(/world-library\/items\.ndjson$/);
  expect(find('[role=alert]')?.textContent).toContain('shelf.csv is damaged');
});

test('reasons: liked items, with their languages, link to their page', async () => {
  await open();
  find('[data-item-id=music-sw]')?.shadowRoot?.querySelector<HTMLElement>('[data-kind=like]')?.click();
  const reason = (): HTMLElement | null | undefined => find('[data-item-id=music-ru]')?.shadowRoot?.querySelector<HTMLElement>('.reasons');
  await vi.waitFor(() => expect(reason()?.textContent).toBe('Because you liked Ngoma za pwani (Swahili)'));
  expect(reason()?.querySelector('bdi')?.lang).toBe('sw');
  reason()?.querySelector('a')?.click();
  await vi.waitFor(() => expect(idsIn('#one-item')).toEqual(['music-sw']));
  expect(await violationsOf(app, true)).toEqual([]);
});

test('measurements are there when the panel is visited again, and go when another catalogue is opened', async () => {
  const fake = await open('#/discover');
  const part = (name: string): ShadowRoot | null | undefined => find(`kindred-${name}-panel`)?.shadowRoot;
  const visit = async (name: string): Promise<void> => {
    location.hash = `#/${name}`;
    await vi.waitFor(() => expect(app.dataset.panel).toBe(name));
    if (name !== 'discover') await vi.waitFor(() => expect(part(name)?.querySelector('h2')).toBeTruthy());
  };
  let answer = (): void => undefined;
  const fairness = fake.fairness.bind(fake);
  fake.fairness = async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return fairness();
  };
  await visit('measure');
  part('measure')?.querySelector<HTMLElement>('#measure')?.click();
  await visit('map');
  await vi.waitFor(() => expect(part('map')?.querySelectorAll('.legend li').length).toBeGreaterThan(1));
  answer(); // while the panel that asked is gone
  await visit('measure');
  await vi.waitFor(() => expect(part('measure')?.querySelector('.exposure')).toBeTruthy());
  await visit('map');
  expect(part('map')?.querySelectorAll('.legend li').length).toBeGreaterThan(1);
  const drawn = (): string[] => fake.calls.filter((call) => call.startsWith('map'));
  expect(drawn()).toEqual(['map after']);
  fake.change(); // vectors may be others
  await visit('discover');
  await visit('map');
  await vi.waitFor(() => expect(drawn()).toEqual(['map after', 'map after']));
  app.dispatchEvent(new CustomEvent('kindred-open', { detail: new File(['id'], 'other.csv') }));
  await visit('measure');
  await vi.waitFor(() => expect(fake.status.catalogueId).toBe('other.csv'));
  expect(part('measure')?.querySelector('.exposure')).toBeNull();
});

test('the page says that it is offline, and what still works', async () => {
  await open();
  const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  dispatchEvent(new Event('offline'));
  await vi.waitFor(() => expect(find('.offline')?.textContent).toContain('still works'));
  onLine.mockRestore();
  dispatchEvent(new Event('online'));
  await vi.waitFor(() => expect(find('.offline')).toBeNull());
});

test('when the open catalogue is deleted, the page offers a next step', async () => {
  const fake = await open();
  fake.setStatus({ phase: 'idle', catalogueId: null });
  await vi.waitFor(() => expect(find('#recommendations h2')?.textContent).toBe('No catalogue is open'));
  expect(find('#recommendations a')?.getAttribute('href')).toBe('#/catalogue');
});
