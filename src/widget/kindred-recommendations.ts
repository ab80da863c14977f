// <kindred-recommendations>: the element that other sites embed. Until the first list is there it shows its content, or a
// skeleton where it has none. Its properties, methods and events are in types.ts and docs/embedding.md.
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { messageOf } from '../base/errors.ts';
import type { FeedbackKind, Item } from '../base/types.ts';
import type { Recommender } from '../client/recommender.ts';
import type { EncoderChoice, EngineStatus, LanguagePolicy, RankingRule, Speed } from '../protocol/engine-api.ts';
import { type CategoryNames, loadCategoryNames, NO_CATEGORY_NAMES } from '../ui/category-names.ts';
import { FadeIn } from '../ui/fade-in.ts';
import { FocusRestorer, gridStyles, itemGrid } from '../ui/item-grid.ts';
import { type CardLocalizer, englishCardLocalizer, loadCardLocalizer } from '../ui/messages/card-localize.ts';
import { RecommenderController } from '../ui/recommender-controller.ts';
import { controls, tokens } from '../ui/theme.ts';
import {
  CHOICES,
  DEFAULT_COUNT,
  mirrored,
  readCount,
  readDiversity,
  readEncoder,
  readFamiliarity,
  readLoading,
  readPolicy,
  readRequest,
  readSpeed,
  readTheme,
  SOURCES,
} from './attributes.ts';
import { actionAt, LightCards, templateOf } from './light-cards.ts';
import { onceVisible } from './once-visible.ts';
import { type Lease, pagePool, type RecommenderFactory } from './recommender-pool.ts';
import type { KindredEventMap, KindredRecommendationsElement, Loading, Theme } from './types.ts';
import { errorView, hasContent, noItemsView, skeletonView, slotsView, widgetStyles } from './widget-views.ts';

const createReal: RecommenderFactory = async (options) => (await import('../client/create.ts')).createRecommender(options);

export class KindredRecommendations extends LitElement implements KindredRecommendationsElement {
  static override properties = {
    catalogue: mirrored(),
    assets: mirrored(),
    pack: mirrored(),
    head: mirrored(),
    count: mirrored(readCount),
    language: mirrored(),
    diversity: mirrored(readDiversity),
    familiarity: mirrored(readFamiliarity),
    rules: { attribute: false },
    encoder: mirrored(readEncoder),
    speed: mirrored(readSpeed),
    theme: mirrored(readTheme),
    loading: mirrored(readLoading),
    categories: mirrored(),
    createRecommender: { attribute: false },
    localizer: { state: true },
    categoryNames: { state: true },
    failed: { state: true },
  };
  static override styles = [tokens, controls, gridStyles, widgetStyles];

  declare catalogue: string | null;
  declare assets: string | null;
  declare pack: string | null;
  declare head: string | null;
  declare count: number;
  declare language: string;
  declare diversity: number;
  declare familiarity: number;
  declare rules: readonly RankingRule[];
  declare encoder: EncoderChoice;
  declare speed: Speed;
  declare theme: Theme;
  declare loading: Loading;
  declare categories: string | null;
  /** For tests; by default the library's. */
  declare createRecommender: RecommenderFactory;
  declare localizer: CardLocalizer;
  declare categoryNames: CategoryNames;
  declare failed: boolean;

  readonly #state = new RecommenderController(this, { count: DEFAULT_COUNT, onError: (error) => this.#fail(error) });
  readonly #cards = new LightCards(this);
  #lease: Lease | null = null;
  #openKey = '';
  #catalogueLanguages: readonly string[] = [];
  #request = 0;
  #watched = false;
  #seen = false;
  #stopWatching: () => void = () => undefined;
  #shownList: unknown = null;
  #shownStatus: EngineStatus | null = null;

  constructor() {
    super();
    this.catalogue = null;
    this.assets = null;
    this.pack = null;
    this.head = null;
    this.count = DEFAULT_COUNT;
    this.language = 'any';
    this.diversity = 0;
    this.familiarity = 0;
    this.rules = [];
    this.encoder = 'auto';
    this.speed = 'auto';
    this.theme = 'auto';
    this.loading = 'visible';
    this.categories = null;
    this.createRecommender = createReal;
    this.localizer = englishCardLocalizer;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.failed = false;
    new FocusRestorer(this);
    new FadeIn(this, this.#state, '.grid');
    this.addEventListener('kindred-rate', (event) => {
      if (event instanceof CustomEvent) void this.#state.rate(event.detail.itemId, event.detail.kind);
    });
    this.addEventListener('kindred-select', (event) => {
      if (event instanceof CustomEvent) this.#select(event, event.detail.item);
    });
    this.addEventListener('click', (event) => this.#clickLightCard(event));
  }

  get recommender(): Recommender | null {
    return this.#state.recommender;
  }

  async reload(): Promise<void> {
    this.#openKey = '';
    this.#seen = true;
    await this.#start();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#seen)
      void this.#start(); // the element was moved, or put back
    else if (this.hasUpdated) this.#watch(); // the first time, `updated` watches
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watched = false;
    this.#stopWatching();
    this.#request++;
    this.#releaseLease();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const otherCatalogue = SOURCES.some((name) => changed.has(name));
    if (!this.#seen) {
      if (!this.#watched || changed.has('loading')) this.#watch();
    } else if (otherCatalogue) void this.#start();
    else if (CHOICES.some((name) => changed.has(name))) this.#applyChoices();
    else if (changed.has('categories')) void this.#loadCategoryNames();
    this.#emitChanges();
  }

  /** Starts when the element comes near the window, or at once when the page wants so. */
  #watch(): void {
    this.#watched = true;
    this.#stopWatching();
    if (this.loading === 'eager') this.#begin();
    else {
      this.#stopWatching = onceVisible(this, () => {
        this.requestUpdate(); // the skeleton shows that something is under way
        this.#begin();
      });
    }
  }

  #begin(): void {
    this.#seen = true;
    void this.#start();
  }

  async #start(): Promise<void> {
    const request = ++this.#request;
    this.#state.detach();
    this.#releaseLease();
    this.failed = false;
    try {
      const asked = readRequest(this, document.baseURI);
      const key = asked ? JSON.stringify([asked.assetsUrl ?? null, asked.source]) : '';
      const again = key !== '' && key === this.#openKey;
      if (!again) this.#forget();
      if (!asked) return;
      this.#lease = pagePool.lease(asked, this.createRecommender);
      const [{ recommender, summary }] = await Promise.all([this.#lease.opened, this.#loadTexts(), this.#loadCategoryNames()]);
      if (request !== this.#request) return;
      this.#openKey = key;
      this.#catalogueLanguages = summary.languages.map(({ tag }) => tag);
      this.#state.attach(recommender);
      this.#choose();
      void this.#state.opened();
      if (!again) this.#emit('ready', { itemCount: summary.itemCount, languages: summary.languages });
    } catch (error) {
      if (request !== this.#request) return;
      this.#releaseLease();
      this.failed = true;
      this.#fail(error);
    }
  }

  async #loadTexts(): Promise<void> {
    const around = this.closest('[lang]')?.getAttribute('lang');
    this.localizer = await loadCardLocalizer([around, ...navigator.languages]);
  }

  async #loadCategoryNames(): Promise<void> {
    const { categories } = this;
    const names = categories ? await loadCategoryNames(new URL(categories, document.baseURI)) : NO_CATEGORY_NAMES;
    if (categories === this.categories) this.categoryNames = names;
  }

  #forget(): void {
    this.#openKey = '';
    if (this.#state.list) this.#state.clear();
  }

  #releaseLease(): void {
    this.#lease?.release();
    this.#lease = null;
  }

  #applyChoices(): void {
    this.#choose();
    void this.#state.refresh();
  }

  #choose(): void {
    this.#state.count = readCount(String(this.count));
    this.#state.policy = this.#policy();
    this.#state.diversity = readDiversity(String(this.diversity));
    this.#state.familiarity = readFamiliarity(String(this.familiarity));
    this.#state.rules = this.rules ?? [];
  }

  #policy(): LanguagePolicy {
    return readPolicy(this.language, this.#catalogueLanguages, navigator.languages);
  }

  #clickLightCard(event: Event): void {
    const item = this.#cards.itemAt(event.target);
    if (!item) return;
    const action = actionAt(event.target, this.#ratingOf(item));
    if (action) void this.#state.rate(item.id, action.kind);
    else if (event.target instanceof Element && event.target.closest('a[href]')) this.#select(event, item);
  }

  #ratingOf(item: Item): FeedbackKind | null {
    return this.#state.ratings.get(item.id) ?? null;
  }

  #select(event: Event, item: Item): void {
    if (!this.#emit('select', { item }, { cancelable: true, bubbles: true, composed: true })) event.preventDefault();
  }

  #fail(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const message = messageOf(error);
    const notCancelled = this.#emit('error', { code, message, error }, { cancelable: true });
    if (notCancelled) console.error(`<kindred-recommendations> ${code}: ${message}`);
  }

  #emit<K extends keyof KindredEventMap>(name: K, detail: KindredEventMap[K]['detail'], options: EventInit = {}): boolean {
    return this.dispatchEvent(new CustomEvent(name, { ...options, detail }));
  }

  /** Sends the events of what changed since the last update. */
  #emitChanges(): void {
    const { list, status } = this.#state;
    this.dataset.phase = status?.phase ?? 'idle';
    this.dataset.basis = list?.basis ?? '';
    if (list !== this.#shownList) {
      this.#shownList = list;
      if (list) this.#emit('change', { items: list.items.map(({ item }) => item), basis: list.basis });
    }
    if (status && status !== this.#shownStatus) {
      this.#shownStatus = status;
      this.#emit('progress', { phase: status.phase, done: status.encodedCount, total: status.itemCount });
    }
  }

  protected override render(): TemplateResult {
    const items = this.#state.list?.items.map(({ item }) => item) ?? [];
    const redraw = (): void => this.requestUpdate();
    const shown = items.length > 0;
    return html`
      <slot ?hidden=${shown} @slotchange=${redraw}></slot>
      ${shown ? this.#listView(items) : hasContent(this) ? nothing : this.#emptyView()}
      <slot name="card" hidden @slotchange=${redraw}></slot>
    `;
  }

  #listView(items: readonly Item[]): TemplateResult {
    const { localizer, categoryNames } = this;
    const { ratings, improved } = this.#state;
    const template = templateOf(this);
    if (template) this.#cards.show(template, items, (item) => ({ rating: this.#ratingOf(item), localizer, categoryNames }));
    else this.#cards.clear();
    return html`
      <div part="list" lang=${localizer.tag} dir=${localizer.direction}>
        ${template ? slotsView(items) : itemGrid(items, { ratings, localizer, categoryNames })}
        <div role="status" class="visually-hidden">${improved ? localizer.text('improved') : nothing}</div>
      </div>
    `;
  }

  #emptyView(): TemplateResult {
    this.#cards.clear();
    if (this.failed) return errorView(this.localizer);
    return this.#state.list ? noItemsView(this.localizer) : skeletonView(readCount(String(this.count)), this.#seen || this.loading === 'eager');
  }
}

if (!customElements.get('kindred-recommendations')) customElements.define('kindred-recommendations', KindredRecommendations);
