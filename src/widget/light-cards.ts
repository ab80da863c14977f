// Cards made from the page author's template. They are children of the element, each in its slot, so that the page's own
// style sheets reach them. A card belongs to one item and is moved, not redrawn, when the order changes.
import type { FeedbackKind, Item } from '../base/types.ts';
import { type CardContext, fillCard } from './card-template.ts';

const CARD_SELECTOR = '[data-kindred-item]';

export const slotOf = (itemId: string): string => `item:${itemId}`;

/** The page's template: `<template slot="card">`, a child of the element. */
export function templateOf(host: Element): HTMLTemplateElement | null {
  const found = [...host.children].find((child) => child.localName === 'template' && child.slot === 'card');
  return found instanceof HTMLTemplateElement ? found : null;
}

/** React and Vue put a template's children into the element itself, where the parser puts them into its content. */
function contentOf(template: HTMLTemplateElement): NodeListOf<ChildNode> {
  return template.content.hasChildNodes() ? template.content.childNodes : template.childNodes;
}

export class LightCards {
  readonly #host: HTMLElement;
  readonly #cards = new Map<string, { element: HTMLElement; item: Item }>();
  /** Ids as shown. */
  #order: readonly string[] = [];

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Adds, removes and fills cards until they are those of `items`. */
  show(template: HTMLTemplateElement, items: readonly Item[], contextOf: (item: Item) => CardContext): void {
    const place = this.#focusedPlace();
    this.#order = items.map(({ id }) => id);
    const wanted = new Set(this.#order);
    for (const [id, { element }] of this.#cards) {
      if (wanted.has(id) && element.parentNode === this.#host) continue;
      element.remove();
      this.#cards.delete(id);
    }
    for (const item of items) fillCard(this.#cardOf(template, item), item, contextOf(item));
    if (place >= 0) this.#keepFocus(place);
  }

  clear(): void {
    for (const { element } of this.#cards.values()) element.remove();
    this.#cards.clear();
    this.#order = [];
  }

  /** The item whose card an event came from. */
  itemAt(target: EventTarget | null): Item | null {
    const card = target instanceof Element ? target.closest<HTMLElement>(CARD_SELECTOR) : null;
    const held = card?.parentNode === this.#host ? this.#cards.get(card.dataset.kindredItem ?? '') : undefined;
    return held?.item ?? null;
  }

  #cardOf(template: HTMLTemplateElement, item: Item): HTMLElement {
    const known = this.#cards.get(item.id);
    if (known) {
      known.item = item;
      return known.element;
    }
    const element = document.createElement('div');
    element.dataset.kindredItem = item.id;
    element.slot = slotOf(item.id);
    element.tabIndex = -1;
    for (const node of contentOf(template)) element.append(document.importNode(node, true));
    this.#cards.set(item.id, { element, item });
    this.#host.append(element);
    return element;
  }

  /** Place of the card with the focus, or −1. */
  #focusedPlace(): number {
    const root = this.#host.getRootNode();
    const focused = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
    return this.#order.findIndex((id) => this.#cards.get(id)?.element.contains(focused));
  }

  /** When the focused card left, the card now at its place gets the focus. Not its button: a second key press would rate another item. */
  #keepFocus(place: number): void {
    if (this.#focusedPlace() >= 0) return;
    const next = this.#order[Math.min(place, this.#order.length - 1)];
    if (next !== undefined) this.#cards.get(next)?.element.focus({ preventScroll: true });
  }
}

/** The rating that a press on a template's `[data-action]` asks for; pressing the present rating removes it. */
export function actionAt(target: EventTarget | null, rating: FeedbackKind | null): { kind: FeedbackKind | null } | null {
  const button = target instanceof Element ? target.closest<HTMLElement>('[data-action]') : null;
  const action = button?.dataset.action;
  if (action !== 'like' && action !== 'dislike' && action !== 'hide') return null;
  return { kind: rating === action ? null : action };
}
