// What the page does when the visitor goes to another part of it: it sets the title of the tab and shows the link in the bar.
// When the part is drawn, it focuses the heading and scrolls to the top, or after "back" to the old place.
import { type ReactiveController, ReactiveElement } from 'lit';
import type { Localizer } from '../ui/messages/localize.ts';
import { showCurrentLink } from './nav-view.ts';
import type { PanelState } from './panel-loader.ts';
import { panelOf } from './panels.ts';
import type { Route } from './route.ts';
import { scrollWhenThere } from './scroll-memory.ts';

export interface Shown {
  route: Route;
  localizer: Localizer;
  /** State of the panel that the route names. */
  state: PanelState;
}

export class Arrival implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #shown: () => Shown;
  #focusDue = false;
  /** Place to scroll back to, in pixels from the top; undefined: none. */
  #scrollDue: number | undefined;
  #scrolling = new AbortController();
  /** Part and language for which the bar was last scrolled. */
  #shownBar = '';

  /** @param shown gives what the host draws now */
  constructor(host: ReactiveElement, shown: () => Shown) {
    this.#host = host;
    this.#shown = shown;
    host.addController(this);
  }

  /**
   * Call when the visitor followed a link or went back.
   * @param scrollTop the scroll of this place at the last visit, in pixels; undefined: it was not visited
   */
  moved(route: Route, before: Route, scrollTop: number | undefined): void {
    this.#scrolling.abort();
    this.#scrollDue = scrollTop;
    this.#focusDue = route.panel !== before.panel || route.view !== before.view || (route.item !== before.item && route.item !== null);
  }

  hostUpdated(): void {
    if (!this.#host.isConnected) return; // a late answer must not change the title
    const { route, localizer, state } = this.#shown();
    const panel = panelOf(route.panel);
    document.title = `${route.query || localizer.text(panel.name)} · Kindred`;
    const bar = `${panel.id} ${localizer.tag}`;
    if (this.#shownBar !== bar) showCurrentLink(this.#host.renderRoot);
    this.#shownBar = bar;
    if (state === 'ready') this.#arrive();
  }

  /** Focuses the heading of the current part and scrolls to it. */
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

/** Focuses the first visible `h2` of a part of the page, also in its elements, without scrolling. @returns whether there is one */
async function focusHeading(part: Element): Promise<boolean> {
  const heading = await firstHeading(part);
  if (!heading) return false;
  if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}

async function firstHeading(part: Element): Promise<HTMLElement | null> {
  for (const element of part.querySelectorAll<HTMLElement>('*')) {
    if (element.closest('[hidden]')) continue;
    if (element.localName === 'h2') return element;
    if (!(element instanceof ReactiveElement)) continue;
    await element.updateComplete;
    const inner = element.renderRoot.querySelector<HTMLElement>('h2');
    if (inner) return inner;
  }
  return null;
}
