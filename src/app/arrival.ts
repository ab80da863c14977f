// What follows when the visitor arrives in a part of the page: the title of the tab, the link in the bar, and, once the part is
// drawn, the focus at its heading and the scroll: to the top, or after "back" to where it was.
import type { ReactiveController, ReactiveElement } from 'lit';
import type { Localizer } from '../ui/messages/localize.ts';
import { focusHeading } from './focus-heading.ts';
import { showCurrentLink } from './nav-view.ts';
import type { PanelState } from './panel-loader.ts';
import { panelOf } from './panels.ts';
import type { Route } from './route.ts';
import { scrollWhenThere } from './scroll-memory.ts';

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
  /** Pixels from the top; undefined: nothing is to be scrolled back. */
  #scrollDue: number | undefined;
  #scrolling = new AbortController();
  /** Part and language for which the bar was scrolled. */
  #shownBar = '';

  /** @param shown what the host draws now */
  constructor(host: ReactiveElement, shown: () => Shown) {
    this.#host = host;
    this.#shown = shown;
    host.addController(this);
  }

  /**
   * The visitor went elsewhere in the page, by a link or by "back".
   * @param scrollTop how far down the visitor was there before, in pixels; undefined: was not
   */
  moved(route: Route, before: Route, scrollTop: number | undefined): void {
    this.#scrolling.abort();
    this.#scrollDue = scrollTop;
    this.#focusDue = route.panel !== before.panel || route.view !== before.view || (route.item !== before.item && route.item !== null);
  }

  hostUpdated(): void {
    if (!this.#host.isConnected) return; // an answer that comes late must not name the tab
    const { route, localizer, state } = this.#shown();
    const panel = panelOf(route.panel);
    document.title = `${route.query || localizer.text(panel.name)} · Kindred`;
    const bar = `${panel.id} ${localizer.tag}`;
    if (this.#shownBar !== bar) showCurrentLink(this.#host.renderRoot);
    this.#shownBar = bar;
    if (state === 'ready') this.#arrive();
  }

  /** Puts the focus at the heading of the part that is shown, and the heading in sight. */
  focus(): void {
    void this.#focus(true);
  }

  #arrive(): void {
    const [focus, scrollTop] = [this.#focusDue, this.#scrollDue];
    this.#focusDue = false;
    this.#scrollDue = undefined;
    if (focus) void this.#focus(scrollTop === undefined);
    if (scrollTop === undefined) return;
    this.#scrolling = new AbortController();
    scrollWhenThere(scrollTop, this.#host, this.#scrolling.signal);
  }

  async #focus(toTop: boolean): Promise<void> {
    const part = this.#host.renderRoot.querySelector('[data-part]:not([hidden])');
    if (part && (await focusHeading(part)) && toTop) scrollTo({ top: 0, behavior: 'instant' });
  }
}
