// The page author's card template: fields in, no markup of the catalogue, addresses only when they are safe.
import { expect, test } from 'vitest';
import type { FeedbackKind } from '../base/types.ts';
import { englishLocalizer } from '../ui/messages/localize.ts';
import { fakeItem, HOSTILE_TITLE } from '../ui/testing/fake-recommender.ts';
import { fillCard } from './card-template.ts';

const context = { rating: null as FeedbackKind | null, localizer: englishLocalizer, categoryNames: { Sea: { en: 'The sea' } } };

function card(): HTMLElement {
  const root = document.createElement('div');
  const add = <K extends keyof HTMLElementTagNameMap>(tag: K, data: Record<string, string>): HTMLElementTagNameMap[K] => {
    const element = document.createElement(tag);
    Object.assign(element.dataset, data);
    root.append(element);
    return element;
  };
  const link = add('a', { field: 'link' });
  link.append(add('b', { field: 'title' }));
  add('p', { field: 'description' });
  add('i', { field: 'language' });
  add('i', { field: 'categories' });
  add('i', { field: 'attributes.price' });
  add('i', { field: 'constructor' });
  add('img', { field: 'image' });
  add('button', { action: 'like' });
  return root;
}

const field = <T extends HTMLElement>(root: HTMLElement, name: string): T => {
  const found = root.querySelector<T>(`[data-field="${name}"]`);
  if (!found) throw new Error(`no field ${name}`);
  return found;
};

test('fills text, language, categories, numbers, link and picture', () => {
  const root = card();
  const item = fakeItem('1', 'ar', 'البحر', ['Sea', 'Other'], { link: '/items/1', image: 'covers/1.webp', attributes: { price: 1200.5 } });
  fillCard(root, item, { ...context, rating: 'like' });
  expect(field(root, 'title').textContent).toBe('البحر');
  expect([field(root, 'title').lang, field(root, 'title').dir]).toEqual(['ar', 'auto']);
  expect(field(root, 'language').textContent).toBe('Arabic');
  expect(field(root, 'categories').textContent).toBe('The sea · Other');
  expect(field(root, 'attributes.price').textContent).toBe('1,200.5');
  expect(field(root, 'link').getAttribute('href')).toBe('/items/1');
  expect(field(root, 'image').getAttribute('src')).toBe('covers/1.webp');
  expect(field<HTMLImageElement>(root, 'image').alt).toBe('');
  expect(root.querySelector('button')?.getAttribute('aria-pressed')).toBe('true');
  for (const empty of ['description', 'constructor']) expect(field(root, empty).hidden, empty).toBe(true);
});

test('hostile data stays text and unsafe addresses are left out, also those of an earlier item', () => {
  const root = card();
  fillCard(root, fakeItem('1', 'en', 'Safe', [], { link: 'https://example.org/', image: 'https://example.org/a.png' }), context);
  fillCard(
    root,
    fakeItem('2', 'en', HOSTILE_TITLE, ['<b>x</b>'], { link: 'javascript:alert(1)', image: 'data:image/svg+xml,<svg onload=alert(1)>' }),
    context,
  );
  expect(field(root, 'title').textContent).toBe(HOSTILE_TITLE);
  expect(root.querySelectorAll('img, b, p, i, a, button')).toHaveLength(9);
  expect(field(root, 'link').hasAttribute('href')).toBe(false);
  expect(field(root, 'image').hasAttribute('src')).toBe(false);
  expect(field(root, 'image').hidden).toBe(true);
});
