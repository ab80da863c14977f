// What the element shows beside a list of cards: a skeleton, a sentence, or the places of the page's own cards.
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Item } from '../base/types.ts';
import type { CardLocalizer } from '../ui/messages/card-localize.ts';
import { slotOf } from './light-cards.ts';

/** One place for each card that the page's template gave. */
export function slotsView(items: readonly Item[]): TemplateResult {
  return html`
    <ul class="grid" role="list">
      ${repeat(
        items,
        ({ id }) => id,
        ({ id }) => html`<li part="card"><slot name=${slotOf(id)}></slot></li>`,
      )}
    </ul>
  `;
}

/** @param loading whether something is under way; false: it waits to be seen */
export function skeletonView(count: number, loading: boolean): TemplateResult {
  const cards = Array.from({ length: count }, () => html`<li class="skeleton" part="skeleton"></li>`);
  return html`<ul class="grid ${loading ? 'loading' : ''}" aria-hidden="true">${cards}</ul>`;
}

export function errorView({ tag, direction, text }: CardLocalizer): TemplateResult {
  return html`<p part="error" class="error" role="alert" lang=${tag} dir=${direction}>${text('errorTitle')}</p>`;
}

/** For a list without items: nothing is in the chosen languages. */
export function noItemsView({ tag, direction, text }: CardLocalizer): TemplateResult {
  return html`<p part="empty" lang=${tag} dir=${direction}>${text('listEmpty')}</p>`;
}

/** Whether the page put something between the tags that is to be seen until the list is there. */
export function hasContent(host: Element): boolean {
  return [...host.childNodes].some((node) => (node instanceof Element ? !node.slot : node instanceof Text && node.data.trim() !== ''));
}
