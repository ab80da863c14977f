// Parts of the page without a state of their own: header, alert, search.
import { html, nothing, type TemplateResult } from 'lit';
import { messageOf } from '../base/errors.ts';
import type { RecommendationList } from '../protocol/engine-api.ts';
import { errorAdvice } from '../ui/error-advice.ts';
import type { Localizer } from '../ui/messages/localize.ts';

export function headerView(localizer: Localizer, onLanguage: (event: CustomEvent<string>) => void): TemplateResult {
  return html`
    <header>
      <div class="brand">
        <h1>
          <svg viewBox="0 0 26 20" aria-hidden="true" focusable="false">
            <circle class="one" cx="9" cy="10" r="9" />
            <circle class="two" cx="17" cy="10" r="9" />
          </svg>
          Kindred
        </h1>
        <p class="tagline">${localizer.text('tagline')}</p>
      </div>
      <kindred-interface-language .localizer=${localizer} @kindred-interface-language=${onLanguage}></kindred-interface-language>
    </header>
  `;
}

/** What happened, in the words of the error (English), and what to do, in the visitor's language. */
export function alertView(error: unknown, localizer: Localizer, onDismiss: () => void): TemplateResult {
  return html`
    <div class="alert">
      <div>
        <strong>${localizer.text('errorTitle')}</strong>
        <p lang="en" dir="auto">${messageOf(error)}</p>
        <p>${localizer.text(errorAdvice(error) ?? 'errorOther')}</p>
      </div>
      <button type="button" @click=${onDismiss}>${localizer.text('dismiss')}</button>
    </div>
  `;
}

export function searchFormView(localizer: Localizer, onSubmit: (event: Event) => void): TemplateResult {
  const label = localizer.text('searchLabel');
  return html`
    <form role="search" @submit=${onSubmit}>
      <input id="query" type="search" name="query" dir="auto" autocomplete="off" aria-label=${label} placeholder=${label} />
      <button type="submit" class="primary">${localizer.text('searchButton')}</button>
    </form>
  `;
}

export interface SearchView {
  query: string;
  /** null while the answer is awaited. */
  found: number | null;
  grid: TemplateResult | typeof nothing;
}

export function searchResultsView({ query, found, grid }: SearchView, localizer: Localizer, onClose: () => void): TemplateResult {
  return html`
    <section id="results" aria-labelledby="results-title" aria-busy=${found === null}>
      <div class="heading">
        <div role="status">
          <h2 id="results-title">${localizer.text('searchResults', { query })}</h2>
          ${found === 0 ? html`<p class="muted">${localizer.text('searchNone')}</p>` : nothing}
        </div>
        <button type="button" @click=${onClose}>${localizer.text('searchClose')}</button>
      </div>
      ${found ? grid : nothing}
    </section>
  `;
}

export interface RecommendationsView {
  list: RecommendationList | null;
  /** Nothing is under way any more: an empty list stays empty. */
  ready: boolean;
  filter: TemplateResult;
  grid: TemplateResult | typeof nothing;
}

export function recommendationsView({ list, ready, filter, grid }: RecommendationsView, localizer: Localizer): TemplateResult {
  const sample = list?.basis !== 'profile';
  const hint = sample ? localizer.text('startHint') : localizer.text('candidates', { count: list.candidates });
  const empty = list && ready ? 'listEmpty' : 'listLoading';
  return html`
    <section id="recommendations" aria-labelledby="recommendations-title">
      <div class="heading">
        <div>
          <h2 id="recommendations-title" tabindex="-1">${localizer.text(sample ? 'startHere' : 'recommended')}</h2>
          <p class="muted">${hint}</p>
        </div>
        ${filter}
      </div>
      ${grid === nothing ? html`<p class="empty">${localizer.text(empty)}</p>` : grid}
    </section>
  `;
}
