// Fades a list in when it changes without the visitor's doing, unless the visitor wants reduced motion. Never moves the focus.
import type { ReactiveController, ReactiveElement } from 'lit';
import type { RecommenderController } from './recommender-controller.ts';

const FADE_MS = 450;
/** Opacity at the start: the text stays legible. */
const FADE_FROM = 0.6;

export class FadeIn implements ReactiveController {
  readonly #host: ReactiveElement;
  readonly #state: RecommenderController;
  readonly #selector: string;
  #shown: unknown = null;

  /** @param selector of the list in the host */
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
