// Two menus that are easily confused and so kept apart: which languages to recommend in, and which language the page speaks.
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CatalogueSummary, LanguagePolicy } from '../protocol/engine-api.ts';
import { autonym, englishLocalizer, INTERFACE_LANGUAGES, type Localizer, matchLanguage } from './messages/localize.ts';
import { controls, tokens } from './theme.ts';

const ANY: LanguagePolicy = { mode: 'any' };

/** Languages to recommend in; emits `kindred-policy` with a LanguagePolicy. */
export class LanguageFilter extends LitElement {
  static override properties = {
    languages: { attribute: false },
    policy: { attribute: false },
    localizer: { attribute: false },
  };
  static override styles = [
    tokens,
    controls,
    css`
      details {
        position: relative;
      }
      summary {
        display: inline-flex;
        align-items: center;
        gap: 0.5em;
        min-block-size: 44px;
        padding: 0.3em 1em;
        border: 1px solid var(--_control-line);
        border-radius: 999px;
        background: var(--_surface);
        list-style: none;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      summary::after {
        content: '▾';
        content: '▾' / '';
      }
      fieldset {
        position: absolute;
        inset-inline-end: 0;
        z-index: 5;
        inline-size: min(20rem, calc(100vw - 2rem));
        max-block-size: min(26rem, 70vh);
        overflow: auto;
        margin: 0.4rem 0 0;
        padding: 0.6rem 0.9rem;
        border: 1px solid var(--_control-line);
        border-radius: var(--_radius);
        background: var(--_surface);
        box-shadow: 0 10px 30px rgb(0 0 0 / 0.18);
      }
      legend {
        float: inline-start;
        inline-size: 100%;
        padding: 0;
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        min-block-size: 40px;
        clear: both;
      }
      .nested {
        padding-inline-start: 1.5rem;
      }
      .count {
        margin-inline-start: auto;
        color: var(--_muted);
        font-size: 0.9rem;
      }
      @media (max-width: 40rem) {
        fieldset {
          position: static;
          inline-size: 100%;
          box-shadow: none;
        }
      }
    `,
  ];

  declare languages: CatalogueSummary['languages'];
  declare policy: LanguagePolicy;
  declare localizer: Localizer;

  constructor() {
    super();
    this.languages = [];
    this.policy = ANY;
    this.localizer = englishLocalizer;
  }

  #emit(policy: LanguagePolicy): void {
    this.policy = policy;
    this.dispatchEvent(new CustomEvent<LanguagePolicy>('kindred-policy', { detail: policy, bubbles: true, composed: true }));
  }

  #toggle(tag: string, checked: boolean): void {
    const chosen = new Set(this.policy.mode === 'only' ? this.policy.languages : []);
    if (checked) chosen.add(tag);
    else chosen.delete(tag);
    this.#emit(chosen.size > 0 ? { mode: 'only', languages: [...chosen] } : ANY);
  }

  /** "Only these" without a choice yet starts with the language of the interface, or the most frequent one. */
  #restrict(): void {
    if (this.policy.mode === 'only') return;
    const own = this.languages.find(({ tag }) => matchLanguage(tag) === this.localizer.tag) ?? this.languages[0];
    if (own) this.#emit({ mode: 'only', languages: [own.tag] });
  }

  #closeOnEscape(event: KeyboardEvent): void {
    const details = this.renderRoot.querySelector('details');
    if (event.key !== 'Escape' || !details?.open) return;
    details.open = false;
    details.querySelector('summary')?.focus();
  }

  #closeOnLeave(event: FocusEvent): void {
    const details = this.renderRoot.querySelector('details');
    const next = event.relatedTarget;
    if (details && next instanceof Node && !details.contains(next)) details.open = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { localizer, policy, languages } = this;
    if (languages.length === 0) return nothing;
    const chosen = policy.mode === 'only' ? policy.languages : [];
    const summary =
      chosen.length === 0
        ? localizer.text('anyLanguage')
        : chosen.length <= 2
          ? new Intl.ListFormat(localizer.tag, { type: 'unit' }).format(chosen.map((tag) => localizer.languageName(tag)))
          : localizer.text('languageCount', { count: chosen.length });
    return html`
      <details @keydown=${this.#closeOnEscape} @focusout=${this.#closeOnLeave}>
        <summary><span class="visually-hidden">${localizer.text('recommendLanguages')}: </span>${summary}</summary>
        <fieldset>
          <legend>${localizer.text('recommendLanguages')}</legend>
          <label>
            <input type="radio" name="mode" .checked=${policy.mode === 'any'} @change=${() => this.#emit(ANY)} />
            ${localizer.text('anyLanguage')}
          </label>
          <label>
            <input type="radio" name="mode" .checked=${policy.mode === 'only'} @change=${this.#restrict} />
            ${localizer.text('onlyChosen')}
          </label>
          ${languages.map(
            ({ tag, items }) => html`
              <label class="nested">
                <input
                  type="checkbox"
                  value=${tag}
                  .checked=${chosen.includes(tag)}
                  @change=${(event: Event) => this.#toggle(tag, (event.currentTarget as HTMLInputElement).checked)}
                />
                <bdi>${localizer.languageName(tag)}</bdi>
                <span class="count">${localizer.number(items)}</span>
              </label>
            `,
          )}
        </fieldset>
      </details>
    `;
  }
}

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
          ${INTERFACE_LANGUAGES.map(
            (tag) => html`<option value=${tag} lang=${tag} ?selected=${tag === this.localizer.tag}>${autonym(tag)}</option>`,
          )}
        </select>
      </label>
    `;
  }

  protected override updated(): void {
    const select = this.renderRoot.querySelector('select');
    if (select) select.value = this.localizer.tag;
  }
}

if (!customElements.get('kindred-language-filter')) customElements.define('kindred-language-filter', LanguageFilter);
if (!customElements.get('kindred-interface-language')) customElements.define('kindred-interface-language', InterfaceLanguageMenu);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-language-filter': LanguageFilter;
    'kindred-interface-language': InterfaceLanguageMenu;
  }
}
