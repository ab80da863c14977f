// Catalogue: what is open and what it holds, how to open another one, and what is kept on this device.
import { css, html, nothing, type TemplateResult } from 'lit';
import type { CatalogueSummary } from '../../protocol/engine-api.ts';
import { type CategoryNames, categoryName, NO_CATEGORY_NAMES } from '../../ui/category-names.ts';
import { barChart, barChartStyles } from '../bar-chart.ts';
import './import-panel.ts';
import './kept-catalogues.ts';
import { inputs } from '../../ui/properties.ts';
import { PanelElement } from '../panel-element.ts';
import { panelStyles, titleStyles } from '../shared-styles.ts';
import { catalogueName, columnsView, factsView, problemsView, summaryStyles } from './summary-view.ts';

/** Fires the events of the elements in it. */
export class CataloguePanel extends PanelElement {
  static override properties = inputs('summary', 'categoryNames', 'droppedFile', 'demoUrl');
  static override styles = [
    panelStyles,
    titleStyles,
    summaryStyles,
    barChartStyles,
    css`
      h4 {
        margin: 0.8rem 0 0.3rem;
        font-size: 1rem;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr));
        gap: 0 2rem;
      }
    `,
  ];

  declare summary: CatalogueSummary | null;
  declare categoryNames: CategoryNames;
  declare droppedFile: File | null;
  /** Address of the demo catalogue. */
  declare demoUrl: string;

  constructor() {
    super();
    this.summary = null;
    this.categoryNames = NO_CATEGORY_NAMES;
    this.droppedFile = null;
    this.demoUrl = '';
  }

  protected override render(): TemplateResult {
    const { localizer, recommender, summary, categoryNames, droppedFile, demoUrl } = this;
    const openId = summary?.id ?? null;
    return html`
      <h2 class="page" tabindex="-1">${localizer.text('navCatalogue')}</h2>
      ${summary ? this.#open(summary) : this.#nothingOpen()}
      <kindred-import
        .recommender=${recommender}
        .localizer=${localizer}
        .categoryNames=${categoryNames}
        .droppedFile=${droppedFile}
        .demoUrl=${demoUrl}
        .openId=${openId}
      ></kindred-import>
      <kindred-kept-catalogues .recommender=${recommender} .localizer=${localizer} .openId=${openId}></kindred-kept-catalogues>
    `;
  }

  #nothingOpen(): TemplateResult | typeof nothing {
    if (this.status?.phase !== 'idle') return nothing;
    return html`<section><h3>${this.localizer.text('nothingOpen')}</h3><p>${this.localizer.text('nothingOpenHint')}</p></section>`;
  }

  #open(summary: CatalogueSummary): TemplateResult {
    const { localizer } = this;
    return html`
      <section id="open-catalogue" aria-labelledby="open-title">
        <p class="muted">${localizer.text('openTitle')}</p>
        <h3 id="open-title"><bdi>${catalogueName(summary.id)}</bdi></h3>
        ${factsView(summary, localizer)}
        <p><a href="#/discover">${localizer.text('toDiscover')}</a></p>
        <div class="charts">${this.#languages(summary)} ${this.#categories(summary)}</div>
        ${columnsView(summary, localizer)} ${problemsView(summary, localizer)}
      </section>
    `;
  }

  #languages({ languages }: CatalogueSummary): TemplateResult {
    const { localizer } = this;
    const bars = languages.map(({ tag, items }) => ({ name: localizer.languageName(tag), count: items }));
    return this.#chart(localizer.text('languagesChart'), bars);
  }

  #categories({ categories }: CatalogueSummary): TemplateResult | typeof nothing {
    const { localizer, categoryNames } = this;
    if (categories.length === 0) return nothing;
    const bars = categories.map(({ id, items }) => ({ name: categoryName(categoryNames, id, localizer.tag), count: items }));
    return this.#chart(localizer.text('categoriesChart'), bars);
  }

  #chart(title: string, bars: { name: string; count: number }[]): TemplateResult {
    return html`<div><h4>${title}</h4>${barChart(title, bars, this.localizer)}</div>`;
  }
}

if (!customElements.get('kindred-catalogue-panel')) customElements.define('kindred-catalogue-panel', CataloguePanel);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-catalogue-panel': CataloguePanel;
  }
}
