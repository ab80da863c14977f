// The page: wires the panels to one recommender. It asks and shows; whatever is computed, the recommender computes.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Recommender } from '../client/recommender.ts';
import type { CatalogueSummary, LanguagePolicy, RecommendationList } from '../protocol/engine-api.ts';
import { type CategoryNames, categoryNamesUrl, loadCategoryNames, NO_CATEGORY_NAMES } from '../ui/category-names.ts';
import { errorAdvice } from '../ui/error-advice.ts';
import type { RateDetail } from '../ui/item-card.ts';
import { FocusKeeper, gridStyles, itemGrid } from '../ui/item-grid.ts';
import {
  englishLocalizer,
  type Localizer,
  loadLocalizer,
  matchLanguage,
  savedLanguage,
  saveLanguage,
} from '../ui/messages/localize.ts';
import { RecommenderController } from '../ui/recommender-controller.ts';
import { controls, tokens } from '../ui/theme.ts';
import '../ui/language-menu.ts';
import '../ui/status-panel.ts';
import { appStyles } from './app-styles.ts';
import { alertView, headerView, recommendationsView, type SearchView, searchFormView, searchResultsView } from './app-views.ts';
import './data-panel.ts';
import './import-panel.ts';
import { painted, RATE_MARK, RATE_MEASURE } from './painted.ts';
import { RatedItems } from './rated-items.ts';
import './ratings-list.ts';
import { type PageSettings, readSettings } from './settings.ts';

/** Cards of one list. */
const LIST_COUNT = 12;

interface SearchState {
  query: string;
  /** null while the answer is awaited. */
  list: RecommendationList | null;
}

export class KindredApp extends LitElement {
  static override properties = {
    /** For tests; without one the page makes its own. */
    recommender: { attribute: false },
    localizer: { state: true },
    summary: { state: true },
    search: { state: true },
    error: { state: true },
    dragging: { state: true },
    persisted: { state: true },
    erased: { state: true },
    categoryNames: { state: true },
  };
  static override styles = [tokens, controls, gridStyles, appStyles];

  declare recommender: Recommender | null;
  declare localizer: Localizer;
  declare summary: CatalogueSummary | null;
  declare search: SearchState | null;
  declare error: unknown;
  declare dragging: boolean;
  declare persisted: boolean | null;
  declare erased: boolean;
  declare categoryNames: CategoryNames;

  readonly #settings: PageSettings = readSettings(location.search, document.baseURI);
  readonly #state = new RecommenderController(this, { count: LIST_COUNT, onError: (error) => this.#fail(error) });
  readonly #rated = new RatedItems(this, this.#state, (error) => this.#fail(error));
  #languageRequest = 0;

  constructor() {
    super();
    this.recommender = null;
    this.localizer = englishLocalizer;
    this.summary = null;
    this.search = null;
    this.error = null;
    this.dragging = false;
    this.persisted = null;
    this.erased = false;
    this.categoryNames = NO_CATEGORY_NAMES;
    new FocusKeeper(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#setLanguage([this.#settings.interfaceLanguage, savedLanguage(), ...navigator.languages]);
    void this.#start();
  }

  async #start(): Promise<void> {
    try {
      if (!this.recommender) {
        const { createRecommender } = await import('../client/create.ts');
        this.recommender = await createRecommender({ encoder: this.#settings.encoder, assetsUrl: new URL('.', document.baseURI) });
      }
      this.#state.attach(this.recommender);
      await this.#open(this.#settings.catalogueUrl);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #open(source: string | File): Promise<void> {
    const { recommender } = this.#state;
    if (!recommender) return;
    this.#state.clear();
    this.search = null;
    this.summary = null;
    this.error = null;
    this.erased = false;
    this.#rated.clear();
    try {
      const names = typeof source === 'string' ? loadCategoryNames(categoryNamesUrl(source)) : NO_CATEGORY_NAMES;
      this.summary = await recommender.openCatalogue(source);
      await this.#state.opened();
      this.categoryNames = await names;
    } catch (error) {
      this.#fail(error);
    }
  }

  async #setLanguage(wishes: Iterable<string | null>): Promise<void> {
    const request = ++this.#languageRequest;
    try {
      const localizer = await loadLocalizer(wishes);
      if (request === this.#languageRequest) this.localizer = localizer;
    } catch (error) {
      this.#fail(error); // the texts could not be fetched; the present language stays
    }
  }

  readonly #chooseLanguage = (event: CustomEvent<string>): void => {
    const tag = matchLanguage(event.detail);
    if (!tag) return;
    saveLanguage(tag);
    void this.#setLanguage([tag]);
  };

  #fail(error: unknown): void {
    if (errorAdvice(error) !== null) this.error = error;
  }

  async #rate({ detail }: CustomEvent<RateDetail>): Promise<void> {
    const mark = performance.mark(RATE_MARK);
    const shown = [...(this.#state.list?.items ?? []), ...(this.search?.list?.items ?? [])];
    this.#rated.remember(
      detail.itemId,
      shown.map(({ item }) => item),
    );
    await this.#state.rate(detail.itemId, detail.kind);
    await painted();
    performance.measure(RATE_MEASURE, { start: mark.startTime });
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const query = this.renderRoot.querySelector<HTMLInputElement>('#query')?.value.trim() ?? '';
    const { recommender, policy } = this.#state;
    if (!query) this.search = null;
    if (!query || !recommender) return;
    const search: SearchState = { query, list: null };
    this.search = search;
    try {
      const list = await recommender.search(query, { count: LIST_COUNT, policy });
      if (this.search === search) this.search = { query, list };
    } catch (error) {
      if (this.search !== search) return;
      this.search = null;
      this.#fail(error);
    }
  };

  readonly #closeSearch = (): void => {
    this.search = null;
    const input = this.renderRoot.querySelector<HTMLInputElement>('#query');
    if (!input) return;
    input.value = '';
    input.focus();
  };

  /** Runs something that the visitor asked for and shows its error. */
  async #attempt(action: (recommender: Recommender) => Promise<void>): Promise<void> {
    const { recommender } = this.#state;
    if (!recommender) return;
    try {
      await action(recommender);
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #keep = (): Promise<void> =>
    this.#attempt(async (recommender) => {
      this.persisted = await recommender.requestPersistence();
    });

  readonly #erase = (): Promise<void> =>
    this.#attempt(async (recommender) => {
      await recommender.erase();
      saveLanguage(null);
      this.#state.clear();
      this.search = null;
      this.summary = null;
      this.persisted = null;
      this.erased = true;
    });

  #dragOver(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.dragging = true;
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.dragging = false;
    const file = event.dataTransfer?.files[0];
    if (file) void this.#open(file);
  }

  protected override updated(): void {
    const { status, list } = this.#state;
    const { tag, direction } = this.localizer;
    this.lang = tag;
    this.dir = direction;
    document.documentElement.lang = tag;
    document.documentElement.dir = direction;
    this.dataset.phase = status?.phase ?? 'idle';
    this.dataset.basis = list?.basis ?? '';
    this.dataset.encoded = String(status?.encodedCount ?? 0);
    this.dataset.textsEncoded = String(status?.textsEncoded ?? 0);
    this.dataset.rung = status?.encoder?.rung ?? '';
  }

  protected override render(): TemplateResult {
    const { localizer, summary } = this;
    const { status, ratings } = this.#state;
    return html`
      <div
        @dragover=${this.#dragOver}
        @dragleave=${() => {
          this.dragging = false;
        }}
        @drop=${this.#drop}
        @kindred-rate=${this.#rate}
      >
        <a class="skip" href="#recommendations" @click=${this.#skip}>${localizer.text('skipToContent')}</a>
        ${headerView(localizer, this.#chooseLanguage)}
        <main>
          <div class="content">
            <div role="alert">${this.error === null ? nothing : alertView(this.error, localizer, this.#dismiss)}</div>
            <kindred-status
              .status=${status}
              .languageCount=${summary?.languages.length ?? 0}
              .localizer=${localizer}
              @kindred-stop=${() => this.#attempt((recommender) => recommender.stopEncoding())}
              @kindred-resume=${() => this.#attempt((recommender) => recommender.resumeEncoding())}
            ></kindred-status>
            ${searchFormView(localizer, this.#submit)} ${this.#searchResults()} ${this.#recommendations()}
            <kindred-import
              .summary=${summary}
              .isDemo=${summary !== null && summary.id === this.#settings.demoUrl}
              .dragging=${this.dragging}
              .localizer=${localizer}
              @kindred-open-file=${(event: CustomEvent<File>) => this.#open(event.detail)}
              @kindred-open-demo=${() => this.#open(this.#settings.demoUrl)}
            ></kindred-import>
          </div>
          <aside>
            <kindred-ratings .ratings=${ratings} .items=${this.#rated.known} .localizer=${localizer}></kindred-ratings>
            <kindred-data
              .persisted=${status?.store.persisted ? true : this.persisted}
              .erased=${this.erased}
              .localizer=${localizer}
              @kindred-keep=${this.#keep}
              @kindred-erase=${this.#erase}
            ></kindred-data>
          </aside>
        </main>
      </div>
    `;
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#recommendations-title')?.focus();
  }

  readonly #dismiss = (): void => {
    this.error = null;
  };

  #grid(list: RecommendationList): TemplateResult {
    const { localizer, categoryNames } = this;
    return itemGrid(
      list.items.map(({ item }) => item),
      { ratings: this.#state.ratings, localizer, categoryNames },
    );
  }

  #searchResults(): TemplateResult | typeof nothing {
    if (!this.search) return nothing;
    const { query, list } = this.search;
    const view: SearchView = { query, found: list?.items.length ?? null, grid: list ? this.#grid(list) : nothing };
    return searchResultsView(view, this.localizer, this.#closeSearch);
  }

  #recommendations(): TemplateResult {
    const { list, policy, status } = this.#state;
    const filter = html`
      <kindred-language-filter
        .languages=${this.summary?.languages ?? []}
        .policy=${policy}
        .localizer=${this.localizer}
        @kindred-policy=${(event: CustomEvent<LanguagePolicy>) => this.#state.setPolicy(event.detail)}
      ></kindred-language-filter>
    `;
    const grid = list && list.items.length > 0 ? this.#grid(list) : nothing;
    return recommendationsView({ list, ready: status?.phase === 'ready', filter, grid }, this.localizer);
  }
}

if (!customElements.get('kindred-app')) customElements.define('kindred-app', KindredApp);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-app': KindredApp;
  }
}
