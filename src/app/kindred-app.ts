// The page: connects its parts to one recommender, which computes everything. The page only asks and shows.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Recommender, RecommenderOptions } from '../client/recommender.ts';
import type { EncoderChoice, LanguagePolicy, Speed } from '../protocol/engine-api.ts';
import { errorAdvice } from '../ui/error-advice.ts';
import { FadeIn } from '../ui/fade-in.ts';
import type { RateDetail } from '../ui/item-card.ts';
import { FocusRestorer, gridStyles } from '../ui/item-grid.ts';
import { RecommenderController } from '../ui/recommender-controller.ts';
import { controls, tokens } from '../ui/theme.ts';
import '../ui/interface-language-menu.ts';
import '../ui/status-panel.ts';
import { appStyles } from './app-styles.ts';
import { alertView, headerView, offlineView } from './app-views.ts';
import { Arrival } from './arrival.ts';
import { discoverView } from './discover/discover-view.ts';
import { OneItem } from './discover/one-item.ts';
import { FileDrop } from './file-drop.ts';
import { InterfaceLanguage } from './interface-language.ts';
import { measureRating } from './measure-rating.ts';
import { navStyles } from './nav-styles.ts';
import { navView, placeholderView } from './nav-view.ts';
import { Online } from './online.ts';
import { OwnData } from './own-data.ts';
import { describePage } from './page-dataset.ts';
import { PanelLoader } from './panel-loader.ts';
import { panelOf, panelView } from './panels.ts';
import { Preferences } from './preferences.ts';
import { RatedItems } from './rated-items.ts';
import { type Route, START } from './route.ts';
import { Router } from './router.ts';
import { savedEncoder, savedSpeed, type ThemeChoice } from './saved.ts';
import { SearchController } from './search-controller.ts';
import { Session } from './session.ts';
import { emptyStyles, listHeadingStyles } from './shared-styles.ts';
import './update-prompt.ts';
import { inputs, states } from '../ui/properties.ts';
import { keptSource, type PageSettings, readSettings, type Source } from './settings.ts';

/** Cards in a list. */
const LIST_COUNT = 12;

export class KindredApp extends LitElement {
  static override properties = { ...inputs('recommender', 'createRecommender', 'registration'), ...states('error') };
  static override styles = [tokens, controls, gridStyles, listHeadingStyles, emptyStyles, appStyles, navStyles];

  /** null: the page makes its own. */
  declare recommender: Recommender | null;
  /** Tests replace it. */
  declare createRecommender: (options: RecommenderOptions) => Promise<Recommender>;
  declare error: unknown;
  /** The registration of the service worker, if there is one. */
  declare registration: Promise<ServiceWorkerRegistration | undefined> | null;

  readonly #settings: PageSettings = readSettings(location.search, document.baseURI);
  readonly #onError = (error: unknown): void => this.#fail(error);
  readonly #data = new OwnData(this);
  readonly #preferences = new Preferences();
  readonly #language = new InterfaceLanguage(this, this.#settings.interfaceLanguage, this.#onError);
  readonly #router = new Router(this, (...move) => this.#moved(...move));
  /** A dropped file is previewed before it is opened. */
  readonly #drop = new FileDrop(this, () => this.#router.go({ ...START, panel: 'catalogue' }));
  readonly #online = new Online(this);
  readonly #panels = new PanelLoader(this);
  readonly #state = new RecommenderController(this, { count: LIST_COUNT, reasons: true, onError: this.#onError });
  readonly #rated = new RatedItems(this, this.#state, this.#onError);
  readonly #search = new SearchController(this, this.#state, { count: LIST_COUNT, onError: this.#onError });
  readonly #session = new Session(this, {
    state: this.#state,
    settings: this.#settings,
    speed: this.#settings.speed ?? savedSpeed() ?? 'auto',
    encoder: this.#settings.encoder ?? savedEncoder(),
    onError: this.#onError,
    onClosed: () => {
      this.#search.clear();
      this.#rated.clear();
    },
    onOpened: () => this.#searchRoute(this.#router.route),
  });
  readonly #item = new OneItem(
    this,
    () => ({
      id: this.#router.route.item,
      recommender: this.#state.recommender,
      catalogueId: this.#session.summary?.id ?? null,
    }),
    this.#onError,
  );
  readonly #arrival = new Arrival(this, () => {
    const { route } = this.#router;
    return { route, localizer: this.#language.localizer, state: this.#panels.stateOf(panelOf(route.panel)) };
  });

  constructor() {
    super();
    this.recommender = null;
    this.createRecommender = async (options) => (await import('../client/create.ts')).createRecommender(options);
    this.error = null;
    this.registration = null;
    this.#state.diversity = this.#preferences.diversity;
    this.#state.familiarity = this.#preferences.familiarity;
    new FocusRestorer(this);
    new FadeIn(this, this.#state, '#recommendations .grid');
    this.#listen();
  }

  get speed(): Speed {
    return this.#session.speed;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#session.start(false);
  }

  /** Handles the events of the parts of the page. */
  #listen(): void {
    const on = <T>(name: string, handle: (detail: T) => unknown): void =>
      this.addEventListener(name, (event) => {
        if (event instanceof CustomEvent) handle(event.detail);
      });
    on<RateDetail>('kindred-rate', (detail) => this.#rate(detail));
    on<Source>('kindred-open', (source) => this.#open(source));
    on<string>('kindred-reopen', (id) => this.#open(keptSource(id, this.#settings)));
    on<string>('kindred-interface-language', (tag) => this.#language.choose(tag));
    on<LanguagePolicy>('kindred-policy', (policy) => this.#choosePolicy(policy));
    on<number>('kindred-diversity', (diversity) => this.#chooseDiversity(diversity));
    on<number>('kindred-familiarity', (familiarity) => this.#chooseFamiliarity(familiarity));
    on<string[]>('kindred-reads', (reads) => this.#preferences.chooseReads(reads, this.#session.summary?.languages ?? []));
    on<Partial<Route>>('kindred-go', (change) => this.#router.go(change));
    on<unknown>('kindred-failed', this.#onError);
    on<Speed>('kindred-speed', (speed) => this.#session.choose({ speed }));
    on<EncoderChoice>('kindred-encoder', (encoder) => this.#session.choose({ encoder }));
    on<ThemeChoice>('kindred-theme', (theme) => this.#chooseTheme(theme));
    on('kindred-retrained', () => this.#state.refresh());
    on('kindred-reset', () => this.#reset());
    on('kindred-keep', () => this.#attempt((recommender) => this.#data.keep(recommender)));
    on('kindred-erase', () => this.#attempt((recommender) => this.#erase(recommender)));
    on('kindred-stop', () => this.#attempt((recommender) => recommender.stopEncoding()));
    on('kindred-resume', () => this.#attempt((recommender) => recommender.resumeEncoding()));
    on('kindred-encode-here', () => this.#attempt((recommender) => recommender.encodeOnDevice()));
  }

  async #open(source: Source): Promise<void> {
    this.error = null;
    this.#data.leftovers = null;
    this.#router.replace({ ...START, panel: this.#router.route.panel, view: this.#router.route.view });
    await this.#session.open(source);
  }

  #chooseTheme(theme: ThemeChoice): void {
    this.#preferences.chooseTheme(theme);
    this.requestUpdate();
  }

  #choosePolicy(policy: LanguagePolicy): void {
    this.#preferences.choosePolicy(policy);
    this.#state.setPolicy(policy);
    this.#search.refresh();
  }

  #chooseDiversity(diversity: number): void {
    this.#preferences.chooseDiversity(diversity);
    this.#state.setDiversity(diversity);
  }

  #chooseFamiliarity(familiarity: number): void {
    this.#preferences.chooseFamiliarity(familiarity);
    this.#state.setFamiliarity(familiarity);
  }

  /** Sets all settings back to those of the first visit; catalogues and ratings stay. */
  #reset(): void {
    this.#preferences.forget();
    this.#state.diversity = 0;
    this.#state.familiarity = 0;
    this.#session.choose({ speed: 'auto', encoder: 'auto' });
    this.#language.forget();
  }

  #fail(error: unknown): void {
    if (errorAdvice(error) !== null) this.error = error;
  }

  async #rate({ itemId, kind }: RateDetail): Promise<void> {
    const shown = [...(this.#state.list?.items ?? []), ...(this.#search.shown?.list?.items ?? [])];
    this.#rated.remember(
      itemId,
      shown.map(({ item }) => item),
    );
    await measureRating(() => this.#state.rate(itemId, kind));
  }

  /** Runs what the visitor asked for and shows an error of it. */
  async #attempt(action: (recommender: Recommender) => Promise<void>): Promise<void> {
    const { recommender } = this.#state;
    if (!recommender) return;
    try {
      await action(recommender);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #erase(recommender: Recommender): Promise<void> {
    await this.#data.erase(recommender);
    this.#preferences.forget();
    this.#state.diversity = 0;
    this.#state.familiarity = 0;
    this.#session.closed();
  }

  /** The visitor went elsewhere in the page, by a link or by "back". */
  #moved(route: Route, before: Route, scrollTop: number | undefined): void {
    if (route.panel !== 'catalogue') this.#drop.file = null;
    this.#searchRoute(route);
    this.#arrival.moved(route, before, scrollTop);
  }

  /** Runs the search that the route names. */
  #searchRoute({ panel, query }: Route): void {
    if (panel !== 'discover' || query === this.#search.query) return;
    this.#search.submit(query);
    const field = this.renderRoot.querySelector<HTMLInputElement>('#query');
    if (field) field.value = query;
  }

  protected override willUpdate(): void {
    if (this.#state.status) this.#session.follow(this.#state.status);
  }

  protected override updated(): void {
    const { route } = this.#router;
    const { query, typing } = this.#search;
    if (this.#session.opened && !typing && route.panel === 'discover' && query !== route.query) this.#router.replace({ query });
    describePage(this.dataset, panelOf(route.panel).id, this.#state);
  }

  protected override render(): TemplateResult {
    const { localizer } = this.#language;
    const { status } = this.#state;
    const { summary } = this.#session;
    const panel = panelOf(this.#router.route.panel);
    return html`
      <div class=${this.#drop.dragging ? 'dragging' : ''}>
        <button type="button" class="skip" @click=${() => this.#arrival.focus()}>${localizer.text('skipToContent')}</button>
        ${headerView(localizer, panel.id === 'discover')} ${navView(panel.id, localizer)}
        <main>
          <div role="alert">${this.error === null ? nothing : alertView(this.error, localizer, this.#dismiss)}</div>
          ${offlineView(this.#online.offline, localizer)}
          <kindred-status
            .status=${status}
            .languageCount=${summary?.languages.length ?? 0}
            .localizer=${localizer}
          ></kindred-status>
          <div data-part="discover" ?hidden=${panel.id !== 'discover'}>${this.#discover()}</div>
          ${panel.lazy ? html`<div data-part=${panel.id}>${this.#panel()}</div>` : nothing}
        </main>
        <kindred-update-prompt .registration=${this.registration} .localizer=${localizer}></kindred-update-prompt>
      </div>
    `;
  }

  readonly #dismiss = (): void => {
    this.error = null;
  };

  #discover(): TemplateResult {
    const { summary, categoryNames } = this.#session;
    return discoverView({
      localizer: this.#language.localizer,
      route: this.#router.route,
      state: this.#state,
      search: this.#search,
      rated: this.#rated,
      item: this.#item,
      summary,
      categoryNames,
      reads: this.#preferences.readsOf(summary?.languages ?? [], navigator.languages),
      onDemo: () => this.#open(this.#settings.demoUrl),
      onGo: (change) => this.#router.go(change),
    });
  }

  #panel(): unknown {
    const panel = panelOf(this.#router.route.panel);
    const state = this.#panels.stateOf(panel);
    const { localizer } = this.#language;
    if (state !== 'ready' || !panel.lazy) return placeholderView(panel, state, localizer, () => this.#panels.load(panel));
    return panelView(panel.lazy.tag, {
      localizer,
      state: this.#state,
      session: this.#session,
      rated: this.#rated,
      preferences: this.#preferences,
      data: this.#data,
      droppedFile: this.#drop.file,
      demoUrl: this.#settings.demoUrl,
    });
  }
}

if (!customElements.get('kindred-app')) customElements.define('kindred-app', KindredApp);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-app': KindredApp;
  }
}
