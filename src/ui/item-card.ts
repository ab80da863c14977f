// One item with its drawn cover and its three ratings. Catalogue data becomes only text nodes and checked attributes.
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import type { FeedbackKind, Item } from '../base/types.ts';
import type { Reason } from '../protocol/engine-api.ts';
import { type CategoryNames, categoryName, NO_CATEGORY_NAMES } from './category-names.ts';
import { COVER_HEIGHT, COVER_WIDTH, coverDesign } from './cover-design.ts';
import { icon } from './icons.ts';
import { reasonsView } from './item-card-reasons.ts';
import { cardStyles } from './item-card-styles.ts';
import { type CardLocalizer, englishCardLocalizer } from './messages/card-localize.ts';
import { inputs } from './properties.ts';
import { safeHref } from './safe-href.ts';
import { controls, tokens } from './theme.ts';

export interface RateDetail {
  itemId: string;
  /** null: the rating is removed. */
  kind: FeedbackKind | null;
}

export const FEEDBACK_KINDS: readonly FeedbackKind[] = ['like', 'dislike', 'hide'];

/** CSS parts of a card. The element around it exports them as `card-title` and so on, to keep them apart from its own. */
export const CARD_PARTS = [
  'cover',
  'body',
  'title',
  'own-title',
  'facts',
  'description',
  'categories',
  'reasons',
  'credit',
  'actions',
  'action',
] as const;
export const CARD_EXPORTS = CARD_PARTS.map((part) => `${part}: card-${part}`).join(', ');

/** Categories shown on a card. */
const CHIP_LIMIT = 4;

export class ItemCard extends LitElement {
  static override properties = inputs('item', 'rating', 'localizer', 'categoryNames', 'reasons', 'itemHref');
  static override styles = [tokens, controls, cardStyles];

  declare item: Item | undefined;
  declare rating: FeedbackKind | null;
  declare localizer: CardLocalizer;
  declare categoryNames: CategoryNames;
  /** Why the item is recommended, strongest first. */
  declare reasons: readonly Reason[];
  /** Address of an item's page; null: the items of reasons are no links. */
  declare itemHref: ((id: string) => string) | null;

  constructor() {
    super();
    this.item = undefined;
    this.rating = null;
    this.localizer = englishCardLocalizer;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.reasons = [];
    this.itemHref = null;
  }

  /** The rating whose button has the focus, or null. */
  get focusedKind(): FeedbackKind | null {
    const focused = this.shadowRoot?.activeElement?.closest('[data-kind]')?.getAttribute('data-kind');
    return FEEDBACK_KINDS.find((kind) => kind === focused) ?? null;
  }

  /** Focuses a rating button, or with null the card itself. */
  focusKind(kind: FeedbackKind | null): void {
    const target = this.renderRoot.querySelector<HTMLElement>(kind ? `[data-kind="${kind}"]` : 'article');
    target?.focus({ preventScroll: true });
  }

  protected override willUpdate(): void {
    const { item } = this;
    if (!item) return;
    this.dataset.itemId = item.id;
    this.dataset.language = item.language;
    this.dataset.categories = item.categories.join(' | ');
    this.dataset.rating = this.rating ?? '';
  }

  #rate(kind: FeedbackKind): void {
    if (!this.item) return;
    const detail: RateDetail = { itemId: this.item.id, kind: this.rating === kind ? null : kind };
    this.dispatchEvent(new CustomEvent('kindred-rate', { detail, bubbles: true, composed: true }));
  }

  /** A listener that cancels `kindred-select` stops the browser from following the link. */
  #select(event: Event): void {
    const select = new CustomEvent('kindred-select', {
      detail: { item: this.item },
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    if (!this.dispatchEvent(select)) event.preventDefault();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { item, localizer, reasons, itemHref } = this;
    if (!item) return nothing;
    const chips = item.categories.slice(0, CHIP_LIMIT);
    return html`
      <article aria-labelledby="title" tabindex="-1">
        ${this.#cover(item)}
        <div class="body" part="body">
          <h3 id="title" part="title" lang=${item.language} dir="auto">${this.#title(item)}</h3>
          ${this.#ownTitle(item)}
          <p class="facts" part="facts">${this.#facts(item)}</p>
          ${item.description ? html`<p class="description" part="description" lang=${item.language} dir="auto">${item.description}</p>` : nothing}
          ${
            chips.length > 0
              ? html`<ul class="chips" part="categories" role="list">
                  ${chips.map((id) => html`<li dir="auto">${categoryName(this.categoryNames, id, localizer.tag)}</li>`)}
                </ul>`
              : nothing
          }
          ${reasonsView(reasons, localizer, itemHref)} ${this.#credit(item)}
        </div>
        <div class="actions" part="actions">${FEEDBACK_KINDS.map((kind) => this.#button(item, kind))}</div>
      </article>
    `;
  }

  #cover(item: Item): TemplateResult {
    const { ground, shapes } = coverDesign(item);
    return html`
      <div class="cover" part="cover" aria-hidden="true">
        <svg viewBox="0 0 ${COVER_WIDTH} ${COVER_HEIGHT}" preserveAspectRatio="xMidYMin slice" focusable="false">
          <defs>
            <linearGradient id="shade" x1="0" y1="0" x2="0" y2="1">
              <stop offset="0.3" stop-color=${ground} stop-opacity="0" />
              <stop offset="0.56" stop-color=${ground} stop-opacity="1" />
            </linearGradient>
          </defs>
          <rect width="100%" height="100%" fill=${ground} />
          ${shapes.map(({ d, fill }) => svg`<path d=${d} fill=${fill} />`)}
          <rect x="-2" y="-2" width=${COVER_WIDTH + 4} height=${COVER_HEIGHT + 4} fill="url(#shade)" />
        </svg>
        <span class="cover-title" lang=${item.language} dir="auto">${item.title}</span>
      </div>
    `;
  }

  #title(item: Item): TemplateResult {
    const href = safeHref(item.link);
    return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer" @click=${this.#select}>${item.title}</a>` : html`${item.title}`;
  }

  /** The title in the visitor's language, if the catalogue has it. */
  #ownTitle(item: Item): TemplateResult | typeof nothing {
    const { tag } = this.localizer;
    const own = item.translations && Object.hasOwn(item.translations, tag) ? item.translations[tag]?.title : undefined;
    return own && own !== item.title ? html`<p class="own-title" part="own-title" lang=${tag} dir="auto">${own}</p>` : nothing;
  }

  #facts(item: Item): TemplateResult[] {
    const { localizer } = this;
    const language = localizer.languageName(item.language);
    const facts = [html`<span class="language">${language}${item.languageDetected ? ` (${localizer.text('detected')})` : ''}</span>`];
    if (item.creator) facts.push(html`<bdi>${item.creator}</bdi>`);
    const year = /^-?\d{1,4}/.exec(item.published ?? '')?.[0];
    if (year) facts.push(html`<time datetime=${item.published ?? ''}>${year}</time>`);
    if (item.country) facts.push(html`<span>${localizer.regionName(item.country)}</span>`);
    return facts.map((fact, i) => (i === 0 ? fact : html`<span class="dot" aria-hidden="true"> · </span>${fact}`));
  }

  #credit(item: Item): TemplateResult | typeof nothing {
    const parts = [item.attribution, item.license].filter((part) => part !== undefined && part !== '');
    return parts.length > 0 ? html`<p class="credit" part="credit" dir="auto">${parts.join(' · ')}</p>` : nothing;
  }

  #button(item: Item, kind: FeedbackKind): TemplateResult {
    const action = this.localizer.text(kind);
    return html`
      <button
        type="button"
        class=${kind}
        part="action"
        data-kind=${kind}
        aria-pressed=${this.rating === kind}
        aria-label=${this.localizer.text('actionLabel', { action, title: item.title })}
        title=${action}
        @click=${() => this.#rate(kind)}
      >
        ${icon(kind)}${kind === 'like' ? html`<span class="action">${action}</span>` : nothing}
      </button>
    `;
  }
}

if (!customElements.get('kindred-item-card')) customElements.define('kindred-item-card', ItemCard);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-item-card': ItemCard;
  }
}
