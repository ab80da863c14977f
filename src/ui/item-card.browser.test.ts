// The card: names and states of its buttons, its event, and that catalogue text stays text.
import { afterEach, expect, test, vi } from 'vitest';
import type { FeedbackKind, Item } from '../base/types.ts';
import { CARD_EXPORTS, CARD_PARTS, ItemCard } from './item-card.ts';
import { loadLocalizer } from './messages/localize.ts';
import { violationsOf } from './testing/accessibility.ts';
import { FAKE_ITEMS, fakeItem, HOSTILE_TITLE } from './testing/fake-recommender.ts';

afterEach(() => document.body.replaceChildren());

async function show(item: Item | undefined, rating: FeedbackKind | null = null): Promise<ItemCard> {
  const card = new ItemCard();
  card.item = item;
  card.rating = rating;
  document.body.append(card);
  await card.updateComplete;
  return card;
}

const buttonOf = (card: ItemCard, kind: string): HTMLElement | null => card.renderRoot.querySelector(`[data-kind="${kind}"]`);

test('buttons say what they do and to what', async () => {
  const card = await show(FAKE_ITEMS[0], 'like');
  expect(buttonOf(card, 'like')?.getAttribute('aria-label')).toBe('Like: The lighthouse keeper’s daughter');
  expect(buttonOf(card, 'like')?.getAttribute('aria-pressed')).toBe('true');
  expect(buttonOf(card, 'hide')?.getAttribute('aria-pressed')).toBe('false');
  expect(card.dataset).toMatchObject({ itemId: 'sea-en', language: 'en', categories: 'Sea | Family' });
  for (const kind of ['like', 'dislike', 'hide']) {
    const { width = 0, height = 0 } = buttonOf(card, kind)?.getBoundingClientRect() ?? {};
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(40);
  }
});

test('a click rates, a click on the pressed one takes it back', async () => {
  const card = await show(FAKE_ITEMS[0], 'like');
  const heard = vi.fn();
  document.body.addEventListener('kindred-rate', (event) => heard(event instanceof CustomEvent && event.detail), { once: false });
  buttonOf(card, 'dislike')?.click();
  buttonOf(card, 'like')?.click();
  expect(heard.mock.calls).toEqual([[{ itemId: 'sea-en', kind: 'dislike' }], [{ itemId: 'sea-en', kind: null }]]);
});

test('title, language and direction', async () => {
  const card = await show(FAKE_ITEMS[1]);
  const title = card.renderRoot.querySelector('h3');
  expect([title?.textContent, title?.lang, title?.dir]).toEqual(['صيّاد اللؤلؤ الأخير', 'ar', 'auto']);
  expect(title && getComputedStyle(title).direction).toBe('rtl');
  expect(card.renderRoot.querySelector('.facts')?.textContent).toContain('Kuwait');
});

test('a hostile item stays text', async () => {
  const card = await show(FAKE_ITEMS.find(({ id }) => id === 'hostile'));
  expect(card.renderRoot.querySelector('h3')?.textContent).toBe(HOSTILE_TITLE);
  expect(card.renderRoot.querySelector('img, script, b, a')).toBeNull();
  expect(Reflect.get(globalThis, '__attacked')).toBeUndefined();
  expect(await violationsOf(card)).toEqual([]);
});

test('long words do not widen the card', async () => {
  const card = await show(fakeItem('long', 'de', 'Donaudampfschiff'.repeat(20), ['x'.repeat(200)], { description: 'y'.repeat(3000) }));
  card.style.inlineSize = '250px';
  expect(card.scrollWidth).toBeLessThanOrEqual(250);
});

test('no axe violations, in English and in Arabic', async () => {
  const card = await show(FAKE_ITEMS[0], 'like');
  expect(await violationsOf(card)).toEqual([]);
  card.localizer = await loadLocalizer(['ar']);
  card.dir = 'rtl';
  await card.updateComplete;
  expect(buttonOf(card, 'like')?.textContent).toContain('يعجبني');
  expect(await violationsOf(card)).toEqual([]);
});

test('reasons say which liked items, in which languages, as links where there is a place for them', async () => {
  const card = await show(FAKE_ITEMS[0]);
  expect(card.renderRoot.querySelector('.reasons')).toBeNull();
  const [, arabic, , japanese] = FAKE_ITEMS;
  if (!arabic || !japanese) throw new Error('the fake items are gone');
  card.reasons = [
    { item: arabic, share: 0.6 },
    { item: japanese, share: 0.4 },
  ];
  await card.updateComplete;
  const reasons = (): Element | null => card.renderRoot.querySelector('.reasons');
  expect(reasons()?.textContent).toBe('Because you liked صيّاد اللؤلؤ الأخير (Arabic) and 湯気の向こうの食堂 (Japanese)');
  expect([...(reasons()?.querySelectorAll('bdi') ?? [])].map(({ lang }) => lang)).toEqual(['ar', 'ja']);
  expect(reasons()?.querySelector('a')).toBeNull();
  card.itemHref = (id) => `#/discover?item=${id}`;
  await card.updateComplete;
  expect([...(reasons()?.querySelectorAll('a') ?? [])].map((a) => a.getAttribute('href'))).toEqual([
    '#/discover?item=sea-ar',
    '#/discover?item=food-ja',
  ]);
  expect(await violationsOf(card)).toEqual([]);
  card.localizer = await loadLocalizer(['tr']);
  await card.updateComplete;
  expect(reasons()?.textContent).toMatch(/^صيّاد.* ve .*hoşunuza gittiği için$/);
});

test('every part is in a full card, and is exported under its own name', async () => {
  const [first, second] = FAKE_ITEMS;
  if (!first || !second) throw new Error('the fake items are gone');
  const card = await show({ ...first, translations: { en: { title: 'Another title', description: '' } } });
  card.reasons = [{ item: second, share: 1 }];
  await card.updateComplete;
  const parts = new Set([...card.renderRoot.querySelectorAll('[part]')].map((element) => element.getAttribute('part')));
  expect(parts).toEqual(new Set(CARD_PARTS));
  expect(CARD_EXPORTS).toContain('title: card-title, ');
});
