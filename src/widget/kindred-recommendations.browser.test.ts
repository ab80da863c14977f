// The element for other sites: fallback, list, events, and one recommender for several elements.
import { afterEach, expect, test, vi } from 'vitest';
import { FakeRecommender } from '../ui/testing/fake-recommender.ts';
import { KindredRecommendations } from './kindred-recommendations.ts';

afterEach(() => document.body.replaceChildren());

function add(catalogue: string, fake: FakeRecommender, created = vi.fn(), speed = ''): KindredRecommendations {
  const element = new KindredRecommendations();
  if (speed) element.setAttribute('speed', speed);
  element.createRecommender = async (options) => {
    created(options);
    return fake;
  };
  element.setAttribute('catalogue', catalogue);
  element.setAttribute('count', '4');
  element.append('Our favourites');
  document.body.append(element);
  return element;
}

const cardsOf = (element: Element): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('kindred-item-card') ?? []),
];

test('shows the fallback, then the list; rating renews it', async () => {
  const element = add('/a.csv', new FakeRecommender());
  const heard: string[] = [];
  for (const name of ['ready', 'change', 'progress']) element.addEventListener(name, () => heard.push(name));
  await element.updateComplete;
  expect(element.shadowRoot?.querySelector('slot')).not.toBeNull();
  await vi.waitFor(() => expect(cardsOf(element)).toHaveLength(4));
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

test('the attribute speed; what refinement improves is shown gently and said', async () => {
  const created = vi.fn();
  const fake = new FakeRecommender();
  fake.setStatus({ speed: 'quick-then-refined', topRefined: false });
  const [element, other] = [add('/e.csv', fake, created, 'quick-then-refined'), add('/e.csv', fake, created)];
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
  const failed = await new Promise<Event>((resolve) => element.addEventListener('error', resolve, { once: true }));
  expect(failed instanceof CustomEvent && failed.detail.error).toBe(fake.failWith);
  expect(element.shadowRoot?.querySelector('slot')).not.toBeNull();
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
