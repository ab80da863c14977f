// Whether the browser says that there is no network, so that the page can say what still works.
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Online implements ReactiveController {
  offline = !navigator.onLine;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('online', this.#look);
    addEventListener('offline', this.#look);
    this.#look();
  }

  hostDisconnected(): void {
    removeEventListener('online', this.#look);
    removeEventListener('offline', this.#look);
  }

  readonly #look = (): void => {
    this.offline = !navigator.onLine;
    this.#host.requestUpdate();
  };
}
