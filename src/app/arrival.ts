// What follows when the visitor arrives in a part of the page: the title of the tab, the link in the bar, and the focus at the
// part's heading, once that is drawn.
import type { ReactiveController, ReactiveElement } from 'lit';
import type { Localizer } from '../ui/messages/localize.ts';
import { focusHeading } from './focus-heading.ts';
import { showCurrentLink } from './nav-view.ts';
import type { PanelState } from './panel-loader.ts';
import { panelOf } from './panels.ts';
import type { Route } from './route.ts';

export interface Shown {
  route: Route;
  localizer: Localizer;
  /** Of the panel that the route names. */
  state: PanelState;
}

export class Arrival implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #shown: () => Shown;
  #focusDue = false;
  /** Part and language for which the bar was scrolled. */
  #shownBar = '';

  /** @param shown what the host draws now */
  constructor(host: ReactiveElement, shown: () => Shown) {
    this.#host = host;
    this.#shown = shown;
    host.addController(this);
  }

  /** The visitor went elsewhere in the page, by a link or by "back". */
  moved(route: Route, before: Route): void {
    this.#focusDue = route.panel !== before.panel || route.view !== before.view || (route.item !== before.item && route.item !== null);
  }

  hostUpdated(): void {
    const { route, localizer, state } = this.#shown();
    const panel = panelOf(route.panel);
    document.title = `${route.query || localizer.text(panel.name)} · Kindred`;
    const bar = `${panel.id} ${localizer.tag}`;
    if (this.#shownBar !== bar) showCurrentLink(this.#host.renderRoot);
    this.#shownBar = bar;
    if (!this.#focusDue || state !== 'ready') return;
    this.#focusDue = false;
    this.focus();
  }

  /** Puts the focus at the heading of the part that is shown. */
  focus(): void {
    const part = this.#host.renderRoot.querySelector('[data-part]:not([hidden])');
    if (part) void focusHeading(part);
  }
}
