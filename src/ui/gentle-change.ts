// Softens a list that changes by itself: it fades in, unless the reader wants less motion. Never moves or takes the focus.
import type { ReactiveController, ReactiveElement } from 'lit';
import type { RecommenderController } from './recommender-controller.ts';

const FADE_MS = 450;
/** The old list is not blanked, and the text stays legible while it fades. */
const FADE_FROM = 0.6;

export class GentleChange implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #state: RecommenderController;
  readonly #selector: string;
  #shown: unknown = null;

  /** @param selector the list within the host */
  constructor(host: ReactiveElement, state: RecommenderController, selector: string) {
    this.#host = host;
    this.#state = state;
    this.#selector = selector;
    host.addController(this);
  }

  hostUpdated(): void {
    const { list, improved } = this.#state;
    if (list === this.#shown) return;
    this.#shown = list;
    if (!improved || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.#host.renderRoot.querySelector(this.#selector)?.animate([{ opacity: FADE_FROM }, { opacity: 1 }], FADE_MS);
  }
}
