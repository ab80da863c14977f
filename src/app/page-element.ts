// What every element of the page has: the texts of the interface's language, and a way to tell the page what failed.
import { LitElement, type PropertyDeclarations } from 'lit';
import { englishLocalizer, type Localizer } from '../ui/messages/localize.ts';

export class PageElement extends LitElement {
  static override properties: PropertyDeclarations = { localizer: { attribute: false } };

  declare localizer: Localizer;

  constructor() {
    super();
    this.localizer = englishLocalizer;
  }

  /** Fires `kindred-failed`: the page says what happened. */
  protected fail(error: unknown): void {
    this.dispatchEvent(new CustomEvent('kindred-failed', { detail: error, bubbles: true, composed: true }));
  }
}
