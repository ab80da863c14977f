// The language of the page's texts: named by the address, else chosen before, else the browser's. Sets `lang` and `dir`.
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { englishLocalizer, type Localizer, loadLocalizer, matchLanguage } from '../ui/messages/localize.ts';
import { savedInterfaceLanguage, saveInterfaceLanguage } from './saved.ts';

export class InterfaceLanguage implements ReactiveController {
  localizer: Localizer = englishLocalizer;

  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #wanted: string | null;
  readonly #onError: (error: unknown) => void;
  #request = 0;

  /** @param wanted tag that the address names, or null */
  constructor(host: ReactiveControllerHost & HTMLElement, wanted: string | null, onError: (error: unknown) => void) {
    this.#host = host;
    this.#wanted = wanted;
    this.#onError = onError;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#load([this.#wanted, savedInterfaceLanguage(), ...navigator.languages]);
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
    saveInterfaceLanguage(tag);
    void this.#load([tag]);
  }

  /** Back to what the address or the browser says, as at the first visit. */
  forget(): void {
    saveInterfaceLanguage(null);
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
      this.#onError(error); // the texts could not be fetched; the language does not change
    }
  }
}
