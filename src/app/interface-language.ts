// The language of the page's texts: the address, what was chosen before, or the browser's; set on the page and its element.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { englishLocalizer, type Localizer, loadLocalizer, matchLanguage, savedLanguage, saveLanguage } from '../ui/messages/localize.ts';

export class InterfaceLanguage implements ReactiveController {
  localizer: Localizer = englishLocalizer;

  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #wanted: string | null;
  readonly #onError: (error: unknown) => void;
  #request = 0;

  /** @param wanted what the address names, or null */
  constructor(host: ReactiveControllerHost & HTMLElement, wanted: string | null, onError: (error: unknown) => void) {
    this.#host = host;
    this.#wanted = wanted;
    this.#onError = onError;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#load([this.#wanted, savedLanguage(), ...navigator.languages]);
  }

  hostUpdated(): void {
    const { tag, direction } = this.localizer;
    for (const element of [this.#host, document.documentElement]) {
      element.lang = tag;
      element.dir = direction;
    }
  }

  choose(wanted: string): void {
    const tag = matchLanguage(wanted);
    if (!tag) return;
    saveLanguage(tag);
    void this.#load([tag]);
  }

  /** As at the first visit: what the address or the browser says. */
  forget(): void {
    saveLanguage(null);
    void this.#load([this.#wanted, ...navigator.languages]);
  }

  async #load(wishes: Iterable<string | null>): Promise<void> {
    const request = ++this.#request;
    try {
      const localizer = await loadLocalizer(wishes);
      if (request !== this.#request) return;
      this.localizer = localizer;
      this.#host.requestUpdate();
    } catch (error) {
      this.#onError(error); // the texts could not be fetched; the present language stays
    }
  }
}
