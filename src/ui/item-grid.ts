// The grid of cards of page and widget. Cards are keyed by item, so that a new order moves them instead of redrawing them.
import { css, html, type ReactiveController, type ReactiveElement, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FeedbackKind, Item } from '../base/types.ts';
import type { Reason } from '../protocol/engine-api.ts';
import type { CategoryNames } from './category-names.ts';
import { CARD_EXPORTS, ItemCard } from './item-card.ts';
import type { CardLocalizer } from './messages/card-localize.ts';

export interface GridContext {
  ratings: ReadonlyMap<string, FeedbackKind>;
  localizer: CardLocalizer;
  categoryNames: CategoryNames;
  /** Item id → why it is recommended. */
  reasons?: ReadonlyMap<string, readonly Reason[]>;
  /** Address of an item's page; without it the items of reasons are no links. */
  itemHref?: (id: string) => string;
}

const NO_REASONS: readonly Reason[] = [];

export const gridStyles = css`
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr));
    gap: 1rem;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .grid > li {
    min-inline-size: 0;
  }
`;

export function itemGrid(items: readonly Item[], { ratings, localizer, categoryNames, reasons, itemHref }: GridContext): TemplateResult {
  return html`
    <ul class="grid" role="list">
      ${repeat(
        items,
        (item) => item.id,
        (item) => html`
          <li>
            <kindred-item-card
              part="card"
              exportparts=${CARD_EXPORTS}
              .item=${item}
              .rating=${ratings.get(item.id) ?? null}
              .localizer=${localizer}
              .categoryNames=${categoryNames}
              .reasons=${reasons?.get(item.id) ?? NO_REASONS}
              .itemHref=${itemHref ?? null}
            ></kindred-item-card>
          </li>
        `,
      )}
    </ul>
  `;
}

/**
 * Keeps the keyboard focus when cards move or go: the focused card gets it back, or if it is gone, the card at its place
 * (the card, not its button: a second key press must not rate another item).
 */
export class FocusRestorer implements ReactiveController {
  readonly #host: ReactiveElement;
  #focused: { card: ItemCard; kind: FeedbackKind | null; grid: Element | null; place: number } | null = null;

  constructor(host: ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const card = this.#host.shadowRoot?.activeElement;
    if (!(card instanceof ItemCard)) {
      this.#focused = null;
      return;
    }
    const grid = card.closest('.grid');
    const place = grid ? [...grid.querySelectorAll('kindred-item-card')].indexOf(card) : 0;
    this.#focused = { card, kind: card.focusedKind, grid, place };
  }

  hostUpdated(): void {
    const focused = this.#focused;
    this.#focused = null;
    if (!focused || this.#host.shadowRoot?.activeElement === focused.card) return;
    if (focused.card.isConnected) {
      focused.card.focusKind(focused.kind);
      return;
    }
    const cards = [...(focused.grid?.querySelectorAll('kindred-item-card') ?? [])];
    const next = cards[Math.min(focused.place, cards.length - 1)];
    void next?.updateComplete.then(() => next.focusKind(null));
  }
}
