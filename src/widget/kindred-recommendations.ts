// <kindred-recommendations>: the element that other sites embed. Shows its slot's content until the first list is there.
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Item } from '../base/types.ts';
import type { EngineStatus, LanguagePolicy } from '../protocol/engine-api.ts';
import { type CategoryNames, loadCategoryNames, NO_CATEGORY_NAMES } from '../ui/category-names.ts';
import { GentleChange } from '../ui/gentle-change.ts';
import type { RateDetail } from '../ui/item-card.ts';
import { FocusKeeper, gridStyles, itemGrid } from '../ui/item-grid.ts';
import { englishLocalizer, type Localizer, loadLocalizer } from '../ui/messages/localize.ts';
import { RecommenderController } from '../ui/recommender-controller.ts';
import { controls, tokens } from '../ui/theme.ts';
import { DEFAULT_COUNT, readCount, readEncoder, readPolicy, readSpeed } from './attributes.ts';
import { type RecommenderFactory, sharedRecommender } from './shared-recommender.ts';

/**
 * Events (none bubbles): `ready` {itemCount, languages}; `change` {items} for each new list; `progress` {phase, done, total};
 * `error` {error}; `select` {item}, cancelable, when a card's link is followed.
 * Parts: `card`, `list`. Custom properties: `--kindred-*`, see ui/theme.ts.
 */
export class KindredRecommendations extends LitElement {
  static override properties = {
    catalogue: { type: String },
    assets: { type: String },
    count: { type: String },
    language: { type: String },
    encoder: { type: String },
    speed: { type: String },
    categories: { type: String },
    createRecommender: { attribute: false },
    localizer: { state: true },
    categoryNames: { state: true },
  };
  static override styles = [
    tokens,
    controls,
    gridStyles,
    css`
      :host {
        display: block;
      }
      :host([hidden]) {
        display: none;
      }
    `,
  ];

  declare catalogue: string | null;
  declare assets: string | null;
  declare count: string | null;
  declare language: string | null;
  declare encoder: string | null;
  declare speed: string | null;
  /** URL of a JSON file of category names, {category: {tag: name}}; without it the categories are shown as they are. */
  declare categories: string | null;
  /** For tests; without one the element makes its own. */
  declare createRecommender: RecommenderFactory | undefined;
  declare localizer: Localizer;
  declare categoryNames: CategoryNames;

  readonly #state = new RecommenderController(this, { count: DEFAULT_COUNT, onError: (error) => this.#fail(error) });
  #catalogueLanguages: readonly string[] = [];
  #startRequest = 0;
  #shownList: unknown = null;
  #shownStatus: EngineStatus | null = null;

  constructor() {
    super();
    this.catalogue = null;
    this.assets = null;
    this.count = null;
    this.language = null;
    this.encoder = null;
    this.speed = null;
    this.categories = null;
    this.createRecommender = undefined;
    this.localizer = englishLocalizer;
    this.categoryNames = NO_CATEGORY_NAMES;
    new FocusKeeper(this);
    new GentleChange(this, this.#state, '.grid');
    this.addEventListener('kindred-rate', (event) => {
      if (event instanceof CustomEvent) void this.#rate(event.detail);
    });
    this.addEventListener('kindred-select', (event) => this.#select(event));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#loadTexts();
    if (this.hasUpdated) void this.#start(); // put back into the page; the first time, `updated` starts it
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('catalogue') || changed.has('assets')) void this.#start();
    else if (changed.has('count') || changed.has('language')) this.#applyChoices();
    const { list, status } = this.#state;
    this.dataset.phase = status?.phase ?? 'idle';
    this.dataset.basis = list?.basis ?? '';
    if (list !== this.#shownList) {
      this.#shownList = list;
      if (list) this.#emit('change', { items: list.items.map(({ item }) => item) });
    }
    if (status && status !== this.#shownStatus) {
      this.#shownStatus = status;
      this.#emit('progress', { phase: status.phase, done: status.encodedCount, total: status.itemCount });
    }
  }

  async #loadTexts(): Promise<void> {
    const around = this.closest('[lang]')?.getAttribute('lang');
    try {
      this.localizer = await loadLocalizer([around, ...navigator.languages]);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #start(): Promise<void> {
    const request = ++this.#startRequest;
    this.#state.detach();
    if (this.#state.list) this.#state.clear();
    if (!this.catalogue) return;
    try {
      const catalogueUrl = new URL(this.catalogue, document.baseURI).href;
      const assetsUrl = this.assets === null ? undefined : new URL(this.assets, document.baseURI).href;
      const { recommender, summary } = await sharedRecommender(
        assetsUrl,
        catalogueUrl,
        { encoder: readEncoder(this.encoder), speed: readSpeed(this.speed) },
        this.createRecommender,
      );
      if (request !== this.#startRequest || !this.isConnected) return;
      this.#catalogueLanguages = summary.languages.map(({ tag }) => tag);
      this.#state.attach(recommender);
      this.#state.count = readCount(this.count);
      this.#state.policy = this.#policy();
      void this.#state.opened();
      this.#emit('ready', { itemCount: summary.itemCount, languages: summary.languages });
      if (this.categories) this.categoryNames = await loadCategoryNames(new URL(this.categories, document.baseURI));
    } catch (error) {
      if (request === this.#startRequest) this.#fail(error);
    }
  }

  #applyChoices(): void {
    this.#state.count = readCount(this.count);
    this.#state.setPolicy(this.#policy());
  }

  #policy(): LanguagePolicy {
    return readPolicy(this.language, this.#catalogueLanguages, navigator.languages);
  }

  async #rate({ itemId, kind }: RateDetail): Promise<void> {
    await this.#state.rate(itemId, kind);
  }

  #select(event: Event): void {
    if (!(event instanceof CustomEvent)) return;
    const item: Item = event.detail.item;
    if (!this.#emit('select', { item }, true)) event.preventDefault();
  }

  #fail(error: unknown): void {
    this.#emit('error', { error });
  }

  #emit(name: string, detail: unknown, cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable }));
  }

  protected override render(): TemplateResult | typeof nothing {
    const { list, improved, ratings } = this.#state;
    if (!list || list.items.length === 0) return html`<slot></slot>`;
    const { localizer, categoryNames } = this;
    return html`
      <div part="list" lang=${localizer.tag} dir=${localizer.direction}>
        ${itemGrid(
          list.items.map(({ item }) => item),
          { ratings, localizer, categoryNames },
        )}
        <div role="status" class="visually-hidden">${improved ? localizer.text('improved') : nothing}</div>
      </div>
    `;
  }
}

if (!customElements.get('kindred-recommendations')) customElements.define('kindred-recommendations', KindredRecommendations);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-recommendations': KindredRecommendations;
  }
}
