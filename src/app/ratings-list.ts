// What the visitor has rated, newest first, each with a way to take it back.
import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FeedbackKind, Item } from '../base/types.ts';
import { icon } from '../ui/icons.ts';
import type { RateDetail } from '../ui/item-card.ts';
import { LocalizedElement } from '../ui/localized-element.ts';
import type { MessageKey } from '../ui/messages/localize.ts';
import { inputs } from '../ui/properties.ts';
import { boxStyles } from '../ui/theme.ts';
import { rowListStyles } from './shared-styles.ts';

const KIND_KEYS: Readonly<Record<FeedbackKind, MessageKey>> = { like: 'liked', dislike: 'disliked', hide: 'hidden' };

export class RatingsList extends LocalizedElement {
  static override properties = inputs('ratings', 'items');
  static override styles = [
    boxStyles,
    rowListStyles,
    css`
      ul {
        max-block-size: 28rem;
        overflow: auto;
      }
      li {
        flex-wrap: nowrap;
      }
      .icon {
        flex: none;
        fill: none;
        stroke: var(--_accent);
        stroke-width: 1.6;
      }
    `,
  ];

  declare ratings: ReadonlyMap<string, FeedbackKind>;
  declare items: ReadonlyMap<string, Item>;
  /** Place of the row that was undone, until the list without it is drawn. */
  #undonePlace: number | null = null;

  constructor() {
    super();
    this.ratings = new Map();
    this.items = new Map();
  }

  #undo(itemId: string, place: number): void {
    this.#undonePlace = place;
    this.emit<RateDetail>('kindred-rate', { itemId, kind: null });
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#undonePlace === null || !changed.has('ratings')) return;
    const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>('li button')];
    const next = buttons[Math.min(this.#undonePlace, buttons.length - 1)] ?? this.renderRoot.querySelector('h2');
    next?.focus();
    this.#undonePlace = null;
  }

  protected override render(): TemplateResult {
    const { localizer } = this;
    const rows = [...this.ratings].reverse();
    return html`
      <section aria-labelledby="title">
        <h2 id="title" tabindex="-1">${localizer.text('ratingsTitle')}</h2>
        ${
          rows.length === 0
            ? html`<p class="muted">${localizer.text('ratingsEmpty')}</p>`
            : html`<ul role="list">
                ${repeat(
                  rows,
                  ([itemId]) => itemId,
                  ([itemId, kind], place) => this.#row(itemId, kind, place),
                )}
              </ul>`
        }
      </section>
    `;
  }

  #row(itemId: string, kind: FeedbackKind, place: number): TemplateResult {
    const { localizer } = this;
    const item = this.items.get(itemId);
    const title = item?.title ?? itemId;
    const action = localizer.text('undo');
    return html`
      <li data-item-id=${itemId} data-rating=${kind}>
        ${icon(kind)}
        <span class="what">
          <bdi lang=${item?.language ?? 'und'}>${title}</bdi>
          <span class="muted">${localizer.text(KIND_KEYS[kind])}</span>
        </span>
        <button
          type="button"
          aria-label=${localizer.text('actionLabel', { action, title })}
          @click=${() => this.#undo(itemId, place)}
        >
          ${action}
        </button>
      </li>
    `;
  }
}

if (!customElements.get('kindred-ratings')) customElements.define('kindred-ratings', RatingsList);
