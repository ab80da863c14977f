// What every element with texts of the interface has: its localizer, and events that reach the page through shadow roots.
import { LitElement, type PropertyDeclarations } from 'lit';
import { englishLocalizer, type Localizer } from './messages/localize.ts';
import { inputs } from './properties.ts';

export class LocalizedElement extends LitElement {
  static override properties: PropertyDeclarations = inputs('localizer');

  declare localizer: Localizer;

  constructor() {
    super();
    this.localizer = englishLocalizer;
  }

  protected emit<T>(name: string, detail?: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Fires `kindred-failed`: the page shows the error. */
  protected fail(error: unknown): void {
    this.emit('kindred-failed', error);
  }
}
