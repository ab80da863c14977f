// Views of Discover without state: the list with its heading, the item that a link names, the links to the two lists.
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../../base/types.ts';
import type { RecommendationList } from '../../protocol/engine-api.ts';
import type { Localizer, MessageKey } from '../../ui/messages/localize.ts';
import { formatRoute, type Route, START } from '../route.ts';

const VIEWS: readonly { view: Route['view']; name: MessageKey }[] = [
  { view: 'for-you', name: 'forYou' },
  { view: 'browse', name: 'browseAll' },
];

/** Links to the recommendations and to all items. */
export function viewsView({ view: current, query }: Route, localizer: Localizer): TemplateResult {
  return html`
    <nav class="views" aria-label=${localizer.text('navDiscover')}>
      ${VIEWS.map(
        ({ view, name }) => html`
          <a class="button" href=${formatRoute({ ...START, query, view })} aria-current=${view === current ? 'true' : nothing}>${localizer.text(name)}</a>
        `,
      )}
    </nav>
  `;
}

export interface RecommendationsView {
  list: RecommendationList | null;
  /** The list improved by itself; this is announced. */
  improved: boolean;
  /** Nothing is running: an empty list stays empty. */
  ready: boolean;
  filter: TemplateResult;
  grid: TemplateResult | typeof nothing;
}

export function recommendationsView(view: RecommendationsView, localizer: Localizer): TemplateResult {
  const { list, improved, ready, filter, grid } = view;
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
      <div role="status" class="visually-hidden">${improved ? localizer.text('improved') : nothing}</div>
      ${grid === nothing ? html`<p class="empty">${localizer.text(empty)}</p>` : grid}
    </section>
  `;
}

/** The item that a link names. @param items empty when the catalogue does not have it, null while it is loaded */
export function oneItemView(items: readonly Item[] | null, grid: TemplateResult, localizer: Localizer, onClose: () => void): TemplateResult {
  return html`
    <section id="one-item" aria-labelledby="one-item-title" aria-busy=${items === null}>
      <div class="heading">
        <h2 id="one-item-title" tabindex="-1">${localizer.text('itemTitle')}</h2>
        <button type="button" @click=${onClose}>${localizer.text('dismiss')}</button>
      </div>
      <div role="status">${items?.length === 0 ? html`<p class="muted">${localizer.text('itemUnknown')}</p>` : nothing}</div>
      ${items && items.length > 0 ? grid : nothing}
    </section>
  `;
}

/** For when no catalogue is open: everything was erased, or the open one was deleted. */
export function nothingOpenView(localizer: Localizer, onDemo: () => void): TemplateResult {
  return html`
    <section id="recommendations" class="empty" aria-labelledby="recommendations-title">
      <h2 id="recommendations-title" tabindex="-1">${localizer.text('nothingOpen')}</h2>
      <p>${localizer.text('nothingOpenHint')}</p>
      <p class="choices">
        <button type="button" class="primary" @click=${onDemo}>${localizer.text('openDemo')}</button>
        <a class="button" href="#/catalogue">${localizer.text('ownCatalogue')}</a>
      </p>
    </section>
  `;
}
