// Views of the page around the panels, without state: header, alert, search.
import { html, nothing, type TemplateResult } from 'lit';
import { messageOf } from '../base/errors.ts';
import type { RecommendationList } from '../protocol/engine-api.ts';
import { errorAdvice } from '../ui/error-advice.ts';
import type { Localizer } from '../ui/messages/localize.ts';
import type { SearchController } from './search-controller.ts';

export function headerView(localizer: Localizer, tagline: boolean): TemplateResult {
  return html`
    <header>
      <h1>
        <svg viewBox="0 0 26 20" aria-hidden="true" focusable="false">
          <circle class="one" cx="9" cy="10" r="9" />
          <circle class="two" cx="17" cy="10" r="9" />
        </svg>
        Kindred
      </h1>
      <kindred-interface-language .localizer=${localizer}></kindred-interface-language>
      <p class="tagline" ?hidden=${!tagline}>${localizer.text('tagline')}</p>
    </header>
  `;
}

export function offlineView(offline: boolean, localizer: Localizer): TemplateResult {
  return html`<div role="status">${offline ? html`<p class="offline">${localizer.text('offline')}</p>` : nothing}</div>`;
}

/** Says what happened, in the English words of the error, and what to do, in the visitor's language. */
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

const fieldOf = (form: EventTarget | null): HTMLInputElement | null => (form instanceof HTMLFormElement ? form.querySelector('input') : null);

/** The field keeps its own text. Text that an input method is still composing is not searched. */
export function searchFormView(localizer: Localizer, search: SearchController): TemplateResult {
  const label = localizer.text('searchLabel');
  const onText = ({ currentTarget }: Event): void => search.type(fieldOf(currentTarget)?.value ?? '');
  const onInput = (event: InputEvent): void => {
    if (!event.isComposing) onText(event);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    search.submit(fieldOf(event.currentTarget)?.value ?? '');
  };
  const onKey = (event: KeyboardEvent): void => {
    const field = fieldOf(event.currentTarget);
    if (!field || event.target !== field || event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    field.value = '';
    search.clear();
  };
  return html`
    <form role="search" @input=${onInput} @compositionend=${onText} @keydown=${onKey} @submit=${onSubmit}>
      <input id="query" type="search" name="query" dir="auto" autocomplete="off" aria-label=${label} placeholder=${label} />
      <button type="submit" class="primary">${localizer.text('searchButton')}</button>
    </form>
    <div id="search-status" role="status" class="visually-hidden">${hitsText(search.announced, localizer)}</div>
  `;
}

function hitsText(count: number | null, localizer: Localizer): string {
  if (count === null) return '';
  return count === 0 ? localizer.text('searchNone') : localizer.text('searchCount', { count });
}

export function searchResultsView(
  search: SearchController,
  localizer: Localizer,
  grid: (list: RecommendationList) => TemplateResult,
  onClose: (event: Event) => void,
): TemplateResult | typeof nothing {
  if (!search.shown) return nothing;
  const { query, list } = search.shown;
  const found = list?.items.length;
  return html`
    <section
      id="results"
      aria-labelledby="results-title"
      aria-busy=${list === null}
      data-query-encoder=${list?.queryEncoder ?? ''}
    >
      <div class="heading">
        <div>
          <h2 id="results-title" tabindex="-1">${localizer.text('searchResults', { query })}</h2>
          ${found === 0 ? html`<p class="muted">${localizer.text('searchNone')}</p>` : nothing}
        </div>
        <button type="button" @click=${onClose}>${localizer.text('searchClose')}</button>
      </div>
      ${list && found ? grid(list) : nothing}
    </section>
  `;
}
