// Follows whether the browser is offline, so that the page can say what still works.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Online implements ReactiveController {
  offline = !navigator.onLine;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('online', this.#update);
    addEventListener('offline', this.#update);
    this.#update();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#update);
    removeEventListener('offline', this.#update);
  }

  readonly #update = (): void => {
    this.offline = !navigator.onLine;
    this.#host.requestUpdate();
  };
}
