// What the element shows besides a list of cards (a skeleton, a sentence, or slots for the page's own cards), and its styles.
import { css, html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Item } from '../base/types.ts';
import type { CardLocalizer } from '../ui/messages/card-localize.ts';
import { slotOf } from './light-cards.ts';

export const widgetStyles = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  /* Cards inherit the property, so that they change with the element. */
  :host([theme='light']) {
    --kindred-color-scheme: light;
  }
  :host([theme='dark']) {
    --kindred-color-scheme: dark;
  }
  .skeleton {
    min-block-size: 20rem;
    border-radius: var(--_radius);
    border: 1px solid var(--_line);
    background: linear-gradient(var(--_sunken) 0 45%, var(--_surface) 45%);
  }
  .loading .skeleton {
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.55;
    }
  }
  .error {
    margin: 0;
    padding: 1rem;
    border: 1px solid var(--_danger);
    border-radius: var(--_radius);
    background: var(--_danger-soft);
  }
`;

/** One slot for each card made from the page's template. */
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

/** @param loading false while the element waits to become visible */
export function skeletonView(count: number, loading: boolean): TemplateResult {
  const cards = Array.from({ length: count }, () => html`<li class="skeleton" part="skeleton"></li>`);
  return html`<ul class="grid ${loading ? 'loading' : ''}" aria-hidden="true">${cards}</ul>`;
}

export function errorView({ tag, direction, text }: CardLocalizer): TemplateResult {
  return html`<p part="error" class="error" role="alert" lang=${tag} dir=${direction}>${text('errorTitle')}</p>`;
}

/** For a list without items: the catalogue has none in the chosen languages. */
export function noItemsView({ tag, direction, text }: CardLocalizer): TemplateResult {
  return html`<p part="empty" lang=${tag} dir=${direction}>${text('listEmpty')}</p>`;
}

/** Whether the page put content between the tags, which is shown until the list is there. */
export function hasContent(host: Element): boolean {
  return [...host.childNodes].some((node) => (node instanceof Element ? !node.slot : node instanceof Text && node.data.trim() !== ''));
}
