// Keeps the page and the hash of its address in step. Moves by `go` are steps that "back" takes back; `replace` leaves none.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, parseRoute, type Route } from './route.ts';

export class Router implements ReactiveController {
  route: Route = parseRoute(location.hash);

  readonly #host: ReactiveControllerHost;
  readonly #onMove: (route: Route, before: Route) => void;

  /** @param onMove after the visitor went elsewhere, by a link, by "back" or by `go`; not after `replace` */
  constructor(host: ReactiveControllerHost, onMove: (route: Route, before: Route) => void) {
    this.#host = host;
    this.#onMove = onMove;
    host.addController(this);
  }

  hostConnected(): void {
    this.route = parseRoute(location.hash);
    addEventListener('hashchange', this.#read);
  }

  hostDisconnected(): void {
    removeEventListener('hashchange', this.#read);
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
    this.route = parseRoute(location.hash);
    if (formatRoute(before) === formatRoute(this.route)) return;
    this.#host.requestUpdate();
    this.#onMove(this.route, before);
  };
}
