// Chooses the languages to recommend in (any, only some, mostly some, or mixed as in the likes) and the languages that are read.
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CatalogueSummary, LanguagePolicy } from '../protocol/engine-api.ts';
import { LocalizedElement } from './localized-element.ts';
import { type MessageKey, matchLanguage } from './messages/localize.ts';
import { inputs, states } from './properties.ts';
import { controls, tokens } from './theme.ts';

const ANY: LanguagePolicy = { mode: 'any' };
const MODES: readonly LanguagePolicy['mode'][] = ['any', 'only', 'prefer', 'mix'];
const MODE_KEYS: Readonly<Record<LanguagePolicy['mode'], MessageKey>> = {
  any: 'anyLanguage',
  only: 'onlyChosen',
  prefer: 'preferChosen',
  mix: 'mixLanguages',
};
const DEFAULT_SHARE = 0.7;

/** Fires `kindred-policy` with a LanguagePolicy and `kindred-reads` with tags. */
export class LanguageFilter extends LocalizedElement {
  static override properties = { ...inputs('languages', 'policy', 'reads'), ...states('share') };
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
      .share {
        padding: 0 0 0.4rem 1.8rem;
      }
      .share label {
        flex-wrap: wrap;
        gap: 0 0.6rem;
      }
      .share input {
        flex: 1 1 100%;
        min-block-size: 24px;
        accent-color: var(--_accent);
      }
      h3 {
        margin: 0.5rem 0 0.1rem;
        padding-block-start: 0.6rem;
        border-block-start: 1px solid var(--_line);
        font-size: 1rem;
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
  /** Tags of the languages that the visitor reads; they stay when the mode changes. */
  declare reads: readonly string[];
  /** What the slider shows, 0 to 1. It follows every move. */
  declare share: number;

  constructor() {
    super();
    this.languages = [];
    this.policy = ANY;
    this.reads = [];
    this.share = DEFAULT_SHARE;
  }

  #emit(policy: LanguagePolicy): void {
    this.policy = policy;
    this.emit('kindred-policy', policy);
  }

  #emitReads(reads: string[]): void {
    this.reads = reads;
    this.emit('kindred-reads', reads);
  }

  /** Tags of this catalogue that are chosen. */
  #chosen(): string[] {
    const { policy, reads, languages } = this;
    const wanted = policy.mode === 'only' || policy.mode === 'prefer' ? policy.languages : reads;
    return languages.map(({ tag }) => tag).filter((tag) => wanted.includes(tag));
  }

  /** Choosing a language in the mode `any` changes it to `only`; removing the last one changes it to `any`. */
  #toggle(tag: string, checked: boolean): void {
    const rest = this.#chosen().filter((one) => one !== tag);
    const languages = checked ? [...rest, tag] : rest;
    this.#emitReads(languages);
    const { policy } = this;
    if (policy.mode === 'mix') return;
    if (languages.length === 0) this.#emit(ANY);
    else this.#emit(policy.mode === 'prefer' ? { ...policy, languages } : { mode: 'only', languages });
  }

  /** Without a language chosen yet the choice starts with the one of the interface, or the most frequent one. */
  #setMode(mode: LanguagePolicy['mode']): void {
    if (mode === 'any' || mode === 'mix') {
      this.#emit({ mode });
      return;
    }
    const own = this.languages.find(({ tag }) => matchLanguage(tag) === this.localizer.tag) ?? this.languages[0];
    const chosen = this.#chosen();
    const languages = chosen.length > 0 || !own ? chosen : [own.tag];
    if (languages.length === 0) return;
    this.#emitReads(languages);
    this.#emit(mode === 'only' ? { mode, languages } : { mode, languages, share: this.share });
  }

  #setShare(percent: number, done: boolean): void {
    this.share = percent / 100;
    if (done && this.policy.mode === 'prefer') this.#emit({ ...this.policy, share: this.share });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('policy') && this.policy.mode === 'prefer') this.share = this.policy.share;
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
    const chosen = this.#chosen();
    return html`
      <details @keydown=${this.#closeOnEscape} @focusout=${this.#closeOnLeave}>
        <summary><span class="visually-hidden">${localizer.text('recommendLanguages')}: </span>${this.#summary(chosen)}</summary>
        <fieldset>
          <legend>${localizer.text('recommendLanguages')}</legend>
          ${MODES.map(
            (mode) => html`
              <label>
                <input type="radio" name="mode" value=${mode} .checked=${policy.mode === mode} @change=${() => this.#setMode(mode)} />
                ${localizer.text(MODE_KEYS[mode])}
              </label>
              ${mode === 'prefer' && policy.mode === 'prefer' ? this.#slider() : nothing}
            `,
          )}
          <h3 id="reads">${localizer.text('languagesIRead')}</h3>
          <div role="group" aria-labelledby="reads">
            ${languages.map(
              ({ tag, items }) => html`
                <label>
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
          </div>
        </fieldset>
      </details>
    `;
  }

  #summary(chosen: readonly string[]): string {
    const { localizer, policy } = this;
    if (policy.mode === 'any' || policy.mode === 'mix') return localizer.text(MODE_KEYS[policy.mode]);
    const names =
      chosen.length <= 2
        ? new Intl.ListFormat(localizer.tag, { type: 'unit' }).format(chosen.map((tag) => localizer.languageName(tag)))
        : localizer.text('languageCount', { count: chosen.length });
    return policy.mode === 'prefer' ? `${names} · ${localizer.percent(policy.share)}` : names;
  }

  #slider(): TemplateResult {
    const { localizer, share } = this;
    const percentOf = (event: Event): number => Number((event.currentTarget as HTMLInputElement).value);
    return html`
      <div class="share">
        <label>
          ${localizer.text('preferShare')}
          <output>${localizer.percent(share)}</output>
          <input
            type="range"
            min="0"
            max="100"
            step="10"
            aria-valuetext=${localizer.percent(share)}
            .value=${String(Math.round(share * 100))}
            @input=${(event: Event) => this.#setShare(percentOf(event), false)}
            @change=${(event: Event) => this.#setShare(percentOf(event), true)}
          />
        </label>
      </div>
    `;
  }
}

if (!customElements.get('kindred-language-filter')) customElements.define('kindred-language-filter', LanguageFilter);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-language-filter': LanguageFilter;
  }
}
