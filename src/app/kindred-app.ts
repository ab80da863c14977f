// The page: wires the panels to one recommender. It asks and shows; whatever is computed, the recommender computes.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';
import type { CatalogueSummary, LanguagePolicy, RecommendationList, Speed } from '../protocol/engine-api.ts';
import { type CategoryNames, categoryNamesUrl, loadCategoryNames, NO_CATEGORY_NAMES } from '../ui/category-names.ts';
import { errorAdvice } from '../ui/error-advice.ts';
import { GentleChange } from '../ui/gentle-change.ts';
import type { RateDetail } from '../ui/item-card.ts';
import { FocusKeeper, gridStyles, itemGrid } from '../ui/item-grid.ts';
import { saveLanguage } from '../ui/messages/localize.ts';
import { RecommenderController } from '../ui/recommender-controller.ts';
import { controls, tokens } from '../ui/theme.ts';
import '../ui/language-menu.ts';
import '../ui/status-panel.ts';
import { appStyles } from './app-styles.ts';
import { alertView, headerView, recommendationsView, searchFormView, searchResultsView } from './app-views.ts';
import './data-panel.ts';
import './import-panel.ts';
import { InterfaceLanguage } from './interface-language.ts';
import { LatestOnly } from './latest-only.ts';
import { painted, RATE_MARK, RATE_MEASURE } from './painted.ts';
import { RatedItems } from './rated-items.ts';
import './ratings-list.ts';
import { savedSpeed, saveSpeed } from './saved-speed.ts';
import { SearchController } from './search-controller.ts';
import { type PageSettings, readSettings, withPack } from './settings.ts';
import './speed-choice.ts';

/** Cards of one list. */
const LIST_COUNT = 12;

export class KindredApp extends LitElement {
  static override properties = {
    /** Without one the page makes its own. */
    recommender: { attribute: false },
    /** For tests. */
    createRecommender: { attribute: false },
    speed: { state: true },
    summary: { state: true },
    error: { state: true },
    dragging: { state: true },
    persisted: { state: true },
    erased: { state: true },
    categoryNames: { state: true },
  };
  static override styles = [tokens, controls, gridStyles, appStyles];

  declare recommender: Recommender | null;
  declare createRecommender: (options: RecommenderOptions) => Promise<Recommender>;
  declare speed: Speed;
  declare summary: CatalogueSummary | null;
  declare error: unknown;
  declare dragging: boolean;
  declare persisted: boolean | null;
  declare erased: boolean;
  declare categoryNames: CategoryNames;

  readonly #settings: PageSettings = readSettings(location.search, document.baseURI);
  readonly #onError = (error: unknown): void => this.#fail(error);
  readonly #language = new InterfaceLanguage(this, this.#settings.interfaceLanguage, this.#onError);
  readonly #state = new RecommenderController(this, { count: LIST_COUNT, onError: this.#onError });
  readonly #rated = new RatedItems(this, this.#state, this.#onError);
  readonly #search = new SearchController(this, this.#state, { count: LIST_COUNT, onError: this.#onError });
  /** One recommender at a time: they share a database. */
  readonly #starts = new LatestOnly<{ afresh: boolean }>(({ afresh }) => this.#start(afresh));
  /** What is open or shall be; null after erasing. */
  #source: string | File | null = this.#settings.catalogueUrl;

  constructor() {
    super();
    this.recommender = null;
    this.createRecommender = async (options) => (await import('../client/create.ts')).createRecommender(options);
    this.speed = this.#settings.speed ?? savedSpeed() ?? 'auto';
    this.summary = null;
    this.error = null;
    this.dragging = false;
    this.persisted = null;
    this.erased = false;
    this.categoryNames = NO_CATEGORY_NAMES;
    new FocusKeeper(this);
    new GentleChange(this, this.#state, '#recommendations .grid');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#starts.ask({ afresh: false });
  }

  /** @param afresh with a new recommender, because the speed is set when one is made; the catalogue is opened again */
  async #start(afresh: boolean): Promise<void> {
    try {
      if (afresh) {
        const before = this.recommender;
        this.recommender = null;
        this.#state.detach();
        this.#forget();
        await before?.dispose();
      }
      const { encoder } = this.#settings;
      this.recommender ??= await this.createRecommender({ encoder, speed: this.speed, assetsUrl: new URL('.', document.baseURI) });
      if (!this.isConnected) return;
      this.#state.attach(this.recommender);
      if (this.#source !== null) void this.#open(this.#source);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #open(source: string | File): Promise<void> {
    const before = this.#source;
    this.#source = source;
    const { recommender } = this.#state;
    if (!recommender) return; // one is being made and will open it
    this.#forget();
    this.error = null;
    this.erased = false;
    try {
      const names = typeof source === 'string' ? loadCategoryNames(categoryNamesUrl(source)) : NO_CATEGORY_NAMES;
      const summary = await recommender.openCatalogue(withPack(source, this.#settings));
      if (recommender !== this.#state.recommender) return;
      this.summary = summary;
      await this.#state.opened();
      this.categoryNames = await names;
    } catch (error) {
      if (recommender !== this.#state.recommender) return;
      this.#source = before;
      this.#fail(error);
    }
  }

  /** Nothing is shown any more of the catalogue that was open. */
  #forget(): void {
    this.#state.clear();
    this.#search.clear();
    this.#rated.clear();
    this.summary = null;
  }

  readonly #chooseSpeed = ({ detail }: CustomEvent<Speed>): void => {
    this.speed = detail;
    saveSpeed(detail);
    this.#starts.ask({ afresh: true });
  };

  #fail(error: unknown): void {
    if (errorAdvice(error) !== null) this.error = error;
  }

  async #rate({ detail }: CustomEvent<RateDetail>): Promise<void> {
    const mark = performance.mark(RATE_MARK);
    const shown = [...(this.#state.list?.items ?? []), ...(this.#search.shown?.list?.items ?? [])];
    this.#rated.remember(
      detail.itemId,
      shown.map(({ item }) => item),
    );
    await this.#state.rate(detail.itemId, detail.kind);
    await painted();
    performance.measure(RATE_MEASURE, { start: mark.startTime });
  }

  readonly #closeSearch = (): void => {
    this.#search.clear();
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
      saveSpeed(null);
      this.#forget();
      this.#source = null;
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
    this.dataset.phase = status?.phase ?? 'idle';
    this.dataset.basis = list?.basis ?? '';
    this.dataset.encoded = String(status?.encodedCount ?? 0);
    this.dataset.quick = String(status?.quickCount ?? 0);
    this.dataset.speed = status?.speed ?? '';
    this.dataset.topRefined = String(status?.topRefined ?? false);
    this.dataset.textsEncoded = String(status?.textsEncoded ?? 0);
    this.dataset.pack = status?.pack ? `${status.pack.state} ${status.pack.items}` : '';
    this.dataset.rung = status?.encoder?.rung ?? '';
  }

  protected override render(): TemplateResult {
    const { summary } = this;
    const { localizer } = this.#language;
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
        ${headerView(localizer, ({ detail }) => this.#language.choose(detail))}
        <main>
          <div class="content">
            <div role="alert">${this.error === null ? nothing : alertView(this.error, localizer, this.#dismiss)}</div>
            <kindred-status
              .status=${status}
              .languageCount=${summary?.languages.length ?? 0}
              .localizer=${localizer}
              @kindred-stop=${() => this.#attempt((recommender) => recommender.stopEncoding())}
              @kindred-resume=${() => this.#attempt((recommender) => recommender.resumeEncoding())}
              @kindred-encode-here=${() => this.#attempt((recommender) => recommender.encodeOnDevice())}
            ></kindred-status>
            ${searchFormView(localizer, this.#search)}
            ${searchResultsView(this.#search, localizer, (list) => this.#grid(list), this.#closeSearch)} ${this.#recommendations()}
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
            <kindred-speed .speed=${this.speed} .localizer=${localizer} @kindred-speed=${this.#chooseSpeed}></kindred-speed>
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

  readonly #choosePolicy = ({ detail }: CustomEvent<LanguagePolicy>): void => {
    this.#state.setPolicy(detail);
    this.#search.refresh();
  };

  #skip(event: Event): void {
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#recommendations-title')?.focus();
  }

  readonly #dismiss = (): void => {
    this.error = null;
  };

  #grid(list: RecommendationList): TemplateResult {
    const { categoryNames } = this;
    const { localizer } = this.#language;
    return itemGrid(
      list.items.map(({ item }) => item),
      { ratings: this.#state.ratings, localizer, categoryNames },
    );
  }

  #recommendations(): TemplateResult {
    const { list, improved, policy, status } = this.#state;
    const filter = html`
      <kindred-language-filter
        .languages=${this.summary?.languages ?? []}
        .policy=${policy}
        .localizer=${this.#language.localizer}
        @kindred-policy=${this.#choosePolicy}
      ></kindred-language-filter>
    `;
    const grid = list && list.items.length > 0 ? this.#grid(list) : nothing;
    return recommendationsView({ list, improved, ready: status?.phase === 'ready', filter, grid }, this.#language.localizer);
  }
}

if (!customElements.get('kindred-app')) customElements.define('kindred-app', KindredApp);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-app': KindredApp;
  }
}
