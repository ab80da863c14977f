// All items of the catalogue, page by page, by language and category. The choice is in the address, so that "back" and links
// work: the list asks the page to go there.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FeedbackKind, Item } from '../../base/types.ts';
import type { Recommender } from '../../client/recommender.ts';
import type { CatalogueSummary } from '../../protocol/engine-api.ts';
import { type CategoryNames, categoryName, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { FocusRestorer, gridStyles, itemGrid } from '../../ui/item-grid.ts';
import { LocalizedElement } from '../../ui/localized-element.ts';
import { inputs, states } from '../../ui/properties.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { itemHash, type Route } from '../route.ts';
import { emptyStyles, listHeadingStyles } from '../shared-styles.ts';
import { CatalogueWalk, type WalkPage } from './catalogue-walk.ts';

/** Cards of a page. */
export const PAGE_SIZE = 24;

/** Fires `kindred-go` with where to go, `kindred-failed` with an error. */
export class BrowseList extends LocalizedElement {
  static override properties = {
    ...inputs('recommender', 'summary', 'ratings', 'categoryNames', 'language', 'category', 'page'),
    ...states('shown'),
  };
  static override styles = [
    tokens,
    controls,
    gridStyles,
    listHeadingStyles,
    emptyStyles,
    css`
      h2 {
        margin-block-end: 0.8rem;
      }
      .choices,
      .pages {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.6rem 1rem;
        margin-block-end: 1rem;
      }
      .choices label {
        display: grid;
        gap: 0.2rem;
        min-inline-size: 0;
        max-inline-size: 100%;
      }
      .pages {
        align-items: center;
        justify-content: center;
        margin-block: 1.2rem 0;
      }
      .pages p {
        margin: 0;
        min-inline-size: 8rem;
        text-align: center;
      }
    `,
  ];

  declare recommender: Recommender | null;
  declare summary: CatalogueSummary | null;
  declare ratings: ReadonlyMap<string, FeedbackKind>;
  declare categoryNames: CategoryNames;
  declare language: string | null;
  declare category: string | null;
  /** 0-based. */
  declare page: number;
  /** null while it is read. */
  declare shown: WalkPage | null;

  #walk: CatalogueWalk | null = null;
  #reading = new AbortController();

  constructor() {
    super();
    this.recommender = null;
    this.summary = null;
    this.ratings = new Map();
    this.categoryNames = NO_CATEGORY_NAMES;
    this.language = null;
    this.category = null;
    this.page = 0;
    this.shown = null;
    new FocusRestorer(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const other = (['recommender', 'summary', 'language', 'category'] as const).some((name) => changed.has(name));
    if (other) this.#walk = null;
    if (other || changed.has('page')) void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#reading.abort();
  }

  async #read(): Promise<void> {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { recommender, summary, language, category } = this;
    this.shown = null;
    if (!recommender || !summary) return;
    this.#walk ??= new CatalogueWalk((from, count) => recommender.browse(from, count), { language, category }, PAGE_SIZE);
    try {
      const shown = await this.#walk.page(this.page, signal);
      if (!signal.aborted) this.shown = shown;
    } catch (error) {
      if (signal.aborted) return;
      this.shown = { items: [], more: false };
      this.fail(error);
    }
  }

  #go(change: Partial<Route>): void {
    this.emit('kindred-go', { page: 0, ...change });
  }

  /** Goes to another page of the list. Scrolls to its heading and puts the focus there. */
  #turn(page: number): void {
    this.#go({ page });
    const heading = this.renderRoot.querySelector<HTMLElement>('h2');
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: 'start' });
  }

  protected override render(): TemplateResult {
    const { localizer, shown } = this;
    return html`
      <section aria-labelledby="title" aria-busy=${shown === null}>
        <h2 id="title" tabindex="-1">${localizer.text('browseAll')}</h2>
        <div class="choices">${this.#languages()} ${this.#categories()}</div>
        <div role="status">
          ${shown === null ? html`<p class="empty">${localizer.text('listLoading')}</p>` : nothing}
          ${shown?.items.length === 0 ? this.#none() : nothing}
        </div>
        ${shown && shown.items.length > 0 ? this.#grid(shown.items) : nothing} ${shown ? this.#pages(shown) : nothing}
      </section>
    `;
  }

  #languages(): TemplateResult {
    const { localizer, summary, language } = this;
    const rows = summary?.languages ?? [];
    return this.#select(
      localizer.text('columnLanguage'),
      localizer.text('allLanguages'),
      rows.map(({ tag, items }) => ({ value: tag, name: localizer.languageName(tag), items })),
      language,
      (chosen) => this.#go({ language: chosen }),
    );
  }

  #categories(): TemplateResult | typeof nothing {
    const { localizer, summary, category, categoryNames } = this;
    const rows = summary?.categories ?? [];
    if (rows.length === 0) return nothing;
    return this.#select(
      localizer.text('columnCategory'),
      localizer.text('allCategories'),
      rows.map(({ id, items }) => ({ value: id, name: categoryName(categoryNames, id, localizer.tag), items })),
      category,
      (chosen) => this.#go({ category: chosen }),
    );
  }

  #select(
    label: string,
    all: string,
    rows: readonly { value: string; name: string; items: number }[],
    chosen: string | null,
    onChoose: (value: string | null) => void,
  ): TemplateResult {
    const { localizer } = this;
    return html`
      <label>
        <span>${label}</span>
        <select @change=${(event: Event) => onChoose((event.currentTarget as HTMLSelectElement).value || null)}>
          <option value="" ?selected=${chosen === null}>${all}</option>
          ${rows.map(
            ({ value, name, items }) => html`<option value=${value} ?selected=${value === chosen}>${name} (${localizer.number(items)})</option>`,
          )}
        </select>
      </label>
    `;
  }

  #grid(items: readonly Item[]): TemplateResult {
    const { ratings, localizer, categoryNames } = this;
    return itemGrid(items, { ratings, localizer, categoryNames, itemHref: itemHash });
  }

  #none(): TemplateResult {
    const { localizer } = this;
    return html`
      <div class="empty">
        <p>${localizer.text('browseNone')}</p>
        <button type="button" @click=${() => this.#go({ language: null, category: null })}>${localizer.text('showAll')}</button>
      </div>
    `;
  }

  #pages({ more }: WalkPage): TemplateResult | typeof nothing {
    const { localizer, page } = this;
    if (page === 0 && !more) return nothing;
    return html`
      <div class="pages" role="group" aria-label=${localizer.text('pages')}>
        <button type="button" ?disabled=${page === 0} @click=${() => this.#turn(page - 1)}>${localizer.text('previousPage')}</button>
        <p aria-live="polite">${localizer.text('pageNumber', { page: page + 1 })}</p>
        <button type="button" ?disabled=${!more} @click=${() => this.#turn(page + 1)}>${localizer.text('nextPage')}</button>
      </div>
    `;
  }
}

if (!customElements.get('kindred-browse')) customElements.define('kindred-browse', BrowseList);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-browse': BrowseList;
  }
}
