// How varied the list is to be: a slider, which the visitor's keyboard and reading direction move as any other.
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { englishLocalizer, type Localizer } from '../../ui/messages/localize.ts';
import { controls, tokens } from '../../ui/theme.ts';
import { MOST_DIVERSITY } from '../saved.ts';

const STEP_PERCENT = 10;

/** Emits `kindred-diversity` with a λ from 0 to MOST_DIVERSITY when the slider comes to rest. */
export class VarietySlider extends LitElement {
  static override properties = {
    diversity: { attribute: false },
    localizer: { attribute: false },
    percent: { state: true },
  };
  static override styles = [
    tokens,
    controls,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 0.6rem;
        min-block-size: 44px;
      }
      input {
        flex: 1 1 7rem;
        inline-size: 7rem;
        min-block-size: 24px;
        accent-color: var(--_accent);
      }
      output {
        min-inline-size: 3.5em;
        color: var(--_muted);
      }
    `,
  ];

  /** λ in use. */
  declare diversity: number;
  declare localizer: Localizer;
  /** 0 to 100, while the slider moves too. */
  declare percent: number;

  constructor() {
    super();
    this.diversity = 0;
    this.localizer = englishLocalizer;
    this.percent = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('diversity')) this.percent = Math.round((100 * this.diversity) / MOST_DIVERSITY);
  }

  #move(event: Event, done: boolean): void {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    this.percent = Number(event.currentTarget.value);
    if (!done) return;
    this.diversity = (this.percent / 100) * MOST_DIVERSITY;
    this.dispatchEvent(new CustomEvent<number>('kindred-diversity', { detail: this.diversity, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { localizer, percent } = this;
    return html`
      <label>
        ${localizer.text('variety')}
        <input
          type="range"
          min="0"
          max="100"
          step=${STEP_PERCENT}
          dir=${localizer.direction}
          aria-valuetext=${localizer.percent(percent / 100)}
          .value=${String(percent)}
          @input=${(event: Event) => this.#move(event, false)}
          @change=${(event: Event) => this.#move(event, true)}
        />
        <output>${localizer.percent(percent / 100)}</output>
      </label>
    `;
  }
}

if (!customElements.get('kindred-variety')) customElements.define('kindred-variety', VarietySlider);

declare global {
  interface HTMLElementTagNameMap {
    'kindred-variety': VarietySlider;
  }
}
