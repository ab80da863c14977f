// Keeps the page and the hash of its address the same. `go` adds a step to the history, which "back" undoes; `replace` does not.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { ScrollMemory } from './scroll-memory.ts';

export class Router implements ReactiveController {
  route: Route = parseRoute(location.hash);

  readonly #host: ReactiveControllerHost;
  readonly #onMove: (route: Route, before: Route, scrollTop: number | undefined) => void;
  readonly #scroll = new ScrollMemory();

  /**
   * @param onMove called after a link, "back" or `go`, not after `replace`. `scrollTop`: the scroll of this place at the last
   * visit, in pixels; undefined for a new step
   */
  constructor(host: ReactiveControllerHost, onMove: (route: Route, before: Route, scrollTop: number | undefined) => void) {
    this.#host = host;
    this.#onMove = onMove;
    host.addController(this);
  }

  hostConnected(): void {
    this.route = parseRoute(location.hash);
    this.#scroll.connect();
    addEventListener('hashchange', this.#read);
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#read);
    this.#scroll.disconnect();
  }

  go(change: Partial<Route>): void {
    const hash = formatRoute({ ...this.route, ...change });
    if (hash !== location.hash) location.hash = hash;
  }

  replace(change: Partial<Route>): void {
    this.route = { ...this.route, ...change };
    const hash = formatRoute(this.route);
    if (hash !== location.hash) history.replaceState(history.state, '', hash);
    this.#host.requestUpdate();
  }

  readonly #read = (): void => {
    const before = this.route;
    const scrollTop = this.#scroll.moved();
    this.route = parseRoute(location.hash);
    if (formatRoute(before) === formatRoute(this.route)) return;
    this.#host.requestUpdate();
    this.#onMove(this.route, before, scrollTop);
  };
}
