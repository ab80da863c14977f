// The grid of cards that page and widget share. Cards are keyed by item, so a new order moves them instead of redrawing.
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
  /** Where the page shows one item, for the items of reasons; without it they are no links. */
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
 * Keeps the keyboard's place when cards move or leave: the focused card gets its focus back, or, when it has left, the
 * card now at its place is focused (the card, not its button: a second key press must not rate another item).
 */
export class FocusRestorer implements ReactiveController {
  readonly #host: ReactiveElement;
  #held: { card: ItemCard; kind: FeedbackKind | null; grid: Element | null; place: number } | null = null;

  constructor(host: ReactiveElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const card = this.#host.shadowRoot?.activeElement;
    if (!(card instanceof ItemCard)) {
      this.#held = null;
      return;
    }
    const grid = card.closest('.grid');
    const place = grid ? [...grid.querySelectorAll('kindred-item-card')].indexOf(card) : 0;
    this.#held = { card, kind: card.focusedKind, grid, place };
  }

  hostUpdated(): void {
    const held = this.#held;
    this.#held = null;
    if (!held || this.#host.shadowRoot?.activeElement === held.card) return;
    if (held.card.isConnected) {
      held.card.focusKind(held.kind);
      return;
    }
    const cards = [...(held.grid?.querySelectorAll('kindred-item-card') ?? [])];
    const next = cards[Math.min(held.place, cards.length - 1)];
    void next?.updateComplete.then(() => next.focusKind(null));
  }
}
