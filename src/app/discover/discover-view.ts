// Discover: the search, the recommendations or all items, and the visitor's ratings. A view of the page's state.
import { html, nothing, type TemplateResult } from 'lit';
import type { Item } from '../../base/types.ts';
import type { CatalogueSummary, Reason, RecommendationList } from '../../protocol/engine-api.ts';
import type { CategoryNames } from '../../ui/category-names.ts';
import { itemGrid } from '../../ui/item-grid.ts';
import '../../ui/language-filter.ts';
import type { Localizer } from '../../ui/messages/localize.ts';
import type { RecommenderController } from '../../ui/recommender-controller.ts';
import { searchFormView, searchResultsView } from '../app-views.ts';
import type { RatedItems } from '../rated-items.ts';
import '../ratings-list.ts';
import { itemHash, type Route } from '../route.ts';
import type { SearchController } from '../search-controller.ts';
import './browse-list.ts';
import { nothingOpenView, oneItemView, recommendationsView, viewsView } from './discover-views.ts';
import type { OneItem } from './one-item.ts';
import './familiarity-slider.ts';
import './variety-slider.ts';

export interface DiscoverState {
  localizer: Localizer;
  route: Route;
  state: RecommenderController;
  search: SearchController;
  rated: RatedItems;
  item: OneItem;
  summary: CatalogueSummary | null;
  categoryNames: CategoryNames;
  /** Those languages of the catalogue that the visitor reads. */
  reads: readonly string[];
  onDemo: () => void;
  onGo: (change: Partial<Route>) => void;
}

export function discoverView(discover: DiscoverState): TemplateResult {
  const { localizer, route, search, state, rated, item, summary } = discover;
  const idle = summary === null && (state.status?.phase ?? 'idle') === 'idle' && state.recommender !== null;
  if (idle) return nothingOpenView(localizer, discover.onDemo);
  const closeItem = (): void => discover.onGo({ item: null });
  return html`
    <div class="content">
      ${searchFormView(localizer, search)}
      ${route.item === null ? nothing : oneItemView(item.items, gridOf(discover, item.items ?? []), localizer, closeItem)}
      ${searchResultsView(search, localizer, (list) => gridOf(discover, itemsOf(list)), closeSearch(search))}
      ${viewsView(route, localizer)} ${route.view === 'browse' ? browse(discover) : recommendations(discover)}
    </div>
    <aside>
      <kindred-ratings .ratings=${state.ratings} .items=${rated.known} .localizer=${localizer}></kindred-ratings>
    </aside>
  `;
}

const itemsOf = (list: RecommendationList): Item[] => list.items.map(({ item }) => item);

function gridOf(
  { state: { ratings }, localizer, categoryNames }: DiscoverState,
  items: readonly Item[],
  reasons?: ReadonlyMap<string, readonly Reason[]>,
): TemplateResult {
  return itemGrid(items, { ratings, localizer, categoryNames, itemHref: itemHash, ...(reasons ? { reasons } : {}) });
}

/** Closes the results, empties the field and puts the focus there. */
function closeSearch(search: SearchController): (event: Event) => void {
  return ({ currentTarget }) => {
    search.clear();
    const root = currentTarget instanceof Node ? currentTarget.getRootNode() : null;
    const field = root instanceof ShadowRoot ? root.querySelector<HTMLInputElement>('#query') : null;
    if (!field) return;
    field.value = '';
    field.focus();
  };
}

function recommendations(discover: DiscoverState): TemplateResult {
  const { state, summary, localizer, reads } = discover;
  const { list, improved, policy, diversity, familiarity, status } = state;
  const filter = html`
    <div class="list-choices">
      <kindred-variety .diversity=${diversity} .localizer=${localizer}></kindred-variety>
      ${
        (summary?.itemsWithPopularity ?? 0) > 0
          ? html`<kindred-familiarity .familiarity=${familiarity} .localizer=${localizer}></kindred-familiarity>`
          : nothing
      }
      <kindred-language-filter
        .languages=${summary?.languages ?? []}
        .policy=${policy}
        .reads=${reads}
        .localizer=${localizer}
      ></kindred-language-filter>
    </div>
  `;
  const grid = list && list.items.length > 0 ? gridOf(discover, itemsOf(list), reasonsOf(list, state)) : nothing;
  return recommendationsView({ list, improved, ready: status?.phase === 'ready', filter, grid }, localizer);
}

/** Only liked items: the sentence begins with "Because you liked". */
function reasonsOf({ items }: RecommendationList, { ratings }: RecommenderController): Map<string, Reason[]> {
  return new Map(items.map(({ item, reasons = [] }) => [item.id, reasons.filter((reason) => ratings.get(reason.item.id) === 'like')]));
}

function browse({ state, summary, localizer, categoryNames, route }: DiscoverState): TemplateResult {
  return html`
    <kindred-browse
      .recommender=${state.recommender}
      .summary=${summary}
      .ratings=${state.ratings}
      .localizer=${localizer}
      .categoryNames=${categoryNames}
      .language=${route.language}
      .category=${route.category}
      .page=${route.page}
    ></kindred-browse>
  `;
}
