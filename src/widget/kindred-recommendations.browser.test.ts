// The element for other sites: fallback, skeleton, list, template, events, attributes, and its life in the page.
import { afterEach, expect, test, vi } from 'vitest';
import { FakeRecommender } from '../ui/testing/fake-recommender.ts';
import { KindredRecommendations } from './kindred-recommendations.ts';
import type { KindredRecommendationsElement } from './types.ts';

afterEach(() => {
  document.body.replaceChildren();
  document.documentElement.removeAttribute('lang');
});

function make(catalogue: string, fake: FakeRecommender, created = vi.fn(), attributes: Record<string, string> = {}): KindredRecommendations {
  const element = new KindredRecommendations();
  element.createRecommender = async (options) => {
    created(options);
    return fake;
  };
  for (const [name, value] of Object.entries({ catalogue, count: '4', ...attributes })) element.setAttribute(name, value);
  return element;
}

function add(...args: Parameters<typeof make>): KindredRecommendations {
  const element = make(...args);
  element.append('Our favourites');
  document.body.append(element);
  return element;
}

const cardsOf = (element: Element): HTMLElement[] => [...(element.shadowRoot?.querySelectorAll<HTMLElement>('kindred-item-card') ?? [])];
const lightCardsOf = (element: Element): HTMLElement[] => [...element.querySelectorAll<HTMLElement>('[data-kindred-item]')];
const fallbackOf = (element: Element): HTMLSlotElement | null | undefined => element.shadowRoot?.querySelector<HTMLSlotElement>('slot:not([name])');

test('shows the fallback, then the list; rating renews it', async () => {
  const element = add('/a.csv', new FakeRecommender());
  const heard: string[] = [];
  for (const name of ['ready', 'change', 'progress']) element.addEventListener(name, () => heard.push(name));
  await element.updateComplete;
  expect(fallbackOf(element)?.hidden).toBe(false);
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  expect(fallbackOf(element)?.hidden).toBe(true);
  expect(new Set(heard)).toEqual(new Set(['ready', 'change', 'progress']));
  expect(cardsOf(element)[0]?.getAttribute('part')).toBe('card');
  const changes = heard.filter((name) => name === 'change').length;
  cardsOf(element)[0]?.shadowRoot?.querySelector<HTMLElement>('[data-kind=like]')?.click();
  await vi.waitFor(() => expect(heard.filter((name) => name === 'change').length).toBeGreaterThan(changes));
});

test('elements with the same catalogue share a recommender', async () => {
  const created = vi.fn();
  const fake = new FakeRecommender();
  const elements = [add('/b.csv', fake, created), add('/b.csv', fake, created)];
  await vi.waitFor(() => expect(elements.map((element) => cardsOf(element).length)).toEqual([4, 4]));
  expect(created).toHaveBeenCalledOnce();
});

test('the attribute diversity and the property rules reach the list, and each change asks for another one', async () => {
  const fake = new FakeRecommender();
  const asked = vi.spyOn(fake, 'recommend');
  const element = add('/v.csv', fake, vi.fn(), { diversity: '0.3' });
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' }, diversity: 0.3 });
  const rules = [{ rule: 'limit', atMost: 2 } as const];
  element.rules = rules;
  await vi.waitFor(() => expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' }, diversity: 0.3, rules }));
  element.removeAttribute('diversity');
  await vi.waitFor(() => expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' }, rules }));
  element.diversity = 0.1;
  await vi.waitFor(() => expect(element.getAttribute('diversity')).toBe('0.1'));
});

test('the attribute familiarity reaches the list, and each change asks for another one', async () => {
  const fake = new FakeRecommender();
  const asked = vi.spyOn(fake, 'recommend');
  const element = add('/f.csv', fake, vi.fn(), { familiarity: '-0.5' });
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' }, familiarity: -0.5 });
  element.familiarity = 1;
  await vi.waitFor(() => expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' }, familiarity: 1 }));
  expect(element.getAttribute('familiarity')).toBe('1');
  element.removeAttribute('familiarity');
  await vi.waitFor(() => expect(asked).toHaveBeenLastCalledWith({ count: 4, policy: { mode: 'any' } }));
});

test('the attribute speed; what refinement improves is shown gently and said', async () => {
  const created = vi.fn();
  const fake = new FakeRecommender();
  fake.setStatus({ speed: 'quick-then-refined', topRefined: false });
  const [element, other] = [add('/e.csv', fake, created, { speed: 'quick-then-refined' }), add('/e.csv', fake, created)];
  await vi.waitFor(() => expect([element, other].map((one) => cardsOf(one).length)).toEqual([4, 4]));
  expect(created).toHaveBeenCalledExactlyOnceWith({ encoder: 'auto', speed: 'quick-then-refined' });

  // A rating in one element renews the list of the other, too.
  const rated = cardsOf(element)[0];
  rated?.shadowRoot?.querySelector<HTMLElement>('[data-kind=like]')?.click();
  for (const one of [element, other]) {
    await vi.waitFor(() => expect(cardsOf(one).map((card) => card.dataset.itemId)).not.toContain('sea-en'));
  }
  const said = (): string => element.shadowRoot?.querySelector('[role=status]')?.textContent?.trim() ?? '';
  expect(said()).toBe('');
  fake.setStatus({ topRefined: true });
  await vi.waitFor(() => expect(said()).toBe('Recommendations improved'));
});

test('a failure keeps the fallback and is told', async () => {
  const fake = new FakeRecommender();
  fake.failWith = new Error('no catalogue');
  const element = add('/c.csv', fake);
  const detail = await new Promise((resolve) => {
    const typed: KindredRecommendationsElement = element;
    typed.addEventListener('error', (event) => {
      event.preventDefault(); // keeps it out of the console
      resolve(event.detail);
    });
  });
  expect(detail).toEqual({ code: 'unknown', message: 'no catalogue', error: fake.failWith });
  await element.updateComplete;
  expect(fallbackOf(element)?.hidden).toBe(false);
  fake.failWith = null;
  await element.reload();
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
});

test('a failure without a fallback is said, and an error that nobody cancels is in the console', async () => {
  const written = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const fake = new FakeRecommender();
  fake.failWith = new Error('no catalogue');
  const element = make('/c2.csv', fake);
  document.body.append(element);
  await vi.waitFor(() => expect(element.shadowRoot?.querySelector('[part=error]')?.textContent).toBe('Something went wrong'));
  expect(written).toHaveBeenCalledWith('<kindred-recommendations> unknown: no catalogue');
  written.mockRestore();
});

test('without content a skeleton of as many cards as will come', async () => {
  const element = make('/s.csv', new FakeRecommender());
  document.body.append(element);
  await element.updateComplete;
  expect(element.shadowRoot?.querySelectorAll('.skeleton')).toHaveLength(4);
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  expect(element.shadowRoot?.querySelectorAll('.skeleton')).toHaveLength(0);
});

test('loads when it comes near the window, or at once with loading=eager', async () => {
  const created = vi.fn();
  const far = (): HTMLElement => {
    const space = document.createElement('div');
    space.style.height = '5000px';
    return space;
  };
  document.body.append(far());
  const lazy = add('/v1.csv', new FakeRecommender(), created);
  const eager = add('/v2.csv', new FakeRecommender(), created, { loading: 'eager' });
  await vi.waitFor(() => expect(cardsOf(eager)).toHaveLength(4));
  expect(created).toHaveBeenCalledOnce();
  lazy.scrollIntoView();
  await vi.waitFor(() => expect(cardsOf(lazy)).toHaveLength(4));
  scrollTo(0, 0);
});

test('moved, taken out and put back: one recommender, one ready, no listener left behind', async () => {
  const created = vi.fn();
  const fake = new FakeRecommender();
  const element = add('/m.csv', fake, created);
  const ready = vi.fn();
  element.addEventListener('ready', ready);
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));

  const other = document.createElement('section');
  document.body.append(other);
  other.append(element);
  await vi.waitFor(() => expect(element.recommender).toBe(fake));
  element.remove();
  expect(element.recommender).toBeNull();
  expect(cardsOf(element)).toHaveLength(4); // still drawn, so that it comes back without a flash
  document.body.append(element);
  await vi.waitFor(() => expect(element.recommender).toBe(fake));
  cardsOf(element)[0]?.shadowRoot?.querySelector<HTMLElement>('[data-kind=like]')?.click();
  await vi.waitFor(() => expect(element.dataset.basis).toBe('profile'));
  expect(created).toHaveBeenCalledOnce();
  expect(ready).toHaveBeenCalledOnce();
  // Every subscription but the present two has ended: only these still hear.
  const updates = vi.spyOn(element, 'requestUpdate');
  fake.setStatus({ secondsLeft: 1 });
  expect(updates).toHaveBeenCalledOnce();
});

test('attributes and properties mirror each other; defaults are not written into the page', async () => {
  const element = new KindredRecommendations();
  document.body.append(element);
  await element.updateComplete;
  expect(element.getAttributeNames().filter((name) => !name.startsWith('data-'))).toEqual([]);
  const written = {
    count: '3',
    language: 'de,fr',
    speed: 'quick',
    encoder: 'wasm',
    theme: 'dark',
    loading: 'eager',
    pack: 'p/',
    head: 'h.json',
    assets: '/k/',
    categories: 'c.json',
  };
  Object.assign(element, { ...written, count: 3 });
  await element.updateComplete;
  for (const [name, value] of Object.entries(written)) expect(element.getAttribute(name), name).toBe(value);
  element.setAttribute('count', 'many');
  element.setAttribute('theme', 'pink');
  expect([element.count, element.theme]).toEqual([6, 'auto']);
  for (const name of Object.keys(written)) element.removeAttribute(name);
  expect([element.count, element.language, element.speed, element.encoder, element.loading, element.pack]).toEqual([
    6,
    'any',
    'auto',
    'auto',
    'visible',
    null,
  ]);
});

test('pack and head go with the catalogue, as absolute addresses', async () => {
  const fake = new FakeRecommender();
  const opened = vi.spyOn(fake, 'openCatalogue');
  add('p.csv', fake, vi.fn(), { pack: 'packs/p/', head: '/heads/p.json' });
  await vi.waitFor(() =>
    expect(opened).toHaveBeenCalledExactlyOnceWith({
      kind: 'url',
      url: new URL('p.csv', document.baseURI).href,
      packUrl: new URL('packs/p/', document.baseURI).href,
      headUrl: new URL('/heads/p.json', document.baseURI).href,
    }),
  );
});

test('theme is a colour scheme that cards inherit', async () => {
  const element = add('/t.csv', new FakeRecommender(), vi.fn(), { theme: 'dark' });
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  const card = cardsOf(element)[0];
  expect(card && getComputedStyle(card).colorScheme).toBe('dark');
  const dark = card && getComputedStyle(card).color;
  element.theme = 'light';
  await element.updateComplete;
  expect(card && getComputedStyle(card).colorScheme).toBe('light');
  expect(card && getComputedStyle(card).color).not.toBe(dark);
});

test('on an Arabic page texts are Arabic and the list runs from right to left', async () => {
  document.documentElement.lang = 'ar';
  const element = add('/r.csv', new FakeRecommender());
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  const list = element.shadowRoot?.querySelector<HTMLElement>('[part=list]');
  expect([list?.lang, list?.dir]).toEqual(['ar', 'rtl']);
});

test('a card template: filled, kept by item, rated, selected, and focus stays in the list', async () => {
  const fake = new FakeRecommender();
  const element = make('/x.csv', fake);
  const template = document.createElement('template');
  template.slot = 'card';
  const link = Object.assign(document.createElement('a'), { textContent: 'Open' });
  link.dataset.field = 'link';
  const title = document.createElement('b');
  title.dataset.field = 'title';
  const like = document.createElement('button');
  like.dataset.action = 'like';
  template.content.append(link, title, like);
  document.body.append(element);
  element.append(template); // late, as a framework may
  await vi.waitFor(() => expect(lightCardsOf(element)).toHaveLength(4));
  expect(cardsOf(element)).toHaveLength(0);
  const [first, second] = lightCardsOf(element);
  expect(first?.querySelector('b')?.textContent).toBe('The lighthouse keeper’s daughter');
  expect(first?.assignedSlot?.isConnected).toBe(true);

  const selected = vi.fn((event: Event) => event.preventDefault());
  document.body.addEventListener('select', selected); // it bubbles
  const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true });
  first?.querySelector('a')?.dispatchEvent(click);
  document.body.removeEventListener('select', selected);
  expect(selected).toHaveBeenCalledOnce();
  expect(click.defaultPrevented).toBe(true);

  first?.querySelector('button')?.focus();
  first?.querySelector('button')?.click();
  await vi.waitFor(() => expect(first?.isConnected).toBe(false));
  expect(fake.calls).toContain('rate sea-en like');
  expect(lightCardsOf(element)).toContain(second);
  expect(lightCardsOf(element)).toContain(document.activeElement);
});

test('select can be cancelled', async () => {
  const element = add('/d.csv', new FakeRecommender());
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  const selected = vi.fn((event: Event) => event.preventDefault());
  element.addEventListener('select', selected);
  const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true });
  cardsOf(element)[0]?.shadowRoot?.querySelector('a')?.dispatchEvent(click);
  expect(selected).toHaveBeenCalledOnce();
  expect(click.defaultPrevented).toBe(true);
});

test('parts of a card are reached from outside', async () => {
  const style = document.createElement('style');
  style.textContent = 'kindred-recommendations::part(card-title) { color: rgb(1, 2, 3) }';
  const element = add('/parts.csv', new FakeRecommender());
  document.body.append(style);
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
  const title = cardsOf(element)[0]?.shadowRoot?.querySelector('h3');
  expect(title && getComputedStyle(title).color).toBe('rgb(1, 2, 3)');
});
