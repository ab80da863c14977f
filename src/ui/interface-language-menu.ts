// The language of the page itself, apart from the languages to recommend in, with which it is easily confused.
import { css, html, LitElement, type TemplateResult } from 'lit';
import { autonym, englishLocalizer, INTERFACE_LANGUAGES, type Localizer } from './messages/localize.ts';
import { controls, tokens } from './theme.ts';

/** Language of the page itself; emits `kindred-interface-language` with the tag. */
export class InterfaceLanguageMenu extends LitElement {
  static override properties = { localizer: { attribute: false } };
  static override styles = [
    tokens,
    controls,
    css`
      label {
        display: inline-block;
      }
    `,
  ];

  declare localizer: Localizer;

  constructor() {
    super();
    this.localizer = englishLocalizer;
  }

  #choose(event: Event): void {
    const detail = (event.currentTarget as HTMLSelectElement).value;
    this.dispatchEvent(new CustomEvent('kindred-interface-language', { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    return html`
      <label>
        <span class="visually-hidden">${this.localizer.text('interfaceLanguage')}</span>
        <select @change=${this.#choose}>
          ${INTERFACE_LANGUAGES.map((tag) => html`<option value=${tag} lang=${tag} ?selected=${tag === this.localizer.tag}>${autonym(tag)}</option>`)}
        </select>
      </label>
    `;
  }

  protected override updated(): void {
    const select = this.renderRoot.querySelector('select');
    if (select) select.value = this.localizer.tag;
  }
}

if (!customElements.get('kindred-interface-language')) customElements.define('kindred-interface-language', InterfaceLanguageMenu);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-interface-language': InterfaceLanguageMenu;
  }
}
