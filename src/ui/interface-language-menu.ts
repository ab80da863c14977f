// The language of the page's own texts. It has nothing to do with the languages to recommend in.
import { css, html, type TemplateResult } from 'lit';
import { LocalizedElement } from './localized-element.ts';
import { autonym, INTERFACE_LANGUAGES } from './messages/localize.ts';
import { controls, tokens } from './theme.ts';

/** Fires `kindred-interface-language` with the chosen tag. */
export class InterfaceLanguageMenu extends LocalizedElement {
  static override styles = [
    tokens,
    controls,
    css`
      label {
        display: inline-block;
      }
    `,
  ];

  #choose(event: Event): void {
    this.emit('kindred-interface-language', (event.currentTarget as HTMLSelectElement).value);
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
