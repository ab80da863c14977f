// Fills the page author's card template with an item. Catalogue data only ever becomes text and checked addresses: no markup
// of a catalogue can reach the page.
import type { FeedbackKind, Item } from '../base/types.ts';
import { type CategoryNames, categoryName } from '../ui/category-names.ts';
import type { CardLocalizer } from '../ui/messages/card-localize.ts';
import { safeHref } from '../ui/safe-href.ts';

export interface CardContext {
  rating: FeedbackKind | null;
  localizer: CardLocalizer;
  categoryNames: CategoryNames;
}

const TEXT_FIELDS = {
  id: (item) => item.id,
  title: (item) => item.title,
  description: (item) => item.description,
  creator: (item) => item.creator,
  kind: (item) => item.kind,
  published: (item) => item.published,
  license: (item) => item.license,
  attribution: (item) => item.attribution,
  language: (item, { localizer }) => localizer.languageName(item.language),
  country: (item, { localizer }) => item.country && localizer.regionName(item.country),
  categories: (item, { localizer, categoryNames }) => item.categories.map((id) => categoryName(categoryNames, id, localizer.tag)).join(' · '),
} as const satisfies Record<string, (item: Item, context: CardContext) => string | undefined>;

/** These are in the item's language; all other fields are in the language of the interface. */
const ITEM_LANGUAGE_FIELDS = new Set(['title', 'description']);

function textOf(field: string, item: Item, context: CardContext): string {
  if (Object.hasOwn(TEXT_FIELDS, field)) return TEXT_FIELDS[field as keyof typeof TEXT_FIELDS](item, context) ?? '';
  const attribute = /^attributes\.(.+)$/.exec(field)?.[1];
  const number = attribute !== undefined && item.attributes && Object.hasOwn(item.attributes, attribute) ? item.attributes[attribute] : undefined;
  return number === undefined ? '' : context.localizer.number(number);
}

/**
 * Fills every `[data-field]` below a root: `link` becomes the `href` of an `<a>`, `image` the `src` of an `<img>`, any other field
 * the element's text. An element whose field the item lacks is hidden. `[data-action]` shows the rating by `aria-pressed`.
 * Filling again with another rating or language changes only what differs.
 */
export function fillCard(root: ParentNode, item: Item, context: CardContext): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-field]')) fillField(element, item, context);
  for (const element of root.querySelectorAll<HTMLElement>('[data-action]')) {
    const action = element.dataset.action ?? '';
    element.setAttribute('aria-pressed', String(context.rating === action));
  }
}

function fillField(element: HTMLElement, item: Item, context: CardContext): void {
  const field = element.dataset.field ?? '';
  if (field === 'link' && element instanceof HTMLAnchorElement) {
    setAddress(element, 'href', item.link); // without a link its content still shows, unlinked
    return;
  }
  if (field === 'image' && element instanceof HTMLImageElement) {
    element.hidden = !setAddress(element, 'src', item.image);
    if (!element.hasAttribute('alt')) element.alt = '';
    return;
  }
  const text = textOf(field, item, context);
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === '';
  if (!ITEM_LANGUAGE_FIELDS.has(field)) return;
  element.lang = item.language;
  element.dir = 'auto';
}

/** @returns whether there is a safe address */
function setAddress(element: HTMLElement, name: 'href' | 'src', address: string | undefined): boolean {
  const safe = safeHref(address);
  if (safe === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== safe) element.setAttribute(name, safe);
  return safe !== undefined;
}
